"""The actions' client and the real backend agree on what a citizen can ask about their own data."""

import secrets
import subprocess
from uuid import uuid4

import pytest

from actions.backend_requests import BackendRefused
from bot.channels.seal import Seal
from tests.contract.conftest import PYTHON, ROOT


@pytest.fixture
def ask(client):
    conversation_id = str(uuid4())

    async def ask(kind, channel="web"):
        await client.get_or_create_citizen(conversation_id, channel, str(uuid4()))
        return await client.ask_for_right(conversation_id, kind, channel, str(uuid4()))

    return ask


async def test_a_copy_is_a_link_whose_key_the_channel_puts_in(client, ask):
    request = await ask("export")
    assert (request.identity, request.is_identified, request.meeting) == ("session", True, None)
    assert (await client.data_link(request.id, str(uuid4()))).url.endswith(".[key]")


async def test_a_request_can_be_taken_back(client, ask):
    request = await ask("erasure")
    await client.withdraw_request(request.id, str(uuid4()))
    assert (await ask("erasure")).id != request.id


async def test_a_repeated_yes_begins_one_erasure(client, ask):
    request, key = await ask("erasure"), str(uuid4())
    begun = [await client.begin_erasure(request.id, None, None, key) for _ in range(2)]
    assert begun[0] == begun[1]
    assert begun[0].receipt_url.endswith(f"/kvittering/{begun[0].number}")
    assert (await ask("erasure")).receipt == begun[0].number


async def test_another_system_is_left_to_the_staff(client, ask):
    request = await ask("erasure", "rest")
    assert (request.identity, request.is_identified) == ("staff", False)
    with pytest.raises(BackendRefused, match="identity-not-shown"):
        await client.begin_erasure(request.id, None, None, str(uuid4()))
    with pytest.raises(BackendRefused, match="identity-not-shown"):
        await client.send_code(request.id, "rest", str(uuid4()))
    check = await client.check_code(request.id, "c0de" * 16, str(uuid4()))
    assert (check.answer, check.tries_left) == ("expired", 0)


def test_both_sides_make_the_same_proof_of_a_code():
    key, conversation_id, code = secrets.token_urlsafe(32), "æ-c1", "004829"
    asked = "import sys; from backend.privacy.keys import code_proof; print(code_proof(*sys.argv[1:]))"
    made = subprocess.run(
        [PYTHON, "-c", asked, key, conversation_id, code], cwd=ROOT, capture_output=True, check=True
    )
    assert made.stdout.decode().strip() == Seal(key).code_proof(conversation_id, code)
