"""A conversation goes when its time is up, whole, and not a moment before; what is in use stays."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, text

from backend.booking.tables import Booking
from backend.citizens.tables import Citizen
from backend.privacy.assistant import ErasureChannel
from backend.privacy.tables import Erasure
from backend.retention.policy import Kind
from backend.retention.repository import DueConversations
from tests.backend.databases import sqlite_only
from tests.backend.privacy.conftest import NAME, PHONE, SECRET, WEB
from tests.backend.privacy.test_erasing import everything_stored, files_with
from tests.backend.story import START, Story

LAST = datetime.fromisoformat("2026-11-26T10:30:00+01:00")
"""When the meeting of a citizen who has come is over."""


async def write(database, statement, **values):
    async with database.write() as work:
        await work.session.execute(text(statement), values)
        await work.commit()


@pytest.fixture
async def seen_to(person, database, client):
    """A citizen with something in every table, and nothing left that anybody must see to."""
    await person.arrive()
    await see_to_everything(database)
    return person


async def see_to_everything(database):
    await write(database, "UPDATE conversation_flags SET acknowledged_by = 'K', acknowledged_at = raised_at")
    await write(database, "UPDATE call_requests SET called_by = 'K', called_at = asked_at")
    await write(database, "UPDATE bookings SET seen_version = version")


async def rows(database, table):
    async with database.read() as work:
        return list(await work.session.scalars(select(table)))


async def test_half_a_year_after_the_meeting_everything_is_gone(seen_to, run, clock, database, policy):
    clock.now = policy.conversation_goes_at(LAST)
    done = await run()
    assert (done[Kind.CONVERSATIONS].deleted, done[Kind.CONVERSATIONS].error) == (1, None)
    after = await everything_stored(database)
    assert [line for line in after.splitlines() if SECRET in line] == []
    naming = (PHONE, WEB, NAME.lower())
    with_id = {line.partition(":")[0] for line in after.splitlines() if any(one in line for one in naming)}
    assert with_id <= {"audit_entries"}


async def test_a_minute_before_nothing_is_gone(seen_to, run, clock, policy, archive):
    clock.now = policy.conversation_goes_at(LAST) - timedelta(minutes=1)
    done = await run()
    assert done[Kind.CONVERSATIONS].deleted == 0
    assert (await archive.read(WEB))["turns"]


async def test_what_was_said_after_the_meeting_counts(seen_to, run, clock, policy, archive):
    later = LAST + timedelta(days=3)
    await archive.send(Story(WEB, start=later.timestamp()).user("tak for sidst").events)
    clock.now = policy.conversation_goes_at(LAST)
    assert (await run())[Kind.CONVERSATIONS].deleted == 0
    clock.now = policy.conversation_goes_at(later)
    assert (await run())[Kind.CONVERSATIONS].deleted == 1


async def test_the_assistant_is_asked_to_erase_its_side_and_nobody_is_told(seen_to, run, clock, assistant):
    clock.advance(days=300)
    await run()
    assert (assistant.erased, assistant.told) == ([WEB], [])
    # Nor is who comes back: they had asked for nothing.
    await seen_to.comes_back(expect=404)


async def test_a_meeting_stays_without_the_name(seen_to, run, clock, database):
    clock.advance(days=300)
    await run()
    [booking] = await rows(database, Booking)
    assert (booking.citizen_name, booking.citizen_phone) == ("Navnet er slettet", "")


async def test_what_the_staff_decided_stays_five_years_and_then_goes_with_the_meeting(
    seen_to, run, clock, database
):
    await seen_to.decide()
    clock.advance(days=300)
    await run()
    [citizen] = await rows(database, Citizen)
    assert citizen.name == NAME
    clock.advance(days=5 * 366)
    done = await run()
    assert [done[kind].deleted for kind in (Kind.DECISIONS, Kind.MEETINGS)] == [1, 1]
    assert [await rows(database, table) for table in (Citizen, Booking)] == [[], []]
    assert NAME.lower() not in await everything_stored(database)


async def test_in_the_end_nothing_but_the_audit_log_knows_that_there_was_anybody(
    seen_to, run, clock, database
):
    clock.advance(days=300)
    await run()
    clock.advance(days=5 * 366)
    await run()
    clock.advance(days=5 * 366)
    await run()
    assert await rows(database, Erasure) == []
    after = await everything_stored(database)
    tables = {line.partition(":")[0] for line in after.splitlines()}
    kept = {"tracks", "teams", "slots", "consultants", "console_users", "console_roles", "change_counter"}
    assert tables <= kept | {"audit_entries", "retention_runs", "retention_reports", "retention_lease"} | {
        "alembic_version"
    }


WAITS = {
    "flag": "UPDATE conversation_flags SET kind = 'crisis', acknowledged_by = NULL, acknowledged_at = NULL",
    "call": "UPDATE call_requests SET called_at = NULL",
    "report": "UPDATE booking_changes SET kind = 'absence'",
    "desk message": "UPDATE desk_messages SET state = 'waiting'",
}


@pytest.mark.parametrize("what", WAITS)
async def test_what_nobody_has_seen_to_keeps_it(seen_to, run, clock, database, archive, what):
    await write(database, WAITS[what])
    if what == "report":
        await write(database, "UPDATE bookings SET seen_version = 0")
    clock.advance(days=300)
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.held) == (0, 1)
    await see_to_everything(database)
    await write(database, "UPDATE desk_messages SET state = 'delivered'")
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.held) == (1, 0)


async def test_who_waits_for_a_person_keeps_it(seen_to, run, clock):
    await seen_to.wants_a_person()
    clock.advance(days=300)
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.held) == (0, 1)


async def test_an_open_request_about_the_data_keeps_it(seen_to, run, clock):
    await seen_to.asks("export")
    clock.advance(days=300)
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.held) == (0, 1)


async def test_a_meeting_ahead_keeps_it_however_long_ago_it_was_booked(seen_to, run, clock, database):
    await write(
        database, "UPDATE slots SET ends_at = '2027-12-01 10:30:00', starts_at = '2027-12-01 10:00:00'"
    )
    clock.advance(days=300)
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.held) == (0, 0)


@pytest.fixture
async def among_others(make_citizen, seen_to):
    """The same citizen, with others stored before and after."""
    for id in ("0-før", "z-efter"):
        await make_citizen(id)
    return seen_to


async def test_a_meeting_ahead_keeps_the_conversation_of_who_has_it_and_no_other(
    among_others, run, clock, database, assistant
):
    await write(
        database, "UPDATE slots SET ends_at = '2027-12-01 10:30:00', starts_at = '2027-12-01 10:00:00'"
    )
    clock.advance(days=300)
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.held) == (2, 0)
    assert set(assistant.erased) == {"0-før", "z-efter"}


async def test_what_nobody_has_seen_to_of_one_citizen_does_not_keep_another(
    among_others, run, clock, database
):
    await write(database, WAITS["report"])
    await write(database, "UPDATE bookings SET seen_version = 0")
    clock.advance(days=300)
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.held) == (2, 1)


async def test_who_writes_when_it_has_begun_keeps_the_conversation(
    seen_to, run, clock, assistant, archive, database
):
    clock.advance(days=300)
    assistant.is_down = True
    assert (await run())[Kind.CONVERSATIONS].error == "assistant"
    await archive.send(Story(WEB, start=clock().timestamp()).user("hej igen").events)
    assistant.is_down = False
    done = (await run())[Kind.CONVERSATIONS]
    assert (done.deleted, done.error, assistant.erased) == (0, None, [])
    assert await rows(database, Erasure) == []


async def test_what_the_assistant_has_heard_and_the_backend_has_not_keeps_it(
    seen_to, run, clock, assistant, archive, make_citizen
):
    for number in range(4):
        await make_citizen(f"a{number}")
    clock.advance(days=300)
    assistant.heard = {f"a{number}" for number in range(4)}
    done = (await run())[Kind.CONVERSATIONS]
    # They do not keep the others either, however many they are.
    assert (done.deleted, done.error, assistant.erased) == (1, None, [WEB])


async def test_an_assistant_that_is_away_is_asked_again(seen_to, run, clock, assistant):
    clock.advance(days=300)
    assistant.is_down = True
    assert (await run())[Kind.CONVERSATIONS].deleted == 0
    assistant.is_down = False
    assert (await run())[Kind.CONVERSATIONS].deleted == 1
    assert (await run())[Kind.CONVERSATIONS].deleted == 0


async def test_what_was_stopped_between_the_rows_and_the_files_is_ended(
    seen_to, run, clock, monkeypatch, assistant
):
    async def killed(*_):
        raise KeyboardInterrupt

    clock.advance(days=300)
    with monkeypatch.context() as during:
        during.setattr("backend.retention.conversations.clean", killed)
        with pytest.raises(KeyboardInterrupt):
            await run()
    # The killed process had the lease; it runs out by itself.
    clock.advance(minutes=6)
    assert (await run())[Kind.CONVERSATIONS].deleted == 1
    assert assistant.erased == [WEB]


@sqlite_only
async def test_not_even_the_id_is_in_a_file_afterwards(make_citizen, run, clock, settings):
    citizen = await make_citizen("mjaw-3")
    assert files_with(citizen["conversation_id"], settings.data_path)
    clock.advance(days=400)
    await run()
    assert files_with(citizen["conversation_id"], settings.data_path) == []


async def test_a_citizen_without_a_word_said_goes_too(make_citizen, run, clock, database):
    await make_citizen("kun-oprettet")
    clock.advance(days=150)
    assert (await run())[Kind.CONVERSATIONS].deleted == 0
    clock.advance(days=50)
    assert (await run())[Kind.CONVERSATIONS].deleted == 1
    assert await rows(database, Citizen) == []


@pytest.mark.parametrize("batch", [1, 2, 3, 50])
async def test_all_that_is_due_goes_and_nothing_else_whatever_the_batch(archive, run, clock, policy, batch):
    last = {f"c{n}": START - 86_400 * (181 + n) for n in range(8)}
    for id, moment in last.items():
        await archive.send(Story(id, start=moment).user("hej").events)
    clock.now = datetime.fromtimestamp(START, clock().tzinfo)
    due = {
        id
        for id, moment in last.items()
        if policy.conversation_goes_at(datetime.fromtimestamp(moment, clock().tzinfo)) <= clock()
    }
    assert 1 < len(due) < 8
    assert (await run(batch))[Kind.CONVERSATIONS].deleted == len(due)
    assert set(await archive.ids()) == set(last) - due


async def test_whoever_is_killed_in_the_middle_of_a_batch_leaves_the_rest_for_the_next(
    archive, run, clock, assistant, monkeypatch
):
    for number in range(4):
        await archive.send(Story(f"c{number}").user("hej").events)
    clock.advance(days=300)
    erase = ErasureChannel.erase

    async def killed_at_the_third(self, *asked):
        if len(assistant.erased) == 2:
            raise KeyboardInterrupt
        await erase(self, *asked)

    with monkeypatch.context() as during:
        during.setattr(ErasureChannel, "erase", killed_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            await run(batch=3)
    clock.advance(minutes=6)
    assert (await run(batch=3))[Kind.CONVERSATIONS].error is None
    assert (sorted(assistant.erased), await archive.ids()) == (["c0", "c1", "c2", "c3"], [])


@sqlite_only
async def test_whether_a_few_are_due_is_told_without_going_through_all(database, clock):
    """It is asked while nobody else can write."""
    asked = []

    def note(connection, cursor, statement, parameters, context, many):
        asked.append((statement, parameters))

    async with database.read() as work:
        event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        await DueConversations(work.session, clock(), clock()).due(["c1", "c2"])
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        statement, parameters = asked[-1]
        connection = await work.session.connection()
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    gone_through = [step.detail for step in plan if step.detail.startswith("SCAN")]
    assert [step for step in gone_through if "conversations" in step or "citizens" in step] == []
