from backend.booking.repository import BookingRepository
from backend.booking.rules import BookingRules
from backend.booking.service import BookingService
from backend.keys import CLOCK, MUNICIPALITY, SETTINGS


def service(desk, session, caseworker=None):
    app = desk.client.app
    rules = BookingRules.of(app[SETTINGS], app[MUNICIPALITY])
    return BookingService(BookingRepository(session), rules, app[CLOCK](), caseworker)


async def test_staff_see_all_that_happened_to_a_citizens_bookings(desk, clock):
    friday, monday = await desk.slot("2026-11-27 13:30"), await desk.slot("2026-11-30 09:00")
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, friday)
    clock.advance(minutes=5)
    moved = (await desk.change("move", booking, hold_id=await desk.held(citizen, monday))).body
    clock.advance(days=5)
    await desk.change("absence", moved, reason="  Jeg er syg ")
    await desk.booked(await desk.citizen(), await desk.slot("2026-12-01 10:00"))

    async with desk.database.read() as work:
        (seen,) = await service(desk, work.session).history(citizen)
    assert [(c.version, c.kind, c.actor, c.slot.id, c.reason) for c in seen.changes] == [
        (1, "booked", "citizen", friday, None),
        (2, "moved", "citizen", monday, None),
        (3, "absence", "citizen", monday, "Jeg er syg"),
    ]
    assert [c.at.isoformat() for c in seen.changes] == [
        "2026-11-24T08:00:00+00:00",
        "2026-11-24T08:05:00+00:00",
        "2026-11-29T08:05:00+00:00",
    ]


async def test_a_caseworkers_change_is_recorded_as_theirs(desk):
    citizen = await desk.citizen()
    booking = await desk.booked(citizen, await desk.slot("2026-11-27 13:30"))
    async with desk.database.write() as work:
        desk_of_staff = service(desk, work.session, caseworker="Karen Holm")
        await desk_of_staff.cancel(booking["id"], version=1, reason="Konsulenten er syg")
        await work.commit()
    async with desk.database.read() as work:
        (seen,) = await service(desk, work.session).history(citizen)
    assert [(c.kind, c.actor, c.by) for c in seen.changes] == [
        ("booked", "citizen", None),
        ("cancelled", "caseworker", "Karen Holm"),
    ]
