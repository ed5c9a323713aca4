"""The citizen's side of a handover: asking for a person, waiting, leaving, and what is true meanwhile."""

from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from backend.booking.opening_hours import OpeningHours
from backend.handover import texts
from backend.handover.floor import Floor
from backend.handover.ownership import HandoverState, Outcome, Owner, Ownership, Reason
from backend.handover.problems import NotWaiting
from backend.handover.queue import PastWait, WaitRange, left_to_wait, whole_wait
from backend.handover.repository import HandoverRepository, ownership_of
from backend.handover.tables import CallRequest, EventKind, Handover
from backend.problems import NotFound
from backend.transcripts.repository import TranscriptRepository

FRESH = timedelta(seconds=30)
"""How long after a citizen asked the answer to it still reaches them as an answer."""
_RECENT = timedelta(days=28)
_RECENT_WAITS = 30


class StandingKind(StrEnum):
    """What is true for a citizen who wants a person."""

    OFF = "off"
    """Nobody has ever set themselves available: there is no queue to stand in."""
    NONE = "none"
    """They do not wait."""
    QUEUED = "queued"
    NOBODY = "nobody"
    """Within the opening hours, but nobody is there."""
    CLOSED = "closed"
    WITH_PERSON = "with_person"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a citizen can be told, all of it true at this moment.

    Attributes:
        kind: What is true.
        position: The place in the queue, 1 being the first.
        wait: How long it may take from now.
        passed_on: What the staff have been told; it goes on after "at".
        opens: When there may be somebody again.
        person: Who has the conversation.
    """

    kind: StandingKind
    position: int | None = None
    wait: WaitRange | None = None
    passed_on: str = ""
    opens: str = ""
    person: str = ""


class HandoverService:
    """Handovers as the assistant asks about them, within one transaction."""

    def __init__(
        self,
        handovers: HandoverRepository,
        transcripts: TranscriptRepository,
        hours: OpeningHours,
        now: datetime,
    ) -> None:
        self._handovers = handovers
        self._transcripts = transcripts
        self._hours = hours
        self._now = now

    async def owner(self, conversation_id: str) -> tuple[Owner, bool]:
        """Who owns a conversation, and whether the bot may speak in it."""
        handover = await self._handovers.open(conversation_id)
        if handover is None:
            return Owner.BOT, True
        ownership = ownership_of(handover)
        return ownership.owned_by, ownership.bot_may_speak(self._now)

    async def is_under_way(self, conversation_id: str) -> bool:
        """Whether a person has a conversation or is waited for, or has something there still to be said."""
        is_open = await self._handovers.open(conversation_id) is not None
        return is_open or await self._handovers.has_to_say(conversation_id)

    async def note_typing(self, conversation_id: str) -> None:
        """The citizen is writing; it is kept for the person who has the conversation, if there is one."""
        await self._handovers.note_typing(conversation_id, self._now)

    async def ask(self, conversation_id: str, reason: Reason, asked_at: datetime) -> Standing:
        """A citizen wants a person, or needs one. Whoever waits already keeps their place."""
        floor = await self._floor()
        if not floor.is_used:
            return Standing(StandingKind.OFF)
        await self._transcripts.ensure_conversation(conversation_id, self._now)
        handover = await self._handovers.open(conversation_id, for_change=True)
        asked_at = min(asked_at, self._now)
        if handover is None:
            handover = await self._begin(conversation_id, Ownership.asked(reason, asked_at), floor)
        else:
            apply(handover, ownership_of(handover).asked_again(reason))
            handover.passed_on = await self._passed_on(conversation_id, handover.reason)
        await self._handovers.note(handover.id, self._now, EventKind.ASKED, note=reason)
        return await self._told(handover, is_heard=self._now - asked_at < FRESH)

    async def standing(self, conversation_id: str) -> Standing:
        """What is true for a citizen who asks how long it will take; they count as told."""
        handover = await self._handovers.open(conversation_id, for_change=True)
        if handover is None:
            return Standing(StandingKind.NONE)
        return await self._told(handover, is_heard=True)

    async def leave(self, conversation_id: str) -> Standing:
        """A citizen stops waiting; whoever does not wait has nothing to leave.

        Raises:
            NotWaiting: A caseworker has come this very moment.
        """
        await self._leave(conversation_id, Outcome.LEFT)
        return Standing(StandingKind.NONE)

    async def leave_by_stop(self, conversation_id: str, said_at: datetime) -> None:
        """A citizen who does not want to be written to waits no longer, unless they have asked since.

        A caseworker who has come this very moment is not sent away by it.
        """
        handover = await self._handovers.open(conversation_id, for_change=True)
        if handover is not None and handover.asked_at <= said_at:
            with suppress(NotWaiting):
                await self._leave(conversation_id, Outcome.LEFT)

    async def call_instead(self, conversation_id: str, phone: str) -> CallRequest:
        """A citizen leaves a number in E.164 to be called on, and does not wait any longer.

        Raises:
            NotWaiting: A caseworker has come this very moment.
        """
        await self._transcripts.ensure_conversation(conversation_id, self._now)
        request = await self._handovers.add_call_request(conversation_id, phone, self._now)
        await self._leave(conversation_id, Outcome.CALL_INSTEAD)
        return request

    async def rate_help(self, conversation_id: str, *, helped: bool) -> bool:
        """Stores whether the citizen got help from a person, and gives what is stored: the first word stands.

        Raises:
            NotFound: No person has answered in the conversation.
        """
        answered = [one for one in await self._handovers.of_conversation(conversation_id) if one.taken_at]
        handover = await self._handovers.get(answered[-1].id, for_change=True) if answered else None
        if handover is None or handover.state != HandoverState.CLOSED:
            raise NotFound("No person has answered in the conversation")
        if handover.helped is None:
            handover.helped = helped
            await self._handovers.note(handover.id, self._now, EventKind.HELP_RATED)
        return handover.helped

    async def _begin(self, conversation_id: str, asked: Ownership, floor: Floor) -> Handover:
        """Lets a citizen wait; where nobody is there, it is only noted that they asked."""
        team_id = await self._team_of(conversation_id)
        position = floor.position(team_id) if floor.is_served(team_id) else 0
        passed_on = await self._passed_on(conversation_id, asked.reason)
        await self._handovers.add_if_absent(conversation_id, asked, passed_on=passed_on, position=position)
        handover = await self._handovers.open(conversation_id, for_change=True)
        if handover is None:
            raise NotFound("There is no such conversation")
        if not position:
            apply(handover, ownership_of(handover).left(Outcome.NOBODY, self._now))
        return handover

    async def _passed_on(self, conversation_id: str, reason: Reason) -> str:
        return texts.passed_on(Reason(reason), await self._handovers.facts(conversation_id, self._now))

    async def _leave(self, conversation_id: str, outcome: Outcome) -> None:
        handover = await self._handovers.open(conversation_id, for_change=True)
        if handover is None:
            return
        apply(handover, ownership_of(handover).left(outcome, self._now))
        await self._handovers.note(handover.id, self._now, EventKind.LEFT, note=outcome)

    async def _told(self, handover: Handover, *, is_heard: bool) -> Standing:
        """What is true, noted as told if it will be heard: what is told later is measured by it."""
        if handover.state == HandoverState.TAKEN:
            return Standing(StandingKind.WITH_PERSON, person=texts.first_name(handover.owner_name or ""))
        floor = await self._floor()
        team_id = await self._team_of(handover.conversation_id)
        if not floor.is_served(team_id):
            kind = StandingKind.NOBODY if floor.is_open else StandingKind.CLOSED
            opens = texts.opens_label(self._hours.next_opening(self._now), self._now)
            remember_told(handover, None, None, self._now)
            return Standing(kind, passed_on=handover.passed_on, opens=opens)
        position = floor.position(team_id, handover)
        wait = await expected_wait(self._handovers, handover, team_id, self._now)
        if is_heard:
            remember_told(handover, position, wait, self._now)
        return Standing(StandingKind.QUEUED, position, wait, handover.passed_on)

    async def _floor(self) -> Floor:
        return await read_floor(self._handovers, self._hours, self._now)

    async def _team_of(self, conversation_id: str) -> str:
        team_id = await self._handovers.team_of(conversation_id)
        if team_id is None:
            raise NotFound("There is no such conversation")
        return team_id


def apply(handover: Handover, ownership: Ownership) -> None:
    """Stores where a handover stands now."""
    for field in fields(Ownership):
        setattr(handover, field.name, getattr(ownership, field.name))


def remember_told(handover: Handover, position: int | None, wait: WaitRange | None, now: datetime) -> None:
    """Notes what a citizen has been told; no place means that nobody is there."""
    handover.told_position, handover.told_at = position, now
    handover.promised_until = now + timedelta(minutes=wait.at_most) if wait else None


async def read_floor(handovers: HandoverRepository, hours: OpeningHours, now: datetime) -> Floor:
    """Who waits and who is there."""
    waiting = await handovers.with_teams(HandoverState.WAITING)
    asked_for = [(one, team) for one, team in waiting if one.reason != Reason.STEPPED_IN or one.taken_at]
    return Floor(asked_for, await handovers.presences(), hours.contain(now, now), now)


async def expected_wait(
    handovers: HandoverRepository, handover: Handover, team_id: str, now: datetime
) -> WaitRange | None:
    """How long a citizen may wait from now, by how long others have; None when it cannot be said."""
    if handover.lost_at is not None or handover.reason == Reason.CRISIS:
        return None
    past = [
        PastWait(one.taken_at - one.asked_at, one.asked_position)
        for one in await handovers.answered(team_id, now - _RECENT, _RECENT_WAITS)
        if one.taken_at is not None
    ]
    return left_to_wait(whole_wait(past, max(handover.asked_position, 1)), now - handover.asked_at)
