"""`make verify-audit` and the console's page say whether the log is whole."""

import re
import subprocess
import sys

import pytest

from backend.console.accounts import save_account
from backend.console.rights import Grant, Role
from tests.backend.audit.tampering import tamper
from tests.backend.visitor import LOGIN, NAME, PASSWORD, Visitor


@pytest.fixture
def verify(settings, process_environment):
    def verify():
        return subprocess.run(
            [sys.executable, "-m", "backend.audit"],
            env=process_environment(settings.data_path, DIGISPOR_DATABASE_URL=settings.database_url),
            capture_output=True,
            text=True,
            check=False,
        )

    return verify


async def test_a_whole_log_ends_with_0_and_says_how_many_entries_it_has(note, anchor, verify):
    await note(*(f"{number}" for number in range(1002)))
    await anchor()
    ended = verify()
    assert (ended.returncode, ended.stdout) == (0, "Loggen er hel: 1.002 poster, 1 forankring.\n")


async def test_a_broken_log_ends_with_1_and_says_where(database, note, anchor, verify):
    await note("a", "b", "c")
    await anchor()
    await tamper(database, "UPDATE audit_entries SET actor = 'ole' WHERE position = 2")
    ended = verify()
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "Loggen er ikke hel. Post 2 er blevet ændret.\n"


async def test_a_log_that_was_never_anchored_is_not_called_whole(note, verify):
    await note("a")
    ended = verify()
    assert ended.returncode == 1
    assert "audit-anchors.jsonl mangler" in ended.stderr


async def test_an_empty_log_is_whole(verify):
    ended = verify()
    assert (ended.returncode, ended.stdout) == (0, "Loggen er hel: 0 poster, 0 forankringer.\n")


async def test_the_page_says_when_the_log_was_last_found_whole(client, note, anchor, verify, database, clock):
    await save_account(
        database, clock(), login=LOGIN, name=NAME, password=PASSWORD, grants=[Grant(Role.ADMINISTRATOR)]
    )
    administrator = Visitor(client)
    await administrator.sign_in()
    assert "fundet hel" not in (await administrator.get("/console/audit")).text
    await anchor()
    assert verify().returncode == 0
    text = (await administrator.get("/console/audit")).text
    assert re.search(r"Den blev sidst efterprøvet og fundet hel \d+\. \w+ \d{4} kl\. \d+\.\d+\.", text)
