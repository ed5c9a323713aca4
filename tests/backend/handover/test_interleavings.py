"""Whatever citizens, the assistant, caseworkers and crashes do, and in whatever order.

Never two owners, never a word of the assistant's own while a person is there, never a lost message.
The service and the database are the real ones. The assistant is a fake whose turns have a beginning, where it
asks who owns the conversation, and an end, where it speaks; in between it holds the conversation.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backend.handover.door import BotUnavailable, Said
from backend.handover.ownership import Owner, Reason
from backend.handover.tables import DeskMessage, MessageState
from backend.problems import Conflict, NotFound
from backend.settings import Settings
from tests.backend.conftest import MovableClock
from tests.backend.databases import PostgresDatabases, SqliteFiles
from tests.backend.handover.conftest import ANNA, BO, FakeBot, Office

COLLEAGUES = {"anna": ANNA, "bo": BO}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            "ask turn_begins turn_ends turn_begins turn_ends reserve silence confirm reserve silence confirm "
            "write write hand_back end transfer leave deliver deliver lose_answers crash upkeep wait".split()
        ),
        st.sampled_from(sorted(COLLEAGUES)),
        st.sampled_from(["c1", "c1", "c1", "c2"]),
        st.sampled_from([1, 5, 16, 70]),
    ),
    min_size=10,
    max_size=40,
)


def order(steps: str, seconds: int = 5) -> list[tuple[str, str, str, int]]:
    """Anna's steps in the first conversation."""
    return [(name, "anna", "c1", seconds) for name in steps.split()]


class BusyBot(FakeBot):
    """An assistant whose turns take time."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.held: set[str] = set()

    async def say(self, message: DeskMessage) -> Said:
        if message.conversation_id in self.held:
            raise BotUnavailable("busy")
        return await super().say(message)


class World:
    """All that happens, one step at a time."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.bot = BusyBot(office)
        self.pending: dict[tuple[str, str], str] = {}
        self.written: dict[str, list[str]] = {"c1": [], "c2": []}
        self.words: dict[str, list[str]] = {"c1": [], "c2": []}
        self.count = 0

    async def begin(self) -> None:
        office = self.office
        office.bot = office.desk._bot = office.delivery._bot = self.bot
        await office.there(ANNA, BO)
        for conversation in ("c1", "c2"):
            await office.ask(conversation)

    async def step(self, name: str, login: str, conversation: str, seconds: int) -> None:
        self.count += 1
        try:
            await getattr(self, f"_{name}")(login, conversation, seconds)
        except (Conflict, NotFound):
            return

    async def _ask(self, login: str, conversation: str, seconds: int) -> None:
        await self.office.ask(conversation, Reason.CRISIS if seconds == 1 else Reason.ASKED)

    async def _turn_begins(self, login: str, conversation: str, seconds: int) -> None:
        if conversation not in self.bot.held:
            self.bot.held.add(conversation)
            self.words[conversation].append(f"words-{self.count}")
            self.bot.heard(conversation).append(("citizen", f"words-{self.count}"))
            await self.bot.settle(conversation)

    async def _turn_ends(self, login: str, conversation: str, seconds: int) -> None:
        if conversation in self.bot.held:
            if conversation not in self.bot.silent:
                owner, _ = await self.office.owner(conversation)
                assert owner is not Owner.CASEWORKER, "the assistant talked over a person"
                self.bot.heard(conversation).append(("bot", "an answer"))
            self.bot.held.remove(conversation)

    async def _reserve(self, login: str, conversation: str, seconds: int) -> None:
        async with self.office.desk.changing(COLLEAGUES[login]) as service:
            await service.reserve(conversation)
        self.pending[login, conversation] = "reserved"

    async def _silence(self, login: str, conversation: str, seconds: int) -> None:
        # It waits for the turn under way; here that means that it is not done yet.
        for (login, conversation), stage in list(self.pending.items()):
            if stage == "reserved" and conversation not in self.bot.held:
                await self.bot.silence(conversation)
                self.pending[login, conversation] = "silenced"

    async def _confirm(self, login: str, conversation: str, seconds: int) -> None:
        for login, conversation in [taker for taker, stage in self.pending.items() if stage == "silenced"]:
            del self.pending[login, conversation]
            async with self.office.desk.changing(COLLEAGUES[login]) as service:
                await service.take(
                    conversation, key=f"take-{self.count}-{conversation}", announced=seconds == 1
                )
            assert conversation in self.bot.silent

    async def _crash(self, login: str, conversation: str, seconds: int) -> None:
        self.pending.clear()

    async def _write(self, login: str, conversation: str, seconds: int) -> None:
        text = f"written-{self.count}"
        async with self.office.desk.changing(COLLEAGUES[login]) as service:
            await service.write(conversation, text, key=text)
        self.written[conversation].append(text)

    async def _hand_back(self, login: str, conversation: str, seconds: int) -> None:
        async with self.office.desk.changing(COLLEAGUES[login]) as service:
            await service.hand_back(conversation, "", key=f"back-{self.count}")

    async def _end(self, login: str, conversation: str, seconds: int) -> None:
        async with self.office.desk.changing(COLLEAGUES[login]) as service:
            await service.end(conversation, None, key=f"end-{self.count}")

    async def _transfer(self, login: str, conversation: str, seconds: int) -> None:
        other = "bo" if login == "anna" else "anna"
        async with self.office.desk.changing(COLLEAGUES[login]) as service:
            await service.transfer(conversation, other, key=f"transfer-{self.count}")

    async def _leave(self, login: str, conversation: str, seconds: int) -> None:
        async with self.office.citizens() as service:
            await service.leave(conversation)

    async def _deliver(self, login: str, conversation: str, seconds: int) -> None:
        await self.office.delivery.say_all()

    async def _lose_answers(self, login: str, conversation: str, seconds: int) -> None:
        self.bot.loses_answers = True
        await self.office.delivery.say_all()
        self.bot.loses_answers = False

    async def _upkeep(self, login: str, conversation: str, seconds: int) -> None:
        await self.office.delivery.keep_true()

    async def _wait(self, login: str, conversation: str, seconds: int) -> None:
        self.office.clock.advance(seconds=seconds)
        # One of the two stays; the other's browser may be lost.
        await self.office.there(ANNA)

    async def check(self) -> None:
        """What must hold after each step."""
        for conversation in ("c1", "c2"):
            handovers = await self.office.handovers(conversation)
            still_open = [one for one in handovers if one.state != "closed"]
            assert len(still_open) <= 1
            owner, may_speak = await self.office.owner(conversation)
            assert (owner is Owner.CASEWORKER) == any(one.owner is not None for one in handovers)
            if owner is Owner.CASEWORKER:
                assert not may_speak
                assert conversation in self.bot.silent or conversation in self.bot.held

    async def end(self) -> None:
        """Everything calms down: then everything has been said, once and in order."""
        self.bot.held.clear()
        for _ in range(3):
            self.office.clock.advance(seconds=40)
            await self.office.delivery.say_all()
        for conversation, written in self.written.items():
            heard = self.bot.heard(conversation)
            assert [text for _, text in heard if text.startswith("written")] == written
            assert [text for who, text in heard if who == "citizen"] == self.words[conversation]
            states = {one.state for one in await self.office.messages(conversation)}
            assert states <= {MessageState.SENT, MessageState.DROPPED}


@pytest.fixture(scope="module")
def new_office(
    databases: SqliteFiles | PostgresDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Office]:
    """Makes an office with a database of its own."""

    def make() -> Office:
        folder: Path = tmp_path_factory.mktemp("office")
        clock = MovableClock()
        clock.advance(hours=1)
        secrets: dict[str, Any] = dict.fromkeys(
            ("service_token", "signing_key", "console_secret", "contact_key"), "x" * 32
        )
        told = Settings(_env_file=None, data_dir=folder, database_url=databases.make(folder), **secrets)
        return Office(told, clock)

    return make


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
@example(order("reserve silence turn_begins confirm turn_ends write"))
@example(order("turn_begins reserve silence confirm turn_ends silence confirm turn_begins write turn_ends"))
@example(order("reserve silence crash wait upkeep turn_begins turn_ends confirm write", seconds=16))
@example(order("reserve silence confirm write lose_answers write hand_back turn_begins turn_ends deliver"))
@example(order("reserve silence confirm transfer turn_begins write turn_ends end wait deliver", seconds=70))
def test_no_order_of_events_breaks_a_handover(
    new_office: Callable[[], Office], steps: list[tuple[str, str, str, int]]
) -> None:
    office = new_office()

    async def live() -> None:
        world = World(office)
        await world.begin()
        for step in steps:
            await world.step(*step)
            await world.check()
        await world.end()
        await office.database.dispose()

    asyncio.run(live())
