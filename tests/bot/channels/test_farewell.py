"""Who had everything erased is told so in the chat, also when they come back later."""

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp
import pytest
from aiohttp import web

from bot.channels.seal import Seal
from bot.channels.web import WebInput
from bot.erasing import erase_tracker
from tests.bot.channels.test_web import INTRODUCTION, KEY, ORIGIN, TOKEN, Browser, texts
from tests.bot.rasa_server import serving, standing_in

URL = "https://k.dk/kvittering/DAAA"
ERASED = [f"Alt er slettet. {URL}"]
RECEIPT = {
    "number": "DAAA",
    "receipt_url": URL,
    "begun_at": "2026-11-24T09:00:00+00:00",
    "done_at": "2026-11-24T09:00:30.500000+00:00",
}
DONE_AT = datetime.fromisoformat(RECEIPT["done_at"]).timestamp()


class Backend:
    """The backend as the assistant sees it: nobody has any conversation, and some are erased."""

    def __init__(self):
        self.receipts = {}
        self.is_down = False
        self.asked = []

    @asynccontextmanager
    async def open(self):
        routes = (
            web.get("/api/v1/conversations/{id}/owner", self._tell_owner),
            web.get("/api/v1/conversations/{id}/erasure", self._tell_erasure),
        )
        async with standing_in(*routes) as self.url:
            yield self

    async def _tell_owner(self, _):
        return web.json_response({"owner": "bot", "bot_may_speak": True})

    async def _tell_erasure(self, request):
        id = request.match_info["id"]
        self.asked.append(id)
        if self.is_down or request.headers["Authorization"] != f"Bearer {TOKEN}":
            return web.Response(status=503)
        return web.json_response(self.receipts[id]) if id in self.receipts else web.Response(status=404)


@pytest.fixture
async def backend():
    async with Backend().open() as backend:
        yield backend


@pytest.fixture
async def chat(agent, backend):
    """The address of a chat that knows the backend."""
    settings = {"signing_key": KEY, "cors_origins": ORIGIN, "service_token": TOKEN}
    async with serving(agent, WebInput.from_credentials({**settings, "backend_url": backend.url})) as url:
        yield url


def erase(agent, backend, session, **receipt):
    """Lets a conversation be erased as the backend has it done, and gives its id."""
    conversation_id = Seal(KEY).conversation_id(session["token"])
    erase_tracker(agent.tracker_store, conversation_id)
    backend.receipts[conversation_id] = RECEIPT | receipt
    return conversation_id


async def remembered(agent, conversation_id):
    return await agent.tracker_store.retrieve_full_tracker(conversation_id)


async def test_an_open_chat_shows_the_receipt_in_the_place_of_the_conversation(chat):
    async with Browser(chat) as tab:
        session, _ = await tab.open()
        confirmed = asyncio.get_running_loop().create_future()
        tab.on("session_confirm", confirmed.set_result)
        body = {"conversation_id": Seal(KEY).conversation_id(session["token"]), "receipt_url": URL}
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
            http.post(f"{chat}/webhooks/web/receipts", json=body) as response,
        ):
            assert response.status == 200
        told = await asyncio.wait_for(confirmed, timeout=30)
        assert texts(told["history"]) == ERASED
        assert told["history"][0]["custom"] == {"type": "link", "title": "Se kvitteringen", "url": URL}
        assert told["after"] is None


async def test_who_comes_back_is_told_as_often_as_they_come_and_nothing_is_begun(agent, backend, chat):
    async with Browser(chat) as tab:
        session, said = await tab.open()
    conversation_id = erase(agent, backend, session)
    for _ in range(2):
        async with Browser(chat) as tab:
            told = await tab.session(session["token"], after=said[-1]["id"])
            assert texts(told["history"]) == ERASED
            assert told["history"][0]["at"] == DONE_AT
            assert (told["after"], Seal(KEY).conversation_id(told["token"])) == (None, conversation_id)
    assert await remembered(agent, conversation_id) is None


async def test_who_comes_back_too_early_is_told_that_it_is_under_way(agent, backend, chat):
    async with Browser(chat) as tab:
        session, _ = await tab.open()
        erase(agent, backend, session, done_at=None)
        told = await tab.session(session["token"])
        assert texts(told["history"]) == ["Jeg sletter. DAAA"]


async def test_what_is_written_afterwards_is_a_new_beginning(agent, backend, chat):
    async with Browser(chat) as tab:
        session, _ = await tab.open()
        erase(agent, backend, session)
        await tab.session(session["token"])
        assert (await tab.write("ja"))["ok"]
        assert texts(await tab.hear(3)) == [*INTRODUCTION, "Så starter vi."]
        again = await tab.session(session["token"])
        assert texts(again["history"]) == [*INTRODUCTION, "ja", "Så starter vi."]


async def test_a_button_from_before_begins_nothing_when_it_is_sent_again(agent, backend, chat):
    async with Browser(chat) as tab:
        session, said = await tab.open()
        conversation_id = erase(agent, backend, session)
        confirmed = asyncio.get_running_loop().create_future()
        tab.on("session_confirm", confirmed.set_result)
        assert await tab.click(said[-1]["buttons"][0]) == {"ok": True}
        assert texts((await asyncio.wait_for(confirmed, timeout=30))["history"]) == ERASED
    assert await remembered(agent, conversation_id) is None


@pytest.mark.parametrize("is_down", [False, True])
async def test_a_conversation_of_which_no_erasure_is_known_begins_as_any_other(agent, backend, chat, is_down):
    async with Browser(chat) as tab:
        session, _ = await tab.open()
        erase(agent, backend, session)
        backend.receipts, backend.is_down = {}, is_down
        assert (await tab.session(session["token"]))["history"] == []
        assert texts(await tab.hear(2)) == INTRODUCTION


async def test_an_answer_that_is_none_of_the_backends_keeps_nobody_out(agent, backend, chat):
    async with Browser(chat) as tab:
        session, _ = await tab.open()
        erase(agent, backend, session, begun_at="i går")
        assert (await tab.session(session["token"]))["history"] == []
        assert texts(await tab.hear(2)) == INTRODUCTION


async def test_nobody_is_asked_for_a_new_conversation_or_one_with_something_in_it(backend, chat):
    async with Browser(chat) as tab:
        session, said = await tab.open()
        await tab.click(said[-1]["buttons"][0])
        assert (await tab.session(session["token"]))["resumed"]
    assert backend.asked == []
