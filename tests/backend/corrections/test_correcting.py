"""A caseworker corrects a turn in place; a trainer decides without seeing whom it came from."""

import pytest

from backend.console.rights import Grant, Role
from tests.backend.corrections.conftest import CASEWORKER, TRAINER, to_correct
from tests.backend.story import Story

PATH = "/console/conversations/c1"


@pytest.fixture
async def visitor(sign_in, archive, name_citizen):
    await archive.send(
        Story("c1").bot("Hej").user("Åse her, må jeg rykke min aftale til fredag", "greet").events
    )
    await name_citizen("c1", "Åse Ærø")
    return await sign_in()


async def correct(visitor, intent="reschedule_booking"):
    form = (await to_correct(visitor, PATH)).form("Gem, hvad borgeren mente")
    return await visitor.send(form, intent=intent)


async def mark(visitor, words="fredag", entity="time"):
    form = (await to_correct(visitor, PATH)).form("Marker ordene")
    return await visitor.send(form, words=words, entity=entity)


async def test_an_intent_is_corrected_and_masked(visitor):
    page = await correct(visitor)
    assert "Rettet til: Vil flytte tiden. Venter på træneren (rettet af Karen Holm)" in page.text
    inbox = await visitor.get("/console/training")
    assert "NAVN her, må jeg rykke min aftale til fredag" in inbox.text
    assert "Skal forstås som: Vil flytte tiden . Blev forstået som: Hilser" in inbox.text
    assert "Åse" not in inbox.source
    assert not any("conversations/" in (link or "") for link in inbox.links)


async def test_words_are_marked_once_and_another_mark_takes_their_place(visitor):
    await mark(visitor, "til  FREDAG")
    page = await mark(visitor, "til fredag")
    assert page.text.count("til fredag er tidspunkt") == 1
    page = await mark(visitor, "fredag")
    assert "til fredag er tidspunkt" not in page.text
    assert "fredag er tidspunkt" in page.text
    assert "Rettet til: Hilser" in page.text


@pytest.mark.parametrize("words", ["lørdag", "fred", "Åse", " "])
async def test_words_that_are_not_in_the_masked_text_cannot_be_marked(visitor, words):
    page = await mark(visitor, words)
    assert (page.status, "Ordene står ikke i beskeden" in page.text) == (422, True)
    assert "0 rettelser venter" in (await visitor.get("/console/training")).text


async def test_a_correction_is_taken_back(visitor):
    await correct(visitor)
    form = (await to_correct(visitor, PATH)).form("Fortryd rettelsen")
    for _ in range(2):
        assert "Rettet til" not in (await visitor.send(form)).text
    assert "Der er ingen rettelser, der venter" in (await visitor.get("/console/training")).text


@pytest.mark.parametrize(("status", "left"), [("approved", "Godkendt"), ("rejected", "Ikke taget med")])
async def test_a_decision_is_made_once_and_shown_to_the_caseworker(visitor, status, left):
    await correct(visitor)
    form = (await visitor.get("/console/training")).form("Godkend")
    for _ in range(2):
        page = await visitor.send(form, status=status)
        assert (page.status, "0 rettelser venter" in page.text) == (200, True)
    assert left in (await visitor.get(PATH)).text


async def test_a_correction_that_changed_meanwhile_is_not_approved(visitor):
    await correct(visitor)
    form = (await visitor.get("/console/training")).form("Godkend")
    await correct(visitor, "cancel_booking")
    assert (await visitor.send(form, status="approved")).status == 409
    assert "1 rettelse venter" in (await visitor.get("/console/training")).text


async def test_sending_the_same_correction_again_leaves_the_decision(visitor):
    await correct(visitor)
    await visitor.send((await visitor.get("/console/training")).form("Godkend"), status="approved")
    again = await visitor.send((await to_correct(visitor, PATH)).form("Gem, hvad borgeren mente"))
    assert "Godkendt (rettet af" in again.text
    changed = await correct(visitor, "cancel_booking")
    assert "Venter på træneren" in changed.text


async def test_a_trainer_sees_what_the_training_data_say_and_how_many_there_are(visitor, archive):
    await archive.send(Story("c2").user("Book en tid!", "greet").events)
    form = (await to_correct(visitor, "/console/conversations/c2")).form("Gem, hvad borgeren mente")
    await visitor.send(form, intent="cancel_booking")
    text = (await visitor.get("/console/training")).text
    assert "De samme ord står under Vil booke en tid" in text
    assert "Ligner:" in text
    assert "Vil aflyse tiden" in text.split("Hvad Digispor har lært")[1]


async def test_what_no_form_sends_is_refused(visitor):
    assert (await correct(visitor, "world_peace")).status == 400
    assert (await mark(visitor, entity="world_peace")).status == 400
    form = (await to_correct(visitor, PATH)).form("Gem, hvad borgeren mente")
    first, _, turn = form.action.removesuffix("/intent").rpartition("/")
    fields = {**form.fields, "intent": "greet"}
    for wrong in (str(int(turn) - 1), "9" * 9, "9" * 10, "²"):
        assert (await visitor.get(f"{first}/{wrong}/correction")).status == 404
        assert (await visitor.post(f"{first}/{wrong}/intent", fields)).status == 404
    await correct(visitor)
    form = (await visitor.get("/console/training")).form("Godkend")
    assert (await visitor.send(form, status="waiting")).status == 400


async def test_a_click_is_not_corrected(sign_in, archive):
    await archive.send(Story("c1").user("/affirm", "affirm", button="Ja").events)
    visitor = await sign_in()
    assert "Ret forståelsen" not in (await visitor.get(PATH)).text
    assert (await visitor.get(f"{PATH}/turns/1/correction")).status == 404


async def test_neither_another_team_nor_a_trainer_corrects_or_reads_a_conversation(visitor, sign_in):
    form = (await to_correct(visitor, PATH)).form("Gem, hvad borgeren mente")
    for grants, status in (({Grant(Role.CASEWORKER, "north")}, 404), (TRAINER, 403)):
        other = await sign_in(grants)
        token = (await other.get("/console")).form("Log ud").fields["csrf_token"]
        fields = {**form.fields, "csrf_token": token, "intent": "deny"}
        assert (await other.get(form.action.replace("/intent", "/correction"))).status == status
        assert (await other.post(form.action, fields)).status == status
        assert (await other.get(f"{PATH}/test-story")).status == status
    caseworker = await sign_in(CASEWORKER)
    assert (await caseworker.get("/console/training")).status == 403
    assert "Rettet til" not in (await caseworker.get(PATH)).text
