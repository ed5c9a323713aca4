"""Whether a citizen wants to be written to: the newest word stands."""

from datetime import timedelta

import pytest


@pytest.fixture
def say(client, auth, clock):
    async def say(wanted, minutes=0, conversation_id="sms.abc"):
        body = {"wanted": wanted, "said_at": (clock() + timedelta(minutes=minutes)).isoformat()}
        url = f"/api/v1/conversations/{conversation_id}/contact-wish"
        async with client.post(url, json=body, headers=auth()) as response:
            assert response.status == 200
            answer = await response.json()
            return answer["wanted"], answer["changed"]

    return say


async def test_a_stop_is_stored_and_said_again_changes_nothing(say):
    assert await say(False) == (False, True)
    assert await say(False, 1) == (False, False)


async def test_a_start_brings_contact_back(say):
    await say(False)
    assert await say(True, 1) == (True, True)


async def test_a_start_without_a_stop_changes_nothing(say):
    assert await say(True) == (True, False)


async def test_a_stop_that_arrives_late_does_not_undo_a_newer_start(say):
    await say(True, 5)
    assert await say(False, 1) == (True, False)


async def test_wishes_are_each_citizens_own(say):
    await say(False)
    assert await say(True, 1, "sms.def") == (True, False)
