"""A citizen finds a time, books it, moves it and cancels it, over HTTP against the real database."""

from uuid import uuid4

import pytest

FRIDAY = "2026-11-27 13:30"
MONDAY = "2026-11-30 09:00"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def test_free_slots_come_by_start_with_a_danish_label(desk):
    monday = await desk.slot(MONDAY, "in_person", "Demovej 1, 2500 Valby")
    friday = await desk.slot(FRIDAY)
    answer = await desk.ask("GET", "/slots")
    assert [slot["id"] for slot in answer.body["slots"]] == [friday, monday]
    assert [slot["label"] for slot in answer.body["slots"]] == [
        "fredag den 27. november kl. 13.30 på telefonen",
        "mandag den 30. november kl. 9.00 på Demovej 1, 2500 Valby",
    ]
    assert answer.body["slots"][0] | {"consultant_id": ""} == {
        "id": friday,
        "consultant_id": "",
        "consultant_name": "Mette Lindholm",
        "starts_at": "2026-11-27T12:30:00+00:00",
        "ends_at": "2026-11-27T13:00:00+00:00",
        "meeting_form": "phone",
        "place": None,
        "label": "fredag den 27. november kl. 13.30 på telefonen",
    }
    assert answer.body["more"] is False


async def test_a_page_ends_at_its_limit_and_the_next_goes_on_after_it(desk):
    starts = [f"2026-11-{day} {clock}" for day in (26, 27, 30) for clock in ("11:30", "12:00")]
    ids = [await desk.slot(start) for start in starts]
    first = await desk.ask("GET", "/slots")
    assert [slot["id"] for slot in first.body["slots"]] == ids[:3]
    assert first.body["more"] is True
    second = await desk.ask("GET", "/slots", query={"not_slots": ",".join(ids[:3])})
    assert [slot["id"] for slot in second.body["slots"]] == ids[3:]
    assert second.body["more"] is False
    after = first.body["slots"][-1]["starts_at"]
    assert await desk.free(after=after) == ids[3:]


async def test_wishes_are_read_in_danish_time(desk):
    friday = await desk.slot(FRIDAY)
    monday = await desk.slot(MONDAY, "video", "https://video.kommune.example/1")
    assert await desk.free(weekdays="mon,tue") == [monday]
    assert await desk.free(not_weekdays="mon") == [friday]
    assert await desk.free(time_from="13:30", time_to="13:30") == [friday]
    assert await desk.free(**{"from": "2026-11-28"}) == [monday]
    assert await desk.free(to="2026-11-27") == [friday]
    assert await desk.free(meeting_form="video") == [monday]
    assert await desk.free(weekdays="mon", time_from="12:00") == []


@pytest.mark.parametrize(
    "query",
    [
        {"weekdays": "monday"},
        {"weekdays": ""},
        {"time_from": "9:00"},
        {"time_from": "24:00"},
        {"time_to": "3600"},
        {"from": "27-11-2026"},
        {"from": "1700000000"},
        {"to": "2026-02-30"},
        {"meeting_form": "telepathy"},
        {"after": "2026-11-27T13:30:00"},
        {"after": "9999-12-31T23:59:59-12:00"},
        {"not_slots": "den første"},
        {"not_slots": ",".join([UNKNOWN] * 151)},
        {"limit": "0"},
        {"limit": "51"},
        {"first_day": "2026-11-27"},
    ],
    ids=str,
)
async def test_a_wish_that_means_nothing_is_told_where(desk, query):
    answer = await desk.ask("GET", "/slots", query=query)
    assert (answer.status, answer.slug) == (422, "validation")
    assert answer.body["errors"][0]["location"].startswith(f"query.{next(iter(query))}")


@pytest.mark.parametrize(
    "query", [{"from": "0001-01-01"}, {"to": "0001-01-01"}, {"from": "9999-12-31"}], ids=str
)
async def test_the_ends_of_the_calendar_are_ordinary_wishes(desk, query):
    await desk.slot(FRIDAY)
    assert (await desk.ask("GET", "/slots", query=query)).status == 200


async def test_only_slots_that_may_be_held_are_offered(desk, clock):
    too_near_to_change = await desk.slot("2026-11-25 10:59")
    in_time = await desk.slot("2026-11-25 11:00")
    for closed in ("2026-11-28 10:00", "2026-11-27 13:31", "2026-12-24 10:00", "2026-12-25 10:00"):
        await desk.slot(closed)
    past = await desk.slot("2026-11-23 10:00")
    assert await desk.free() == [in_time]
    citizen = await desk.citizen()
    for slot_id in (too_near_to_change, past):
        assert (await desk.hold(citizen, slot_id)).slug == "slot-taken"


async def test_the_clock_on_the_wall_counts_in_summer_and_in_winter(desk, clock):
    clock.now = clock.now.replace(month=10, day=21)
    summer = await desk.slot("2026-10-23 09:00")
    winter = await desk.slot("2026-10-26 09:00")
    assert await desk.free(time_to="09:00") == [summer, winter]
    slots = (await desk.ask("GET", "/slots")).body["slots"]
    assert [slot["starts_at"][11:16] for slot in slots] == ["07:00", "08:00"]
    assert [slot["label"] for slot in slots] == [
        "fredag den 23. oktober kl. 9.00 på telefonen",
        "mandag den 26. oktober kl. 9.00 på telefonen",
    ]


async def test_of_slots_that_look_the_same_one_is_offered_until_it_is_taken(desk):
    one, other = await desk.slot(FRIDAY), await desk.slot(FRIDAY)
    video = await desk.slot(FRIDAY, "video", "https://video.kommune.example/1")
    offered = await desk.free()
    assert video in offered
    assert len(offered) == 2
    (call,) = {one, other} & set(offered)
    await desk.held(await desk.citizen(), call)
    (next_call,) = {one, other} - {call}
    assert set(await desk.free()) == {next_call, video}


async def test_a_held_slot_is_nobody_elses_for_ten_minutes(desk, clock):
    slot = await desk.slot(FRIDAY)
    holder, other = await desk.citizen(), await desk.citizen()
    held = await desk.hold(holder, slot)
    assert held.body["expires_at"] == "2026-11-24T08:10:00+00:00"
    assert await desk.free() == []
    assert (await desk.hold(other, slot)).slug == "slot-taken"
    clock.advance(minutes=10)
    assert await desk.free() == [slot]
    assert (await desk.hold(other, slot)).status == 201


async def test_a_new_hold_gives_the_earlier_one_back(desk):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    citizen = await desk.citizen()
    first = await desk.held(citizen, friday)
    await desk.held(citizen, monday)
    assert await desk.free() == [friday]
    assert (await desk.book(first)).slug == "hold-expired"


async def test_choosing_the_same_slot_again_holds_it_anew(desk, clock):
    slot = await desk.slot(FRIDAY)
    citizen = await desk.citizen()
    await desk.held(citizen, slot)
    clock.advance(minutes=5)
    again = await desk.hold(citizen, slot)
    assert again.body["expires_at"] == "2026-11-24T08:15:00+00:00"
    assert (await desk.book(again.body["id"])).status == 201


async def test_a_refused_hold_leaves_the_earlier_one(desk):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    citizen = await desk.citizen()
    first = await desk.held(citizen, friday)
    await desk.held(await desk.citizen(), monday)
    assert (await desk.hold(citizen, monday)).slug == "slot-taken"
    assert (await desk.book(first)).status == 201


async def test_a_released_hold_frees_its_slot_and_cannot_be_booked(desk):
    slot = await desk.slot(FRIDAY)
    hold_id = await desk.held(await desk.citizen(), slot)
    for _ in range(2):
        assert (await desk.ask("DELETE", f"/holds/{hold_id}")).status == 204
    assert await desk.free() == [slot]
    assert (await desk.book(hold_id)).slug == "hold-expired"


async def test_releasing_a_booked_hold_leaves_the_booking(desk):
    slot = await desk.slot(FRIDAY)
    citizen = await desk.citizen()
    hold_id = await desk.held(citizen, slot)
    await desk.book(hold_id)
    assert (await desk.ask("DELETE", f"/holds/{hold_id}")).status == 204
    assert await desk.claimed_slots() == [slot]


async def test_unknown_ids_are_not_found(desk):
    slot, nobody = await desk.slot(FRIDAY), str(uuid4())
    citizen = await desk.citizen()
    assert (await desk.hold(nobody, slot)).slug == "not-found"
    assert (await desk.hold(citizen, nobody)).slug == "not-found"
    assert (await desk.book(nobody)).slug == "not-found"
    assert (await desk.ask("DELETE", f"/holds/{nobody}")).slug == "not-found"
    assert (await desk.ask("GET", f"/bookings/{nobody}")).slug == "not-found"
    for verb in ("move", "cancel", "absence"):
        more = {"hold_id": nobody} if verb == "move" else {}
        assert (await desk.change(verb, {"id": nobody, "version": 1}, **more)).slug == "not-found"


async def test_a_booking_says_all_that_the_citizen_must_be_told(desk):
    consultant_id = await desk.consultant()
    slot = await desk.slot(FRIDAY, consultant_id=consultant_id)
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, slot)
    calendar_url = booking.pop("calendar_url")
    assert calendar_url.startswith(
        f"http://localhost:8080/api/v1/bookings/{booking['id']}/calendar.ics?signature="
    )
    assert booking.pop("slot")["id"] == slot
    assert booking == {
        "id": booking["id"],
        "version": 1,
        "citizen_id": citizen,
        "status": "booked",
        "starts_at": "2026-11-27T12:30:00+00:00",
        "ends_at": "2026-11-27T13:00:00+00:00",
        "meeting_form": "phone",
        "type": "Opfølgende samtale",
        "title": "Samtale om dine digitale kompetencer",
        "description": (
            "Du og Mette Lindholm taler om, hvad du kan digitalt, og hvilket forløb der kan passe til dig. "
            "Mette Lindholm ringer til dig på 20 12 34 56."
        ),
        "place": None,
        "citizen_name": "Åse Ærø",
        "citizen_phone": "+4520123456",
        "consultant": {
            "id": consultant_id,
            "name": "Mette Lindholm",
            "title": "digital konsulent",
            "phone": "12 34 56 78",
            "email": "mette.lindholm@kommune.example",
        },
        "contact": "Ring på 12 34 56 78 (hverdage 9-15), eller skriv til digispor@kommune.example.",
        "change_deadline": "2026-11-26T12:30:00+00:00",
        "can_change": True,
        "absence_reported_at": None,
        "label": "fredag den 27. november kl. 13.30-14.00 på telefonen",
        "deadline_label": "torsdag den 26. november kl. 13.30",
    }
    assert (await desk.ask("GET", f"/bookings/{booking['id']}")).body["label"] == booking["label"]


@pytest.mark.parametrize(
    ("form", "place", "how"),
    [
        ("in_person", "Demovej 1, 2500 Valby", "I mødes på Demovej 1, 2500 Valby."),
        (
            "video",
            "https://v.example/1",
            "I mødes på video. Åbn dette link, når I skal begynde: https://v.example/1",
        ),
    ],
)
async def test_a_booking_says_how_to_meet(desk, form, place, how):
    booking = await desk.booked(await desk.citizen(), await desk.slot(FRIDAY, form, place))
    assert booking["description"].endswith(how)
    assert booking["place"] == place


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"name": "<script>"}, "body.name"),
        ({"name": "B"}, "body.name"),
        ({"name": "Åse\x07"}, "body.name"),
        ({"phone": "1234"}, "body.phone"),
        ({"phone": "<b>20123456</b>"}, "body.phone"),
        ({"name": None}, "body.name"),
    ],
    ids=str,
)
async def test_a_name_or_number_that_cannot_be_is_refused_and_the_hold_stays(desk, body, location):
    hold_id = await desk.held(await desk.citizen(), await desk.slot(FRIDAY))
    whole = {"hold_id": hold_id, "name": "Åse Ærø", "phone": "20123456"} | body
    answer = await desk.ask("POST", "/bookings", whole)
    assert (answer.status, answer.slug) == (422, "validation")
    assert [error["location"] for error in answer.body["errors"]] == [location]
    assert (await desk.book(hold_id)).status == 201


async def test_a_hold_that_ran_out_is_still_booked_while_the_slot_is_free(desk, clock):
    slot = await desk.slot(FRIDAY)
    hold_id = await desk.held(await desk.citizen(), slot)
    clock.advance(minutes=11)
    assert (await desk.book(hold_id)).status == 201
    assert await desk.free() == []


async def test_a_hold_that_ran_out_is_lost_once_someone_else_has_the_slot(desk, clock):
    slot = await desk.slot(FRIDAY)
    slow, quick = await desk.held(await desk.citizen(), slot), await desk.citizen()
    clock.advance(minutes=11)
    await desk.booked(quick, slot)
    assert (await desk.book(slow)).slug == "hold-expired"


async def test_a_hold_that_ran_out_is_lost_once_the_slot_is_too_near(desk, clock):
    hold_id = await desk.held(await desk.citizen(), await desk.slot("2026-11-25 11:05"))
    clock.advance(minutes=11)
    assert (await desk.book(hold_id)).slug == "hold-expired"


async def test_a_citizen_has_one_coming_booking(desk, clock):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    citizen = await desk.citizen()
    await desk.booked(citizen, friday)
    second = await desk.held(citizen, monday)
    assert (await desk.book(second)).slug == "booking-exists"
    clock.now = clock.now.replace(day=27, hour=13)
    assert (await desk.book(await desk.held(citizen, monday))).status == 201


async def test_booking_twice_with_one_key_books_once(desk):
    citizen = await desk.citizen()
    hold_id = await desk.held(citizen, await desk.slot(FRIDAY))
    body = {"hold_id": hold_id, "name": "Åse Ærø", "phone": "20123456"}
    first = await desk.ask("POST", "/bookings", body, key="click-1")
    second = await desk.ask("POST", "/bookings", body, key="click-1")
    assert first == second
    assert len((await desk.ask("GET", "/bookings", query={"citizen_id": citizen})).body["bookings"]) == 1


async def test_moving_frees_the_old_slot_and_counts_the_version_up(desk):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, friday)
    moved = await desk.change("move", booking, hold_id=await desk.held(citizen, monday))
    assert moved.status == 200
    assert moved.body["id"] == booking["id"]
    assert moved.body["version"] == 2
    assert moved.body["label"] == "mandag den 30. november kl. 9.00-9.30 på telefonen"
    assert moved.body["calendar_url"] == booking["calendar_url"]
    assert await desk.claimed_slots() == [monday]
    assert await desk.free() == [friday]


async def test_a_booking_is_moved_only_to_a_hold_of_the_same_citizen(desk):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    booking = await desk.booked(await desk.citizen(), friday)
    foreign = await desk.held(await desk.citizen(), monday)
    assert (await desk.change("move", booking, hold_id=foreign)).slug == "not-found"
    assert (await desk.ask("GET", f"/bookings/{booking['id']}")).body["version"] == 1


async def test_a_move_to_a_lost_slot_leaves_the_booking_where_it_was(desk, clock):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, friday)
    hold_id = await desk.held(citizen, monday)
    clock.advance(minutes=11)
    await desk.booked(await desk.citizen(), monday)
    assert (await desk.change("move", booking, hold_id=hold_id)).slug == "hold-expired"
    assert (await desk.ask("GET", f"/bookings/{booking['id']}")).body["slot"]["id"] == friday
    assert await desk.claimed_slots() == sorted([friday, monday])


async def test_cancelling_frees_the_slot(desk):
    slot = await desk.slot(FRIDAY)
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, slot)
    cancelled = await desk.change("cancel", booking, reason="Jeg er syg")
    assert (cancelled.body["status"], cancelled.body["version"]) == ("cancelled", 2)
    assert cancelled.body["can_change"] is False
    assert await desk.free() == [slot]
    again = await desk.booked(citizen, slot)
    assert again["id"] != booking["id"]


async def test_what_is_cancelled_stays_cancelled(desk):
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, await desk.slot(FRIDAY))
    cancelled = (await desk.change("cancel", booking)).body
    for read in (booking, cancelled):
        assert (await desk.change("cancel", read)).slug == "already-cancelled"
        assert (await desk.change("absence", read)).slug == "already-cancelled"
        hold_id = await desk.held(citizen, await desk.slot(MONDAY))
        assert (await desk.change("move", read, hold_id=hold_id)).slug == "already-cancelled"


@pytest.mark.parametrize("verb", ["move", "cancel", "absence"])
async def test_a_change_of_a_booking_that_was_changed_since_is_refused(desk, verb):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    citizen = await desk.citizen()
    read = await desk.booked(citizen, friday)
    await desk.change("move", read, hold_id=await desk.held(citizen, monday))
    more = {"hold_id": await desk.held(citizen, friday)} if verb == "move" else {}
    assert (await desk.change(verb, read, **more)).slug == "version-conflict"


async def test_within_the_notice_period_only_an_absence_can_be_reported(desk, clock):
    friday, monday = await desk.slot(FRIDAY), await desk.slot(MONDAY)
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, friday)
    hold_id = await desk.held(citizen, monday)
    clock.now = clock.now.replace(day=26, hour=12, minute=30, second=1)
    assert (await desk.change("cancel", booking)).slug == "notice-period-passed"
    assert (await desk.change("move", booking, hold_id=hold_id)).slug == "notice-period-passed"
    reported = await desk.change("absence", booking, reason="Jeg er blevet syg")
    assert reported.body["status"] == "booked"
    assert reported.body["absence_reported_at"] == "2026-11-26T12:30:01+00:00"
    assert reported.body["can_change"] is False
    assert friday in await desk.claimed_slots()


async def test_the_first_report_of_absence_is_the_one_that_counts(desk, clock):
    booking = await desk.booked(await desk.citizen(), await desk.slot("2026-11-25 13:00"))
    first = (await desk.change("absence", booking)).body
    clock.advance(minutes=5)
    second = (await desk.change("absence", first, reason="Jeg har feber")).body
    assert second["absence_reported_at"] == first["absence_reported_at"] == "2026-11-24T08:00:00+00:00"


async def test_an_absence_cannot_have_been_said_in_the_future_or_before_there_was_a_booking(desk, clock):
    booking = await desk.booked(await desk.citizen(), await desk.slot("2026-11-25 13:00"))
    made_at = clock.now.isoformat()
    clock.advance(minutes=5)
    told = (await desk.change("absence", booking, said_at="2026-12-24T18:00:00+00:00")).body
    assert told["absence_reported_at"] == clock.now.isoformat()
    told = (await desk.change("absence", booking, said_at="2020-01-01T00:00:00+01:00")).body
    assert told["absence_reported_at"] == made_at


async def test_an_absence_that_arrives_late_is_not_one_from_another_time(desk, clock):
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, await desk.slot(FRIDAY))
    said_at = clock.now.isoformat()
    hold_id = await desk.held(citizen, await desk.slot(MONDAY))
    assert (await desk.change("move", booking, hold_id=hold_id)).status == 200
    assert (await desk.change("absence", booking, said_at=said_at)).slug == "version-conflict"


async def test_a_citizens_bookings_are_listed_by_start(desk, clock):
    citizen = await desk.citizen()
    friday = await desk.booked(citizen, await desk.slot(FRIDAY))
    await desk.change("cancel", friday)
    wednesday = await desk.booked(citizen, await desk.slot("2026-11-25 13:00"))

    async def listed(**query: str) -> list[str]:
        answer = await desk.ask("GET", "/bookings", query={"citizen_id": citizen} | query)
        return [booking["id"] for booking in answer.body["bookings"]]

    assert await listed() == [wednesday["id"], friday["id"]]
    assert await listed(status="booked") == [wednesday["id"]]
    assert await listed(status="cancelled") == [friday["id"]]
    clock.advance(hours=29)
    assert await listed(status="booked") == []
    assert await listed() == [wednesday["id"], friday["id"]]


async def test_consultants_are_listed_by_name(desk):
    for name in ("Søren Bæk", "Anders Kjær"):
        await desk.consultant(name)
    answer = await desk.ask("GET", "/consultants")
    assert [consultant["name"] for consultant in answer.body["consultants"]] == ["Anders Kjær", "Søren Bæk"]
