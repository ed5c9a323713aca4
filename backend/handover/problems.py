"""Why a conversation cannot be taken, written in or given on."""

from typing import ClassVar

from backend.problems import Conflict, Invalid, Problem


class OwnedByAnother(Conflict):
    """Another caseworker has the conversation, or is about to."""

    slug, title = "owned-by-another", "Another caseworker has the conversation"


class NotOwned(Conflict):
    """The caller does not have the conversation, or not any more."""

    slug, title = "not-owned", "The caller does not have the conversation"


class NotWaiting(Conflict):
    """Nobody waits in the conversation."""

    slug, title = "not-waiting", "Nobody waits in the conversation"


class ColleagueAway(Conflict):
    """The colleague who should have the conversation is not available."""

    slug, title = "colleague-away", "The colleague is not available"


class HoldsCpr(Invalid):
    """The words hold a CPR number, which is stored nowhere."""

    slug, title = "holds-cpr", "The words hold a CPR number"


class AssistantUnreachable(Problem):
    """The assistant could not be asked to be silent, so the conversation was not taken."""

    slug: ClassVar[str] = "assistant-unreachable"
    status: ClassVar[int] = 503
    title: ClassVar[str] = "The assistant does not answer; the conversation was not taken"
