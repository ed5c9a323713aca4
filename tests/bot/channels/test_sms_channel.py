"""The SMS channel in a real web server, with Rasa behind it and a gateway before it."""

import asyncio
import logging
import re
import sqlite3
import time
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web
from rasa.shared.core.events import UserUttered

from bot.channels.history import History
from bot.channels.intake import Intake
from bot.channels.links import OneTimeLinks
from bot.channels.sms import SmsInput
from bot.channels.sms.answering import SmsOutput
from bot.channels.sms.exchange import MAX_BODY_BYTES
from bot.channels.sms.numbers import NumberCipher
from bot.channels.sms.reception import RATE_LIMIT
from bot.channels.sms.settings import PATH
from bot.channels.sms.store import SmsStore
from observability.correlation import current
from tests.bot.rasa_server import free_port, load_agent, serving
from tests.sms_gateway import FORMATS, Faults, Gateway
from tests.sms_gateway.formats import ACCOUNT, SECRET, SENDER, TOKEN

KEY = "n" * 43
NUMBER = "+4520304050"
ID = NumberCipher(KEY).conversation_id(NUMBER)
INTRODUCTION = "Hej på sms.\nSkal vi gå i gang?\n1 Ja, lad os starte\n2 Sig hej\nSvar 1-2"
WAIT_SECONDS = 30


class Desk:
    """The channel's file and gateway, and the channel whenever it is served."""

    def __init__(self, gateway, port, path):
        self.gateway = gateway
        self.phone = gateway.phone(NUMBER)
        self.port = port
        self.path = path
        # Nobody listens on the discard port.
        self.backend_url = "http://127.0.0.1:9"

    @property
    def credentials(self):
        return {
            "provider": self.gateway.format.name,
            "api_url": self.gateway.url,
            "account": ACCOUNT,
            "token": TOKEN,
            "webhook_secret": SECRET,
            "sender": SENDER,
            "number_key": KEY,
            "public_url": f"http://127.0.0.1:{self.port}",
            "countries": "DK, GL",
            "store": str(self.path),
            "backend_url": self.backend_url,
            "service_token": "a-service-token",
            "page_url": "https://kommune.example",
            "links": str(self.path.with_name("links.db")),
            "spool": str(self.path.with_name("events.db")),
            "signing_key": "s" * 43,
        }

    @asynccontextmanager
    async def open(self, agent):
        async with serving(agent, SmsInput.from_credentials(self.credentials), port=self.port):
            yield self

    def write(self, text):
        self.gateway.write(self.phone, text)

    async def heard(self, count, phone=None):
        phone = phone or self.phone
        there = await asyncio.to_thread(
            self.gateway.wait_until, lambda: len(phone.received) >= count, WAIT_SECONDS
        )
        assert there, f"only {phone.received}"
        return phone.received

    async def post(self, call):
        async with (
            aiohttp.ClientSession() as session,
            session.post(call.url, data=call.body, headers=call.headers) as response,
        ):
            return response.status

    def call(self, text="ja", id="m1", number=NUMBER):
        return self.gateway.format.received(self.gateway.webhook_url, id, number, text)


@pytest.fixture(params=FORMATS)
def any_desk(request, tmp_path):
    yield from _desk(request.param, tmp_path)


@pytest.fixture
def desk(tmp_path):
    yield from _desk("gatewayapi-messaging", tmp_path)


def _desk(name, tmp_path, **faults):
    port = free_port()
    with Gateway(FORMATS[name](), f"http://127.0.0.1:{port}{PATH}", Faults(**faults)) as gateway:
        yield Desk(gateway, port, tmp_path / "sms.db")


async def said_by_citizen(agent, id=ID):
    tracker = await agent.tracker_store.retrieve(id)
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []


async def test_a_conversation_with_each_provider(any_desk, agent):
    async with any_desk.open(agent):
        any_desk.write("goddag")
        assert await any_desk.heard(1) == [INTRODUCTION]
        any_desk.write("nr 1")
        assert (await any_desk.heard(2))[-1] == "Så starter vi."
    assert any_desk.gateway.refused == []
    tracker = await agent.tracker_store.retrieve(ID)
    clicks = [event.metadata for event in tracker.events if isinstance(event, UserUttered)]
    assert clicks[-1]["button"] == "Ja, lad os starte"


async def test_the_id_that_an_sms_has_in_the_store_is_that_of_all_that_it_sets_off(
    desk, agent, caplog, monkeypatch
):
    caplog.set_level(logging.INFO, "bot.channels.intake")
    ids = []
    # Put back afterwards: it is the same handler in all tests, and also the next one reads its log there.
    monkeypatch.setattr(caplog.handler, "emit", lambda record: ids.append(current()))
    async with desk.open(agent):
        desk.write("ja")
        await desk.heard(1)
    tracker = await agent.tracker_store.retrieve(ID)
    with sqlite3.connect(desk.path) as store:
        [(drawn,)] = store.execute("SELECT message_id FROM incoming")
    heard = [event.metadata["correlation_id"] for event in tracker.events if isinstance(event, UserUttered)]
    assert heard == [drawn, drawn]
    assert set(ids) == {drawn}


async def test_a_first_message_gets_the_introduction_and_its_answer(desk, agent):
    async with desk.open(agent):
        desk.write("ja")
        [heard] = await desk.heard(1)
    assert heard.startswith("Hej på sms.")
    assert "Så starter vi." in heard


async def test_a_webhook_that_comes_again_is_answered_once(desk, agent):
    async with desk.open(agent):
        statuses = [await desk.post(desk.call("ja", "m1")) for _ in range(5)]
        await desk.heard(1)
        assert await desk.post(desk.call("goddag", "m2")) == 204
        await desk.heard(2)
    assert statuses == [204] * 5
    assert await said_by_citizen(agent) == ["/open_chat", "ja", "goddag"]


async def test_messages_are_answered_in_order(desk, agent):
    async with desk.open(agent):
        for number in range(12):
            await desk.post(desk.call(f"besked {number}", f"m{number}"))
        await desk.heard(12)
    assert await said_by_citizen(agent) == ["/open_chat", *(f"besked {n}" for n in range(12))]


async def test_what_waited_when_the_server_died_is_answered_after_the_restart(
    desk, agent, small_model, tmp_path
):
    asleep = load_agent(small_model, tmp_path / "rasa.db")
    asleep.processor = None
    async with desk.open(asleep):
        assert await desk.post(desk.call("ja", "m1")) == 204
        assert await desk.post(desk.call("goddag", "m2")) == 204
    async with desk.open(agent):
        await desk.heard(2)
    assert await said_by_citizen(agent) == ["/open_chat", "ja", "goddag"]


@pytest.mark.parametrize("again", ["1", "ja tak", "Ja, lad os starte"])
async def test_what_was_written_before_a_question_was_read_does_not_answer_it(
    desk, agent, small_model, tmp_path, again
):
    asleep = load_agent(small_model, tmp_path / "rasa.db")
    asleep.processor = None
    async with desk.open(asleep):
        await desk.post(desk.call("goddag", "m1"))
        await desk.post(desk.call(again, "m2"))
    async with desk.open(agent):
        assert await desk.heard(2) == [INTRODUCTION] * 2
        assert await said_by_citizen(agent) == ["goddag"]
        desk.write("1")
        assert (await desk.heard(3))[-1] == "Så starter vi."


async def test_what_was_offered_before_the_clock_was_set_back_can_be_answered(desk, agent, monkeypatch):
    async with desk.open(agent):
        desk.write("goddag")
        await desk.heard(1)
        two_hours_on = time.time() + 7200
        monkeypatch.setattr(History, "offered_at", property(lambda _: two_hours_on))
        desk.write("1")
        assert (await desk.heard(2))[-1] == "Så starter vi."


async def test_a_turn_that_had_ended_before_the_crash_is_not_taken_again(desk, agent):
    async with desk.open(agent):
        await desk.post(desk.call("ja", "m1"))
        await desk.heard(1)
    _forget_the_answer(desk.path)
    async with desk.open(agent):
        await desk.heard(2)
    assert desk.phone.received[0] == desk.phone.received[1]
    assert await said_by_citizen(agent) == ["/open_chat", "ja"]


def _forget_the_answer(path):
    """Puts the store back to where it was before the answer was written."""
    store = SmsStore(path)
    with store._connection:
        store._connection.execute("DELETE FROM outgoing")
        store._connection.execute("UPDATE incoming SET waits = 1, text = 'ja'")
    store.close()


async def test_an_introduction_that_a_crash_kept_back_is_sent_with_the_answer(desk, agent):
    async with Intake(lambda: agent).conversation(ID) as conversation:
        await conversation.begin("sms", SmsOutput())
    async with desk.open(agent):
        await desk.post(desk.call("ja", "m1"))
        [heard] = await desk.heard(1)
    assert heard.startswith("Hej på sms.")
    assert heard.endswith("Så starter vi.")


@pytest.mark.parametrize("faults", [{"failing": 1.0}, {"duplicates": 1.0}])
async def test_a_failing_gateway_is_tried_again_and_keeps_the_order(tmp_path, agent, faults):
    for desk in _desk("gatewayapi-rest", tmp_path, **faults):
        async with desk.open(agent):
            for number in range(4):
                await desk.post(desk.call("goddag" if number % 2 else "ja", f"m{number}"))
            heard = await desk.heard(4)
        assert [text.splitlines()[-1] for text in heard[1:]] == [
            "Goddag, None.",
            "Så starter vi.",
            "Goddag, None.",
        ]


async def test_a_message_that_was_taken_although_we_never_heard_so_is_not_sent_again(tmp_path, agent):
    for desk in _desk("twilio", tmp_path, lost_answers=1.0):
        async with desk.open(agent):
            await desk.post(desk.call("goddag", "m1"))
            await desk.post(desk.call("ja", "m2"))
            await desk.heard(2)
        assert desk.phone.received == [INTRODUCTION, "Så starter vi."]


# What should not come


async def test_a_forged_webhook_is_turned_away(any_desk, agent):
    async with any_desk.open(agent):
        genuine = any_desk.call()
        bare = {"Content-Type": genuine.headers["Content-Type"]}
        assert await any_desk.post(replace(genuine, headers=bare)) == 401
        wrong = {name: value[::-1] for name, value in genuine.headers.items() if name != "Content-Type"}
        assert await any_desk.post(replace(genuine, headers={**bare, **wrong})) == 401
    assert await said_by_citizen(agent) == []


async def test_a_huge_body_is_turned_away(any_desk, agent):
    async with any_desk.open(agent):
        genuine = any_desk.call()
        assert await any_desk.post(replace(genuine, body=b"x" * 1_000_000)) == 413
        assert await any_desk.post(replace(genuine, body=b"x" * (MAX_BODY_BYTES + 1))) == 413


async def test_another_content_type_is_turned_away(any_desk, agent):
    async with any_desk.open(agent):
        genuine = any_desk.call()
        plain = {**genuine.headers, "Content-Type": "text/plain"}
        assert await any_desk.post(replace(genuine, headers=plain)) == 415


async def test_fields_we_do_not_know_are_no_hindrance(any_desk, agent):
    wire, url = any_desk.gateway.format, any_desk.gateway.webhook_url
    if wire.name == "twilio":
        form = {"MessageSid": "SM1", "From": NUMBER, "Body": "goddag", "Whatever": "æ"}
        call = wire._signed(url, form)
    elif wire.name == "gatewayapi-rest":
        call = wire._signed(url, {"id": 1, "msisdn": 4520304050, "message": "goddag", "whatever": [1, {}]})
    else:
        event = {"msg_id": "1", "sender": 4520304050, "content": {"message": "goddag", "x": 1}, "y": []}
        call = wire._signed(url, "user-message.text.sms", event)
    async with any_desk.open(agent):
        assert await any_desk.post(call) == 204
        assert await any_desk.heard(1) == [INTRODUCTION]


@pytest.mark.parametrize("sender", ["1204", "4500000000"])
async def test_a_short_code_or_no_number_gets_no_answer(desk, agent, sender):
    async with desk.open(agent):
        assert await desk.post(desk.call(number=sender)) == 204
        desk.write("goddag")
        await desk.heard(1)
    assert list(desk.gateway.phones) == [NUMBER]


async def test_a_number_abroad_gets_one_answer(desk, agent):
    swede = desk.gateway.phone("+46701234567")
    async with desk.open(agent):
        for number in range(3):
            await desk.post(desk.call("hej", f"m{number}", swede.number))
        await desk.heard(1, swede)
        desk.write("goddag")
        await desk.heard(1)
    [answer] = swede.received
    assert answer == "Jeg svarer kun danske numre."


async def test_a_hundred_messages_in_a_minute_are_answered_up_to_the_limit_and_then_once(desk, agent):
    async with desk.open(agent):
        for number in range(100):
            assert await desk.post(desk.call("ja", f"m{number}")) == 204
        await desk.heard(RATE_LIMIT + 1)
        other = desk.gateway.phone("+4520304051")
        await desk.post(desk.call("goddag", "o1", other.number))
        await desk.heard(1, other)
    assert len(desk.phone.received) == RATE_LIMIT + 1
    assert desk.phone.received[-1] == "Det var mange beskeder."
    assert (await said_by_citizen(agent)).count("ja") == RATE_LIMIT


@pytest.mark.parametrize("text", ["", "   ", "\x00", "/restart", '/greet{"citizen_name": "Bo"}'])
async def test_a_picture_an_empty_message_or_a_command_is_told_to_be_empty(desk, agent, text):
    async with desk.open(agent):
        await desk.post(desk.call("goddag", "m1"))
        await desk.post(desk.call(text, "m2"))
        assert (await desk.heard(2))[-1] == "Din besked var tom."


async def test_emoji_are_read(desk, agent):
    async with desk.open(agent):
        await desk.post(desk.call("ja 👍🏽", "m1"))
        await desk.heard(1)
    assert await said_by_citizen(agent) == ["/open_chat", "ja 👍🏽"]


async def test_twenty_parts_joined_are_read_as_one_message(desk, agent):
    async with desk.open(agent):
        await desk.post(desk.call("ja " * 1020, "m1"))
        assert (await desk.heard(1))[0].endswith("Så starter vi.")
    [_, heard] = await said_by_citizen(agent)
    assert len(heard) <= 1000


async def test_no_cpr_number_and_no_phone_number_reaches_a_file_or_a_log(desk, agent, tmp_path, caplog):
    caplog.set_level(logging.DEBUG, "bot")
    async with desk.open(agent):
        await desk.post(desk.call("mit cpr er 010190-1234", "m1"))
        await desk.post(desk.call("mit cpr er 010190-1234", "m1"))
        await desk.post(replace(desk.call(), headers={}))
        await desk.heard(1)
    files = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert caplog.messages
    for secret in (b"010190", b"20304050"):
        assert secret not in files
        assert secret.decode() not in caplog.text


async def test_the_second_half_of_a_cpr_number_is_in_no_file(desk, agent, tmp_path):
    async with desk.open(agent):
        for number, text in enumerate(["goddag", "mit cpr er 010190", "9182 er resten", "1"]):
            await desk.post(desk.call(text, f"m{number}"))
            await desk.heard(number + 1)
        waited = b"".join(file.read_bytes() for file in tmp_path.rglob("sms.db*"))
    assert (await said_by_citizen(agent))[-3:] == ["mit cpr er 010190", "[CPR-nummer fjernet] er resten", "1"]
    assert b" er resten" in waited
    assert b"9182 er" not in waited


# Stop and start


class Wishes:
    """The backend as far as wishes about contact go."""

    def __init__(self):
        self.said = []

    @asynccontextmanager
    async def open(self):
        app = web.Application()
        app.router.add_post("/api/v1/conversations/{id}/contact-wish", self._store)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        await runner.cleanup()

    async def _store(self, request):
        assert request.headers["Authorization"] == "Bearer a-service-token"
        self.said.append((request.match_info["id"], (await request.json())["wanted"]))
        return web.json_response({"wanted": True, "changed": len(self.said) == 1})


async def test_a_stop_is_confirmed_once_and_then_there_is_silence(desk, agent):
    async with desk.open(agent):
        for number, text in enumerate(["goddag", "STOP", "stop", "Stpo", "SLUT", "ja"]):
            await desk.post(desk.call(text, f"m{number}"))
        await desk.heard(3)
    assert desk.phone.received[1:] == ["Vi skriver ikke mere.", "Så starter vi."]


async def test_a_start_brings_contact_back_and_says_so_once(desk, agent):
    wishes = Wishes()
    async with wishes.open() as desk.backend_url, desk.open(agent):
        for number, text in enumerate(["goddag", "START", "start"]):
            await desk.post(desk.call(text, f"m{number}"))
        await desk.heard(3)
    assert wishes.said == [(ID, True)] * 2
    assert desk.phone.received[1:] == ["Vi skriver igen.\nDet forstod jeg ikke.", "Det forstod jeg ikke."]


async def test_a_start_waits_for_a_backend_that_is_away(desk, agent):
    wishes = Wishes()
    async with wishes.open() as backend_url:
        async with desk.open(agent):
            await desk.post(desk.call("goddag", "m1"))
            await desk.post(desk.call("START", "m2"))
            await desk.heard(1)
        desk.backend_url = backend_url
        async with desk.open(agent):
            await desk.heard(2)
    assert desk.phone.received[1].startswith("Vi skriver igen.")


async def test_what_twilio_has_answered_itself_is_heard_and_not_answered_again(tmp_path, agent):
    for desk in _desk("twilio", tmp_path):
        form = {"MessageSid": "SM1", "From": NUMBER, "Body": "nej tak", "OptOutType": "STOP"}
        async with desk.open(agent):
            await desk.post(desk.call("goddag", "m1"))
            await desk.post(desk.gateway.format._signed(desk.gateway.webhook_url, form))
            await desk.post(desk.call("ja", "m2"))
            await desk.heard(2)
        assert desk.phone.received[1:] == ["Så starter vi."]
        assert "/opt_out" in await said_by_citizen(agent)


# On to the web


async def test_a_link_is_sent_that_leads_into_the_same_conversation_and_stands_in_no_tracker(
    desk, agent, tmp_path
):
    async with desk.open(agent):
        await desk.post(desk.call("goddag", "m1"))
        await desk.post(desk.call("send mig et link", "m2"))
        await desk.post(desk.call("1", "m3"))
        await desk.heard(3)
    [sent] = re.findall(r"Her er dit link: https://kommune\.example/#l=([\w-]{16})$", desk.phone.received[1])
    # The question from before still stands.
    assert desk.phone.received[2] == "Så starter vi."
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*.db*") if file.is_file())
    assert sent.encode() not in stored
    assert OneTimeLinks(tmp_path / "links.db").redeem(sent, time.time()) == ID


# What the backend wants said

ANNOUNCEMENT = {
    "id": "a1b2",
    "conversation_id": ID,
    "response": "utter_reminder_day",
    "values": {"time": "torsdag kl. 13.30"},
}
REMINDER = "Husk torsdag kl. 13.30.\n1 Ja, jeg kommer\nSvar 1"


@asynccontextmanager
async def backend(desk, token="a-service-token"):
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{desk.port}", headers=headers) as session:
        yield session


async def announce(session, **changes):
    async with session.post("/webhooks/sms/announcements", json={**ANNOUNCEMENT, **changes}) as response:
        return response.status


async def test_an_announcement_is_said_once_and_can_be_answered_with_its_number(desk, agent):
    async with desk.open(agent), backend(desk) as session:
        await desk.post(desk.call("goddag", "m1"))
        await desk.heard(1)
        assert [await announce(session) for _ in range(3)] == [202] * 3
        await desk.heard(2)
        await desk.post(desk.call("1", "m2"))
        await desk.heard(3)
    assert desk.phone.received[1:] == [REMINDER, "Så starter vi."]


async def test_who_has_never_written_can_be_written_to_and_meets_the_assistant_when_they_answer(desk, agent):
    async with desk.open(agent), backend(desk) as session:
        async with session.post("/webhooks/sms/conversation", json={"phone": NUMBER}) as response:
            assert await response.json() == {"conversation_id": ID}
        await announce(session)
        await desk.heard(1)
        await desk.post(desk.call("1", "m1"))
        await desk.heard(2)
    assert desk.phone.received[0] == REMINDER
    assert desk.phone.received[1].startswith("Hej på sms.")
    assert desk.phone.received[1].endswith("Så starter vi.")


async def test_the_backend_is_told_how_far_an_announcement_has_come(desk, agent):
    async def state():
        async with session.get("/webhooks/sms/announcements/a1b2") as response:
            return (await response.json()).get("state")

    async with desk.open(agent), backend(desk) as session:
        assert await state() is None
        await announce(session)
        await desk.heard(1)
        reports = desk.gateway.reported
        assert await asyncio.to_thread(reports.wait, WAIT_SECONDS)
        assert await state() == "delivered"


async def test_only_the_backend_may_have_something_said(desk, agent):
    async with desk.open(agent), backend(desk, "wrong") as session:
        assert await announce(session) == 401
        async with session.post("/webhooks/sms/conversation", json={"phone": NUMBER}) as response:
            assert response.status == 401
        async with session.get("/webhooks/sms/announcements/a1b2") as response:
            assert response.status == 401
    assert desk.phone.received == []


@pytest.mark.parametrize(
    "changes",
    [
        {"response": "utter_introduction"},
        {"response": None},
        {"conversation_id": "a-conversation-on-the-web"},
        {"conversation_id": NumberCipher("o" * 43).conversation_id(NUMBER)},
        {"id": "4520304050"},
        {"values": {"time": 1}},
        {"values": None},
    ],
)
async def test_what_is_no_announcement_is_not_said(desk, agent, changes):
    async with desk.open(agent), backend(desk) as session:
        assert await announce(session, **changes) == 400
        async with session.post("/webhooks/sms/conversation", json={"phone": "1204"}) as response:
            assert response.status == 400
    assert desk.phone.received == []


# How it is set up


@pytest.mark.parametrize("provider", [None, "", "off"])
async def test_without_a_provider_sms_is_off(agent, provider):
    channel = SmsInput.from_credentials({"provider": provider})
    async with serving(agent, channel) as url, aiohttp.ClientSession() as session:
        async with session.get(f"{url}/webhooks/sms/") as response:
            assert await response.json() == {"status": "ok", "sms": "off"}
        async with session.post(f"{url}{PATH}", data=b"{}") as response:
            assert response.status == 404


def test_what_is_missing_is_named(desk):
    given = {**desk.credentials, "token": "", "number_key": None}
    with pytest.raises(ValueError, match=r"does not say number_key, token\."):
        SmsInput.from_credentials(given)
    with pytest.raises(ValueError, match="twilio, not 'pigeon'"):
        SmsInput.from_credentials({"provider": "pigeon"})
    twilio = {**desk.credentials, "provider": "twilio", "account": ""}
    with pytest.raises(ValueError, match="account"):
        SmsInput.from_credentials(twilio)
