"""Staff note what they think of a conversation; nothing sent twice changes anything twice."""

import pytest

from backend.reviews.tables import ConversationTag
from tests.backend.story import HEADERS, Story

PATH = "/console/conversations/c1"


@pytest.fixture
async def visitor(sign_in, archive):
    await archive.send(Story("c1").user("hej").events)
    return await sign_in()


async def test_a_conversation_is_looked_through_and_rated(visitor):
    page = await visitor.get(PATH)
    assert "Ikke gennemgået endnu" in page.text
    page = await visitor.send(page.form("Gem som gennemgået"), rating="2", theme="wrong_answer")
    assert "Gennemgået af Karen Holm" in page.text
    assert "Kvalitet: 2, mindre godt (Karen Holm)" in page.text
    assert "Tema: Forkert svar" in page.text


async def test_the_first_review_stands_and_the_last_rating_does(visitor, clock):
    page = await visitor.get(PATH)
    form = page.form("Gem som gennemgået")
    first = await visitor.send(form, rating="2")
    clock.advance(hours=1)
    again = await visitor.send(form, rating="2")
    assert again.text == first.text
    later = await visitor.send(again.form("Gem vurderingen"), rating="4")
    assert "Kvalitet: 4, godt" in later.text
    assert first.text.split("Gennemgået af")[1][:50] == later.text.split("Gennemgået af")[1][:50]


async def test_a_flag_is_set_once_and_taken_off(visitor, clock):
    page = await visitor.get(PATH)
    form = page.form("Marker til kolleger")
    first = await visitor.send(form)
    assert "Markeret af Karen Holm" in first.text
    clock.advance(hours=1)
    assert (await visitor.send(form)).text == first.text
    assert "Markeret af" not in (await visitor.send(first.form("Fjern markeringen"))).text


async def test_a_tag_is_put_on_once_suggested_elsewhere_and_taken_off(visitor, archive):
    await archive.send(Story("c2").user("hej").events)
    form = (await visitor.get(PATH)).form("Sæt mærket på")
    await visitor.send(form, tag="  Mobil   TELEFON ")
    page = await visitor.send(form, tag="mobil telefon")
    assert page.text.count("mobil telefon") == 2, "as a tag, and in the name of its button"
    elsewhere = await visitor.get("/console/conversations/c2")
    assert ("option", {"value": "mobil telefon"}) in elsewhere.tags
    remove = next(form for form in page.forms if form.action.endswith("/tags/remove"))
    assert "Ingen mærker" in (await visitor.send(remove)).text
    assert "Ingen mærker" in (await visitor.send(remove)).text


async def test_a_note_is_kept_once_and_never_given_to_the_assistant(visitor, client):
    form = (await visitor.get(PATH)).form("Gem noten")
    await visitor.send(form, note="Ring i morgen <b>")
    page = await visitor.send(form, note="Ring i morgen <b>")
    assert page.text.count("Ring i morgen <b>") == 1
    assert "Karen Holm, " in page.text
    async with client.get("/api/v1/conversations/c1", headers=HEADERS) as answer:
        assert "Ring i morgen" not in await answer.text()


async def test_a_cpr_number_in_a_note_is_not_stored(visitor):
    page = await visitor.send((await visitor.get(PATH)).form("Gem noten"), note="010190-1234 ringer")
    assert "[CPR-nummer fjernet] ringer" in page.text
    assert "1234" not in page.source


async def test_a_tag_with_a_cpr_number_is_refused(visitor):
    page = await visitor.send((await visitor.get(PATH)).form("Sæt mærket på"), tag="010190-1234 ringer")
    assert (page.status, "Der står et CPR-nummer" in page.text) == (422, True)
    assert "1234" not in (await visitor.get(PATH)).source


async def test_a_tag_of_before_that_holds_one_can_be_taken_off(visitor, database):
    async with database.write() as work:
        work.session.add(ConversationTag(conversation_id="c1", tag="010190-1234"))
        await work.commit()
    page = await visitor.get(PATH)
    remove = next(form for form in page.forms if form.action.endswith("/tags/remove"))
    assert "1234" not in (await visitor.send(remove)).source


@pytest.mark.parametrize(
    ("button", "filled"),
    [
        ("Gem som gennemgået", {"rating": "6"}),
        ("Gem som gennemgået", {"theme": "weather"}),
        ("Sæt mærket på", {"tag": "x" * 31}),
        ("Sæt mærket på", {"tag": " "}),
        ("Gem noten", {"note": "\0"}),
        ("Gem noten", {"note": "hej", "note_id": "1"}),
    ],
)
async def test_what_no_form_sends_is_refused(visitor, button, filled):
    form = (await visitor.get(PATH)).form(button)
    assert (await visitor.send(form, **filled)).status == 400


async def test_another_teams_conversation_cannot_be_noted_on(visitor, sign_in):
    forms = (await visitor.get(PATH)).forms
    outsider = await sign_in(team="north")
    token = (await outsider.get("/console/conversations")).form("Log ud").fields["csrf_token"]
    mine = [form for form in forms if "/c1/" in form.action and "/turns/" not in form.action]
    assert len(mine) == 4
    for form in mine:
        filled = {**form.fields, "csrf_token": token, "tag": "x", "note": "x"}
        assert (await outsider.post(form.action, filled)).status == 404
    insider = await sign_in()
    assert "Ikke gennemgået endnu" in (await insider.get(PATH)).text
