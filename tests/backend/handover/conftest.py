"""A desk with a real database, and an assistant that is as silent and as forgetful as it is told to be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from backend.booking.opening_hours import OpeningHours
from backend.db import ContactKeys, Database
from backend.handover.colleague import Colleague
from backend.handover.delivery import DeskDelivery
from backend.handover.desk import Desk
from backend.handover.door import BotDoor, BotUnavailable, CannotBeSaid, Said
from backend.handover.ownership import Owner, Reason
from backend.handover.repository import HandoverRepository
from backend.handover.service import HandoverService, Standing
from backend.handover.tables import DeskMessage, Handover
from backend.municipality import load_municipality
from backend.settings import Settings
from backend.teams.scope import EVERY_TEAM, TeamScope
from backend.transcripts.repository import TranscriptRepository
from tests.backend.conftest import MovableClock

ANNA = Colleague("anna", "Anna Holm", EVERY_TEAM)
BO = Colleague("bo", "Bo Lind", EVERY_TEAM)
ELSEWHERE = Colleague("eva", "Eva Dam", TeamScope(frozenset({"another-team"})))


class FakeBot(BotDoor):
    """The assistant's desk channel: one thing at a time in each conversation, and nothing said twice."""

    def __init__(self, office: "Office") -> None:
        self._office = office
        self.said: dict[str, list[tuple[str, str]]] = {}
        self.silent: set[str] = set()
        self.ids: dict[str, str] = {}
        self.is_down = False
        self.takes_words = True
        self.loses_answers = False
        self.channel = "web"
        self.reports: dict[str, str] = {}

    def heard(self, conversation_id: str) -> list[tuple[str, str]]:
        return self.said.setdefault(conversation_id, [])

    async def settle(self, conversation_id: str) -> tuple[Owner, bool]:
        owner, may_speak = await self._office.owner(conversation_id)
        (self.silent.discard if may_speak else self.silent.add)(conversation_id)
        return owner, may_speak

    async def silence(self, conversation_id: str) -> None:
        if self.is_down:
            raise BotUnavailable("down")
        self.silent.add(conversation_id)

    async def say(self, message: DeskMessage) -> Said:
        if self.is_down:
            raise BotUnavailable("down")
        if not self.takes_words:
            raise CannotBeSaid("no such channel")
        said = await self._say(message)
        if self.loses_answers:
            raise BotUnavailable("the answer was lost")
        return said

    async def _say(self, message: DeskMessage) -> Said:
        if message.id in self.ids:
            return Said(self.ids[message.id], self.channel)
        owner, may_speak = await self.settle(message.conversation_id)
        unanswered = self.heard(message.conversation_id)[-1:] == [("citizen", "?")]
        fits = {
            "always": True,
            "waiting": owner is Owner.WAITING and may_speak,
            "not_taken": may_speak,
            "unanswered": unanswered,
        }
        if not fits[message.only_if]:
            return Said("dropped", None)
        self.ids[message.id] = "sent"
        self.heard(message.conversation_id).append(
            (message.author_name or "notice", message.text or str(message.response))
        )
        return Said("sent", self.channel)

    async def report(self, message_id: str) -> str:
        return self.reports.get(message_id, "sent")


class Office:
    """The desk, the queue and the assistant."""

    def __init__(self, settings: Settings, clock: MovableClock) -> None:
        self.clock = clock
        self.database = Database.from_url(
            settings.resolved_database_url, write_wait_seconds=10, keys=ContactKeys.of(settings)
        )
        self.hours = OpeningHours.of(load_municipality(settings.municipality_path))
        self.bot = FakeBot(self)
        self.desk = Desk(self.database, self.bot, self.hours, clock)
        self.delivery = DeskDelivery(self.database, self.bot, self.hours, clock, self.desk.something_to_say)

    @asynccontextmanager
    async def citizens(self) -> AsyncIterator[HandoverService]:
        async with self.database.write() as work:
            yield HandoverService(
                HandoverRepository(work.session, EVERY_TEAM),
                TranscriptRepository(work.session, EVERY_TEAM),
                self.hours,
                self.clock(),
            )
            await work.commit()

    async def owner(self, conversation_id: str) -> tuple[Owner, bool]:
        async with self.database.read() as work:
            handovers = HandoverRepository(work.session, EVERY_TEAM)
            transcripts = TranscriptRepository(work.session, EVERY_TEAM)
            service = HandoverService(handovers, transcripts, self.hours, self.clock())
            return await service.owner(conversation_id)

    async def ask(self, conversation_id: str, reason: Reason = Reason.ASKED) -> Standing:
        self.clock.advance(seconds=1)
        async with self.citizens() as service:
            return await service.ask(conversation_id, reason, self.clock())

    async def there(self, *colleagues: Colleague, available: bool = True) -> None:
        for colleague in colleagues:
            async with self.desk.changing(colleague) as service:
                await service.be_there(available=available)

    async def queue(self, colleague: Colleague = ANNA) -> list[str]:
        async with self.desk.reading(colleague) as service:
            return [one.conversation_id for one, _ in (await service.floor()).in_order()]

    async def messages(self, conversation_id: str) -> list[DeskMessage]:
        async with self.desk.reading(ANNA) as service:
            return list(await service.messages(conversation_id))

    async def handovers(self, conversation_id: str) -> list[Handover]:
        async with self.desk.reading(ANNA) as service:
            return list(await service.history(conversation_id))

    async def heard(self, conversation_id: str) -> list[tuple[str, str]]:
        await self.delivery.say_all()
        return self.bot.heard(conversation_id)


@pytest.fixture
async def office(settings: Settings, clock: MovableClock) -> AsyncIterator[Office]:
    clock.advance(hours=1)
    made = Office(settings, clock)
    yield made
    await made.database.dispose()
