"""What Rasa publishes is what the backend reads: the real broker against the real backend."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.events import ConversationPaused
from rasa.utils.endpoints import EndpointConfig

from bot.channels.citizen_message import CitizenMessage
from bot.channels.intake import Intake
from bot.channels.sms.deliveries import Deliveries
from bot.channels.sms.messages import Incoming, State
from bot.channels.sms.store import SmsStore
from bot.events.sender import EventsEndpoint
from bot.events.spool import Spool
from tests.bot.rasa_server import Listener, load_agent, train_small_assistant

Transcript = dict[str, Any]
Publishing = Callable[[str], AbstractAsyncContextManager[Agent]]
ReadUntil = Callable[[Callable[[Transcript], bool]], Awaitable[Transcript]]


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(train_small_assistant(tmp_path_factory.mktemp("model")))


@pytest.fixture
def conversation_id() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def publishing(small_model: str, tmp_path: Path, service_token: str) -> Publishing:
    """An agent that publishes what happens to a backend, as Rasa makes it from endpoints.yml."""

    @asynccontextmanager
    async def publishing(backend_url: str) -> AsyncIterator[Agent]:
        config = {
            "type": "bot.events.broker.SpoolingEventBroker",
            "url": backend_url,
            "token": service_token,
            "spool": str(tmp_path / "events.db"),
        }
        broker = await EventBroker.create(EndpointConfig.from_dict(config))
        try:
            yield load_agent(small_model, tmp_path / "rasa.db", event_broker=broker)
        finally:
            await broker.close()

    return publishing


@pytest.fixture
async def read_until(backend_url: str, conversation_id: str, service_token: str) -> AsyncIterator[ReadUntil]:
    """Reads the transcript once it is complete; events arrive beside the conversation."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {service_token}"}) as session:

        async def read_until(is_complete: Callable[[Transcript], bool]) -> Transcript:
            for _ in range(300):
                async with session.get(f"{backend_url}/api/v1/conversations/{conversation_id}") as response:
                    transcript: Transcript = await response.json()
                if response.ok and is_complete(transcript):
                    return transcript
                await asyncio.sleep(0.1)
            raise AssertionError("the transcript did not become complete")

        yield read_until


async def say(agent: Agent, message: CitizenMessage) -> None:
    async with Intake(lambda: agent).conversation(message.conversation_id) as conversation:
        await conversation.take(message, Listener())


def said(transcript: Transcript) -> list[tuple[str, str]]:
    return [(turn["speaker"], turn["text"]) for turn in transcript["turns"]]


CONVERSATION = [
    ("bot", "Hej, jeg er en robot."),
    ("bot", "Skal vi gå i gang?"),
    ("citizen", "Ja, lad os starte"),
    ("bot", "Så starter vi."),
    ("citizen", "et menneske, nummer [CPR-nummer fjernet]"),
    ("bot", "Noget gik galt hos os."),
    ("citizen", ""),
    ("bot", "Din besked var tom."),
]


async def hold_conversation(agent: Agent, conversation_id: str) -> None:
    await say(agent, CitizenMessage.clicked(conversation_id, "web", "Ja, lad os starte", "/affirm", "m1"))
    await say(agent, CitizenMessage.typed(conversation_id, "web", "et menneske, nummer 010190-1234"))
    await say(agent, CitizenMessage.typed(conversation_id, "web", " "))


def is_whole(transcript: Transcript) -> bool:
    return len(transcript["turns"]) == len(CONVERSATION)


async def test_a_conversation_with_rasa_is_read_at_the_backend(
    backend_url: str, publishing: Publishing, read_until: ReadUntil, conversation_id: str
) -> None:
    async with publishing(backend_url) as agent:
        await hold_conversation(agent, conversation_id)
        transcript = await read_until(is_whole)
    assert said(transcript) == CONVERSATION
    assert transcript["channel"] == "web"
    clicked = transcript["turns"][2]
    assert (clicked["button"], clicked["intent"], clicked["confidence"]) == ("/affirm", "affirm", 1.0)
    assert transcript["turns"][1]["offered"] == ["Ja, lad os starte", "Sig hej"]
    assert transcript["turns"][1]["action"] == "utter_shall_we_start"


async def test_what_was_said_while_the_backend_was_away_is_read_when_it_is_back(
    backend_url: str, publishing: Publishing, read_until: ReadUntil, conversation_id: str
) -> None:
    # Nobody answers on the discard port.
    async with publishing("http://127.0.0.1:9") as agent:
        await hold_conversation(agent, conversation_id)
    async with publishing(backend_url):
        assert said(await read_until(is_whole)) == CONVERSATION


async def test_a_takeover_is_seen_at_the_backend(
    backend_url: str, publishing: Publishing, read_until: ReadUntil, conversation_id: str
) -> None:
    async with publishing(backend_url) as agent:
        await say(agent, CitizenMessage.typed(conversation_id, "web", "goddag"))
        tracker = await agent.tracker_store.retrieve(conversation_id)
        tracker.update(ConversationPaused())
        await agent.tracker_store.save(tracker)
        await read_until(lambda transcript: bool(transcript["status"] == "handed_over"))


async def test_the_backend_takes_how_far_an_answer_by_sms_has_come(
    backend_url: str, service_token: str, conversation_id: str, tmp_path: Path
) -> None:
    store, spool = SmsStore(tmp_path / "sms.db"), Spool(tmp_path / "events.db")
    message = Incoming("m1", conversation_id, "hej", 1.0)
    store.take_in(message)
    store.answered(message, [("Hej", 1)])
    store.begin_attempt("m1-0", 0)
    store.end_attempt("m1-0", State.SENT)
    Deliveries(store, spool).hand_over()
    (event,) = spool.oldest(10, 100_000)
    # Raises what the sender would meet if the backend did not take it.
    await EventsEndpoint(backend_url, service_token).post([event])
    store.close()
    spool.close()
