"""The trained model understands messages it has not learnt."""

import asyncio

import pytest
from rasa.core.agent import Agent

from tests.nlu.test_training_data import HELD_OUT, ROOT

# A little under what docs/evaluation.md reports, so that a change that loses understanding is seen.
LEAST_ACCURACY = 0.82
LEAST_LEFT_ALONE = 0.72
OUT_OF_SCOPE = "out_of_scope"


@pytest.fixture(scope="module")
def readings() -> list[tuple[str, str]]:
    """For each held-out message the intent it has and the one the model gives it."""
    agent = Agent.load(str(ROOT / "models/digispor.tar.gz"))

    async def read() -> list[tuple[str, str]]:
        return [(intent, (await agent.parse_message(text))["intent"]["name"]) for intent, text in HELD_OUT]

    return asyncio.run(read())


def test_messages_in_scope_are_understood(readings: list[tuple[str, str]]) -> None:
    in_scope = [meant == read for meant, read in readings if meant != OUT_OF_SCOPE]
    assert sum(in_scope) / len(in_scope) >= LEAST_ACCURACY


def test_most_messages_out_of_scope_are_not_acted_upon(readings: list[tuple[str, str]]) -> None:
    left_alone = [read in (OUT_OF_SCOPE, "nlu_fallback") for meant, read in readings if meant == OUT_OF_SCOPE]
    assert sum(left_alone) / len(left_alone) >= LEAST_LEFT_ALONE
