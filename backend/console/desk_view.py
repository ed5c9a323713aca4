"""What stands on the desk's pages: the queue, the caseworker's own conversations, and the open one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from backend.booking.opening_hours import OpeningHours
from backend.booking.tables import Booking
from backend.console import desk_words
from backend.console.browser import caseworker_of
from backend.console.rights import Right
from backend.console.rooms import Rooms
from backend.handover.colleague import Colleague
from backend.handover.desk_reading import DeskReading
from backend.handover.ownership import HandoverState, Reason
from backend.handover.pulses import token
from backend.handover.repository import ownership_of
from backend.handover.tables import CallRequest, DeskMessage, DeskPresence, Handover, HandoverEvent
from backend.keys import CLOCK, MUNICIPALITY
from backend.placements.tables import Placement
from backend.privacy.tombstones import is_stub
from backend.problems import NotFound
from backend.transcripts.listing import Summary
from backend.transcripts.tables import ConversationTurn

ENTRIES_SHOWN = 40
"""How much of what was said stands on the page at first; the rest is a link away."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A citizen in the queue, and the name of the colleague who is about to take them, if any."""

    handover: Handover
    reserved_by: str | None

    @property
    def is_crisis(self) -> bool:
        """Whether there was a sign of crisis."""
        return self.handover.reason == Reason.CRISIS


@dataclass(frozen=True, slots=True)
class Lists:
    """The queue, the numbers to call and the caseworker's own conversations.

    Attributes:
        waiting: Who waits, who is to be answered first coming first.
        own: The caseworker's conversations, the oldest first.
        unanswered: How many messages wait for an answer, by conversation of the caseworker's.
        calls: The numbers that nobody has called yet.
        names: What the citizens are called who have told it, by conversation.
        now: The moment.
    """

    waiting: list[Waiting]
    own: list[Handover]
    unanswered: Mapping[str, int]
    calls: Sequence[CallRequest]
    names: Mapping[str, str]
    now: datetime

    @property
    def conversation_ids(self) -> set[str]:
        """Whose they are."""
        handovers = [*(one.handover for one in self.waiting), *self.own]
        return {*(one.conversation_id for one in handovers), *(one.conversation_id for one in self.calls)}

    def waited(self, since: datetime) -> str:
        """How long somebody has waited."""
        return desk_words.length(since, self.now)

    @property
    def token(self) -> str:
        """Changes when the lists look otherwise."""
        return token(
            [(one.handover.id, one.handover.version, one.reserved_by) for one in self.waiting],
            [(one.id, one.version, self.unanswered.get(one.conversation_id)) for one in self.own],
            [one.id for one in self.calls],
            [self.waited(one.handover.asked_at) for one in self.waiting],
            [self.waited(one.asked_at) for one in self.calls],
            sorted(self.names.items()),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in an open conversation: a turn, a colleague's message, or a whisper."""

    at: datetime
    turn: ConversationTurn | None = None
    message: DeskMessage | None = None
    whisper: HandoverEvent | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where an open conversation is shown.

    Attributes:
        turn: Position of the turn that arrived last.
        message: Number of the last message to the citizen.
        whisper: Position of the last whisper.
    """

    turn: int = 0
    message: int = 0
    whisper: int = 0


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """A conversation at the desk.

    Attributes:
        summary: The conversation and its citizen.
        entries: What was said, oldest first.
        handover: The open handover, if any.
        messages: What colleagues wrote to the citizen.
        names: What colleagues are called, by login.
        colleagues: The others who are there and may take it.
        is_to_be_erased: Whether the citizen has asked for that; it is done once nobody has it.
        login: Of the caseworker.
    """

    summary: Summary
    entries: list[Entry]
    handover: Handover | None
    messages: list[DeskMessage]
    names: Mapping[str, str]
    colleagues: list[DeskPresence]
    is_to_be_erased: bool
    login: str
    now: datetime

    @property
    def id(self) -> str:
        """The conversation's."""
        return self.summary.conversation.id

    @property
    def is_mine(self) -> bool:
        """Whether the caseworker has it."""
        return self.handover is not None and self.handover.owner == self.login

    @property
    def holder(self) -> str | None:
        """The name of the colleague who has it or is about to."""
        if self.handover is None or self.is_mine:
            return None
        is_reserved = ownership_of(self.handover).is_reserved(self.now)
        login = self.handover.owner or (self.handover.reserved_by if is_reserved else None)
        return self.names.get(login, login) if login and login != self.login else None

    @property
    def place(self) -> Place:
        """Up to where it is shown."""
        return Place(
            max((one.turn.position for one in self.entries if one.turn), default=0),
            max((one.number for one in self.messages), default=0),
            max((one.whisper.position for one in self.entries if one.whisper), default=0),
        )

    @property
    def states(self) -> str:
        """How far each message has come, in a form that a page sends back."""
        return " ".join(f"{one.number}:{one.state}" for one in self.messages[-ENTRIES_SHOWN:])

    @property
    def standing(self) -> str:
        """Changes when somebody else has it, or it is to be erased."""
        handover = self.handover
        held = handover and (handover.id, handover.state, handover.owner, self.holder)
        return token(held, "erasing") if self.is_to_be_erased else token(held)

    def entries_after(self, shown: Place) -> list[Entry]:
        """What is new to a page."""
        return [
            entry
            for entry in self.entries
            if (entry.turn and entry.turn.position > shown.turn)
            or (entry.message and entry.message.number > shown.message)
            or (entry.whisper and entry.whisper.position > shown.whisper)
        ]

    def moved_messages(self, states: str) -> list[DeskMessage]:
        """The messages that have come further than a page shows."""
        shown = dict(one.split(":", 1) for one in states.split() if ":" in one)
        return [one for one in self.messages if shown.get(str(one.number), one.state) != one.state]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a caseworker should know of a citizen before writing."""

    placement: Placement | None
    track: str
    meeting: Booking | None


def colleague_of(request: web.Request) -> Colleague:
    """The caseworker as the desk knows them."""
    caseworker = caseworker_of(request)
    return Colleague(caseworker.login, caseworker.name, caseworker.teams(Right.WORK_ON_CASES))


def hours_of(request: web.Request) -> OpeningHours:
    """When somebody may be there."""
    return OpeningHours.of(request.config_dict[MUNICIPALITY])


class DeskView:
    """Reads what the pages show, within one transaction."""

    def __init__(self, request: web.Request, rooms: Rooms) -> None:
        self._colleague = colleague_of(request)
        self._now = request.config_dict[CLOCK]()
        self._desk = DeskReading(rooms.handovers, hours_of(request), self._colleague, self._now)
        self._overview = rooms.desk_overview
        self._rooms = rooms

    async def lists(self) -> Lists:
        """The lists."""
        floor, names = await self._desk.floor(), await self._colleague_names()
        waiting = [Waiting(one, self._reserved_by(one, names)) for one, _ in floor.in_order()]
        own, calls = await self._desk.mine(), await self._desk.call_requests()
        unanswered = await self._overview.unanswered(self._colleague.login)
        lists = Lists(waiting, own, unanswered, calls, {}, self._now)
        return replace(lists, names=await self._overview.names(lists.conversation_ids))

    async def conversation(self, conversation_id: str) -> OpenConversation:
        """A conversation.

        Raises:
            NotFound: There is no such conversation, or only what is left of an erased one.
        """
        if is_stub(conversation_id):
            raise NotFound("Nobody is there any more")
        transcript = await self._rooms.transcripts.read(conversation_id)
        handovers = await self._desk.history(conversation_id)
        messages = [one for one in await self._desk.messages(conversation_id) if one.author]
        entries = [
            # What a caseworker wrote is shown as what was sent, with how far it has come.
            *(Entry(one.turn.occurred_at, turn=one.turn) for one in transcript.turns if not one.turn.author),
            *(Entry(one.created_at, message=one) for one in messages),
            *(Entry(one.at, whisper=one) for one in await self._overview.whispers(conversation_id)),
        ]
        return OpenConversation(
            transcript.summary,
            sorted(entries, key=lambda entry: entry.at),
            next((one for one in handovers if one.state != HandoverState.CLOSED), None),
            messages,
            await self._colleague_names(),
            [
                one
                for one in await self._desk.colleagues()
                if one.available and one.scope.covers(transcript.summary.conversation.team_id)
            ],
            await self._rooms.rights.is_to_be_erased(conversation_id),
            self._colleague.login,
            self._now,
        )

    async def profile(self, summary: Summary) -> Profile:
        """A citizen in short."""
        bookings = await self._rooms.bookings.history(summary.citizen.id) if summary.citizen else []
        coming = [one for one in bookings if one.status == "booked" and one.slot.ends_at > self._now]
        names = await self._rooms.track_names()
        track = names.get(summary.placement.track or "", "") if summary.placement else ""
        return Profile(
            summary.placement, track, min(coming, key=lambda one: one.slot.starts_at, default=None)
        )

    async def pulse(self, conversation_id: str | None) -> dict[str, str]:
        """By what an open page knows whether there is something new in each of its parts.

        Raises:
            NotFound: There is no such conversation.
        """
        return (await self._rooms.pulses(conversation_id)).of(self._colleague, conversation_id, self._now)

    async def is_available(self) -> bool:
        """Whether the caseworker takes new conversations."""
        return await self._desk.is_available()

    async def _colleague_names(self) -> dict[str, str]:
        return {one.login: one.name for one in await self._desk.everybody()}

    def _reserved_by(self, handover: Handover, names: Mapping[str, str]) -> str | None:
        if not ownership_of(handover).is_reserved(self._now) or handover.reserved_by == self._colleague.login:
            return None
        return names.get(handover.reserved_by or "", handover.reserved_by)


BOT_ALONE = token(None)
"""The standing of a conversation that nobody has, and nobody is wanted in."""
