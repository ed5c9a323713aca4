"""The actions' real client against the real backend: both sides mean the same by the contract."""

import json
import urllib.request
import uuid
from collections.abc import Iterator
from itertools import count

import pytest

from actions.backend_client import BackendClient
from actions.backend_models import Assessment, Booking, Citizen, Hold
from actions.backend_requests import BackendRefused
from actions.outbox import OutboxRequest
from actions.time_wish import MOST_SHOWN
from bot.channels.backend import Backend
from bot.channels.owners import Owner, Owners, Ownership


@pytest.fixture
def key() -> Iterator[str]:
    return (f"{uuid.uuid4()}:{number}" for number in count())


@pytest.fixture
async def citizen(client: BackendClient, key: Iterator[str]) -> Citizen:
    return await client.get_or_create_citizen(uuid.uuid4().hex, "web", next(key))


async def finished(client: BackendClient, citizen: Citizen, key: Iterator[str], response: int) -> Assessment:
    assessment = await client.start_assessment(citizen.id, next(key))
    while assessment.current_item is not None:
        assessment = await client.answer(assessment.id, assessment.current_item.id, response, next(key))
    return assessment


async def held(client: BackendClient, citizen: Citizen, key: Iterator[str]) -> Hold:
    page = await client.slots(limit="50")
    for slot in reversed(page.slots):
        try:
            return await client.hold(citizen.id, slot.id, next(key))
        except BackendRefused as refusal:
            if refusal.slug != "slot-taken":
                raise
    raise AssertionError("no free slot")


async def booked(client: BackendClient, citizen: Citizen, key: Iterator[str]) -> Booking:
    hold = await held(client, citizen, key)
    return await client.book(hold.id, "Fatima Ørsted", "22 33 44 55", next(key))


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:
        content: bytes = response.read()
    return content


async def test_a_conversation_has_one_citizen(client: BackendClient, key: Iterator[str]) -> None:
    first = await client.get_or_create_citizen("one-conversation", "web", next(key))
    again = await client.get_or_create_citizen("one-conversation", "web", next(key))
    assert first.id == again.id


async def test_the_name_and_number_of_a_booking_become_the_citizens(
    client: BackendClient, key: Iterator[str]
) -> None:
    conversation = uuid.uuid4().hex
    citizen = await client.get_or_create_citizen(conversation, "web", next(key))
    await booked(client, citizen, key)
    known = await client.get_or_create_citizen(conversation, "web", next(key))
    assert (known.name, known.phone) == ("Fatima Ørsted", "+4522334455")


@pytest.mark.parametrize(("response", "track"), [(0, "foundation"), (1, "foundation"), (3, "employer_pilot")])
async def test_an_assessment_ends_in_a_proposal_with_reasons(
    client: BackendClient, citizen: Citizen, key: Iterator[str], response: int, track: str
) -> None:
    assessment = await finished(client, citizen, key, response)
    result = await client.result(assessment.id)
    assert assessment.status == "finished"
    assert result.enough_answers
    assert len(result.areas) == 5
    assert result.placement is not None
    assert result.placement.track == track
    assert result.placement.status == "proposed"
    assert result.placement.reasons
    assert [placement.id for placement in await client.placements(citizen.id)] == [result.placement.id]
    assert track in [known.id for known in await client.tracks()]


async def test_the_areas_have_names_for_an_sms(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    result = await client.result((await finished(client, citizen, key, 2)).id)
    assert [area.short_name for area in result.areas] == [
        "Information",
        "Kommunikation",
        "Indhold",
        "Sikkerhed",
        "Problemløsning",
    ]


async def test_the_wished_job_is_what_the_track_with_employers_lacks(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    assessment = await finished(client, citizen, key, 3)
    before = (await client.result(assessment.id)).placement
    assert before is not None
    assert before.needs_occupation
    stored = await client.wish_occupation(citizen.id, "æblegartner", next(key))
    assert stored.wished_occupation == "æblegartner"
    [after] = await client.placements(citizen.id)
    assert not after.needs_occupation


async def test_a_repeated_answer_with_one_key_counts_once(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    assessment = await client.start_assessment(citizen.id, next(key))
    assert assessment.current_item is not None
    same = next(key)
    first = await client.answer(assessment.id, assessment.current_item.id, 2, same)
    again = await client.answer(assessment.id, assessment.current_item.id, 2, same)
    assert first == again
    assert (await client.assessment(assessment.id)).answered == 1


async def test_undo_skip_dont_know_pause_and_resume(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    start = await client.start_assessment(citizen.id, next(key))
    assert start.current_item is not None
    answered = await client.answer(start.id, start.current_item.id, 2, next(key))
    assert answered.number == 2
    undone = await client.undo(start.id, next(key))
    assert undone.current_item == start.current_item
    with pytest.raises(BackendRefused) as raised:
        await client.undo(start.id, next(key))
    assert raised.value.slug == "nothing-to-undo"
    skipped = await client.skip(start.id, start.current_item.id, next(key))
    assert skipped.answered == 0
    assert skipped.current_item is not None
    unknown = await client.answer(start.id, skipped.current_item.id, None, next(key))
    assert unknown.answered == 0
    assert (await client.pause(start.id, next(key))).status == "paused"
    resumed = await client.start_assessment(citizen.id, next(key))
    assert (resumed.id, resumed.status, resumed.number) == (start.id, "active", 3)
    restarted = await client.start_assessment(citizen.id, next(key), restart=True)
    assert restarted.id != start.id
    assert restarted.number == 1


async def test_an_answer_to_another_item_is_refused(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    assessment = await client.start_assessment(citizen.id, next(key))
    assert assessment.current_item is not None
    item_id = assessment.current_item.id
    await client.answer(assessment.id, item_id, 1, next(key))
    with pytest.raises(BackendRefused) as raised:
        await client.answer(assessment.id, item_id, 1, next(key))
    assert raised.value.slug == "not-current-item"


async def test_a_dispute_is_stored_with_its_reason(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    result = await client.result((await finished(client, citizen, key, 0)).id)
    assert result.placement is not None
    assert (await client.dispute(result.placement.id, "Jeg kan mere end det", next(key))).disputed


async def test_a_slot_can_be_held_booked_moved_and_cancelled(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    booking = await booked(client, citizen, key)
    assert booking.status == "booked"
    assert booking.citizen_phone == "+4522334455"
    assert [found.id for found in await client.bookings(citizen.id)] == [booking.id]
    assert b"BEGIN:VEVENT" in fetch(booking.calendar_url)

    moved = await client.move(booking.id, (await held(client, citizen, key)).id, booking.version, next(key))
    assert moved.version == booking.version + 1
    assert moved.starts_at != booking.starts_at or moved.consultant.id != booking.consultant.id

    with pytest.raises(BackendRefused) as stale:
        await client.cancel(booking.id, booking.version, "syg", next(key))
    assert stale.value.slug == "version-conflict"

    cancelled = await client.cancel(booking.id, moved.version, "syg", next(key))
    assert cancelled.status == "cancelled"
    assert await client.bookings(citizen.id) == []


async def test_a_held_slot_is_refused_to_the_next(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    other = await client.get_or_create_citizen(uuid.uuid4().hex, "web", next(key))
    hold = await held(client, citizen, key)
    with pytest.raises(BackendRefused) as raised:
        await client.hold(other.id, hold.slot.id, next(key))
    assert raised.value.slug == "slot-taken"


async def test_a_wish_as_the_time_extractor_gives_it_filters_the_slots(client: BackendClient) -> None:
    page = await client.slots(
        weekdays="tue,thu", not_weekdays="wed", time_from="10:00", time_to="11:59", limit="20"
    )
    assert page.slots
    for slot in page.slots:
        assert slot.label.startswith(("tirsdag", "torsdag"))


async def test_the_longest_list_of_times_shown_is_taken(client: BackendClient) -> None:
    first = await client.slots(limit="3")
    shown = [slot.id for slot in first.slots] + [str(uuid.uuid4()) for _ in range(MOST_SHOWN - 3)]
    page = await client.slots(limit="3", not_slots=",".join(shown))
    assert page.slots
    assert not {slot.id for slot in page.slots} & set(shown)


async def test_an_exact_time_finds_the_slots_that_start_then(client: BackendClient) -> None:
    page = await client.slots(time_from="10:00", time_to="10:00", limit="5")
    assert page.slots
    assert all("10.00" in slot.label for slot in page.slots)


async def test_a_wrong_phone_number_is_refused_by_name(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    hold = await held(client, citizen, key)
    with pytest.raises(BackendRefused) as raised:
        await client.book(hold.id, "Fatima", "12", next(key))
    assert raised.value.slug == "validation"


async def test_staff_can_be_called_to_a_conversation(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    await client.flag(uuid.uuid4().hex, "crisis", next(key))


async def test_a_citizen_can_ask_not_to_be_written_to(client: BackendClient, key: Iterator[str]) -> None:
    conversation_id = uuid.uuid4().hex
    await client.stop_contact(conversation_id, "2026-11-24T09:00:00+01:00", next(key))
    again = OutboxRequest.stop(conversation_id, "2026-11-24T09:01:00+01:00", next(key))
    stored = await client.post(again.path, again.body, again.key)
    assert (stored["wanted"], stored["changed"]) == (False, False)


async def test_how_content_a_citizen_was_can_be_stored(client: BackendClient, key: Iterator[str]) -> None:
    await client.rate(uuid.uuid4().hex, 4, next(key))


async def test_where_nobody_is_at_the_desk_there_is_no_queue(
    client: BackendClient, backend_url: str, service_token: str, key: Iterator[str]
) -> None:
    conversation_id = uuid.uuid4().hex
    assert (await client.ask_for_person(conversation_id, "asked", next(key))).kind == "off"
    late = OutboxRequest.handover(conversation_id, "crisis", "2026-11-24T09:00:00+01:00", next(key))
    assert (await client.post(late.path, late.body, late.key))["kind"] == "off"
    assert (await client.standing(conversation_id, next(key))).kind == "none"
    await client.leave_queue(conversation_id, next(key))
    ownership = await Owners(Backend(backend_url, service_token)).of(conversation_id)
    assert ownership == Ownership(Owner.BOT, bot_may_speak=True)


async def test_a_number_to_call_can_be_left(client: BackendClient, key: Iterator[str]) -> None:
    await client.ask_for_call(uuid.uuid4().hex, "+4520304050", next(key))


async def test_help_that_nobody_gave_cannot_be_rated(client: BackendClient, key: Iterator[str]) -> None:
    with pytest.raises(BackendRefused) as raised:
        await client.rate_help(uuid.uuid4().hex, True, next(key))
    assert raised.value.slug == "not-found"


async def test_the_outbox_speaks_the_same_contract(
    client: BackendClient, citizen: Citizen, key: Iterator[str]
) -> None:
    booking = await booked(client, citizen, key)
    request = OutboxRequest.cancellation(booking.id, booking.version, "jeg er syg", next(key))
    assert (await client.post(request.path, request.body, request.key))["status"] == "cancelled"


async def test_every_call_of_the_client_is_in_the_openapi_document(backend_url: str) -> None:
    document = json.loads(fetch(f"{backend_url}/api/v1/openapi.json"))
    assert document["openapi"].startswith("3.1")
    paths = {path.removeprefix("/api/v1") for path in document["paths"]}
    assert {
        "/citizens",
        "/assessments/{assessment_id}/answers",
        "/assessments/{assessment_id}/result",
        "/placements/{placement_id}/dispute",
        "/slots",
        "/holds",
        "/bookings/{booking_id}/move",
        "/bookings/{booking_id}/cancel",
        "/bookings/{booking_id}/absence",
        "/conversations/{conversation_id}/flags",
        "/conversations/{conversation_id}/contact-wish",
        "/conversations/{conversation_id}/rating",
        "/conversations/{conversation_id}/owner",
        "/conversations/{conversation_id}/handover",
        "/conversations/{conversation_id}/handover/standing",
        "/conversations/{conversation_id}/handover/leave",
        "/conversations/{conversation_id}/handover/help",
        "/conversations/{conversation_id}/call-request",
        "/desk-messages/{message_id}/delivered",
    } <= paths
