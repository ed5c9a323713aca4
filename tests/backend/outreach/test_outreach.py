"""Citizens are reminded and invited when there is occasion to, each once, and never against their wish."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from sqlalchemy import select

from backend.booking.tables import Booking, Slot
from backend.citizens.tables import Citizen
from backend.outreach.gateway import SmsChannel, WebChannel
from backend.outreach.notices import NoticeService
from backend.outreach.occasions import OutreachKind, reminders
from backend.outreach.repository import ContactWishRepository, OutreachRepository
from backend.outreach.scheduler import OutreachScheduler
from backend.outreach.service import ContactWishService, OutreachService
from backend.outreach.tables import OutreachMessage, OutreachState
from tests.backend.booking.conftest import Desk
from tests.backend.story import Archive, Story
from tests.backend.test_assessments import Talk

CONVERSATION = "sms.abc"
TOKEN = "a-service-token"


class Channel:
    """The assistant's SMS channel, as far as the backend sees it, on a real socket."""

    def __init__(self) -> None:
        self.announced: dict[str, dict[str, object]] = {}
        self.requests = 0
        self.is_down = False
        self.state = "sent"

    @property
    def said(self) -> list[tuple[object, object]]:
        return [(one["conversation_id"], one["response"]) for one in self.announced.values()]

    async def open(self) -> None:
        app = web.Application(middlewares=[self._admit])
        app.router.add_post("/webhooks/sms/conversation", self._conversation)
        app.router.add_post("/webhooks/sms/announcements", self._announce)
        app.router.add_post("/webhooks/web/announcements", self._announce)
        app.router.add_get("/webhooks/sms/announcements/{id}", self._state)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        await self._runner.cleanup()

    @web.middleware
    async def _admit(self, request: web.Request, handler) -> web.StreamResponse:
        self.requests += 1
        if self.is_down:
            raise web.HTTPServiceUnavailable
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        return await handler(request)

    async def _conversation(self, request: web.Request) -> web.Response:
        return web.json_response({"conversation_id": f"sms.{(await request.json())['phone'][-4:]}"})

    async def _announce(self, request: web.Request) -> web.Response:
        announcement = await request.json()
        self.announced[announcement["id"]] = announcement
        return web.json_response({}, status=202)

    async def _state(self, request: web.Request) -> web.Response:
        assert request.match_info["id"] in self.announced
        return web.json_response({"state": self.state})


@pytest.fixture
async def channel() -> AsyncIterator[Channel]:
    made = Channel()
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def scheduler(database, channel, clock):
    return OutreachScheduler(database, WebChannel(channel.url, TOKEN), SmsChannel(channel.url, TOKEN), clock)


@pytest.fixture
def desk(client, database, auth, make_citizen):
    return Desk(client, database, auth, make_citizen)


@pytest.fixture
def booked(desk, make_citizen):
    async def book(starts="2026-11-26 13:30", channel="sms", conversation_id=CONVERSATION):
        citizen = await make_citizen(conversation_id, channel)
        answer = await desk.book(await desk.held(citizen["id"], await desk.slot(starts)))
        assert answer.status == 201, answer.body
        return answer.body

    return book


def at(clock, local: str) -> None:
    clock.now = datetime.fromisoformat(f"{local}+01:00").astimezone(UTC)


async def messages(database) -> list[OutreachMessage]:
    async with database.read() as work:
        found = select(OutreachMessage).order_by(OutreachMessage.created_at)
        return list((await work.session.scalars(found)).all())


async def test_a_booking_is_reminded_of_a_day_and_two_hours_before_and_each_once(
    scheduler, channel, clock, booked
):
    await booked()
    for moment, expected in (
        ("2026-11-25 13:29", []),
        ("2026-11-25 13:30", ["utter_reminder_day"]),
        ("2026-11-25 14:00", ["utter_reminder_day"]),
        ("2026-11-26 11:29", ["utter_reminder_day"]),
        ("2026-11-26 11:31", ["utter_reminder_day", "utter_reminder_hours"]),
        ("2026-11-26 13:29", ["utter_reminder_day", "utter_reminder_hours"]),
        ("2026-11-26 14:30", ["utter_reminder_day", "utter_reminder_hours"]),
    ):
        at(clock, moment)
        await scheduler.go_round()
        assert channel.said == [(CONVERSATION, response) for response in expected], moment
    [reminder, _] = channel.announced.values()
    assert reminder["values"] == {"time": "torsdag den 26. november kl. 13.30-14.00 på telefonen"}


async def test_nobody_is_written_to_before_8(scheduler, channel, clock, booked):
    await booked("2026-11-26 09:00")
    at(clock, "2026-11-25 09:00")
    await scheduler.go_round()
    at(clock, "2026-11-26 07:59")
    await scheduler.go_round()
    assert len(channel.said) == 1
    at(clock, "2026-11-26 08:00")
    await scheduler.go_round()
    assert channel.said[1:] == [(CONVERSATION, "utter_reminder_hours")]


async def test_many_schedulers_send_one_message(database, channel, clock, booked):
    await booked()
    at(clock, "2026-11-25 13:31")
    several = [
        OutreachScheduler(database, WebChannel(channel.url, TOKEN), SmsChannel(channel.url, TOKEN), clock)
        for _ in range(5)
    ]
    await asyncio.gather(*(one.go_round() for one in several))
    assert channel.said == [(CONVERSATION, "utter_reminder_day")]
    assert len(await messages(database)) == 1


async def test_who_writes_on_the_web_gets_no_sms(scheduler, channel, clock, booked):
    await booked(channel="web", conversation_id="w-1")
    at(clock, "2026-11-25 13:31")
    await scheduler.go_round()
    assert channel.requests == 0


def test_a_time_booked_today_is_not_said_to_be_tomorrow():
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)
    begins = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)
    slot = Slot(id="s1", starts_at=begins, ends_at=begins + timedelta(minutes=30), meeting_form="phone")
    booking = Booking(id="b1", slot=slot, slot_id="s1", status="booked", updated_at=now)
    assert list(reminders(booking, CONVERSATION, now)) == []
    later = now + timedelta(hours=3)
    assert [one.kind for one in reminders(booking, CONVERSATION, later)] == [OutreachKind.REMINDER_HOURS]


async def test_a_stop_keeps_reminders_back(scheduler, channel, clock, booked, client, auth, database):
    await booked()
    url = f"/api/v1/conversations/{CONVERSATION}/contact-wish"
    body = {"wanted": False, "said_at": clock().isoformat()}
    async with client.post(url, json=body, headers=auth()) as response:
        assert response.status == 200
    at(clock, "2026-11-25 13:31")
    await scheduler.go_round()
    assert channel.said == []
    assert [message.state for message in await messages(database)] == [OutreachState.DROPPED]


@pytest.mark.parametrize("change", ["cancel", "absence"])
async def test_who_does_not_come_is_not_reminded(scheduler, channel, clock, booked, desk, change):
    booking = await booked()
    channel.is_down = True
    at(clock, "2026-11-25 13:30")
    await scheduler.go_round()
    changed = await desk.ask(
        "POST", f"/bookings/{booking['id']}/{change}", {"version": booking["version"], "reason": "syg"}
    )
    assert changed.status == 200, changed.body
    channel.is_down = False
    at(clock, "2026-11-25 13:32")
    await scheduler.go_round()
    assert channel.said == []


async def test_what_the_channel_could_not_take_is_handed_over_later(
    scheduler, channel, clock, booked, database
):
    await booked()
    channel.is_down = True
    at(clock, "2026-11-25 13:31")
    await scheduler.go_round()
    assert [message.state for message in await messages(database)] == [OutreachState.WAITING]
    channel.is_down = False
    at(clock, "2026-11-25 15:00")
    await scheduler.go_round()
    assert len(channel.said) == 1


async def test_old_news_is_dropped(scheduler, channel, clock, booked, database):
    await booked()
    channel.is_down = True
    at(clock, "2026-11-25 13:31")
    await scheduler.go_round()
    channel.is_down = False
    at(clock, "2026-11-25 19:45")
    await scheduler.go_round()
    assert channel.said == []
    assert [message.state for message in await messages(database)] == [OutreachState.DROPPED]


async def test_how_a_message_ended_is_asked_until_it_is_known(scheduler, channel, clock, booked, database):
    await booked()
    at(clock, "2026-11-25 13:31")
    states = []
    for channel.state in ("waiting", "sent", "delivered"):
        await scheduler.go_round()
        states += [message.state for message in await messages(database)]
    assert states == [OutreachState.HANDED_OVER, OutreachState.SENT, OutreachState.DELIVERED]
    asked = channel.requests
    await scheduler.go_round()
    assert channel.requests == asked


@pytest.fixture
def give_notice(database, clock):
    """Notes that the staff have booked a meeting, or done something else to it, as it is now."""

    async def give_notice(booking, kind=OutreachKind.BOOKED_BY_STAFF):
        async with database.write() as work:
            session, now = work.session, clock()
            wishes = ContactWishService(ContactWishRepository(session))
            notices = NoticeService(OutreachRepository(session), wishes, now, sends_sms=True)
            citizen = await session.get_one(Citizen, booking["citizen_id"])
            stored = await session.get_one(Booking, booking["id"])
            for _ in range(2):
                await notices.give(kind, citizen, stored, "Vi ses.")
            await work.commit()

    return give_notice


async def test_a_notice_stands_in_the_chat_once_also_at_night(
    scheduler, channel, clock, booked, give_notice, database
):
    booking = await booked(channel="web", conversation_id="chat-1")
    at(clock, "2026-11-24 22:00")
    await give_notice(booking)
    channel.is_down = True
    await scheduler.go_round()
    assert [message.state for message in await messages(database)] == [OutreachState.WAITING]
    channel.is_down = False
    for _ in range(2):
        await scheduler.go_round()
    assert channel.said == [("chat-1", "utter_staff_notice")]
    (message,) = await messages(database)
    assert message.state == OutreachState.IN_CHAT
    (announced,) = channel.announced.values()
    assert announced["values"] == message.values
    assert "Vi ses." in message.values["notice"]


async def test_a_notice_by_sms_waits_for_the_morning_and_for_sms_to_be_on(
    scheduler, channel, clock, booked, give_notice, database
):
    booking = await booked()
    at(clock, "2026-11-24 22:00")
    await give_notice(booking)
    await scheduler.go_round()
    at(clock, "2026-11-25 08:00")
    await OutreachScheduler(database, WebChannel(channel.url, TOKEN), None, clock).go_round()
    assert channel.said == []
    await scheduler.go_round()
    assert channel.said == [(CONVERSATION, "utter_staff_notice")]


@pytest.mark.parametrize("by", ["web", "sms"])
async def test_a_notice_that_is_no_longer_true_is_not_given(
    scheduler, channel, clock, booked, give_notice, database, desk, by
):
    booking = await booked(channel=by)
    await give_notice(booking)
    await desk.change("cancel", booking)
    await scheduler.go_round()
    assert channel.said == []
    assert [message.state for message in await messages(database)] == [OutreachState.DROPPED]


@pytest.mark.parametrize("by", ["web", "sms"])
async def test_that_a_meeting_was_cancelled_is_told_also_when_it_should_have_begun(
    scheduler, channel, clock, booked, give_notice, desk, by
):
    booking = await booked(channel=by)
    await desk.change("cancel", booking)
    await give_notice(booking, OutreachKind.CANCELLED_BY_STAFF)
    at(clock, "2026-11-26 13:31")
    await scheduler.go_round()
    assert [response for _, response in channel.said] == ["utter_staff_notice"]


async def test_unfinished_questions_are_reminded_of_once_after_a_day(
    scheduler, channel, clock, client, auth, make_citizen
):
    citizen = await make_citizen(CONVERSATION, "sms")
    await Talk(client, auth, citizen["id"]).start(status=201)
    await Archive(client).send(Story(CONVERSATION, clock().timestamp()).user("ja").events)
    for hours, expected in ((23, 0), (2, 1), (1, 1), (24, 1), (24 * 7, 1)):
        clock.advance(hours=hours)
        await scheduler.go_round()
        assert len(channel.said) == expected, hours
    assert channel.said == [(CONVERSATION, "utter_unfinished")]


@pytest.fixture
def invite(database, clock):
    async def invite(*numbers):
        async with database.write() as work:
            wishes = ContactWishService(ContactWishRepository(work.session))
            service = OutreachService(OutreachRepository(work.session), wishes, clock())
            invited = await service.invite(numbers, keys=["a-key"], invited_by="Karen Holm")
            await work.commit()
            return invited

    return invite


async def test_each_number_is_invited_once_and_forgotten(scheduler, channel, database, invite):
    invited = await invite("20 30 40 50", "+4520304050", "abc", "20304051")
    assert (invited.new, invited.known, invited.unreadable) == (2, 1, ["abc"])
    assert (await invite("20304050")).known == 1
    await scheduler.go_round()
    await scheduler.go_round()
    assert sorted(channel.said) == [("sms.4050", "utter_invitation"), ("sms.4051", "utter_invitation")]
    for message in await messages(database):
        assert message.phone is None
        assert "20304050" not in message.key
        assert message.recipient in ("***50", "***51")


async def test_who_has_said_stop_is_not_invited(scheduler, channel, client, auth, clock, invite, database):
    url = "/api/v1/conversations/sms.4050/contact-wish"
    body = {"wanted": False, "said_at": clock().isoformat()}
    async with client.post(url, json=body, headers=auth()) as response:
        assert response.status == 200
    await invite("20304050")
    await scheduler.go_round()
    assert channel.said == []
    assert [message.state for message in await messages(database)] == [OutreachState.DROPPED]
