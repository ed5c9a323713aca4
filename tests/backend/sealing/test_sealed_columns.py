"""Names and numbers are sealed at rest, and plain text to everybody who may read them."""

import base64
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import select, text

from backend.booking.tables import Booking
from backend.citizens.repository import CitizenRepository
from backend.citizens.service import CitizenService
from backend.citizens.tables import Citizen
from backend.db.resealing import sealed_columns
from backend.db.sealed import CannotUnseal
from backend.handover.repository import HandoverRepository
from backend.outreach.repository import ContactWishRepository, OutreachRepository
from backend.outreach.service import ContactWishService, OutreachService
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.repository import TranscriptRepository
from tests.backend.databases import sqlite_only
from tests.backend.sealing.conftest import BOTH, NAME, NEW, OLD, PHONE, stored
from tests.backend.story import Story
from tests.backend.visitor import Visitor, hire

PLACES = [f"{table.name}.{name}" for table, names in sealed_columns().items() for name in names]
LETTERS = string.ascii_letters + string.digits + "-_=."


@given(st.text(min_size=1), st.sampled_from(PLACES))
def test_what_was_sealed_comes_back_whatever_it_was(said, place):
    sealed = OLD.close(said, place)
    assert OLD.open(sealed, place) == BOTH.open(sealed, place) == said
    assert OLD.close(said, place) != sealed


@given(st.text(min_size=1), st.data())
def test_whatever_is_changed_in_it_is_noticed(said, data):
    sealed = OLD.close(said, "citizens.phone")
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:at] + data.draw(st.sampled_from(LETTERS)) + sealed[at + 1 :]
    # The last letter of base64 has bits that stand for nothing.
    assume(meant_by(changed) != meant_by(sealed))
    with pytest.raises(CannotUnseal):
        OLD.open(changed, "citizens.phone")


def meant_by(sealed):
    *before, body = sealed.split(".", 2)
    try:
        return before, base64.b64decode(body, altchars=b"-_", validate=True)
    except ValueError:
        return before, None


def test_it_opens_in_no_other_column():
    with pytest.raises(CannotUnseal, match=r"bookings\.citizen_phone"):
        OLD.open(OLD.close(PHONE, "citizens.phone"), "bookings.citizen_phone")


def test_with_another_key_it_stays_closed_and_the_key_that_is_missing_is_named():
    with pytest.raises(CannotUnseal, match=rf"{OLD.mark[2:-1]}.*DIGISPOR_CONTACT_KEY"):
        NEW.open(OLD.close(PHONE, "citizens.phone"), "citizens.phone")


@pytest.mark.parametrize(
    "planted",
    [PHONE, "1.", "1.aaaaaaaa.", "2" + OLD.close(PHONE, "citizens.phone")[1:]],
    # What is sealed is different each time, and each process must call the tests the same.
    ids=["plain", "no key", "nothing sealed", "another version"],
)
async def test_what_is_not_sealed_is_not_read(database, booking, planted):
    async with database.write() as work:
        await work.session.execute(text("UPDATE citizens SET phone = :planted"), {"planted": planted})
        await work.commit()
    with pytest.raises(CannotUnseal) as refusal:
        async with database.read() as work:
            await work.session.scalars(select(Citizen.phone))
    assert PHONE not in str(refusal.value)


async def test_without_a_key_nothing_is_read_or_written(with_keys, booking):
    without = with_keys(None)
    with pytest.raises(CannotUnseal, match="DIGISPOR_CONTACT_KEY"):
        async with without.read() as work:
            await work.session.scalars(select(Booking.citizen_phone))
    async with without.write() as work:
        work.session.add(Citizen(conversation_id="c", channel="web", phone=PHONE))
        with pytest.raises(CannotUnseal, match="DIGISPOR_CONTACT_KEY"):
            await work.session.flush()


async def test_a_moved_value_is_refused(database, booking):
    async with database.write() as work:
        await work.session.execute(text("UPDATE bookings SET citizen_phone = (SELECT phone FROM citizens)"))
        await work.commit()
    with pytest.raises(CannotUnseal, match="another column"):
        async with database.read() as work:
            await work.session.scalars(select(Booking.citizen_phone))


@pytest.mark.parametrize(
    "compare", [lambda c: c == PHONE, lambda c: c.in_([PHONE]), lambda c: c.contains("26")]
)
def test_a_comparison_that_could_never_be_true_is_no_query(compare):
    with pytest.raises(TypeError, match="sealed"):
        compare(Citizen.phone)


async def test_the_api_gives_name_and_number_and_the_database_does_not(database, desk, booking):
    assert (booking["citizen_name"], booking["citizen_phone"]) == (NAME, PHONE)
    read = await desk.ask("GET", f"/bookings/{booking['id']}")
    assert (read.body["citizen_name"], read.body["citizen_phone"]) == (NAME, PHONE)
    [row] = await stored(database, "SELECT name, phone, phone_index FROM citizens")
    [kept] = await stored(database, "SELECT citizen_name, citizen_phone FROM bookings")
    assert row.pop("phone_index") == OLD.indexes(PHONE, "citizens.phone")[0]
    assert all(value.startswith(OLD.mark) for value in (*row.values(), *kept.values()))


@sqlite_only
async def test_no_file_holds_name_or_number_after_all_that_writes_them(
    desk, archive, database, settings, clock
):
    citizen = await desk.make_citizen("c-zyx")
    held = await desk.held(citizen["id"], await desk.slot("2026-11-27 09:00"))
    for _ in range(2):
        told = {"hold_id": held, "name": NAME, "phone": "26 17 18 19"}
        assert (await desk.ask("POST", "/bookings", told, key="c-zyx:book")).status == 201
    await archive.send(Story("c-zyx").user("ring til mig").events)
    async with database.write() as work:
        await HandoverRepository(work.session, EVERY_TEAM).add_call_request("c-zyx", PHONE, clock())
        wishes = ContactWishService(ContactWishRepository(work.session))
        outreach = OutreachService(OutreachRepository(work.session), wishes, clock())
        invited = await outreach.invite([PHONE], keys=["a-key"], invited_by="Karen Holm")
        assert invited.new == 1
        await work.commit()
    written = {path.name: path.read_bytes() for path in settings.data_path.iterdir() if path.is_file()}
    assert {"digispor.db", "digispor.db-wal"} <= set(written)
    wanted = [one.encode() for one in (PHONE, "26171819", "26 17 18 19", NAME, *NAME.split())]
    assert [name for name, held in written.items() if any(one in held for one in wanted)] == []


async def test_who_told_the_same_number_is_found_also_while_the_key_changes(
    client, desk, archive, database, with_keys, clock
):
    for number, keys in enumerate((OLD, BOTH)):
        citizen = await desk.make_citizen(f"c-{number}")
        await archive.send(Story(f"c-{number}").user("hej").events)
        async with with_keys(keys).write() as work:
            await CitizenService(CitizenRepository(work.session), clock()).update(citizen["id"], phone=PHONE)
            await work.commit()
    async with with_keys(BOTH).read() as work:
        transcripts = TranscriptRepository(work.session, EVERY_TEAM)
        found = await transcripts.with_phone(PHONE, "another", 10)
        others = await transcripts.with_phone("+4526171810", "another", 10)
    assert {summary.conversation.id for summary in found} == {"c-0", "c-1"}
    assert others == []


async def test_the_console_shows_name_and_number_and_who_else_has_told_it(
    client, desk, archive, database, clock
):
    for conversation in ("c-1", "c-2"):
        citizen = await desk.make_citizen(conversation)
        await desk.ask("PATCH", f"/citizens/{citizen['id']}", {"name": NAME, "phone": PHONE})
        await archive.send(Story(conversation).user("hej").events)
    await hire(database, clock)
    karen = Visitor(client)
    await karen.sign_in()
    page = await karen.get("/console/conversations/c-1")
    assert NAME in page.text
    assert "26 17 18 19" in page.text
    assert "Andre samtaler med samme telefonnummer" in page.text


async def test_a_repeated_write_is_answered_from_what_is_sealed(database, desk):
    held = await desk.held(await desk.citizen(), await desk.slot("2026-11-27 09:00"))
    told = {"hold_id": held, "name": NAME, "phone": PHONE}
    first = await desk.ask("POST", "/bookings", told, key="once")
    assert await desk.ask("POST", "/bookings", told, key="once") == first
    assert (await desk.ask("POST", "/bookings", told | {"name": "En Anden"}, key="once")).status == 422
    [row] = await stored(database, "SELECT request, body, about FROM idempotency_keys WHERE key = 'once'")
    assert row["request"].startswith(OLD.mark)
    assert row["body"].startswith(OLD.mark)
    assert first.body["id"] in row["about"].split()
