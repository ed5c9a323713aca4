"""Who owns a conversation: the rules of a handover, from the wish for a person to its end, without I/O."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from backend.handover.problems import NotOwned, NotWaiting, OwnedByAnother

RESERVED = timedelta(seconds=15)
"""How long a caseworker who is about to take a conversation keeps others from it."""
GONE_AFTER = timedelta(minutes=2)
"""After how long without a sign of life a caseworker's browser counts as gone."""


class Owner(StrEnum):
    """Who answers the citizen."""

    BOT = "bot"
    WAITING = "waiting"
    """The bot, while the citizen waits for a person."""
    CASEWORKER = "caseworker"


class Reason(StrEnum):
    """Why a person is called on."""

    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"
    ANNOYED = "annoyed"
    CRISIS = "crisis"
    STEPPED_IN = "stepped_in"
    """A caseworker came by themselves; the citizen did not ask."""


class HandoverState(StrEnum):
    """How far a handover has come."""

    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


OPEN = (HandoverState.WAITING, HandoverState.TAKEN)


class Outcome(StrEnum):
    """How a handover ended."""

    ANSWERED = "answered"
    HANDED_BACK = "handed_back"
    LEFT = "left"
    """The citizen did not want to wait any longer."""
    CALL_INSTEAD = "call_instead"
    """The citizen left a number to be called."""
    NOBODY = "nobody"
    """Nobody was there to answer."""
    NOT_TAKEN = "not_taken"
    """A caseworker wanted to step in and could not."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Where a handover stands. Each method gives where it stands next, or raises a refusal.

    Attributes:
        state: How far it has come.
        reason: Why a person was called on.
        asked_at: Since when the citizen waits.
        owner: Login of the caseworker who has the conversation.
        reserved_by: Login of the caseworker who is about to take it.
        reserved_until: When that lapses.
        lost_at: When the caseworker who had it was lost, while nobody has taken it again.
        taken_at: When a caseworker had it first.
        closed_at: When it ended.
        outcome: How it ended.
    """

    state: HandoverState
    reason: Reason
    asked_at: datetime
    owner: str | None = None
    reserved_by: str | None = None
    reserved_until: datetime | None = None
    lost_at: datetime | None = None
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None

    @classmethod
    def asked(cls, reason: Reason, at: datetime) -> "Ownership":
        """A person is called on."""
        return cls(HandoverState.WAITING, reason, at)

    def is_reserved(self, now: datetime) -> bool:
        """Whether a caseworker is about to take the conversation."""
        return self.reserved_until is not None and now < self.reserved_until

    @property
    def owned_by(self) -> Owner:
        """Who owns the conversation."""
        if self.state is HandoverState.TAKEN:
            return Owner.CASEWORKER
        return Owner.WAITING if self.state is HandoverState.WAITING else Owner.BOT

    def bot_may_speak(self, now: datetime) -> bool:
        """Whether the bot may answer: not to a citizen whom a person has, or is about to have."""
        return self.state is not HandoverState.TAKEN and not self.is_reserved(now)

    # The queue

    def asked_again(self, reason: Reason) -> "Ownership":
        """The citizen asks while a handover is open. A sign of crisis goes first.

        Who asks while a caseworker is about to step in does wait from now on, also if it comes to nothing.
        """
        steps_in = self.reason is Reason.STEPPED_IN and self.taken_at is None
        return replace(self, reason=reason) if steps_in or reason is Reason.CRISIS else self

    def left(self, outcome: Outcome, now: datetime) -> "Ownership":
        """The citizen stops waiting, or nobody is there to wait for.

        Raises:
            NotWaiting: Nobody waits, or a caseworker is there this very moment.
        """
        if self.state is not HandoverState.WAITING or self.is_reserved(now):
            raise NotWaiting
        return self._closed(outcome, now)

    # Taking, in two steps

    def reserved(self, by: str, now: datetime) -> "Ownership":
        """A caseworker is about to take it; the bot is asked to be silent meanwhile.

        Raises:
            NotWaiting: It has ended.
            OwnedByAnother: Another has it or is about to.
        """
        if self.state is HandoverState.CLOSED:
            raise NotWaiting
        if self.state is HandoverState.TAKEN and self.owner != by:
            raise OwnedByAnother
        if self.is_reserved(now) and self.reserved_by != by:
            raise OwnedByAnother
        if self.state is HandoverState.TAKEN:
            return self
        return replace(self, reserved_by=by, reserved_until=now + RESERVED)

    def taken(self, by: str, now: datetime) -> "Ownership":
        """The bot is silent: the caseworker has it.

        Raises:
            OwnedByAnother: The reservation has lapsed, or is another's.
        """
        if self.state is HandoverState.TAKEN and self.owner == by:
            return self
        if self.state is not HandoverState.WAITING or self.reserved_by != by or not self.is_reserved(now):
            raise OwnedByAnother
        return replace(
            self._unreserved(),
            state=HandoverState.TAKEN,
            owner=by,
            lost_at=None,
            taken_at=self.taken_at or now,
        )

    def released(self, now: datetime) -> "Ownership":
        """The caseworker did not get it; who did not ask for a person does not wait for one either."""
        if self.state is HandoverState.WAITING and self.reason is Reason.STEPPED_IN and not self.taken_at:
            return self._closed(Outcome.NOT_TAKEN, now)
        return self._unreserved()

    # While a caseworker has it

    def held_by(self, by: str) -> "Ownership":
        """Makes sure that a caseworker has it.

        Raises:
            NotOwned: They have not.
        """
        if self.state is not HandoverState.TAKEN or self.owner != by:
            raise NotOwned
        return self

    def transferred(self, by: str, to: str) -> "Ownership":
        """A colleague has it from now on.

        Raises:
            NotOwned: It was not the caller's to give.
        """
        return replace(self.held_by(by), owner=to)

    def handed_back(self, by: str, now: datetime) -> "Ownership":
        """The bot goes on.

        Raises:
            NotOwned: It was not the caller's to give.
        """
        return self.held_by(by)._closed(Outcome.HANDED_BACK, now)

    def ended(self, by: str, now: datetime) -> "Ownership":
        """The caseworker has answered.

        Raises:
            NotOwned: It was not the caller's to end.
        """
        return self.held_by(by)._closed(Outcome.ANSWERED, now)

    def browser_lost(self, now: datetime) -> "Ownership":
        """The caseworker's browser gives no sign of life: the citizen waits again, at the front.

        Raises:
            NotOwned: No caseworker has it.
        """
        if self.state is not HandoverState.TAKEN:
            raise NotOwned
        return replace(self, state=HandoverState.WAITING, owner=None, lost_at=now)

    def _unreserved(self) -> "Ownership":
        return replace(self, reserved_by=None, reserved_until=None)

    def _closed(self, outcome: Outcome, now: datetime) -> "Ownership":
        return replace(
            self._unreserved(), state=HandoverState.CLOSED, owner=None, closed_at=now, outcome=outcome
        )
