"""Nothing a citizen has said is left anywhere, and they are told so only then."""

from pathlib import Path

import pytest
from sqlalchemy import text, update

from backend.booking.opening_hours import OpeningHours
from backend.db import Base, Database
from backend.handover.colleague import Colleague
from backend.handover.desk_service import DeskService
from backend.handover.repository import HandoverRepository
from backend.outreach.occasions import Occasion, OutreachKind
from backend.outreach.repository import OutreachRepository
from backend.outreach.tables import OutreachMessage, OutreachState
from backend.privacy.tables import RightsRequest
from backend.privacy.tombstones import stub_id
from backend.problems import NotFound
from backend.teams.scope import EVERY_TEAM
from tests.backend.databases import sqlite_only
from tests.backend.privacy.conftest import CALL_PHONE, NAME, PHONE, SECRET, WEB
from tests.backend.story import Story
from tests.backend.visitor import Visitor


async def everything_stored(database: Database) -> str:
    """Every value of every row, in lower case."""
    found = []
    async with database.read() as work:
        for table in Base.metadata.sorted_tables:
            rows = await work.session.execute(table.select())
            found += [f"{table.name}: {list(row)}" for row in rows]
    return "\n".join(found).lower()


def files_with(words: str, folder: Path) -> list[str]:
    """Files below a folder that hold some words, however they are written."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            if words.lower().encode() in content or words.lower().encode("utf-16-le") in content:
                found.append(path.name)
    return found


@pytest.fixture
async def erased(person, worker):
    """The receipt of a citizen's erasure that has been carried out."""
    await person.arrive(tells_number=False)
    begun = await person.begins_erasure(await person.asks())
    await worker.go_round()
    return await person.receipt(begun["number"])


async def test_nothing_the_citizen_has_said_is_left_in_any_table(person, worker, database, client):
    await person.arrive()
    staff = Visitor(client)
    await staff.sign_in()
    # What was looked for and found is noted in the audit log, which stays.
    for path in (f"/console/conversations?search={SECRET}", f"/console/conversations/{WEB}"):
        assert (await staff.get(path)).status == 200
    before = await everything_stored(database)
    words = "med det", "knap", "slot", "flag", "note", "rettelse", "besked", "pilot", "uenig"
    words += "fortalt", "hvisken", "svar"
    assert all(f"{SECRET} {word}" in before for word in words if word != "med det")
    assert NAME.lower() in before
    request = await person.asks(channel="web")
    await identify(database, request["id"])
    begun = await person.begins_erasure(request, "cancel")
    await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"]
    after = await everything_stored(database)
    assert [line for line in after.splitlines() if SECRET in line] == []
    naming = (PHONE, CALL_PHONE, WEB)
    with_id = {line.partition(":")[0] for line in after.splitlines() if any(one in line for one in naming)}
    assert with_id == {"audit_entries"}


async def identify(database, request_id):
    """Shows who asks, as a code would."""
    async with database.write() as work:
        await work.session.execute(
            text("UPDATE rights_requests SET identified_at = made_at WHERE id = :id"), {"id": request_id}
        )
        await work.commit()


@sqlite_only
async def test_no_byte_of_it_is_left_in_any_file(person, worker, settings, erased, archive):
    assert files_with(SECRET, settings.data_path) == []
    assert files_with(WEB, settings.data_path) == []


async def test_the_search_knows_none_of_the_words_any_more(archive, erased):
    assert await archive.ids(search=SECRET) == []


async def test_the_citizen_is_told_when_it_is_done(assistant, erased):
    assert assistant.told == [("web", erased["receipt_url"])]
    assert erased["done_at"]
    assert {"words", "answers", "staff_notes", "corrections", "messages"} <= set(erased["erased"])


async def test_while_the_assistant_is_away_nothing_is_done_and_nobody_is_told(person, worker, assistant):
    await person.arrive(tells_number=False)
    begun = await person.begins_erasure(await person.asks())
    assistant.is_down = True
    await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"] is None
    assistant.is_down = False
    await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"]
    assert len(assistant.told) == 1


async def test_what_stopped_half_way_is_taken_up(person, worker, assistant, monkeypatch, database):
    await person.arrive(tells_number=False)
    begun = await person.begins_erasure(await person.asks())

    async def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr("backend.privacy.worker.clean", killed)
        with pytest.raises(KeyboardInterrupt):
            await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"] is None
    assert assistant.told == []
    await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"]
    assert assistant.erased == [WEB]


async def test_an_assistant_that_is_asked_twice_erases_what_came_between(person, worker, assistant, archive):
    await person.arrive(tells_number=False)
    begun = await person.begins_erasure(await person.asks())
    await assistant.erase_rows(begun["number"])
    await archive.send(Story(WEB, start=assistant.until + 5).user(f"{SECRET} igen").events)
    assistant.until += 10
    await assistant.erase_rows(begun["number"])
    assert await archive.read(WEB, expect=404)


async def test_late_events_do_not_bring_it_back(archive, erased):
    late = Story(WEB).user(f"{SECRET} kom for sent").events
    assert await archive.send(late) == {"accepted": 0, "duplicates": 1}
    assert await archive.read(WEB, expect=404)


async def test_what_the_citizen_says_afterwards_is_a_new_beginning(archive, erased, assistant):
    await archive.send(Story(WEB, start=assistant.until + 1).user("hej igen").events)
    assert [turn["text"] for turn in (await archive.read(WEB))["turns"]] == ["hej igen"]


async def test_a_receipt_holds_nothing_of_the_citizen(database, erased):
    async with database.read() as work:
        rows = await work.session.execute(text("SELECT * FROM erasures"))
        told = " ".join(str(list(row)) for row in rows)
    assert WEB not in told
    assert erased["number"] in told


async def test_who_comes_back_can_be_told_what_became_of_the_conversation(person, worker, assistant):
    await person.arrive(tells_number=False)
    await person.comes_back(expect=404)
    begun = await person.begins_erasure(await person.asks())
    await person.comes_back(expect=404)
    await assistant.erase_rows(begun["number"])
    under_way = await person.comes_back()
    assert (under_way["number"], under_way["done_at"]) == (begun["number"], None)
    await worker.go_round()
    assert await person.comes_back() == await person.receipt(begun["number"])


async def test_asking_again_while_it_is_under_way_gives_the_same_receipt(person, worker):
    await person.arrive(tells_number=False)
    request = await person.asks()
    begun = await person.begins_erasure(request)
    assert (await person.asks())["receipt"] == begun["number"]
    assert (await person.begins_erasure(request))["number"] == begun["number"]


class TestAMeetingAhead:
    async def test_is_not_cancelled_without_a_word(self, person, database):
        await person.arrive()
        request = await person.asks()
        await identify(database, request["id"])
        await person.begins_erasure(request, "none", expect=409)

    async def test_is_cancelled_for_who_wants_that(self, person, database, worker):
        await person.arrive()
        request = await person.asks()
        await identify(database, request["id"])
        receipt = await person.begins_erasure(request, "cancel")
        await worker.go_round()
        booking = (await person.desk.ask("GET", f"/bookings/{person.booking['id']}")).body
        assert (booking["status"], booking["citizen_name"]) == ("cancelled", "Slettet af borgeren")
        assert "meetings" in (await person.receipt(receipt["number"]))["kept"]

    async def test_keeps_name_and_number_until_it_is_over(self, person, database, worker, clock):
        await person.arrive()
        request = await person.asks()
        await identify(database, request["id"])
        receipt = await person.begins_erasure(request, "keep")
        await worker.go_round()
        booking = (await person.desk.ask("GET", f"/bookings/{person.booking['id']}")).body
        assert (booking["citizen_name"], booking["citizen_phone"]) == (NAME, PHONE)
        assert "coming_meeting" in (await person.receipt(receipt["number"]))["kept"]
        clock.advance(days=3)
        await worker.go_round()
        assert NAME.lower() not in await everything_stored(database)

    async def test_that_it_is_too_late_to_cancel_is_told_without_name_and_number(
        self, person, database, worker, clock
    ):
        await person.arrive()
        clock.advance(days=1, hours=12)
        request = await person.asks()
        assert request["meeting"]["can_cancel"] is False
        await identify(database, request["id"])
        receipt = await person.begins_erasure(request, "cancel")
        await worker.go_round()
        booking = (await person.desk.ask("GET", f"/bookings/{person.booking['id']}")).body
        assert booking["status"] == "booked"
        assert booking["absence_reported_at"]
        assert NAME.lower() not in await everything_stored(database)
        assert "coming_meeting" not in (await person.receipt(receipt["number"]))["kept"]

    @pytest.mark.parametrize("meeting", ["keep", "cancel"])
    async def test_that_has_changed_since_the_citizen_was_asked_is_asked_about_anew(
        self, person, database, meeting
    ):
        await person.arrive()
        request = await person.asks()
        await identify(database, request["id"])
        assert (await person.desk.change("cancel", person.booking)).status == 200
        await person.begins_erasure(request, meeting, expect=409)
        assert (await person.asks())["meeting"] is None

    async def test_that_can_no_longer_be_cancelled_is_asked_about_anew(self, person, database, clock):
        await person.arrive()
        request = await person.asks()
        clock.advance(days=1, hours=12)
        await identify(database, request["id"])
        await person.begins_erasure(request, "cancel", expect=409)


async def test_what_the_staff_have_done_is_told_before_everything_is_erased(
    person, worker, assistant, database, clock
):
    await person.arrive(tells_number=False)
    begun = await person.begins_erasure(await person.asks())
    occasion = Occasion(
        "cancelled_by_staff:b:2",
        OutreachKind.CANCELLED_BY_STAFF,
        clock(),
        WEB,
        None,
        {"notice": "Vi har desværre måttet aflyse din tid."},
    )
    async with database.write() as work:
        await OutreachRepository(work.session).add_if_absent(occasion, clock())
        await work.commit()
    await worker.go_round()
    assert assistant.erased == []
    async with database.write() as work:
        await work.session.execute(update(OutreachMessage).values(state=OutreachState.IN_CHAT))
        await work.commit()
    await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"]


async def test_a_notice_that_cannot_be_sent_does_not_put_an_erasure_off_for_ever(
    person, worker, database, clock
):
    await person.arrive(tells_number=False)
    begun = await person.begins_erasure(await person.asks())
    occasion = Occasion("moved_by_staff:b:2", OutreachKind.MOVED_BY_STAFF, clock(), WEB, None, {"notice": ""})
    async with database.write() as work:
        await OutreachRepository(work.session).add_if_absent(occasion, clock())
        await work.commit()
    clock.advance(days=2, minutes=1)
    await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"]


class TestAPersonInTheConversation:
    @pytest.fixture
    async def karen(self, database, clock):
        """What a caseworker does at the desk."""
        colleague = Colleague("karen", "Karen Holm", EVERY_TEAM)

        async def does(work_with):
            async with database.write() as work:
                handovers = HandoverRepository(work.session, EVERY_TEAM)
                await work_with(DeskService(handovers, OpeningHours({}), colleague, clock()))
                await work.commit()

        return does

    @pytest.fixture
    async def waiting(self, person):
        await person.arrive(tells_number=False)
        await person.wants_a_person()
        return person

    async def test_who_waits_leaves_the_queue_by_it(self, waiting, worker, database):
        owner = f"/conversations/{WEB}/owner"
        assert (await waiting.desk.ask("GET", owner)).body["owner"] == "waiting"
        begun = await waiting.begins_erasure(await waiting.asks())
        assert (await waiting.desk.ask("GET", owner)).body["owner"] == "bot"
        await worker.go_round()
        assert (await waiting.receipt(begun["number"]))["done_at"]
        assert "handovers: [" not in await everything_stored(database)

    @pytest.mark.parametrize("steps", [("reserve",), ("reserve", "take")])
    async def test_nothing_is_begun_under_a_caseworkers_hands(self, waiting, karen, steps):
        request = await waiting.asks()
        await karen(lambda desk: desk.reserve(WEB))
        if "take" in steps:
            await karen(lambda desk: desk.take(WEB, key="k", announced=True))
        await waiting.begins_erasure(request, expect=409)
        assert (await waiting.asks())["receipt"] is None

    async def test_one_that_has_begun_waits_for_the_caseworker_who_came_meanwhile(
        self, waiting, karen, worker, assistant, database
    ):
        begun = await waiting.begins_erasure(await waiting.asks())
        await karen(lambda desk: desk.reserve(WEB))
        await karen(lambda desk: desk.take(WEB, key="k", announced=False))
        await worker.go_round()
        assert assistant.erased == []
        await karen(lambda desk: desk.write(WEB, f"{SECRET} til sidst", key="w"))
        await karen(lambda desk: desk.end(WEB, None, key="e"))
        await worker.go_round()
        assert assistant.erased == [], "what the caseworker wrote has not been said yet"
        async with database.write() as work:
            await work.session.execute(text("UPDATE desk_messages SET state = 'sent'"))
            await work.commit()
        await worker.go_round()
        assert (await waiting.receipt(begun["number"]))["done_at"]
        assert SECRET not in await everything_stored(database)

    async def test_what_is_left_of_an_erased_conversation_cannot_be_taken(self, waiting, karen, worker):
        begun = await waiting.begins_erasure(await waiting.asks())
        await worker.go_round()
        with pytest.raises(NotFound):
            await karen(lambda desk: desk.reserve(stub_id(begun["number"])))


async def test_a_sign_of_crisis_is_seen_by_somebody_before_it_is_erased(person, worker, archive, client):
    await person.arrive(tells_number=False)
    flag = await archive.flag(WEB, "crisis")
    begun = await person.begins_erasure(await person.asks())
    await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"] is None
    staff = Visitor(client)
    await staff.sign_in()
    page = await staff.get("/console/conversations")
    token = page.form("Log ud").fields["csrf_token"]
    seen = f"/console/conversations/{WEB}/flags/{flag['id']}/acknowledge"
    assert (await staff.post(seen, {"csrf_token": token})).status == 200
    await worker.go_round()
    assert (await person.receipt(begun["number"]))["done_at"]


async def test_a_caseworkers_decision_stays_with_its_grounds_and_the_name(person, worker, database):
    await person.arrive()
    await person.decide()
    request = await person.asks()
    await identify(database, request["id"])
    receipt = await person.begins_erasure(request, "cancel")
    await worker.go_round()
    assert "decision" in (await person.receipt(receipt["number"]))["kept"]
    stored = await everything_stored(database)
    assert "aftalt med borgeren" in stored
    assert NAME.lower() in stored
    assert f"{SECRET} uenig" not in stored
    assert PHONE not in stored


async def test_who_has_said_stop_by_sms_is_not_written_to_again(person_by_sms, worker, database, clock):
    person = person_by_sms
    await person.arrive()
    wish = {"wanted": False, "said_at": "2026-11-20T10:00:00+00:00"}
    await person.desk.ask("POST", f"/conversations/{person.conversation_id}/contact-wish", wish)
    request = await person.asks()
    async with database.write() as work:
        # A team leader has spoken with them: here nobody carries SMS.
        (await work.session.get(RightsRequest, request["id"])).identified_at = clock()
        await work.commit()
    receipt = await person.begins_erasure(request, "cancel")
    await worker.go_round()
    assert "no_messages" in (await person.receipt(receipt["number"]))["kept"]
    wanted = await person.desk.ask(
        "POST",
        f"/conversations/{person.conversation_id}/contact-wish",
        {"wanted": True, "said_at": "2026-11-10T10:00:00+00:00"},
    )
    assert wanted.body["wanted"] is False


def test_every_table_that_names_a_citizen_or_a_conversation_is_erased_or_stays_for_a_reason():
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"conversation_id", "citizen_id"} & set(table.columns.keys())
    }
    # Whoever adds a table says here that backend/privacy/erasing.py erases it, or why it stays.
    erased = {
        *("assessments", "bookings", "holds", "placements"),
        *("conversation_events", "conversation_turns", "conversation_flags", "conversation_ratings"),
        *("conversation_notes", "conversation_reviews", "conversation_tags", "conversation_readings"),
        *("citizens", "corrections", "sms_deliveries", "outreach_messages", "contact_wishes"),
        *("rights_requests", "erasures", "handovers", "desk_messages", "call_requests"),
    }
    stays = {"audit_entries"}
    assert naming == erased | stays
