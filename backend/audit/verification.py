"""Walks the chain, and finds the first place where it is broken."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.anchors import Anchor
from backend.audit.chain import BEGINNING, AuditKey, hash_of
from backend.audit.repository import AuditRepository, Link
from backend.audit.tables import AuditEntry

_AT_ONCE = 500
# SQLite lets any column hold anything.
_UNREADABLE = (TypeError, ValueError)


class Fault(StrEnum):
    """What is wrong at the first broken place."""

    CHANGED = "changed"
    """The entry does not say what it said when it was noted."""
    REMOVED = "removed"
    """There is no such entry, but there are newer ones."""
    MISPLACED = "misplaced"
    """The entry is whole, but followed upon another one: it was moved or put in, or one was taken out."""
    FORGED = "forged"
    """The entry follows upon the one before it, but this installation has not signed it."""
    REWRITTEN = "rewritten"
    """The entry fits those around it, but another one stood here when the log was anchored."""
    CUT_OFF = "cut_off"
    """There were newer entries when the log was anchored."""
    NOT_VOUCHED_FOR = "not_vouched_for"
    """Nothing is signed with the present key."""
    NOT_ANCHORED = "not_anchored"
    """There is no anchor, so nobody can tell whether the newest entries are gone."""


class Broken(Exception):
    """The chain is not whole.

    Attributes:
        fault: What is wrong.
        position: The first place where it is.
    """

    def __init__(self, fault: Fault, position: int) -> None:
        super().__init__(f"{fault} at {position}")
        self.fault = fault
        self.position = position


@dataclass(frozen=True, slots=True)
class Whole:
    """What was found, when nothing was wrong.

    Attributes:
        entries: How many entries there are.
        removed: How many were removed at the old end, as a cut tells.
        anchors: How many anchors were compared.
    """

    entries: int
    removed: int
    anchors: int


class Walk:
    """Goes from entry to entry, from the oldest to the newest.

    What another key has signed, or none, is only good before the first entry that this key has signed: that
    one holds on to all of them.

    Args:
        key: What this installation signs with.
        cut: The newest entry that was removed; None when none was.
        anchored: The hashes that were anchored, by position.
    """

    def __init__(self, key: AuditKey, cut: Link | None, anchored: Mapping[int, Collection[str]]) -> None:
        self._key = key
        self._anchored = anchored
        self._is_vouched_for = False
        self.at = cut or Link(0, BEGINNING, "")

    def step(self, entry: AuditEntry) -> None:
        """Checks the next entry.

        Raises:
            Broken: It is not the one that was noted behind the one before.
        """
        try:
            self._check(entry)
        except _UNREADABLE as error:
            raise Broken(Fault.CHANGED, entry.position) from error
        self.at = Link(entry.position, entry.hash, entry.signature)

    def end(self) -> None:
        """Checks that the newest entry is the newest there has been.

        Raises:
            Broken: It is not, or nobody can tell.
        """
        if not self._anchored:
            if self.at.position:
                raise Broken(Fault.NOT_ANCHORED, self.at.position)
        elif max(self._anchored) > self.at.position:
            raise Broken(Fault.CUT_OFF, self.at.position + 1)
        if self.at.position and not self._is_vouched_for:
            raise Broken(Fault.NOT_VOUCHED_FOR, self.at.position)

    def _check(self, entry: AuditEntry) -> None:
        if entry.position <= self.at.position:
            raise Broken(Fault.MISPLACED, entry.position)
        if entry.position > self.at.position + 1:
            raise Broken(Fault.REMOVED, self.at.position + 1)
        content = entry.content()
        if entry.previous_hash != self.at.hash:
            as_noted = replace(content, previous_hash=self.at.hash)
            is_itself_wrong = hash_of(as_noted, entry.signature) == entry.hash
            raise Broken(Fault.CHANGED if is_itself_wrong else Fault.MISPLACED, entry.position)
        if hash_of(content, entry.signature) != entry.hash:
            raise Broken(Fault.CHANGED, entry.position)
        if self._key.is_named_in(entry.signature):
            self._is_vouched_for = True
        if self._is_vouched_for and not self._key.has_signed(content, entry.signature):
            raise Broken(Fault.FORGED, entry.position)
        if self._anchored.get(entry.position, {entry.hash}) != {entry.hash}:
            raise Broken(Fault.REWRITTEN, entry.position)


async def verify(
    session: AsyncSession, key: AuditKey, anchors: Collection[Anchor], tell: Callable[[int], object]
) -> Whole:
    """Walks through the stored log.

    Args:
        session: Where it is read, begun after the anchors were read.
        key: What this installation signs with.
        anchors: What was anchored.
        tell: Is told how many more entries were found whole.

    Raises:
        Broken: It is not whole.
    """
    repository = AuditRepository(session)
    cut = await repository.latest_cut()
    anchored: dict[int, set[str]] = {}
    for anchor in anchors:
        anchored.setdefault(anchor.position, set()).add(anchor.hash)
    walk = Walk(key, cut, anchored)
    removed = walk.at.position
    # Also what stands before the cut, where there should be nothing.
    position = None
    while entries := await _next(repository, position, walk.at.position + 1):
        for entry in entries:
            walk.step(entry)
        tell(len(entries))
        position = walk.at.position
    walk.end()
    return Whole(walk.at.position - removed, removed, len(anchors))


async def _next(repository: AuditRepository, position: int | None, expected: int) -> Sequence[AuditEntry]:
    """The entries behind a position; only one, where one of those that follow cannot be read at all."""
    try:
        return await repository.after(position, _AT_ONCE)
    except _UNREADABLE:
        pass
    try:
        return await repository.after(position, 1)
    except _UNREADABLE as error:
        raise Broken(Fault.CHANGED, expected) from error
