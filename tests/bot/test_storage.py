"""The assistant's own files: one that nothing can be written to is not opened as if something could."""

import os
import tempfile
from pathlib import Path

import pytest

from bot.channels.links import OneTimeLinks
from bot.channels.sms.store import SmsStore
from bot.events.spool import Spool, SpooledEvent

NOBODY = 65534


@pytest.fixture
def folder():
    """A folder of somebody's whom the modes of files bind, as they do not bind root."""
    is_root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as made:
        if is_root:
            os.chown(made, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(made)
        finally:
            if is_root:
                os.seteuid(0)


@pytest.mark.parametrize("opened", [Spool, SmsStore, OneTimeLinks])
def test_a_file_that_is_there_to_be_read_alone_is_not_opened(folder, opened):
    file = folder / "own.db"
    opened(file).close()
    file.chmod(0o400)
    with pytest.raises(PermissionError, match=r"own\.db"):
        opened(file)
    file.chmod(0o600)
    opened(file).close()


def test_once_the_file_can_be_written_again_so_can_the_spool(folder):
    """Opened meanwhile, it would have left side files that nobody can write to either."""
    file = folder / "events.db"
    Spool(file).close()
    file.chmod(0o400)
    with pytest.raises(PermissionError):
        Spool(file)
    file.chmod(0o600)
    spool = Spool(file)
    spool.append([SpooledEvent.of({"sender_id": "c1", "event": "user", "timestamp": 1.0})])
    assert spool.count() == 1
    spool.close()
