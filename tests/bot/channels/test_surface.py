"""What Rasa's server shows to the outside: the channels, and nothing of Rasa's own."""

import asyncio
import json

import aiohttp
import pytest
import socketio

from bot.channels.rest import RestInput
from bot.channels.seal import Seal
from bot.channels.surface import HEADERS, MAX_MESSAGE_BYTES
from bot.channels.web import WebInput
from tests.bot.rasa_server import serving

ORIGIN = "http://kommune.test"
SETTINGS = {
    "signing_key": "a signing key long enough for tests",
    "cors_origins": ORIGIN,
    "service_token": "a-service-token",
}


@pytest.fixture
def channels():
    return WebInput.from_credentials(SETTINGS), RestInput("a-rest-token", Seal(SETTINGS["signing_key"]))


async def answer_to(url, method="GET", **options):
    async with aiohttp.ClientSession() as session, session.request(method, url, **options) as answer:
        return answer.status, answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/status"),
        ("GET", "/version"),
        ("GET", "/domain"),
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("POST", "/model/train"),
        ("POST", "/model/parse"),
        ("GET", "/conversations/abc/tracker"),
        ("POST", "/conversations/abc/execute"),
        ("POST", "/webhooks/web/webhook"),
    ],
)
async def test_rasas_own_http_api_is_not_there(agent, channels, method, path):
    async with serving(agent, *channels) as url:
        status, _ = await answer_to(url + path, method, json={})
    assert status == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/webhooks/web/", 200),
        ("POST", "/webhooks/rest/webhook", 401),
        ("GET", "/nothing/here", 404),
        ("POST", "/webhooks/web/", 405),
        ("GET", "/socket.io/?EIO=4&transport=polling", 200),
        ("GET", "/socket.io/?EIO=4&transport=polling&sid=nobody", 400),
    ],
)
async def test_every_answer_has_the_headers(agent, channels, method, path, status):
    async with serving(agent, *channels) as url:
        answered, headers = await answer_to(url + path, method)
    assert answered == status
    assert {name: headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/webhooks/web/announcements"])
async def test_a_body_larger_than_anybody_writes_is_refused_before_it_is_read(agent, channels, path):
    async with serving(agent, *channels) as url:
        status, _ = await answer_to(url + path, "POST", data=b"x" * (MAX_MESSAGE_BYTES + 1))
    assert status == 413


@pytest.mark.parametrize(
    "packet",
    ['59-["user_uttered",{"_placeholder":true,"num":0}]', '69-0[{"_placeholder":true}]', '2999-["x"]'],
)
async def test_a_message_that_announces_attachments_is_kept_nowhere(agent, packet):
    channel = WebInput.from_credentials(SETTINGS)
    async with serving(agent, channel) as url:
        server = channel.get_output_channel()._sio
        async with (
            aiohttp.ClientSession(headers={"Origin": ORIGIN}) as session,
            session.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket") as line,
        ):
            await line.receive()
            await line.send_str("40")
            await line.receive()
            await line.send_str(f"4{packet}")
            await line.send_bytes(b"5" * 1000)
            # The server reads in order: once this is answered, the others were read.
            await line.send_str('421["user_typing",{}]')
            answered = json.loads((await asyncio.wait_for(line.receive(), 30)).data.removeprefix("431"))
        assert answered == [{"ok": True, "seen": False}]
        assert server._binary_packet == {}


async def test_a_line_waits_for_one_ping_however_often_it_says_that_it_is_there(agent):
    async with (
        serving(agent, WebInput.from_credentials(SETTINGS)) as url,
        aiohttp.ClientSession(headers={"Origin": ORIGIN}) as session,
        session.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket") as line,
    ):
        await line.receive()
        await line.send_str("40")
        await line.receive()
        before = len(asyncio.all_tasks())
        for _ in range(500):
            await line.send_str("3")
        # The server reads in order: once this is answered, the others were read.
        await line.send_str('421["user_typing",{}]')
        await asyncio.wait_for(line.receive(), 30)
        assert len(asyncio.all_tasks()) < before + 10


async def test_a_line_is_asked_again_and_again_whether_it_is_there(agent, monkeypatch):
    channel = WebInput.from_credentials(SETTINGS)
    async with serving(agent, channel) as url:
        monkeypatch.setattr(channel.get_output_channel()._sio.eio, "ping_interval", 0.05)
        async with (
            aiohttp.ClientSession(headers={"Origin": ORIGIN}) as session,
            session.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket") as line,
        ):
            await line.receive()
            for _ in range(3):
                assert (await asyncio.wait_for(line.receive(), 30)).data == "2"
                await line.send_str("3")


async def test_a_client_still_speaks_with_the_chat_in_text(agent):
    async with serving(agent, WebInput.from_credentials(SETTINGS)) as url:
        client = socketio.AsyncClient(reconnection=False)
        await client.connect(url, headers={"Origin": ORIGIN})
        assert await client.call("user_uttered", {"id": "m1", "text": "ja"}, timeout=30) == {
            "ok": False,
            "error": "no-session",
        }
        await client.disconnect()
