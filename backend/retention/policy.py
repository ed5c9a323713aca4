"""What is kept how long: the one place that the worker, the console and the citizens' page ask."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Self

from backend.municipality import Municipality
from backend.retention.period import Period
from backend.settings import Settings


class Kind(StrEnum):
    """A kind of data that goes when its time is up, in the order in which it is seen to."""

    CONVERSATIONS = "conversations"
    """What citizens have said and answered, and all that staff and messages have added to it."""
    MESSAGES = "messages"
    """Invitations to numbers that never became a conversation."""
    DECISIONS = "decisions"
    """A caseworker's decision about a track, when its conversation is gone."""
    MEETINGS = "meetings"
    """That there was a meeting, without a name, when its conversation is gone."""
    RECEIPTS = "receipts"
    """That a conversation was erased, and what its id is known by."""
    REQUESTS = "requests"
    """Citizens' requests about their data that are closed and whose conversation is gone."""
    ANSWERS = "answers"
    """Answers that are kept to repeat them when a write is repeated."""
    SESSIONS = "sessions"
    """Sessions at the console that have run out."""
    AUDIT = "audit"
    """Who has seen or changed what."""
    REPORTS = "reports"
    """What was deleted and when."""


class Policy:
    """The periods in use.

    Args:
        periods: By kind. Sessions have none: they run out by themselves.
    """

    def __init__(self, periods: Mapping[Kind, Period]) -> None:
        self._periods = periods

    @classmethod
    def of(cls, municipality: Municipality, settings: Settings) -> Self:
        """The periods that a municipality has set."""
        keep = municipality.keep
        days = settings.idempotency_days
        return cls(
            {
                Kind.CONVERSATIONS: municipality.retention,
                Kind.MESSAGES: municipality.retention,
                Kind.DECISIONS: municipality.case_retention,
                Kind.MEETINGS: municipality.case_retention,
                Kind.RECEIPTS: keep.receipts,
                Kind.REQUESTS: keep.receipts,
                Kind.ANSWERS: Period(f"{days} dage", days=days),
                Kind.AUDIT: keep.audit,
                Kind.REPORTS: keep.reports,
            }
        )

    def period(self, kind: Kind) -> Period | None:
        """How long a kind is kept; None for what runs out by itself."""
        return self._periods.get(kind)

    def cutoff(self, kind: Kind, now: datetime) -> datetime:
        """The moment before which everything of a kind is due."""
        period = self.period(kind)
        return period.cutoff(now) if period else now

    def conversation_goes_at(self, last: datetime) -> datetime:
        """When a conversation goes in which something last happened at a moment."""
        return self._periods[Kind.CONVERSATIONS].due_at(last)
