"""Caseworkers' messages in citizens' conversations, and the assistant's silence, with Rasa behind them."""

import asyncio
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from rasa.shared.core.events import BotUttered, ConversationPaused, ConversationResumed, UserUttered

from bot.channels.backend import Backend as Door
from bot.channels.citizen_message import CitizenMessage
from bot.channels.desk import DeskInput
from bot.channels.intake import Intake
from bot.channels.owners import Owners
from bot.channels.queue_words import ASK_QUEUE, LEAVE_QUEUE, queue_wish
from bot.channels.seal import Seal
from bot.channels.sms.answering import Answering
from bot.channels.sms.delivery import SmsDelivery
from bot.channels.sms.lanes import NotYet
from bot.channels.sms.store import Incoming, SmsStore
from bot.channels.web import WebInput
from tests.bot.channels.test_web import KEY, NOTICE, ORIGIN, Browser, announcing
from tests.bot.rasa_server import Listener, load_agent, serving, standing_in

TOKEN = "a-service-token"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


class Backend:
    """The backend as the assistant sees it: it says who owns a conversation."""

    def __init__(self):
        self.owner = "bot"
        self.is_down = False
        self.may_speak = None
        self.told = asyncio.Queue()
        self.asked = 0
        self.typed = []

    @asynccontextmanager
    async def open(self):
        routes = (
            web.get("/api/v1/conversations/{id}/owner", self._tell),
            web.post("/api/v1/desk-messages/{id}/delivered", self._delivered),
            web.post("/api/v1/conversations/{id}/typing", self._typing),
        )
        async with standing_in(*routes) as self.url:
            yield self

    async def _tell(self, request):
        self.asked += 1
        if self.is_down or request.headers["Authorization"] != SHOWN["Authorization"]:
            return web.Response(status=503)
        may_speak = self.owner != "caseworker" if self.may_speak is None else self.may_speak
        return web.json_response({"owner": self.owner, "bot_may_speak": may_speak})

    async def _typing(self, request):
        self.typed.append(request.match_info["id"])
        return web.Response(status=204)

    async def _delivered(self, request):
        await self.told.put(request.match_info["id"])
        return web.Response(status=204)


@pytest.fixture
async def backend():
    async with Backend().open() as backend:
        yield backend


@pytest.fixture
def intake(agent, backend):
    return Intake(lambda: agent, Owners(Door(backend.url, TOKEN)))


async def say(intake, text, id=None):
    listener = Listener()
    message = CitizenMessage.typed("c1", "web", text, id)
    async with intake.conversation("c1") as conversation:
        await conversation.take(message, listener)
    return listener.texts


async def events(agent, kind):
    tracker = await agent.tracker_store.retrieve_full_tracker("c1")
    return [event for event in tracker.events if isinstance(event, kind)]


async def test_while_a_person_has_the_conversation_it_is_heard_and_not_answered(intake, agent, backend):
    await say(intake, "goddag")
    backend.owner = "caseworker"
    assert await say(intake, "ja") == []
    assert await say(intake, "er du der?") == []
    assert [event.text for event in await events(agent, UserUttered)] == ["goddag", "ja", "er du der?"]
    assert len(await events(agent, ConversationPaused)) == 1


async def test_after_a_person_has_had_it_the_assistant_answers_by_its_rules_again(intake, agent, backend):
    await say(intake, "goddag")
    backend.owner = "caseworker"
    for text in ("ja", "mine papirer er væk", "goddag"):
        await say(intake, text)
    backend.owner = "bot"
    assert await say(intake, "ja") == ["Så starter vi."]
    assert await say(intake, "goddag") == ["Goddag, None."]
    assert len(await events(agent, ConversationResumed)) == 1


async def test_while_a_person_is_about_to_take_it_the_assistant_is_silent(intake, backend):
    await say(intake, "goddag")
    backend.owner, backend.may_speak = "waiting", False
    assert await say(intake, "ja") == []


@pytest.mark.parametrize("owner", ["bot", "caseworker"])
async def test_when_the_backend_cannot_be_asked_it_stays_as_it_was(intake, backend, owner):
    backend.owner = owner
    before = await say(intake, "goddag")
    backend.is_down = True
    assert bool(before) is (owner == "bot")
    assert bool(await say(intake, "ja")) is (owner == "bot")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Hvor lang tid endnu?", ASK_QUEUE),
        ("hvor længe skal jeg vente", ASK_QUEUE),
        ("Hvilket nummer er jeg i køen?", ASK_QUEUE),
        ("Forlad køen", LEAVE_QUEUE),
        ("jeg vil ikke vente længere", LEAVE_QUEUE),
        ("hvor lang tid tager det at lære", None),
        ("jeg kan godt vente", None),
        ("ja", None),
    ],
)
def test_what_is_said_about_waiting(text, wish):
    assert queue_wish(text) == wish


async def test_words_about_waiting_are_read_so_only_while_the_citizen_waits(intake, agent, backend):
    await say(intake, "goddag")
    await say(intake, "hvor lang tid endnu?")
    backend.owner = "waiting"
    await say(intake, "hvor lang tid endnu?")
    said = [(event.text, event.metadata.get("button")) for event in await events(agent, UserUttered)]
    assert said[1:] == [("hvor lang tid endnu?", None), ("/ask_queue", "hvor lang tid endnu?")]


class Desk:
    """The backend's side of the channel."""

    def __init__(self, url):
        self.url = url
        self._url = f"{url}/webhooks/desk"

    async def post(self, path, body=None, headers=SHOWN):
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(self._url + path, json=body or {}) as response,
        ):
            return response.status, await response.json()

    async def silence(self, conversation_id):
        return await self.post(f"/conversations/{conversation_id}/silence")

    async def write(self, conversation_id, id, text, **more):
        body = {"id": id, "author": "Anna Holm", "text": text, "only_if": "always", **more}
        return await self.post(f"/conversations/{conversation_id}/messages", body)

    async def notice(self, conversation_id, id, response, only_if="always"):
        body = {"id": id, "response": response, "values": {"person": "Anna"}, "only_if": only_if}
        return await self.post(f"/conversations/{conversation_id}/messages", body)


@asynccontextmanager
async def served(agent, backend):
    credentials = {"backend_url": backend.url, "service_token": TOKEN}
    chat = WebInput.from_credentials({"signing_key": KEY, "cors_origins": ORIGIN, **credentials})
    async with serving(agent, chat, DeskInput.from_credentials(credentials)) as url:
        yield url


@pytest.fixture
async def chat(agent, backend):
    """A citizen's browser, the desk, and the conversation's id."""
    async with served(agent, backend) as url, Browser(url) as browser:
        session, _ = await browser.open()
        yield browser, Desk(url), Seal(KEY).conversation_id(session["token"])


async def test_a_persons_words_reach_the_browser_with_their_name_in_order_and_once(chat, agent, backend):
    browser, desk, conversation_id = chat
    assert await desk.silence(conversation_id) == (200, {})
    backend.owner = "caseworker"
    for id, text in [("d1", "Hej"), ("d1", "Hej"), ("d2", "Hvad kan jeg hjælpe med?"), ("d1", "Hej")]:
        assert await desk.write(conversation_id, id, text) == (200, {"state": "sent", "channel": "web"})
    heard = await browser.hear(4)
    assert [(one["author"], one["text"]) for one in heard[:1]] == [("Anna Holm", "Hej")]
    assert heard[0]["id"] == heard[1]["id"] == heard[3]["id"] != heard[2]["id"]
    tracker = await agent.tracker_store.retrieve(conversation_id)
    said = [event.text for event in tracker.events if isinstance(event, BotUttered)]
    assert said[-2:] == ["Hej", "Hvad kan jeg hjælpe med?"]
    assert await browser.write("tak") == {"ok": True}


async def test_what_a_person_wrote_while_the_citizen_was_away_is_there_when_they_come_back(agent, backend):
    async with served(agent, backend) as url:
        async with Browser(url) as browser:
            session, _ = await browser.open()
        conversation_id = Seal(KEY).conversation_id(session["token"])
        backend.owner = "caseworker"
        await Desk(url).write(conversation_id, "d1", "Er du der?")
        async with Browser(url) as browser:
            history = (await browser.session(session["token"]))["history"]
            assert await asyncio.wait_for(backend.told.get(), timeout=30) == "d1"
    assert (history[-1]["text"], history[-1]["author"]) == ("Er du der?", "Anna Holm")


async def test_what_a_browser_has_shown_is_told_to_the_backend(chat, backend):
    browser, desk, conversation_id = chat
    shown = asyncio.Queue()

    async def show(data):
        await shown.put(data)

    browser._client.on("bot_uttered", show)
    await desk.write(conversation_id, "d1", "Hej")
    await asyncio.wait_for(shown.get(), timeout=30)
    assert await asyncio.wait_for(backend.told.get(), timeout=30) == "d1"


async def test_a_person_who_is_writing_is_shown_in_the_chat(chat):
    browser, desk, conversation_id = chat
    shown = asyncio.Queue()
    browser._client.on("bot_typing", shown.put)
    assert await desk.post(f"/conversations/{conversation_id}/typing", {"author": "Anna Holm"}) == (200, {})
    assert await asyncio.wait_for(shown.get(), 30) == {"typing": True, "author": "Anna Holm"}
    for wrong in ({}, {"author": ""}, {"author": 7}):
        assert (await desk.post(f"/conversations/{conversation_id}/typing", wrong))[0] == 400
    assert (await desk.post("/conversations/never-seen/typing", {"author": "Anna"}))[0] == 200


@pytest.mark.parametrize(("owner", "is_seen"), [("bot", False), ("waiting", False), ("caseworker", True)])
async def test_that_the_citizen_is_writing_is_told_to_a_person_only(chat, backend, owner, is_seen):
    browser, _, conversation_id = chat
    backend.owner = owner
    assert await browser.call("user_typing", {}) == {"ok": True, "seen": is_seen}
    assert backend.typed == ([conversation_id] if is_seen else [])


async def test_before_there_is_a_conversation_nobody_is_told_of_writing(agent, backend):
    backend.owner = "caseworker"
    async with served(agent, backend) as url, Browser(url) as browser:
        assert await browser.call("user_typing", {}) == {"ok": True, "seen": False}
    assert backend.typed == []


async def test_the_assistant_is_not_typing_while_a_person_has_the_conversation(chat, backend):
    browser, desk, conversation_id = chat
    await desk.silence(conversation_id)
    backend.owner = "caseworker"
    browser.typing.clear()
    assert await browser.write("er du der?") == {"ok": True}
    assert browser.typing == []


async def test_a_message_is_said_once_also_after_a_restart(agent, backend, small_model, tmp_path):
    async with served(agent, backend) as url, Browser(url) as browser:
        session, _ = await browser.open()
        conversation_id = Seal(KEY).conversation_id(session["token"])
        await Desk(url).write(conversation_id, "d1", "Hej")
    restarted = load_agent(small_model, tmp_path / "rasa.db")
    async with served(restarted, backend) as url:
        await Desk(url).write(conversation_id, "d1", "Hej")
    tracker = await restarted.tracker_store.retrieve(conversation_id)
    assert [e.text for e in tracker.events if isinstance(e, BotUttered)].count("Hej") == 1


async def test_silence_waits_for_the_turn_under_way(agent, backend):
    async with served(agent, backend) as url:
        async with Browser(url) as browser:
            session, _ = await browser.open()
        conversation_id = Seal(KEY).conversation_id(session["token"])
        async with Intake(lambda: agent).conversation(conversation_id):
            asked = asyncio.create_task(Desk(url).silence(conversation_id))
            done, _ = await asyncio.wait([asked], timeout=0.3)
            assert not done
        assert (await asked)[0] == 200


async def test_what_is_no_longer_true_is_not_said(chat, backend):
    _, desk, conversation_id = chat
    for owner, only_if, state in [
        ("caseworker", "waiting", "dropped"),
        ("waiting", "waiting", "sent"),
        ("waiting", "unanswered", "dropped"),
        ("caseworker", "not_taken", "dropped"),
        ("bot", "not_taken", "sent"),
    ]:
        backend.owner = owner
        _, said = await desk.notice(conversation_id, f"n-{owner}-{only_if}", "utter_queue_place", only_if)
        assert said["state"] == state
    backend.is_down = True
    assert (await desk.notice(conversation_id, "n4", "utter_queue_place", "waiting"))[0] == 503


async def test_handing_back_ends_the_silence(chat, backend):
    browser, desk, conversation_id = chat
    await desk.silence(conversation_id)
    backend.owner = "caseworker"
    await browser.write("ja", "m1")
    backend.owner = "bot"
    await desk.notice(conversation_id, "n1", "utter_handed_back")
    assert (await browser.hear())[0]["text"] == "Nu er det mig igen."
    await browser.write("ja", "m2")
    assert (await browser.hear())[0]["text"] == "Så starter vi."


async def test_who_is_not_the_backend_says_nothing(chat):
    _, desk, conversation_id = chat
    body = {"id": "d1", "author": "Anna", "text": "Hej", "only_if": "always"}
    for headers in ({}, {"Authorization": "Bearer something else"}):
        assert (await desk.post(f"/conversations/{conversation_id}/messages", body, headers))[0] == 401


@pytest.mark.parametrize(
    "body",
    [
        {"id": "d1", "author": "Anna", "text": "", "only_if": "always"},
        {"id": "12345678", "author": "Anna", "text": "Hej", "only_if": "always"},
        {"id": "d1", "author": "Anna", "text": "Hej", "only_if": "never"},
        {"id": "d1", "response": "utter_booked", "only_if": "always"},
        {"id": "d1", "response": "utter_handed_back", "values": {"person": 1}, "only_if": "always"},
    ],
)
async def test_what_cannot_be_read_is_refused(chat, body):
    _, desk, conversation_id = chat
    assert (await desk.post(f"/conversations/{conversation_id}/messages", body))[0] == 400


async def test_a_channel_that_takes_nothing_unasked_is_told_so(agent, backend):
    async with served(agent, backend) as url:
        assert (await Desk(url).write("never-seen", "d1", "Hej"))[0] == 409


async def test_a_stop_by_sms_holds_also_while_a_person_has_the_conversation(intake, agent, backend, tmp_path):
    stored = []

    class Wishes:
        async def stop_contact(self, message):
            stored.append(message.id)

    store = SmsStore(tmp_path / "sms.db")
    answering = Answering(store, intake, Wishes(), str, lambda: None, dict)
    for owner, id in [("bot", "m1"), ("caseworker", "m2")]:
        backend.owner = owner
        store.take_in(Incoming(id, "c1", "goddag" if owner == "bot" else "STOP", time.time()))
        await answering.answer_all("c1")
    assert stored == ["m2"]
    assert (await events(agent, UserUttered))[-1].metadata["button"] == "STOP"
    store.close()


async def test_what_is_written_to_a_person_reaches_them_whatever_waits_to_be_sent(
    intake, agent, backend, tmp_path
):
    store = SmsStore(tmp_path / "sms.db")
    answering = Answering(store, intake, None, str, lambda: None, dict)
    for owner, id, text in [("bot", "m1", "goddag"), ("caseworker", "m2", "ja tak")]:
        backend.owner = owner
        store.take_in(Incoming(id, "c1", text, time.time()))
        await answering.answer_all("c1")
    assert store.has_unsent("c1")
    assert [event.message_id for event in await events(agent, UserUttered)] == ["m1", "m2"]
    store.close()


async def test_by_sms_the_assistant_says_nothing_of_its_own_while_a_person_has_it(
    intake, agent, backend, tmp_path
):
    class Wishes:
        async def want_contact(self, message):
            return True

    store = SmsStore(tmp_path / "sms.db")
    answering = Answering(store, intake, Wishes(), str, lambda: None, dict)

    async def take_in(id, text, response=""):
        store.take_in(Incoming(id, "c1", text, time.time(), response))
        await answering.answer_all("c1")

    async def said():
        return [event.text for event in await events(agent, BotUttered)]

    await take_in("m1", "goddag")
    before = await said()
    backend.owner = "caseworker"
    for id, text, response in [
        ("n1", '{"time": "i morgen"}', "utter_reminder_day"),
        ("m2", "LINK", ""),
        ("m3", "START", ""),
    ]:
        # The announcement waits, and what the citizen writes behind it does not.
        with pytest.raises(NotYet):
            await take_in(id, text, response)
    assert await said() == before
    heard = [event.metadata.get("button") or event.text for event in await events(agent, UserUttered)]
    assert heard[-2:] == ["LINK", "START"]
    backend.owner = "bot"
    await answering.answer_all("c1")
    assert await said() == [*before, "Husk i morgen."]
    store.close()


async def test_on_the_web_an_announcement_waits_until_the_person_is_done(chat, backend):
    browser, desk, conversation_id = chat
    async with announcing(desk.url) as announce:
        backend.owner = "caseworker"
        assert await announce(conversation_id=conversation_id) == 503
        await desk.write(conversation_id, "d1", "Hej")
        assert [one["text"] for one in await browser.hear()] == ["Hej"]
        backend.owner = "bot"
        assert await announce(conversation_id=conversation_id) == 200
        assert [one["text"] for one in await browser.hear()] == [NOTICE["values"]["notice"]]


async def test_by_sms_a_persons_words_begin_with_their_name_and_go_out_once(tmp_path):
    store = SmsStore(tmp_path / "sms.db")
    woken = []
    output = SmsDelivery(store, lambda: woken.append(True))
    message = {"text": "Husk dit pas.", "author": "Karen", "notice_id": "d1"}
    for _ in range(2):
        await output.send_response("sms.x", message)
    first = store.next_to_send("sms.x", 9e9)
    assert (first.text, first.reference) == ("Karen fra kommunen: Husk dit pas.", "d1-0")
    assert store.state_of_parts("d1").value == "waiting"
    store.close()
    assert woken
