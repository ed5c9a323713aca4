"""Both sides as they run: after an erasure no byte of it is left in any file, log or queue of either."""

import asyncio
import os
import re
import secrets
import sqlite3
import subprocess
import time
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from actions.attempts import Attempts
from actions.backend_client import BackendClient
from bot.channels.backend import Backend
from bot.channels.citizen_message import CitizenMessage
from bot.channels.erasure import ErasureInput
from bot.channels.intake import Intake
from bot.channels.links import OneTimeLinks
from bot.channels.receipts import Receipts
from bot.channels.web import WebInput
from bot.events.broker import SpoolingEventBroker
from bot.events.sender import EventsEndpoint
from bot.events.spool import Spool
from tests.bot.rasa_server import Listener, free_port, load_agent, serving, train_small_assistant
from tests.contract.conftest import PYTHON, ROOT, TOKEN, wait_until_ready

WAIT_SECONDS = 60
SECRET = "zyxkvark"
CONVERSATION = "c0de0000-1111-4222-8333-444455556666"
OTHER = "0ther000-1111-4222-8333-444455556666"
SIGNING_KEY = secrets.token_urlsafe(32)


@pytest.fixture(scope="module")
def small_model(tmp_path_factory):
    return train_small_assistant(tmp_path_factory.mktemp("model"))


class House:
    """A data directory, a backend process that can be killed, and a Rasa that can be away."""

    def __init__(self, folder: Path, model: str) -> None:
        self.folder = folder
        (folder / "outbox").mkdir()
        self._model = model
        self._rasa_port, self._backend_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self._backend_port}"
        self._environment = {
            **os.environ,
            "DIGISPOR_DATA_DIR": str(folder),
            "DIGISPOR_DATABASE_URL": "",
            "DIGISPOR_BACKEND_PORT": str(self._backend_port),
            "DIGISPOR_RASA_URL": f"http://127.0.0.1:{self._rasa_port}",
            "DIGISPOR_PUBLIC_URL": self.url,
            "DIGISPOR_SERVICE_TOKEN": TOKEN,
            "DIGISPOR_SIGNING_KEY": SIGNING_KEY,
            "DIGISPOR_CONSOLE_SECRET": secrets.token_urlsafe(32),
            "DIGISPOR_CONTACT_KEY": secrets.token_urlsafe(32),
            "DIGISPOR_DEMO_PASSWORD": secrets.token_urlsafe(16),
        }
        self._backend: subprocess.Popen[bytes] | None = None

    def client(self) -> BackendClient:
        return BackendClient(self.url, TOKEN, Attempts(self.folder / "attempts.db"))

    def set_up(self) -> None:
        for module in (["backend.db", "upgrade"], ["backend.demo"]):
            subprocess.run([PYTHON, "-m", *module], cwd=ROOT, env=self._environment, check=True)

    def start_backend(self) -> None:
        with (self.folder / "backend.log").open("ab") as log:
            self._backend = subprocess.Popen(
                [PYTHON, "-m", "backend"], cwd=ROOT, env=self._environment, stderr=log
            )
        wait_until_ready(f"{self.url}/health/ready", self._backend)

    def kill_backend(self) -> None:
        assert self._backend is not None
        self._backend.kill()
        self._backend.wait()

    @asynccontextmanager
    async def rasa(self):
        broker = SpoolingEventBroker(Spool(self.folder / "events.db"), EventsEndpoint(self.url, TOKEN))
        broker.start()
        agent = load_agent(self._model, self.folder / "rasa.db", broker)
        links = str(self.folder / "links.db")
        web = {"signing_key": SIGNING_KEY, "cors_origins": "*", "service_token": TOKEN, "links": links}
        files = {name: str(self.folder / f"{name}.db") for name in ("sms", "links")}
        files |= {"spool": str(self.folder / "events.db"), "outbox": str(self.folder / "outbox")}
        erasure = {**files, "backend_url": self.url, "service_token": TOKEN}
        channels = WebInput.from_credentials(web), ErasureInput.from_credentials(erasure)
        async with serving(agent, *channels, port=self._rasa_port):
            yield agent
        await broker.close()

    async def refuse(self, conversation_id: str, text: str) -> None:
        """Lets a citizen say something of which the backend takes no event."""
        spool = Spool(self.folder / "events.db")
        unsent = SpoolingEventBroker(spool, EventsEndpoint(self.url, TOKEN))
        await speak(load_agent(self._model, self.folder / "rasa.db", unsent), conversation_id, text)
        for event in spool.oldest(1000, 10**6):
            spool.set_aside(event, "HTTP 422")
        spool.close()

    def age(self, days: int) -> None:
        """Lets everything that the assistant has heard be so much longer ago."""
        past = f"json_extract({{0}}, '{{1}}') - {days * 86_400}"
        for file, statement in (
            ("rasa.db", "UPDATE events SET timestamp = timestamp - {0}, data = {1}"),
            ("events.db", "UPDATE set_aside SET set_aside_at = set_aside_at - {0}, body = {2}"),
        ):
            data = f"json_set(data, '$.timestamp', {past.format('data', '$.timestamp')})"
            body = f"json_set(body, '$.event.timestamp', {past.format('body', '$.event.timestamp')})"
            with closing(sqlite3.connect(self.folder / file)) as connection, connection:
                connection.execute(statement.format(days * 86_400, data, body))

    async def retention(self, *arguments: str) -> str:
        """What the command for deletion says."""
        command = [PYTHON, "-m", "backend.retention", *arguments]
        done = await asyncio.to_thread(
            subprocess.run, command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, check=True
        )
        return done.stdout.decode()

    def files_with(self, words: str) -> list[str]:
        everything = [path for path in self.folder.rglob("*") if path.is_file()]
        return sorted(path.name for path in everything if words.encode() in path.read_bytes())


@pytest.fixture
def house(tmp_path, small_model):
    made = House(tmp_path, small_model)
    made.set_up()
    made.start_backend()
    yield made
    made.kill_backend()


async def until(condition):
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if found := await condition():
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come about")


async def speak(agent, conversation_id, text):
    message = CitizenMessage.typed(conversation_id, "web", text, f"m{time.time_ns()}x")
    async with Intake(lambda: agent).conversation(conversation_id) as conversation:
        await conversation.take(message, Listener())


async def leave_traces(client, agent, house, conversation_id, words):
    """Lets a citizen say and answer something, until the backend has all of it."""
    await speak(agent, conversation_id, f"jeg er ikke {words}")
    citizen = await client.get_or_create_citizen(conversation_id, "web", f"{conversation_id}:m1:citizen")
    await client.wish_occupation(citizen.id, f"{words} i et lager", f"{conversation_id}:m2:wish")
    assessment = await client.start_assessment(citizen.id, f"{conversation_id}:m3:start")
    while assessment.current_item:
        item = assessment.current_item.id
        assessment = await client.answer(assessment.id, item, 1, f"{conversation_id}:{item}:answer")
    (placement,) = await client.placements(citizen.id)
    await client.dispute(placement.id, f"{words} uenig", f"{conversation_id}:m4:dispute")
    await client.flag(conversation_id, "human_requested", f"{conversation_id}:m5:flag")
    links = OneTimeLinks(house.folder / "links.db")
    links.issue(conversation_id, time.time())
    links.close()

    async def has_arrived():
        turns = (await client._get(f"/conversations/{conversation_id}"))["turns"]
        return any(words in turn["text"] for turn in turns)

    await until(has_arrived)


async def begin(client):
    request = await client.ask_for_right(CONVERSATION, "erasure", "web", f"{CONVERSATION}:m8:right")
    assert (request.identity, request.is_identified) == ("session", True)
    return await client.begin_erasure(request.id, None, None, f"{CONVERSATION}:m9:erase")


async def done(client, number):
    async def is_done():
        return (await client._get(f"/erasures/{number}"))["done_at"]

    await until(is_done)


async def gone(house, words):
    async def is_gone():
        return house.files_with(words) == []

    await until(is_gone)


async def test_no_byte_is_left_of_what_one_said_and_everything_of_another(house):
    client = house.client()
    async with house.rasa() as agent:
        await leave_traces(client, agent, house, CONVERSATION, SECRET)
        await leave_traces(client, agent, house, OTHER, "bevaret")
        assert {"digispor.db-wal", "rasa.db"} & set(house.files_with(SECRET))
        begun = await begin(client)
        await done(client, begun.number)
        assert house.files_with(SECRET) == []
        receipts = Receipts(Backend(house.url, TOKEN))
        receipt = await receipts.of(CONVERSATION)
        assert receipt is not None
        assert receipt.done_at is not None
        assert (receipt.number, receipt.url) == (begun.number, f"{house.url}/kvittering/{begun.number}")
        assert await receipts.of(OTHER) is None
        # The receipt forgets whose it was when the citizen has been told.
        await gone(house, CONVERSATION)
        kept = (await client._get(f"/conversations/{OTHER}"))["turns"]
        assert any("bevaret" in turn["text"] for turn in kept)
    await client.close()


async def test_what_the_backend_has_refused_is_deleted_when_its_time_is_up(house):
    await house.refuse(CONVERSATION, f"jeg er ikke {SECRET}")
    house.age(days=300)
    await house.refuse(OTHER, "bevaret")
    assert {"events.db", "rasa.db"} <= set(house.files_with(SECRET))
    async with house.rasa():
        told = await house.retention()
        assert re.search(r"Samtaler +1 +\(6 måneder\)$", told, re.M), told
        done = await house.retention("--now")
        assert re.search(r"Samtaler +1 +\(6 måneder\)$", done, re.M), done
    assert house.files_with(SECRET) == []
    assert {"events.db", "rasa.db"} & set(house.files_with(CONVERSATION)) == set()
    assert {"events.db", "rasa.db"} <= set(house.files_with("bevaret"))


async def test_a_killed_process_is_no_reason_to_keep_anything(house):
    client = house.client()
    async with house.rasa() as agent:
        await leave_traces(client, agent, house, CONVERSATION, SECRET)
    # Rasa is away, so that the erasure stands half-way when the backend goes.
    begun = await begin(client)
    house.kill_backend()
    house.start_backend()
    assert (await client._get(f"/erasures/{begun.number}"))["done_at"] is None
    assert house.files_with(SECRET)
    async with house.rasa():
        house.kill_backend()
        house.start_backend()
        await done(client, begun.number)
        await gone(house, SECRET)
    await client.close()
