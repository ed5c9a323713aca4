"""A code that was asked for is checked and kept nowhere; anywhere else it is what it looks like."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import SlotSet, UserUttered

from bot.channels.citizen_message import CitizenMessage
from bot.channels.codes import GIVEN, IDENTITY_CODE, REMOVED
from bot.channels.intake import Intake
from bot.channels.seal import Seal
from tests.bot.rasa_server import Listener, load_agent

SEAL = Seal("a signing key long enough for tests")
CODE = "482913"


def typed(text, id="m1"):
    return CitizenMessage.typed("c1", "web", text, id)


@pytest.fixture
def agent(small_model, tmp_path):
    return load_agent(small_model, tmp_path / "rasa.db")


@pytest.fixture
def intake(agent):
    return Intake(lambda: agent, proof_of=SEAL.code_proof)


async def ask_for(agent, slot):
    tracker = await agent.tracker_store.get_or_create_tracker("c1")
    tracker.update_with_events([SlotSet(REQUESTED_SLOT, slot)], agent.domain)
    await agent.tracker_store.save(tracker)


async def heard(agent, intake, text, id="m1"):
    """Says something; gives what Rasa keeps of it."""
    async with intake.conversation("c1") as conversation:
        await conversation.take(typed(text, id), Listener())
    tracker = await agent.tracker_store.retrieve_full_tracker("c1")
    return [event for event in tracker.events if isinstance(event, UserUttered)][-1]


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        "koden er 482913",
        "min kode: 482913",
        "Kode 482 913",
        "48-29-13.",
        "pinkoden er 482913",
        "４８２９１３",
    ],
)
async def test_a_code_that_was_asked_for_is_kept_nowhere(agent, intake, tmp_path, text):
    await ask_for(agent, IDENTITY_CODE)
    event = await heard(agent, intake, text)
    assert (event.text, event.metadata["button"]) == (GIVEN, REMOVED)
    assert event.metadata[IDENTITY_CODE] == SEAL.code_proof("c1", CODE)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert GIVEN.encode() in kept
    assert CODE.encode() not in kept
    assert json.dumps(text).encode() not in kept


@pytest.mark.parametrize("text", ["koden er 48291", "koden er hund123"])
async def test_another_code_than_asked_for_is_no_proof_and_not_kept_either(agent, intake, text):
    await ask_for(agent, IDENTITY_CODE)
    event = await heard(agent, intake, text)
    assert (event.text, event.metadata["button"]) == (GIVEN, REMOVED)
    assert IDENTITY_CODE not in event.metadata


async def test_a_cpr_number_is_a_cpr_number_also_while_a_code_is_asked_for(agent, intake):
    await ask_for(agent, IDENTITY_CODE)
    assert (await heard(agent, intake, "010190-1234")).text == "[CPR-nummer fjernet]"


@pytest.mark.parametrize("text", ["jeg har ikke fået koden", "hvad er det for en kode?", "nej"])
async def test_what_is_no_code_is_heard_as_it_was_written(agent, intake, text):
    await ask_for(agent, IDENTITY_CODE)
    assert (await heard(agent, intake, text)).text == text


@pytest.mark.parametrize("slot", [None, "phone_number"])
async def test_where_no_code_was_asked_for_it_is_a_password(agent, intake, slot):
    await ask_for(agent, slot)
    event = await heard(agent, intake, "koden er 482913")
    assert event.text == "koden er [adgangskode fjernet]"
    assert IDENTITY_CODE not in event.metadata


async def test_a_code_that_comes_again_is_kept_as_it_was(agent, intake):
    await ask_for(agent, IDENTITY_CODE)
    await heard(agent, intake, CODE)
    await ask_for(agent, None)
    async with intake.conversation("c1") as conversation:
        again = conversation.as_kept(typed(CODE))
        assert conversation.has_heard(again)
    assert again.words == REMOVED


def test_a_message_does_not_show_its_code_where_it_is_printed():
    assert CODE not in repr(typed("koden er 482913"))


@given(st.integers(0, 999_999).map("{:06}".format))
def test_every_code_is_known_as_one(code):
    assert typed(code).code == typed(f"koden er {code}").code == code
