import pytest

from backend.audit.anchoring import AuditAnchoring
from backend.audit.anchors import AnchorFile
from backend.audit.chain import AuditKey
from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.audit.verification import verify
from backend.clock import utc_now


@pytest.fixture
def database(owned_database):
    """The stored log, without a running backend, for somebody who may do everything in the database."""
    return owned_database


@pytest.fixture
def note(database, settings):
    """Notes one entry after the other, each in a transaction of its own."""

    async def note(*actions, at=None, by=settings):
        for action in actions:
            async with database.write() as work:
                await AuditLog(work.session, by, at or utc_now()).note(
                    actor="karen", action=action, outcome=AuditOutcome.SHOWN, listed=["c1", "c2"]
                )
                await work.commit()

    return note


@pytest.fixture
def anchor(database, settings):
    """Anchors what has been noted."""
    anchoring = AuditAnchoring(database, settings, utc_now)
    return anchoring.go_round


@pytest.fixture
def verified(database, settings):
    """What verifying the log finds."""

    async def verified(anchors=None, by=settings):
        anchors = AnchorFile(settings.data_path).read() if anchors is None else anchors
        async with database.read() as work:
            return await verify(work.session, AuditKey(by), anchors, lambda _: None)

    return verified
