"""The trained model understands messages it has never seen, and leaves alone what is none of its business."""

import asyncio

import pytest
from rasa.core.agent import Agent
from rasa.shared.utils.io import read_yaml_file

from benchmarks.understanding import (
    MODEL,
    Example,
    Figures,
    Reading,
    figures,
    mistakes,
    read,
    recall_by_intent,
    time_f1,
    with_slips,
)
from identifiers import Kind
from tests.nlu.training_data import ROOT, held_out

# Each a little under what docs/evaluation.md reports, so that a change that loses understanding is seen.
LEAST_CLEAN = 0.94
LEAST_SLIPS = 0.92
LEAST_LEFT_ALONE = 0.92
MOST_REFUSED = 0.03
LEAST_CRISIS = 0.75
WORST_CALIBRATION = 0.05
LEAST_TIME_F1 = 0.80


@pytest.fixture(scope="module")
def agent() -> Agent:
    assert MODEL.is_file(), "no trained model: run `make train`"
    return Agent.load(str(MODEL))


@pytest.fixture(scope="module")
def clean(agent: Agent) -> list[Reading]:
    return asyncio.run(read(agent, held_out()))


@pytest.fixture(scope="module")
def slips(agent: Agent) -> list[Reading]:
    return asyncio.run(read(agent, with_slips(held_out())))


def test_messages_are_understood(clean: list[Reading]) -> None:
    assert figures(clean).accuracy >= LEAST_CLEAN, mistakes(clean).most_common(10)


def test_messages_with_typing_slips_are_understood(slips: list[Reading]) -> None:
    assert figures(slips).accuracy >= LEAST_SLIPS, mistakes(slips).most_common(10)


def test_messages_out_of_scope_are_not_acted_upon(clean: list[Reading]) -> None:
    assert figures(clean).out_of_scope_recall >= LEAST_LEFT_ALONE


def test_few_messages_in_scope_are_refused(clean: list[Reading]) -> None:
    assert figures(clean).refused <= MOST_REFUSED


def test_confidence_is_as_high_as_the_share_that_is_right(clean: list[Reading], slips: list[Reading]) -> None:
    assert figures(clean).calibration_error <= WORST_CALIBRATION
    assert figures(slips).calibration_error <= WORST_CALIBRATION


def test_wishes_about_time_are_found() -> None:
    assert time_f1() >= LEAST_TIME_F1


def test_despair_is_heard(clean: list[Reading]) -> None:
    assert recall_by_intent(clean)["crisis"] >= LEAST_CRISIS


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("det kan jeg", "answer_independent"),
        ("det kan jeg ikke", "answer_cannot"),
        ("jeg er enig", "affirm"),
        ("jeg er uenig", "dispute_track"),
        ("jeg kan på tirsdag", "inform"),
        ("jeg kan ikke på tirsdag", "inform"),
        ("jeg kan ikke komme på tirsdag alligevel", "cancel_booking"),
        ("jeg er træt af det her system", "feedback_negative"),
        ("jeg er træt af livet", "crisis"),
        ("jeg dør af grin", "out_of_scope"),
        ("jeg vil dø", "crisis"),
        ("uden hjælp", "answer_independent"),
        ("ikke uden hjælp", "answer_with_help"),
        ("tilbage", "previous_question"),
        ("STOP", "opt_out"),
        ("HJÆLP", "help"),
        ("hjaelp", "help"),
        (f"mit cpr er {Kind.CPR.marker}", "share_cpr"),
        ("hvor lang er ventetiden på et menneske", "ask_queue"),
        ("vor lang er køn", "ask_queue"),
        ("jeg gider ikke stå i kø", "leave_queue"),
        ("fjern mig venligst fra køen", "leave_queue"),
        ("jeg vil gerne ringes tilbage i stedet for at stå i kø", "ask_call"),
        ("ring til mig", "talk_to_human"),
        ("ham jeg skrev med hjalp mig ikke", "rate_help"),
        ("det hjalp mig, tak", "thank"),
    ],
)
async def test_words_that_decide_are_read_as_such(agent: Agent, text: str, intent: str) -> None:
    assert (await agent.parse_message(text))["intent"]["name"] == intent


async def test_the_whole_ranking_is_given(agent: Agent) -> None:
    ranking = (await agent.parse_message("jeg vil gerne flytte min tid"))["intent_ranking"]
    assert {reading["name"] for reading in ranking} >= set(read_yaml_file(ROOT / "domain.yml")["intents"])
    assert [r["confidence"] for r in ranking] == sorted((r["confidence"] for r in ranking), reverse=True)


@pytest.mark.parametrize("text", ["", " ", "👍", "?", "\u200d", "þ" * 1000, "漢字"])
async def test_any_text_is_read_without_failing(agent: Agent, text: str) -> None:
    assert (await agent.parse_message(text))["intent"]["name"]


def reading(meant: str, understood: str, confidence: float = 0.9) -> Reading:
    return Reading(Example("", meant), understood, understood, confidence, 0.01)


def test_figures_add_up() -> None:
    readings = [
        reading("help", "help"),
        reading("help", "greet"),
        reading("greet", "nlu_fallback"),
        reading("greet", "greet"),
        reading("out_of_scope", "nlu_fallback"),
        reading("out_of_scope", "help"),
    ]
    assert figures(readings) == Figures(
        accuracy=0.5,
        misread=0.25,
        refused=0.25,
        # Of each of the three intents half was found, and half of what was called so was it.
        macro_f1=0.5,
        out_of_scope_recall=0.5,
        # All were as sure as 0.9, and half of them were right, "nlu_fallback" never being what was meant.
        calibration_error=pytest.approx(0.9 - 2 / 6),
        milliseconds=10.0,
    )
    assert mistakes(readings) == {
        ("help", "greet"): 1,
        ("greet", "out_of_scope"): 1,
        ("out_of_scope", "help"): 1,
    }


def test_a_higher_threshold_refuses_what_was_less_sure() -> None:
    assert reading("help", "help", 0.4).with_threshold(0.3).right
    assert reading("help", "help", 0.4).with_threshold(0.5).refused


def test_slips_are_the_same_every_time() -> None:
    assert with_slips(held_out()) == with_slips(held_out())
    assert with_slips(held_out()) != list(held_out())
