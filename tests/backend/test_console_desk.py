"""Caseworkers take, write, give on and end at the desk: nothing twice, and in their own teams only."""

import asyncio
import json

import pytest
from sqlalchemy import select

from backend.audit.tables import AuditEntry
from backend.console.rights import EVERYTHING, Grant, Role
from backend.handover.repository import HandoverRepository
from backend.handover.tables import HandoverEvent
from backend.keys import PACE
from backend.live.watch import Pace
from backend.teams.repository import TeamRepository
from backend.teams.scope import EVERY_TEAM
from tests.backend.booking.conftest import Desk
from tests.backend.desk_house import Citizens, FakeBot, until
from tests.backend.live_reader import listening
from tests.backend.test_console_live import move_to
from tests.backend.visitor import Visitor, hire

DESK, ONE = "/console/desk", "/console/desk/conversations/c1"
TAKE, SEND = "Tag samtalen", "Send"
NORTH = "north"


@pytest.fixture
async def app(app):
    app[PACE] = Pace(look=0.02, rest=0.02, sign_of_life=0.2, retry=0.1)
    return app


@pytest.fixture
def bot(monkeypatch):
    return FakeBot(monkeypatch)


@pytest.fixture
def citizens(client, clock, archive, bot):
    return Citizens(client, clock, archive)


@pytest.fixture
def sign_in(client, database, clock, bot):
    """Signs somebody in; the browser is theirs until somebody else signs in."""

    async def sign_in(login="karen", name="Karen Holm", grants=EVERYTHING):
        async with database.write() as work:
            await TeamRepository(work.session).add_if_absent(
                {"id": NORTH, "name": "Nord", "organisation": None}
            )
            await work.commit()
        await hire(database, clock, login=login, name=name, grants=grants)
        client.session.cookie_jar.clear()
        visitor = Visitor(client)
        await visitor.sign_in(login=login)
        return visitor

    return sign_in


@pytest.fixture
def on_duty(sign_in):
    """Signs somebody in who takes conversations."""

    async def on_duty(*args, **more):
        visitor = await sign_in(*args, **more)
        page = await visitor.get(DESK)
        if 'aria-checked="false"' in page.source:
            await visitor.send(page.form("Jeg tager imod samtaler"))
        return visitor

    return on_duty


@pytest.fixture
def stored(database):
    """What is stored of a conversation: its handovers, and what was written to the citizen."""

    async def stored(conversation_id="c1"):
        async with database.read() as work:
            handovers = HandoverRepository(work.session, EVERY_TEAM)
            messages = await handovers.messages(conversation_id)
            return list(await handovers.of_conversation(conversation_id)), [m for m in messages if m.author]

    return stored


@pytest.fixture
def audit(database):
    async def audit():
        async with database.read() as work:
            entries = await work.session.scalars(select(AuditEntry).order_by(AuditEntry.position))
            return [(one.action, one.outcome, one.conversation_id) for one in entries]

    return audit


@pytest.fixture
async def taken(on_duty, citizens):
    """Karen has the conversation; gives her page."""
    visitor = await on_duty()
    await citizens.ask("c1")
    page = await visitor.send((await visitor.get(DESK)).form(TAKE))
    assert "Du har samtalen" in page.text
    return visitor


def take_forms(page):
    return [form for form in page.forms if form.action.endswith("/take")]


def state_of(page):
    """What an open page says that it shows."""
    names = ("turn", "message", "whisper", "states", "standing")
    return {a["name"]: a["value"] for tag, a in page.tags if tag == "input" and a.get("name") in names}


async def news(visitor, page):
    return await visitor.get(f"{ONE}/news", params=state_of(page))


async def test_the_queue_stands_in_order_with_reason_waiting_time_and_what_was_passed_on(
    on_duty, citizens, clock, make_citizen
):
    visitor = await on_duty()
    await citizens.name((await make_citizen("c1"))["id"], "Amina")
    await citizens.ask("c1")
    clock.advance(minutes=3)
    await visitor.get(DESK)
    await citizens.ask("c2", "crisis")
    page = await visitor.get(DESK)
    assert "Køen (2)" in page.text
    crisis, asked = (
        page.text.index("Tegn på krise"),
        page.text.index("Vil tale med et menneske. Har ventet 3 minutter"),
    )
    assert crisis < page.text.index("Amina") < asked
    assert "Jeg har fortalt, at du gerne vil tale med et menneske" in page.text
    assert [form.action for form in take_forms(page)] == [
        "/console/desk/conversations/c2/take",
        "/console/desk/conversations/c1/take",
    ]


async def test_a_meeting_is_told_of_until_it_is_over(
    on_duty, citizens, clock, client, database, auth, make_citizen
):
    booking_desk = Desk(client, database, auth, make_citizen)
    citizen = await make_citizen("c1")
    await booking_desk.booked(citizen["id"], await booking_desk.slot("2026-11-27T09:00"))
    clock.advance(days=3, minutes=10)
    visitor = await on_duty()
    meeting = "fredag den 27. november kl. 9.00-9.30 på telefonen"
    assert f"du har en tid {meeting}" in (await citizens.ask("c1"))["passed_on"]
    page = await visitor.send((await visitor.get(DESK)).form(TAKE))
    assert f"Næste møde {meeting}" in page.text
    clock.advance(minutes=20)
    assert "Næste møde Ingen tid booket" in (await visitor.get(ONE)).text


async def test_who_only_opens_the_desk_is_not_there_and_opens_no_queue(sign_in, citizens, database):
    visitor = await sign_in()
    page = await visitor.get(DESK)
    fields = {"csrf_token": page.form("Jeg tager imod samtaler").fields["csrf_token"]}
    await visitor.post("/console/desk/life", fields, headers={"X-By-Itself": "1"})
    async with database.read() as work:
        assert list(await HandoverRepository(work.session, EVERY_TEAM).presences()) == []
    assert (await citizens.ask("c1"))["kind"] == "off"
    await visitor.send(page.form("Jeg tager imod samtaler"))
    assert (await citizens.ask("c1"))["kind"] == "queued"


async def test_who_is_not_there_gets_no_conversations_and_says_so(sign_in, citizens):
    visitor = await sign_in()
    page = await visitor.get(DESK)
    assert "Du får ingen nye samtaler." in page.text
    assert "Der er åbent til kl." in page.text
    page = await visitor.send(page.form("Jeg tager imod samtaler"))
    assert "Du står som klar" in page.text
    assert (await citizens.ask("c1"))["kind"] == "queued"
    await visitor.send(page.form("Jeg tager imod samtaler"))
    assert (await citizens.ask("c2"))["kind"] == "nobody"


async def test_out_of_hours_the_desk_says_when_it_opens(sign_in, clock):
    clock.advance(hours=14)
    assert "Der er lukket. Der åbner i morgen kl." in (await (await sign_in()).get(DESK)).text


async def test_taking_silences_the_assistant_and_tells_the_citizen(taken, bot, stored):
    [handover], _ = await stored()
    assert (handover.state, handover.owner) == ("taken", "karen")
    await until(lambda: asyncio.sleep(0, bot.words("c1") == ["utter_person_here"]))


async def test_taking_what_another_took_first_says_who_has_it(taken, on_duty, stored):
    form = (await taken.get(DESK)).forms
    other = await on_duty("bo", "Bo Lind")
    page = await other.get(ONE)
    assert "Karen Holm har samtalen." in page.text
    assert take_forms(page) == []
    fields = {**page.form("Send").fields, "key": "k"}
    page = await other.post(f"{ONE}/take", fields)
    assert (page.status, "Karen Holm var først" in page.text) == (409, True)
    assert form
    assert (await stored())[0][0].owner == "karen"


async def test_what_is_written_reaches_the_citizen_once_however_often_it_is_sent(taken, bot, stored):
    form = (await taken.get(ONE)).form(SEND)
    for _ in range(3):
        page = await taken.send(form, text="Hej, hvad kan jeg gøre?\r\nSkriv bare.")
        assert page.status == 200
    assert [one.text for one in (await stored())[1]] == ["Hej, hvad kan jeg gøre?\nSkriv bare."]

    async def is_sent():
        return "Sendt" in (await taken.get(ONE)).text

    await until(is_sent)
    assert bot.words("c1")[-1] == "Hej, hvad kan jeg gøre?\nSkriv bare."


async def test_writing_takes_a_conversation_that_nobody_asked_for(sign_in, citizens, stored, client):
    visitor = await sign_in()
    await citizens.write("c1", "hej")
    page = await visitor.get("/console/conversations/c1")
    assert ONE in page.links
    page = await visitor.get(ONE)
    assert "Når du skriver, tager du samtalen" in page.text
    page = await visitor.send(page.form(SEND), text="Må jeg hjælpe?")
    assert "Du har samtalen" in page.text
    [handover], [message] = await stored()
    assert (handover.reason, message.text) == ("stepped_in", "Må jeg hjælpe?")


async def test_while_the_assistant_does_not_answer_nothing_is_taken_and_the_draft_stays(
    sign_in, citizens, bot, stored
):
    visitor = await sign_in()
    await citizens.write("c1", "hej")
    bot.is_down = True
    page = await visitor.send((await visitor.get(ONE)).form(SEND), text="Må jeg hjælpe dig?")
    assert page.status == 503
    assert "Samtalen er som før" in page.text
    assert ">Må jeg hjælpe dig?</textarea>" in page.source
    assert (await stored())[1] == []
    bot.is_down = False
    await visitor.send(page.form(SEND), text="Må jeg hjælpe dig?")
    assert [one.text for one in (await stored())[1]] == ["Må jeg hjælpe dig?"]


async def test_an_empty_message_and_one_that_is_too_long_are_not_sent(taken, stored):
    form = (await taken.get(ONE)).form(SEND)
    assert "Der står ikke noget" in (await taken.send(form, text=" \n ")).text
    page = await taken.send(form, text="x" * 2001)
    assert (page.status, "Beskeden er for lang" in page.text) == (422, True)
    assert (await stored())[1] == []


@pytest.mark.parametrize("button", [SEND, "Hvisk", "Giv tilbage"])
async def test_words_with_a_cpr_number_are_neither_sent_nor_stored(taken, stored, database, button):
    form = (await taken.get(ONE)).form(button)
    field = "text" if button == SEND else "word"
    page = await taken.send(form, **{field: "jeg har dit nummer, 010190-1234"})
    assert (page.status, "Der står et CPR-nummer" in page.text) == (422, True)
    [handover], messages = await stored()
    assert (handover.state, messages) == ("taken", [])
    async with database.read() as work:
        events = await work.session.scalars(select(HandoverEvent.note))
        assert not any("1234" in note for note in events if note)
    if button == SEND:
        assert "010190-1234" in page.source, "what was written is lost"


async def test_a_message_that_could_not_be_sent_can_be_sent_again(taken, bot, stored):
    bot.takes_words = False
    await taken.send((await taken.get(ONE)).form(SEND), text="Hej")

    async def failed():
        page = await taken.get(ONE)
        return page if "Kunne ikke sendes." in page.text else None

    page = await until(failed)
    bot.takes_words = True
    [form] = [form for form in page.forms if form.action.endswith("/retry")]
    for _ in range(2):
        await taken.send(form)

    async def sent():
        return [one.state for one in (await stored())[1]] == ["sent"]

    await until(sent)
    assert bot.words("c1").count("Hej") == 1
    elsewhere = form.action.replace("/c1/", "/c2/")
    assert (await taken.post(elsewhere, form.fields)).status == 404


async def test_an_open_page_is_given_what_is_new_and_only_that(taken, citizens, stored):
    page = await taken.get(ONE)
    assert 'class="turn ' not in (await news(taken, page)).source
    await citizens.write("c1", "er du der <b>")
    part = await news(taken, page)
    assert part.source.count('class="turn ') == 1
    assert "er du der &lt;b&gt;" in part.source
    assert 'class="turn ' not in (await news(taken, part)).source
    fields = {**state_of(part), **page.form(SEND).fields, "text": "Ja"}
    answer = await taken.post(f"{ONE}/messages", fields, headers={"HX-Request": "true"})
    assert answer.source.count('class="turn person"') == 1
    [key] = [a["value"] for _, a in answer.tags if a.get("id") == "skriv-noegle"]
    assert key != page.form(SEND).fields["key"]
    repeated = await taken.post(f"{ONE}/messages", fields, headers={"HX-Request": "true"})
    assert repeated.status == 200
    assert len((await stored())[1]) == 1


async def test_how_far_a_message_has_come_is_told_to_a_page_that_shows_less(taken, client, auth, stored):
    await taken.send((await taken.get(ONE)).form(SEND), text="Hej")

    async def sent():
        page = await taken.get(ONE)
        return page if ":sent" in state_of(page)["states"] else None

    page = await until(sent)
    assert "tilstand-" not in (await news(taken, page)).source
    [message] = (await stored())[1]
    path = f"/api/v1/desk-messages/{message.id}/delivered"
    async with client.post(path, headers=auth(), json={}) as response:
        assert response.status == 204
    assert "Leveret" in (await news(taken, page)).text


async def test_a_whisper_is_marked_and_never_said(taken, bot, on_duty):
    form = (await taken.get(ONE)).form("Hvisk")
    for _ in range(2):
        await taken.send(form, word="Kender du hende?")
    other = await on_duty("bo", "Bo Lind")
    page = await other.get(ONE)
    assert page.text.count("Kender du hende?") == 1
    assert "Kun for kolleger: Karen Holm" in page.text
    assert "Kender du hende?" not in bot.words("c1")


async def test_a_conversation_is_given_to_a_colleague_who_is_there(taken, on_duty, stored, sign_in):
    page = await taken.get(ONE)
    assert "Ingen andre tager imod samtaler" in page.text
    await on_duty("bo", "Bo Lind")
    karen = await sign_in()
    form = (await karen.get(ONE)).form("Giv videre")
    for _ in range(2):
        page = await karen.send(form, colleague="bo")
        assert page.status == 200
    assert (await stored())[0][0].owner == "bo"
    page = await karen.send((await karen.get(ONE)).form(SEND), text="Jeg igen")
    assert (page.status, "Bo Lind var først" in page.text) == (409, True)


async def test_a_colleague_who_is_gone_gets_nothing(taken, on_duty, stored, sign_in, clock):
    await on_duty("bo", "Bo Lind")
    karen = await sign_in()
    form = (await karen.get(ONE)).form("Giv videre")
    clock.advance(seconds=119)
    await karen.get(ONE)
    clock.advance(seconds=2)
    page = await karen.send(form, colleague="bo")
    assert (page.status, "Samtalen er stadig din" in page.text) == (409, True)
    assert (await stored())[0][0].owner == "karen"


async def test_the_assistant_goes_on_with_a_line_of_context(taken, bot, stored):
    form = (await taken.get(ONE)).form("Giv tilbage")
    for _ in range(2):
        assert "Dine samtaler (0)" in (await taken.send(form, word="Vi har fundet en løsning")).text
    assert [one.outcome for one in (await stored())[0]] == ["handed_back"]
    await until(lambda: asyncio.sleep(0, bot.words("c1")[-1:] == ["utter_handed_back_with_word"]))


async def test_it_ends_with_a_cause_once(taken, bot, stored):
    form = (await taken.get(ONE)).form("Afslut")
    assert (await taken.send(form, cause="")).status == 400
    for _ in range(2):
        assert "Dine samtaler (0)" in (await taken.send(form, cause="not_covered")).text
    assert [(one.outcome, one.cause) for one in (await stored())[0]] == [("answered", "not_covered")]
    await until(lambda: asyncio.sleep(0, bot.words("c1").count("utter_person_ended") == 1))


async def test_a_repeated_take_does_not_take_again_what_was_ended_since(on_duty, citizens, stored):
    visitor = await on_duty()
    await citizens.ask("c1")
    form = (await visitor.get(DESK)).form(TAKE)
    page = await visitor.send(form)
    await visitor.send(page.form("Afslut"), cause="other")
    await visitor.send(form)
    assert [one.state for one in (await stored())[0]] == ["closed"]


async def test_own_conversations_tell_how_much_is_unanswered(taken, citizens):
    await citizens.write("c1", "en", "to")
    assert "2 ubesvarede beskeder" in (await taken.get(DESK)).text
    await taken.send((await taken.get(ONE)).form(SEND), text="svar")
    assert "ubesvare" not in (await taken.get(DESK)).text
    await citizens.write("c1", "tre")
    assert "1 ubesvaret besked" in (await taken.get(DESK)).text


async def test_who_left_a_number_stands_at_the_desk_until_somebody_has_called(on_duty, citizens):
    visitor = await on_duty()
    await citizens.leave_number("c1")
    page = await visitor.get(DESK)
    assert "Vil ringes op (1)" in page.text
    assert "tel:+4520123456" in page.links
    form = next(form for form in page.forms if form.action.endswith("/called"))
    for _ in range(2):
        assert "Vil ringes op" not in (await visitor.send(form)).text


async def test_a_ready_answer_stands_in_the_field_with_the_name(taken, citizens, make_citizen):
    assert ">Hej. Jeg er et menneske" in (await taken.get(f"{ONE}?answer=hello")).source
    await citizens.name((await make_citizen("c1"))["id"], "Amina")
    assert ">Hej Amina. Jeg er et menneske" in (await taken.get(f"{ONE}?answer=hello")).source


async def test_another_teams_citizens_are_not_at_the_desk(client, on_duty, citizens, database):
    await on_duty()
    await citizens.ask("c1")
    await citizens.leave_number("c2")
    await citizens.ask("ours")
    await move_to(database, "ours", NORTH)
    visitor = await on_duty("eva", "Eva Dam", [Grant(Role.CASEWORKER, NORTH)])
    page = await visitor.get(DESK)
    assert "Køen (1)" in page.text
    assert "Vil ringes op" not in page.text
    fields = {**page.form(TAKE).fields, "text": "hej", "word": "hej", "cause": "other", "colleague": "karen"}
    for address in (ONE, f"{ONE}/news?turn=0&message=0&whisper=0"):
        assert (await visitor.get(address)).status == 404
    assert (
        await visitor.get("/console/live/desk/c1?since=0", headers={"Accept": "text/event-stream"})
    ).status == 404
    for action in ("take", "messages", "whispers"):
        assert (await visitor.post(f"{ONE}/{action}", fields)).status == 404
    for action in ("transfer", "hand-back", "end"):
        assert (await visitor.post(f"{ONE}/{action}", fields)).status == 409


async def test_an_open_page_hears_at_once_in_which_part_something_is_new(taken, client, citizens, on_duty):
    async with listening(client, "/console/live/desk/c1?since=0") as listener:
        heard = await tokens(listener)
        await citizens.write("c1", "hallo")
        after = await until_moved(listener, heard)
        assert after["conversation"] != heard["conversation"]
        await citizens.ask("c2")
        assert (await until_moved(listener, after, "lists"))["lists"] != after["lists"]
    async with listening(client, "/console/live/desk/c1?since=0") as listener:
        assert await tokens(listener)


async def test_the_citizen_sees_that_their_caseworker_is_writing_and_nobody_elses(taken, bot, on_duty, audit):
    token = {"csrf_token": (await taken.get(ONE)).form(SEND).fields["csrf_token"]}
    before = len(await audit())
    assert (await taken.post(f"{ONE}/typing", token)).status == 204
    bot.is_down = True
    assert (await taken.post(f"{ONE}/typing", token)).status == 204
    bot.is_down = False
    assert bot.typing == [("c1", "Karen")]
    assert len(await audit()) == before
    other = await on_duty("bo", "Bo Lind")
    token = {"csrf_token": (await other.get(ONE)).form(SEND).fields["csrf_token"]}
    assert (await other.post(f"{ONE}/typing", token)).status == 204
    assert bot.typing == [("c1", "Karen")]


async def test_an_open_page_hears_that_the_citizen_is_writing_while_it_is_so(taken, client, citizens, clock):
    async with listening(client, "/console/live/desk/c1?since=0") as listener:
        assert "typing" not in await tokens(listener)
        await citizens.type("c1")
        heard = await tokens(listener)
        assert heard["typing"]
        clock.advance(seconds=7)
        await citizens.write("c1", "det er om min tid")
        assert "typing" not in await until_moved(listener, heard)
        await citizens.type("c2")
        assert "typing" not in await tokens(listener)


async def tokens(listener):
    while True:
        block = await listener.block()
        if block.get("event") == "news":
            return json.loads(block["data"])


async def until_moved(listener, before, part="conversation"):
    while True:
        heard = await tokens(listener)
        if heard[part] != before[part]:
            return heard


async def test_lists_that_a_page_shows_already_are_not_sent_again(taken, citizens, clock):
    page = await taken.get(DESK)
    [address] = [a["hx-get"] for _, a in page.tags if a.get("id") == "vagt-lister"]
    assert (await taken.get(address)).status == 204
    await citizens.ask("c2")
    assert "Køen (1)" in (await taken.get(address)).text


async def test_a_sign_of_life_keeps_the_conversation_and_is_no_row_in_the_log(
    taken, clock, audit, stored, database
):
    page = await taken.get(DESK)
    before = len(await audit())
    for _ in range(4):
        clock.advance(seconds=60)
        fields = {"csrf_token": page.form("Jeg tager imod samtaler").fields["csrf_token"]}
        answer = await taken.post("/console/desk/life", fields, headers={"X-By-Itself": "1"})
        assert answer.status == 204
    assert len(await audit()) == before
    assert "Du står som klar" in (await taken.get(DESK)).text


async def test_reading_is_noted_when_a_conversation_is_opened_and_not_with_every_message(
    taken, citizens, audit, clock
):
    page = await taken.get(ONE)
    assert (await audit())[-1] == ("desk_conversation", "shown", "c1")
    before = len(await audit())
    for number in range(3):
        await citizens.write("c1", f"nummer {number}")
        assert "nummer" in (await news(taken, page)).text
    assert len(await audit()) == before
    for _ in range(2):
        clock.advance(minutes=31)
        await taken.get("/console/meetings")
    await news(taken, page)
    assert (await audit())[-1] == ("desk_news", "shown", "c1")


async def test_new_turns_that_were_not_noted_as_opened_are_noted(taken, citizens, audit):
    await citizens.write("c2", "hej")
    await taken.get("/console/desk/conversations/c2/news?turn=0&message=0&whisper=0")
    assert (await audit())[-1] == ("desk_news", "shown", "c2")


async def test_a_page_that_asks_of_itself_keeps_nobody_signed_in(taken, clock):
    clock.advance(minutes=50)
    await taken.get(f"{ONE}/news?turn=0&message=0&whisper=0", headers={"X-By-Itself": "1"})
    clock.advance(minutes=20)
    assert "Log ind" in (await taken.get(DESK)).text


@pytest.mark.parametrize("fields", ["", "turn=x&message=0&whisper=0", "turn=0&message=0&whisper=-1"])
async def test_a_place_that_cannot_be_read_is_refused(taken, fields):
    assert (await taken.get(f"{ONE}/news?{fields}")).status == 400


async def test_a_form_without_its_key_does_nothing(taken, stored):
    form = (await taken.get(ONE)).form(SEND)
    assert (await taken.send(form, text="Hej", key="")).status == 400
    assert (await stored())[1] == []
