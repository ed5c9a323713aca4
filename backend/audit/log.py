"""Writes the audit log."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.chain import BEGINNING, AuditKey, Content, hash_of
from backend.audit.repository import AuditRepository
from backend.audit.tables import AuditEntry, AuditOutcome
from backend.settings import Settings

# Six months, whichever they are. The database holds to it too.
KEPT_AT_LEAST = timedelta(days=184)
# No login is written with a capital letter.
_ITSELF = "Digispor"
KEY_IN_USE = "audit_key"
CUT = "audit_cut"


class AuditLog:
    """The audit log within one transaction.

    Each entry follows upon the one before it, so from the first one on nobody else can write to the log until
    the transaction ends. Note last, when nothing is left to wait for.
    """

    def __init__(self, session: AsyncSession, settings: Settings, now: datetime) -> None:
        self._repository = AuditRepository(session)
        self._key = AuditKey(settings)
        self._now = now

    async def note(
        self,
        *,
        actor: str,
        action: str,
        outcome: AuditOutcome,
        conversation_id: str | None = None,
        listed: Sequence[str] = (),
        about: str | None = None,
    ) -> None:
        """Adds an entry.

        Args:
            actor: The login of who did it.
            action: The name of the page or form.
            outcome: What came of it.
            conversation_id: The conversation it was about, when it was about one.
            listed: Ids of the conversations that a list showed something of.
            about: What else it was about, such as an account.
        """
        await self._repository.take_turn()
        await self._append(
            actor=actor,
            action=action,
            outcome=outcome,
            conversation_id=conversation_id,
            listed=list(listed),
            about=about,
        )

    async def note_key(self) -> None:
        """Adds an entry that vouches for those before it, when the newest is not signed with this key."""
        await self._repository.take_turn()
        newest = await self._repository.newest()
        if newest is not None and not self._key.is_named_in(newest.signature):
            await self._append(actor=_ITSELF, action=KEY_IN_USE, outcome=AuditOutcome.ATTEMPTED)

    async def cut(self, before: datetime) -> int:
        """Removes the oldest entries, up to the first one that is not older, and notes up to where.

        Args:
            before: What is noted from this moment on stays.

        Returns:
            How many were removed.

        Raises:
            ValueError: The moment is not long enough ago.
        """
        if before > self._now - KEPT_AT_LEAST:
            raise ValueError("audit entries are kept longer than that")
        await self._repository.take_turn()
        last = await self._repository.last_before(before)
        if last is None:
            return 0
        await self._append(
            actor=_ITSELF,
            action=CUT,
            outcome=AuditOutcome.ATTEMPTED,
            removed=last.position,
            removed_hash=last.hash,
        )
        return await self._repository.remove_to(last.position)

    async def _append(self, **said: Any) -> None:
        newest = await self._repository.newest()
        content = Content(
            position=newest.position + 1 if newest else 1,
            previous_hash=newest.hash if newest else BEGINNING,
            at=self._now,
            **said,
        )
        signature = self._key.sign(content)
        await self._repository.add(
            AuditEntry(**asdict(content), signature=signature, hash=hash_of(content, signature))
        )
