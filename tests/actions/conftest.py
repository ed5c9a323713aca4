"""The real dialogue in one process: Rasa's rules and forms, the real actions, a backend in memory."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fake_backend import FakeBackend
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.model_training import train_core
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from actions import backend_client, outbox

ROOT = Path(__file__).parents[2]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeBackend]:
    """The backend that actions meet; their outbox writes to a folder of its own."""
    made = FakeBackend()
    monkeypatch.setenv("DIGISPOR_SERVICE_TOKEN", "test")
    monkeypatch.setenv("DIGISPOR_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(backend_client, "BackendClient", lambda *_: made)
    backend_client.backend.cache_clear()
    outbox.outbox.cache_clear()
    yield made
    backend_client.backend.cache_clear()
    outbox.outbox.cache_clear()


@pytest.fixture
def outbox_folder(fake: FakeBackend, tmp_path: Path) -> Path:
    """Where the outbox keeps what it could not deliver."""
    return tmp_path / "outbox"


class InProcessActions:
    """Stands where Rasa expects the action server's address, and runs the actions themselves."""

    url = "in-process"
    kwargs = {"enable_selective_domain": True}  # noqa: RUF012

    def __init__(self) -> None:
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self.down = False

    async def request(self, json: dict[str, Any], **_: Any) -> Any:
        """Runs one action call as the action server would."""
        if self.down:
            raise ConnectionRefusedError
        # As on the wire: the action gets its own copy.
        return await self._executor.run(copy.deepcopy(json))


@pytest.fixture(scope="session")
def dialogue_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rasa's rules and forms, trained without NLU."""
    folder = tmp_path_factory.mktemp("model")
    files = [str(ROOT / name) for name in ("domain.yml", "config.yml", "data/stories")]
    model = train_core(*files, str(folder))
    assert model
    return Path(model)


@dataclass
class Conversation:
    """A citizen's side of a conversation with the real dialogue."""

    agent: Agent
    actions: InProcessActions
    id: str = "conversation-1"
    messages: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    output: type[CollectingOutputChannel] = CollectingOutputChannel
    metadata: dict[str, Any] = field(default_factory=dict)
    channel: str = "web"

    async def says(
        self,
        text: str,
        intent: str = "nlu_fallback",
        *or_perhaps: str,
        confidence: float = 0.9,
        clauses: dict[str, str] | None = None,
        **entities: Any,
    ) -> str:
        """Writes a message that NLU understood as `intent`, and gives all that was answered.

        Args:
            text: The message.
            intent: What NLU understood.
            or_perhaps: What else it may have been.
            confidence: How sure NLU was.
            clauses: The message's clauses and what each was understood as, if it has several.
            entities: What NLU found in it.
        """
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        names = [intent, *or_perhaps]
        parse_data = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": found,
            "intent_ranking": [{"name": name, "confidence": 0.9} for name in names],
        }
        if clauses:
            parse_data["clauses"] = [
                {"text": clause, "intent": {"name": name, "confidence": 0.9}}
                for clause, name in clauses.items()
            ]
        return await self._send(text, parse_data)

    async def clicks(self, title: str) -> str:
        """Clicks a button of the last message that had one with this title."""
        for message in reversed(self.messages):
            for button in message.get("buttons", []):
                if button["title"] == title:
                    return await self._send(button["payload"], None)
        raise AssertionError(f"no button {title!r}; there are {self.buttons}")

    async def _send(self, text: str, parse_data: Any) -> str:
        self.count += 1
        output = self.output()
        message_id = f"message-{self.count}"
        message = UserMessage(text, output, self.id, parse_data, self.channel, message_id, self.metadata)
        await self.agent.processor.handle_message(message)
        self.messages = output.messages
        return self.text

    @property
    def text(self) -> str:
        """The text of the last answers."""
        return "\n".join(message["text"] for message in self.messages if "text" in message)

    @property
    def last_text(self) -> str:
        """The text of the last answer that has one."""
        return [message["text"] for message in self.messages if "text" in message][-1]

    @property
    def buttons(self) -> list[str]:
        """The titles of the buttons in the last answers."""
        return [button["title"] for message in self.messages for button in message.get("buttons", [])]

    @property
    def custom(self) -> list[dict[str, Any]]:
        """The custom payloads of the last answers."""
        return [message["custom"] for message in self.messages if "custom" in message]

    async def tracker(self) -> DialogueStateTracker:
        """What Rasa remembers."""
        return await self.agent.processor.get_tracker(self.id)

    async def form(self) -> str | None:
        """The form under way."""
        return (await self.tracker()).active_loop_name

    async def slot(self, name: str) -> Any:
        """A slot's value."""
        return (await self.tracker()).get_slot(name)


@pytest.fixture(scope="session")
def actions_in_process() -> InProcessActions:
    """The action server's place."""
    return InProcessActions()


@pytest.fixture(scope="session")
def agent(dialogue_model: Path, actions_in_process: InProcessActions) -> Agent:
    """Rasa, loaded once: it takes longer than a conversation."""
    responses = EndpointConfig(type="bot.nlg.MunicipalResponses")
    return Agent.load(str(dialogue_model), generator=responses, action_endpoint=actions_in_process)


@pytest.fixture
def citizen(agent: Agent, actions_in_process: InProcessActions, fake: FakeBackend) -> Conversation:
    """A citizen who has not said anything yet."""
    actions_in_process.down = False
    agent.processor.tracker_store = InMemoryTrackerStore(agent.domain)
    return Conversation(agent, actions_in_process)
