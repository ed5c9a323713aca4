"""Anchors the audit log outside its table, as long as the backend runs. Two of them do no harm."""

import asyncio
import logging

from backend.audit.anchors import Anchor, AnchorFile
from backend.audit.chain import AuditKey
from backend.audit.log import AuditLog
from backend.audit.repository import AuditRepository, Link
from backend.clock import Clock
from backend.db import Database
from backend.problems import DatabaseUnavailable
from backend.settings import Settings
from observability.metrics import worked

# How long the newest entries could be taken away unnoticed.
ROUND_SECONDS = 15.0
_logger = logging.getLogger("digispor.audit")


class AuditAnchoring:
    """Writes where the log has come to, to a file of its own and to the process's log.

    Args:
        database: Where the log is stored.
        settings: Where the file stands, and the key comes from.
        clock: The present moment.
    """

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._key = AuditKey(settings)
        self._file = AnchorFile(settings.data_path)
        self._anchored: Link | None = None

    async def run(self) -> None:
        """Goes round until cancelled."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            await self.go_round()

    async def go_round(self) -> None:
        """Anchors the newest entry, unless it is already. What fails is logged and tried again."""
        try:
            await self._go_round()
            worked("anchoring")
        except DatabaseUnavailable:
            _logger.warning("The audit log cannot be read to be anchored")
        except OSError as error:
            _logger.error("The audit log cannot be anchored (%s): %s", self._file.path.name, error.strerror)
        except Exception:
            _logger.exception("A round of anchoring failed")

    async def _go_round(self) -> None:
        newest = await self._newest()
        if newest is not None and not self._key.is_named_in(newest.signature):
            await self._vouch()
            newest = await self._newest()
        if newest is None or newest == self._anchored:
            return
        fields = {"position": newest.position, "hash": newest.hash}
        _logger.info("The audit log has come to %(position)s", fields, extra={"fields": fields})
        anchor = Anchor(at=self._clock(), position=newest.position, hash=newest.hash)
        await asyncio.to_thread(self._file.add, anchor)
        self._anchored = newest

    async def _newest(self) -> Link | None:
        async with self._database.read() as work:
            return await AuditRepository(work.session).newest()

    async def _vouch(self) -> None:
        async with self._database.write() as work:
            await AuditLog(work.session, self._settings, self._clock()).note_key()
            await work.commit()
