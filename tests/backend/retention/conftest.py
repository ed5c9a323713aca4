"""Everything there is of a citizen, and a run of deletion with the assistant's side on a real socket."""

import pytest

from backend.municipality import load_municipality
from backend.privacy.assistant import ErasureChannel
from backend.retention.policy import Policy
from backend.retention.run import Run
from tests.backend.booking.conftest import desk, settings
from tests.backend.conftest import SERVICE_TOKEN
from tests.backend.privacy.conftest import assistant, person, person_by_sms

__all__ = ["assistant", "desk", "person", "person_by_sms", "settings"]


@pytest.fixture
def policy(settings):
    return Policy.of(load_municipality(settings.municipality_path), settings)


@pytest.fixture
def run(database, settings, policy, assistant, clock):
    """Makes a run, and gives what was done to each kind; as the backend, or as whom the database is given."""

    async def run(batch=50, of=database):
        # The citizen's last words come before this moment.
        assistant.until = clock().timestamp()
        door = ErasureChannel(assistant.url, SERVICE_TOKEN)
        return await Run(of, settings, policy, door, clock, batch).go()

    return run
