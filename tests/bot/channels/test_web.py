"""The web channel in a real web server, met by a real Socket.IO client, with Rasa behind it."""

import asyncio
import time
from contextlib import asynccontextmanager

import aiohttp
import pytest
import socketio
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import SlotSet

from bot.channels.links import OneTimeLinks
from bot.channels.seal import Seal
from bot.channels.surface import MAX_MESSAGE_BYTES
from bot.channels.web import WebInput, pace
from tests.bot.rasa_server import load_agent, serving

KEY = "a signing key long enough for tests"
TOKEN = "a-service-token"
ORIGIN = "http://kommune.test"
INTRODUCTION = ["Hej, jeg er en robot.", "Skal vi gå i gang?"]


@asynccontextmanager
async def chat_server(agent):
    channel = WebInput.from_credentials(
        {
            "signing_key": KEY,
            "cors_origins": f"{ORIGIN}, http://other.test",
            "service_token": TOKEN,
            "trusted_proxies": "127.0.0.1",
        }
    )
    async with serving(agent, channel) as url:
        yield url


async def test_a_one_time_link_leads_into_its_conversation_and_then_the_token_does(agent, tmp_path):
    links = OneTimeLinks(tmp_path / "links.db")
    settings = {
        "signing_key": KEY,
        "cors_origins": ORIGIN,
        "service_token": TOKEN,
        "links": str(tmp_path / "links.db"),
    }
    async with serving(agent, WebInput.from_credentials(settings)) as url:
        async with Browser(url) as phone:
            old = await phone.session()
            await phone.hear(2)
            await phone.call("user_uttered", {"id": "m1", "text": "ja"})
        conversation_id = Seal(KEY).conversation_id(old["token"])
        code = links.issue(conversation_id, time.time())
        async with Browser(url) as tab:
            followed = await tab.session(link=code)
            assert Seal(KEY).conversation_id(followed["token"]) == conversation_id
            assert [message["text"] for message in followed["history"]][-2:] == ["ja", "Så starter vi."]
        async with Browser(url) as tab:
            again = await tab.session(followed["token"], link="x" * 16)
            assert Seal(KEY).conversation_id(again["token"]) == conversation_id


class Browser:
    """A tab with the chat open."""

    def __init__(self, url, address=None):
        self._url = url
        self._headers = {"Origin": ORIGIN} | ({"X-Forwarded-For": address} if address else {})
        self._client = socketio.AsyncClient(reconnection=False)
        self._heard = asyncio.Queue()
        self.ended = asyncio.Event()
        self.typing = []
        self._client.on("bot_uttered", self._heard.put)
        self._client.on("disconnect", self.ended.set)
        self._client.on("bot_typing", lambda data: self.typing.append(data["typing"]))

    async def __aenter__(self):
        await self._client.connect(self._url, headers=self._headers)
        return self

    async def __aexit__(self, *_):
        await self._client.disconnect()

    def on(self, event, handler):
        self._client.on(event, handler)

    async def emit(self, event, data):
        await self._client.emit(event, data)

    async def call(self, event, data):
        return await self._client.call(event, data, timeout=30)

    async def session(self, token=None, **more):
        confirmed = asyncio.get_running_loop().create_future()
        self._client.on("session_confirm", confirmed.set_result)
        await self.emit("session_request", {"token": token, **more})
        return await asyncio.wait_for(confirmed, timeout=30)

    async def hear(self, count=1):
        return [await asyncio.wait_for(self._heard.get(), timeout=30) for _ in range(count)]

    async def open(self):
        """A new conversation, its introduction heard."""
        session = await self.session()
        return session, await self.hear(2)

    async def send(self, data):
        return await self.call("user_uttered", data)

    async def write(self, text, id="m1"):
        return await self.send({"id": id, "text": text})

    async def click(self, button, id="m1"):
        return await self.send({"id": id, "button": button})

    async def hears_nothing(self):
        # The server answers in order, so what is heard after a further message was said after it.
        await self.write("goddag", id="is-anybody-there")
        return [message["text"] for message in await self.hear()] == ["Goddag, None."]


@pytest.fixture
async def browser(agent):
    async with chat_server(agent) as url, Browser(url) as browser:
        yield browser


def texts(messages):
    return [message["text"] for message in messages]


async def test_a_new_session_is_opened_by_the_assistant(browser):
    session = await browser.session()
    assert session["resumed"] is False
    assert session["history"] == []
    assert texts(await browser.hear(2)) == INTRODUCTION


async def test_a_written_message_is_answered_and_acknowledged(browser):
    await browser.open()
    assert await browser.write("ja") == {"ok": True}
    [answer] = await browser.hear()
    assert answer["from"] == "bot"
    assert answer["text"] == "Så starter vi."
    assert answer["custom"] == {"type": "profile"}
    assert answer["at"] > 1_600_000_000
    assert "buttons" not in answer


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["mit cpr er 010190-1234"], "mit cpr er [CPR-nummer fjernet]"),
        (["kode: hunter2"], "kode: [adgangskode fjernet]"),
        (["010190", "1234"], "[CPR-nummer fjernet]"),
    ],
)
async def test_what_is_hidden_is_told_to_the_one_who_wrote_and_to_their_other_tabs(agent, typed, kept):
    async with chat_server(agent) as url, Browser(url) as browser, Browser(url) as other:
        session, _ = await browser.open()
        await other.session(session["token"])
        for number, text in enumerate(typed):
            acknowledged = await browser.write(text, id=f"m{number}")
        assert acknowledged == {"ok": True, "text": kept}
        # The same message once more, as after a lost acknowledgement.
        assert await browser.write(typed[-1], id=f"m{len(typed) - 1}") == acknowledged
        heard = [
            message["text"] for message in await other.hear(2 * len(typed)) if message["from"] == "citizen"
        ]
        assert heard[-1] == kept


async def test_a_code_that_was_asked_for_is_shown_in_no_tab_and_its_proof_goes_on(agent):
    seal = Seal(KEY)
    async with chat_server(agent) as url, Browser(url) as browser, Browser(url) as other:
        session, _ = await browser.open()
        await other.session(session["token"])
        conversation_id = seal.conversation_id(session["token"])
        tracker = await agent.tracker_store.retrieve(conversation_id)
        tracker.update_with_events([SlotSet(REQUESTED_SLOT, "identity_code")], agent.domain)
        await agent.tracker_store.save(tracker)
        acknowledged = await browser.write("koden er 482913", id="m1")
        assert acknowledged == {"ok": True, "text": "[kode fjernet]"}
        assert await browser.write("koden er 482913", id="m1") == acknowledged
        assert (await other.hear(1))[0]["text"] == "[kode fjernet]"
    tracker = await agent.tracker_store.retrieve(conversation_id)
    proof = seal.code_proof(conversation_id, "482913")
    assert tracker.latest_message.metadata["identity_code"] == proof


async def test_an_offered_button_is_obeyed(browser):
    _, (_, question) = await browser.open()
    assert await browser.click(question["buttons"][1]) == {"ok": True}
    assert texts(await browser.hear()) == ["Goddag, Bo."]


@pytest.mark.parametrize(
    "forgery",
    [{"payload": "/restart"}, {"title": "Nej tak"}, {"signature": "0" * 64}, {"signature": "æ\ud800"}],
)
async def test_a_forged_button_is_refused(browser, forgery):
    _, (_, question) = await browser.open()
    answer = await browser.click({**question["buttons"][0], **forgery})
    assert answer == {"ok": False, "error": "unknown-button"}
    assert await browser.hears_nothing()


async def test_a_button_of_another_conversation_is_refused(agent):
    async with chat_server(agent) as url, Browser(url) as mine, Browser(url) as theirs:
        _, (_, question) = await theirs.open()
        await mine.open()
        answer = await mine.click(question["buttons"][0])
    assert answer == {"ok": False, "error": "unknown-button"}


@pytest.mark.parametrize("typed", ["/affirm", "/restart", '/greet{"citizen_name":"x"}', " //affirm"])
async def test_what_is_typed_is_never_a_command(browser, typed):
    await browser.open()
    await browser.write(typed)
    assert texts(await browser.hear()) == ["Din besked var tom."]


@pytest.mark.parametrize(
    "data",
    [
        None,
        "hej",
        [],
        {},
        {"text": "hej"},
        {"id": "m1"},
        {"id": "m1", "text": 5},
        {"id": 5, "text": "hej"},
        {"id": "", "text": "hej"},
        {"id": "010190-1234", "text": "hej"},
        {"id": "x" * 101, "text": "hej"},
        {"id": "m1", "button": {}},
        {"id": "m1", "button": {"title": "Ja", "payload": "/affirm"}},
        {"id": "m1", "button": {"title": "Ja", "payload": "/affirm", "signature": None}},
    ],
)
async def test_a_message_of_another_form_is_refused(browser, data):
    await browser.open()
    assert await browser.send(data) == {"ok": False, "error": "invalid"}
    assert await browser.hears_nothing()


async def test_without_a_session_nothing_is_taken(browser):
    assert await browser.write("ja") == {"ok": False, "error": "no-session"}


async def test_a_message_longer_than_anybody_writes_is_answered(browser):
    await browser.open()
    await browser.write("\U0001f600" * 10_000)
    assert texts(await browser.hear()) == ["Det forstod jeg ikke."]


async def test_a_message_of_an_unreasonable_size_ends_the_connection(browser):
    await browser.open()
    await browser.emit("user_uttered", {"id": "m1", "text": "x" * MAX_MESSAGE_BYTES})
    await asyncio.wait_for(browser.ended.wait(), timeout=30)


async def test_the_conversation_survives_a_reload(agent):
    async with chat_server(agent) as url:
        async with Browser(url) as browser:
            session, _ = await browser.open()
            await browser.write("goddag", id="m1")
            await browser.hear()
        async with Browser(url) as browser:
            resumed = await browser.session(session["token"])
            assert resumed["resumed"] is True
            assert [(message["from"], message["text"]) for message in resumed["history"]] == [
                ("bot", "Hej, jeg er en robot."),
                ("bot", "Skal vi gå i gang?"),
                ("citizen", "goddag"),
                ("bot", "Goddag, None."),
            ]
            assert resumed["history"][2]["id"] == "m1"
            assert [message for message in resumed["history"] if "buttons" in message] == []
            await browser.write("ja", id="m2")
            assert texts(await browser.hear()) == ["Så starter vi."]


async def test_every_message_has_the_same_id_when_it_is_said_and_in_the_history(agent):
    async with chat_server(agent) as url, Browser(url) as browser:
        session, introduction = await browser.open()
        await browser.write("ja", id="m1")
        [answer] = await browser.hear()
        resumed = await browser.session(session["token"])
    ids = [message["id"] for message in [*introduction, {"id": "m1"}, answer]]
    assert [message["id"] for message in resumed["history"]] == ids
    assert len(set(ids)) == 4


async def test_who_has_some_of_the_history_is_sent_the_rest(agent):
    async with chat_server(agent) as url:
        async with Browser(url) as browser:
            session, introduction = await browser.open()
            await browser.write("ja", id="m1")
            await browser.hear()
        async with Browser(url) as browser:
            resumed = await browser.session(session["token"], after=introduction[1]["id"])
            assert resumed["after"] == introduction[1]["id"]
            assert texts(resumed["history"]) == ["ja", "Så starter vi."]
            everything = await browser.session(session["token"], after=resumed["history"][-1]["id"])
            assert everything["history"] == []


@pytest.mark.parametrize("after", [None, "m-of-another-conversation", 5, {}])
async def test_who_has_nothing_of_this_conversation_is_sent_all_of_it(agent, after):
    async with chat_server(agent) as url, Browser(url) as browser:
        session, _ = await browser.open()
        resumed = await browser.session(session["token"], after=after)
    assert resumed["after"] is None
    assert texts(resumed["history"]) == INTRODUCTION


@pytest.mark.parametrize(("easy", "noted"), [(True, {"easy_words": True}), (False, {}), ("ja", {})])
async def test_a_wish_for_easier_words_is_noted_beside_the_message(agent, easy, noted):
    async with chat_server(agent) as url, Browser(url) as browser:
        session, _ = await browser.open()
        await browser.send({"id": "m1", "text": "ja", "easy": easy})
    tracker = await agent.tracker_store.retrieve(conversation_of(session))
    assert {
        name: value
        for name, value in tracker.latest_message.metadata.items()
        if name in ("button", "easy_words")
    } == noted


def conversation_of(session):
    return Seal(KEY).conversation_id(session["token"])


async def test_the_conversation_survives_a_restart_of_the_server(agent, small_model, tmp_path):
    async with chat_server(agent) as url, Browser(url) as browser:
        session, _ = await browser.open()
    async with chat_server(load_agent(small_model, tmp_path / "rasa.db")) as url, Browser(url) as browser:
        resumed = await browser.session(session["token"])
        assert texts(resumed["history"]) == INTRODUCTION
        assert "buttons" not in resumed["history"][0]
        await browser.click(resumed["history"][1]["buttons"][0])
        assert texts(await browser.hear()) == ["Så starter vi."]


async def test_a_clicked_button_stands_in_the_history_by_its_title(agent):
    async with chat_server(agent) as url, Browser(url) as browser:
        session, (_, question) = await browser.open()
        await browser.click(question["buttons"][0])
        resumed = await browser.session(session["token"])
    assert texts(resumed["history"])[2] == "Ja, lad os starte"


async def test_an_empty_message_leaves_no_trace_of_commands_in_the_history(agent):
    async with chat_server(agent) as url, Browser(url) as browser:
        session, _ = await browser.open()
        await browser.write("   ")
        assert texts(await browser.hear()) == ["Din besked var tom."]
        resumed = await browser.session(session["token"])
    assert texts(resumed["history"]) == [*INTRODUCTION, "Din besked var tom."]


@pytest.mark.parametrize("token", ["", "nonsense", 5, {"a": 1}, "a.b.c"])
async def test_a_token_that_is_not_ours_gives_a_new_conversation(browser, token):
    session = await browser.session(token)
    assert session["resumed"] is False
    assert texts(await browser.hear(2)) == INTRODUCTION


async def test_a_message_sent_again_after_a_lost_connection_is_handled_once(agent):
    async with chat_server(agent) as url:
        async with Browser(url) as browser:
            session, _ = await browser.open()
            await browser.write("ja", id="m1")
        async with Browser(url) as browser:
            await browser.session(session["token"])
            assert await browser.write("ja", id="m1") == {"ok": True}
            assert await browser.hears_nothing()


async def test_a_second_tab_hears_both_sides(agent):
    async with chat_server(agent) as url, Browser(url) as first, Browser(url) as second:
        session, _ = await first.open()
        await second.session(session["token"])
        await first.write("ja")
        own, answer = await second.hear(2)
        assert (own["from"], own["text"], own["id"]) == ("citizen", "ja", "m1")
        assert answer["text"] == "Så starter vi."
        assert texts(await first.hear()) == ["Så starter vi."]


async def test_another_citizen_hears_nothing(agent):
    async with chat_server(agent) as url, Browser(url) as mine, Browser(url) as theirs:
        await mine.open()
        await theirs.open()
        await theirs.write("ja")
        assert await mine.hears_nothing()


async def test_a_connection_that_takes_up_another_conversation_leaves_the_first(agent):
    async with chat_server(agent) as url, Browser(url) as wanderer, Browser(url) as stayer:
        session, _ = await wanderer.open()
        await wanderer.open()
        await stayer.session(session["token"])
        await stayer.write("ja")
        assert await wanderer.hears_nothing()


async def test_messages_sent_in_a_row_are_answered_in_order(browser):
    await browser.open()
    await asyncio.gather(*(browser.write(["ja", "goddag"][n % 2], id=f"m{n}") for n in range(6)))
    assert texts(await browser.hear(6)) == ["Så starter vi.", "Goddag, None."] * 3


async def test_the_assistant_is_typing_until_it_has_answered(browser):
    await browser.open()
    await browser.write("ja")
    assert browser.typing == [True, False] * 2


async def test_when_the_action_server_is_away_the_citizen_is_told(browser):
    await browser.open()
    assert await browser.write("et menneske, tak") == {"ok": True}
    assert texts(await browser.hear()) == ["Noget gik galt hos os."]


async def test_without_a_model_the_citizen_is_told():
    async with chat_server(None) as url, Browser(url) as browser:
        refusal = await browser.call("session_request", {"token": None})
    assert refusal == {"ok": False, "error": "unavailable"}


async def test_only_the_pages_of_the_municipality_may_connect(agent):
    query = {"EIO": "4", "transport": "polling"}
    async with chat_server(agent) as url, aiohttp.ClientSession(url) as session:
        async with session.get("/socket.io/", params=query, headers={"Origin": ORIGIN}) as response:
            assert response.status == 200
            assert response.headers.getall("Access-Control-Allow-Origin") == [ORIGIN]
        async with session.get(
            "/socket.io/", params=query, headers={"Origin": "http://evil.test"}
        ) as response:
            assert response.status == 400


async def test_the_channel_tells_that_it_is_up(agent):
    async with (
        chat_server(agent) as url,
        aiohttp.ClientSession(url) as session,
        session.get("/webhooks/web/") as response,
    ):
        assert await response.json() == {"status": "ok"}


async def test_somebody_else_can_speak_in_the_conversation(agent):
    channel = WebInput.from_credentials({"signing_key": KEY, "cors_origins": ORIGIN, "service_token": TOKEN})
    assert channel.get_output_channel() is None
    async with serving(agent, channel) as url, Browser(url) as browser:
        session, _ = await browser.open()
        conversation_id = channel._seal.conversation_id(session["token"])
        utterance = {"text": "Hej, det er Mette fra kommunen.", "timestamp": 1.0}
        await channel.get_output_channel().send_response(conversation_id, utterance)
        assert texts(await browser.hear()) == ["Hej, det er Mette fra kommunen."]


@pytest.mark.parametrize(
    "credentials", [None, {}, {"signing_key": KEY}, {"signing_key": KEY, "cors_origins": " ,"}]
)
def test_the_channel_will_not_start_without_key_and_origins(credentials):
    with pytest.raises(Exception, match="web input channel"):
        WebInput.from_credentials(credentials)


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        WebInput.from_credentials({"signing_key": "short", "cors_origins": ORIGIN, "service_token": TOKEN})


NOTICE = {
    "id": "n1",
    "response": "utter_staff_notice",
    "values": {"notice": "Vi har booket en tid til dig {her}."},
}


@asynccontextmanager
async def announcing(url, token=TOKEN):
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def announce(**changes):
            body = {**NOTICE, **changes}
            async with session.post(f"{url}/webhooks/web/announcements", json=body) as response:
                return response.status

        yield announce


async def test_what_the_backend_announces_is_shown_at_once_and_is_there_on_return_once(agent):
    async with chat_server(agent) as url, announcing(url) as announce:
        async with Browser(url) as tab:
            opened, _ = await tab.open()
            conversation_id = Seal(KEY).conversation_id(opened["token"])
            assert await announce(conversation_id=conversation_id) == 200
            [shown] = await tab.hear()
            assert shown["text"] == NOTICE["values"]["notice"]
            assert await announce(conversation_id=conversation_id) == 200
            [again] = await tab.hear()
            assert again["id"] == shown["id"]
        assert (
            await announce(conversation_id=conversation_id, id="n2", values={"notice": "Tiden er aflyst."})
            == 200
        )
        async with Browser(url) as tab:
            history = texts((await tab.session(opened["token"]))["history"])
            assert history[-2:] == [NOTICE["values"]["notice"], "Tiden er aflyst."]
            assert len(history) == len(INTRODUCTION) + 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"response": "utter_greet"},
        {"id": "12345678"},
        {"values": {"notice": 1}},
        {"conversation_id": "20304050"},
    ],
)
async def test_an_announcement_that_is_none_of_the_backends_is_refused(agent, wrong):
    async with chat_server(agent) as url:
        async with announcing(url) as announce:
            assert await announce(**{"conversation_id": "c1", **wrong}) == 400
        async with announcing(url, token="another") as announce:
            assert await announce(conversation_id="c1") == 401


async def test_who_says_more_at_once_than_a_person_does_waits_and_loses_nothing(agent, monkeypatch):
    monkeypatch.setattr(pace, "SAID_AT_ONCE", 2)
    async with chat_server(agent) as url, Browser(url) as browser, Browser(url) as other:
        await browser.open()
        await other.open()
        # At once, for each turn takes a while, and a second gives back one.
        assert await asyncio.gather(*(browser.write("ja", id=f"m{number}") for number in range(3))) == [
            {"ok": True},
            {"ok": True},
            {"ok": False, "error": "unavailable", "slower": True},
        ]
        assert await other.write("ja") == {"ok": True}
        # A second gives back one; the client's own pauses are longer.
        await asyncio.sleep(1.1)
        assert await browser.write("ja", id="m2") == {"ok": True}


async def test_an_address_that_begins_too_many_conversations_waits_and_others_do_not(agent, monkeypatch):
    monkeypatch.setattr(pace, "BEGUN_AT_ONCE", 1)
    monkeypatch.setattr(pace, "BEGUN_A_MINUTE", 1)
    async with chat_server(agent) as url:
        async with Browser(url, "203.0.113.7") as browser:
            token = (await browser.session())["token"]
        async with Browser(url, "198.51.100.1, 203.0.113.7") as browser:
            slower = {"ok": False, "error": "unavailable", "slower": True}
            assert await browser.call("session_request", {"token": "none of ours"}) == slower
            # Who has a conversation keeps it.
            assert (await browser.session(token))["resumed"] is True
        for address in ("203.0.113.8", None, None):
            async with Browser(url, address) as browser:
                assert await browser.call("session_request", {}) == {"ok": True}
