"""Which pages of the console are measured, and for whom."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.api.conversations import write_cursor
from backend.console.rights import Grant, Role
from backend.teams.scope import TeamScope
from backend.teams.tables import INTAKE, Team
from backend.transcripts.listing import Concern, ConversationStatus, Place
from backend.transcripts.tables import Conversation, ConversationTurn, FlagKind
from benchmarks.console.language import Language

LIST = "/console/conversations"
_DEPTHS = (0.1, 0.5, 0.99)
_LONGEST_SHOWN = 10
_NOT_A_WORD = "qxzqxz"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads.

    Attributes:
        name: What they are called in the table.
        teams: The teams whose conversations they see; None for all.
    """

    name: str
    teams: tuple[str, ...] | None

    @property
    def grants(self) -> frozenset[Grant]:
        """Their roles."""
        return frozenset(Grant(Role.CASEWORKER, team) for team in self.teams or (None,))

    @property
    def scope(self) -> TeamScope:
        """What they see."""
        return TeamScope(None if self.teams is None else frozenset(self.teams))


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page: addresses that ask the same kind of thing, one after another."""

    name: str
    addresses: tuple[str, ...]


async def readers(session: AsyncSession) -> list[Reader]:
    """One who sees all, one of a small team, and one of the two largest."""
    team = {row.name: row.id for row in await session.execute(select(Team.name, Team.id))}
    return [
        Reader("every team", None),
        Reader("one team", (team["Team 3"],)),
        Reader("two teams", (INTAKE, team["Team 1"])),
    ]


async def pages_of(session: AsyncSession, reader: Reader, language: Language, long_turns: int) -> list[Page]:
    """The pages that somebody opens; a conversation is long from so many turns on."""
    return [
        *_lists(),
        *await _deep(session, reader),
        *_searches(language),
        *await _conversations(session, reader, long_turns),
    ]


def _lists() -> list[Page]:
    filters = [
        *(("status", status.value) for status in ConversationStatus),
        *(("flag", flag.value) for flag in FlagKind),
        *(("concern", concern.value) for concern in Concern),
        *((mark, "yes") for mark in ("unread", "unsure", "marked")),
        ("channel", "sms"),
        ("track", "foundation"),
        ("track", "employer_pilot"),
    ]
    days = urlencode({"from": "2026-01-01", "to": "2026-03-31"})
    return [
        Page("list", (LIST,)),
        *(Page(f"list, {name} {value}", (f"{LIST}?{name}={value}",)) for name, value in filters),
        Page("list, some days", (f"{LIST}?{days}",)),
    ]


async def _deep(session: AsyncSession, reader: Reader) -> list[Page]:
    within = reader.scope.limits(Conversation.team_id)
    count = await session.scalar(select(func.count()).select_from(Conversation).where(within)) or 0
    newest_first = Conversation.last_activity_at.desc(), Conversation.id.desc()
    in_order = select(Conversation.last_activity_at, Conversation.id).where(within).order_by(*newest_first)
    pages = []
    for depth in _DEPTHS:
        row = (await session.execute(in_order.offset(int(depth * count)).limit(1))).first()
        if row:
            cursor = write_cursor(Place(*row))
            name = f"{depth:.0%} down"
            pages.append(Page(f"list, {name}", (_list(before=cursor),)))
            pages.append(Page(f"common word, {name}", (_list(before=cursor, search="ikke"),)))
    return pages


def _searches(language: Language) -> list[Page]:
    words = language.words
    rare, common, usual = words[20_000:20_040], words[:10], words[1000:1040]
    pairs = [f"{one} {other}" for one, other in zip(common, reversed(common), strict=True)]
    mixed = [f"{one} {other}" for one, other in zip(usual, common * 4, strict=True)]
    two_usual = [f"{one} {other}" for one, other in zip(usual, reversed(usual), strict=True)]
    return [
        _search("rare word", rare),
        _search("usual word", usual),
        _search("common word", common),
        _search("two common words", pairs),
        _search("usual and common word", mixed),
        _search("two usual words", two_usual),
        _search("said by the bot", ["konsulent", "robot", "menneske", "telefonnummer", "samtale"]),
        _search("beginning of a word", [word[:4] for word in usual if len(word) > 4]),
        _search("three letters", [word[:3] for word in usual]),
        _search("one letter", list("dehijmsv")),
        _search("nothing found", [f"{_NOT_A_WORD}{number}" for number in range(10)]),
        _search("common and unknown word", [f"{word} {_NOT_A_WORD}" for word in common]),
        _search("common word, crisis", common, flag="crisis"),
        _search("common word, disputed", common, concern="disputed"),
        _search("usual word, handed over", usual, status="handed_over"),
        _search("rare word, ended", rare, status="ended"),
    ]


async def _conversations(session: AsyncSession, reader: Reader, long_turns: int) -> list[Page]:
    turns = func.count().label("turns")
    within = reader.scope.limits(Conversation.team_id)
    by_length = (
        select(Conversation.id, turns)
        .join(ConversationTurn, ConversationTurn.conversation_id == Conversation.id)
        .where(within)
        .group_by(Conversation.id)
        .order_by(turns.desc())
    )
    longest = [
        row.id for row in await session.execute(by_length.limit(_LONGEST_SHOWN)) if row.turns >= long_turns
    ]
    newest = select(Conversation.id).where(within).order_by(Conversation.last_activity_at.desc())
    recent = list(await session.scalars(newest.limit(40)))
    opened = {f"a conversation of {long_turns:,} turns": longest, "a recent conversation": recent}
    return [Page(name, tuple(f"{LIST}/{id_}" for id_ in ids)) for name, ids in opened.items() if ids]


def _search(name: str, words: list[str], **more: str) -> Page:
    return Page(name, tuple(_list(search=word, **more) for word in words))


def _list(**asked: str) -> str:
    return f"{LIST}?{urlencode(asked)}"
