"""The domain, the rules and the actions' code name each other's things, and nothing is left over."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_yaml_file
from rasa_sdk.executor import ActionExecutor

from actions.fallback import _READINGS
from actions.forms import OTHER_TOPICS
from actions.turn import OFFERS
from bot.municipality import municipality_path, municipality_texts

ROOT = Path(__file__).parents[2]
SPOKEN = "spoken_by_actions.yml"
# Rasa's own, which the domain need not define.
RASA_INTENTS = {"nlu_fallback"}


@cache
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@cache
def written() -> dict[str, Any]:
    return read_yaml_file(ROOT / "domain.yml")


def steps(*, spoken: bool = False) -> Iterator[dict[str, Any]]:
    for file in sorted((ROOT / "data/stories").glob("*.yml")):
        if (file.name == SPOKEN) == spoken:
            for rule in read_yaml_file(file)["rules"]:
                for step in rule["steps"]:
                    yield from step.get("or", [step])


def in_rules(kind: str) -> set[str]:
    return {step[kind] for step in steps() if kind in step}


@cache
def syntax_trees() -> list[ast.Module]:
    files = [*sorted((ROOT / "actions").glob("*.py")), *sorted((ROOT / "bot").rglob("*.py"))]
    return [ast.parse(file.read_text(encoding="utf-8")) for file in files]


@cache
def strings_in_code() -> frozenset[str]:
    return frozenset(text for tree in syntax_trees() for text in strings_in(tree))


def responses_in_code() -> set[str]:
    # "utter_action" is Rasa's name for where a message says which response it is.
    return {text for text in strings_in_code() if re.fullmatch(r"utter_\w+", text)} - {"utter_action"}


def calls_in_code(method: str) -> Iterator[ast.Call]:
    for tree in syntax_trees():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == method
            ):
                yield node


def strings_in(expression: ast.AST) -> set[str]:
    nodes = ast.walk(expression)
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def responses_in(expressions: list[ast.expr]) -> set[str]:
    texts = {text for expression in expressions for text in strings_in(expression)}
    return {text for text in texts if text.startswith("utter_")}


def placeholders(response: str) -> set[str]:
    return {
        name
        for variation in domain().responses[response]
        for name in re.findall(r"{(\w+)}", variation["text"])
        if not name.startswith("municipality_")
    }


def buttons() -> Iterator[tuple[str, str, str]]:
    for response, variations in domain().responses.items():
        for variation in variations:
            for button in variation.get("buttons", []):
                yield response, button["title"], button["payload"]


def test_every_intent_of_the_domain_has_a_rule():
    assert set(written()["intents"]) == in_rules("intent") - RASA_INTENTS


def test_every_response_is_used_and_every_response_used_exists():
    used = {a for a in in_rules("action") if a.startswith("utter_")} | responses_in_code()
    assert used == set(domain().responses)


def test_the_rules_for_spoken_responses_list_those_that_only_actions_speak():
    spoken = {step["action"] for step in steps(spoken=True)}
    assert spoken == responses_in_code() - in_rules("action")


def test_every_action_of_the_domain_is_implemented_and_every_implemented_one_is_in_the_domain():
    executor = ActionExecutor()
    executor.register_package("actions")
    listed = {name if isinstance(name, str) else next(iter(name)) for name in written()["actions"]}
    assert listed == set(executor.actions)


def test_every_action_is_reached():
    forms = written()["forms"]
    validating = {f"validate_{form}" for form in forms}
    following = {text for call in calls_in_code("next_action") for text in strings_in(call)}
    listed = {name if isinstance(name, str) else next(iter(name)) for name in written()["actions"]}
    assert listed <= in_rules("action") | validating | following | set(OFFERS.values())
    assert validating <= listed


@pytest.mark.parametrize("kind", ["slots", "entities"])
def test_every_slot_and_entity_is_used_by_the_actions(kind):
    assert set(written()[kind]) <= strings_in_code()


def test_questions_are_put_by_the_actions_alone():
    # Rasa would say or run these by itself, and the citizen would be asked twice.
    asking = {f"{kind}_ask_{slot}" for kind in ("utter", "action") for slot in written()["slots"]}
    assert not asking & set(domain().action_names_or_texts)


def test_every_form_is_begun_by_a_rule_and_ends_with_one():
    for form in written()["forms"]:
        loops = [step["active_loop"] for step in steps() if "active_loop" in step]
        assert form in loops
        assert form in in_rules("action")


def test_every_button_has_a_short_title_and_a_known_intent():
    for response, title, payload in buttons():
        assert len(title) <= 30, (response, title)
        assert re.fullmatch(r"/(\w+)(\{.*\})?", payload), (response, payload)
        assert payload.lstrip("/").partition("{")[0] in written()["intents"], (response, payload)


@pytest.mark.parametrize("named", [set(OFFERS), set(_READINGS), set(OTHER_TOPICS)])
def test_the_code_names_intents_that_exist(named):
    assert named <= set(written()["intents"])


def test_offers_lead_to_actions_that_exist():
    assert set(OFFERS.values()) <= set(domain().action_names_or_texts)


def test_an_action_fills_every_placeholder_of_what_it_says():
    for call in calls_in_code("say"):
        given = {keyword.arg for keyword in call.keywords}
        for response in responses_in(call.args[:1]):
            assert placeholders(response) <= given, response


def test_what_needs_no_action_has_nothing_to_fill():
    plain = {a for a in in_rules("action") if a.startswith("utter_")}
    plain |= {response for call in calls_in_code("attempting") for response in responses_in(call.args)}
    # What the channel has hidden is known to the generator itself.
    assert {response for response in plain if placeholders(response) - {"hidden"}} == set()


def test_what_is_said_of_the_municipality_is_in_its_file():
    texts = [variation["text"] for variations in domain().responses.values() for variation in variations]
    named = {name for text in texts for name in re.findall(r"{(municipality_\w+)}", text)}
    assert named <= set(municipality_texts(municipality_path()))


def test_texts_are_plain():
    for response, variations in domain().responses.items():
        for variation in variations:
            text = variation["text"]
            assert text == text.strip(), response
            assert not re.search(r"\*\*|__|\]\(|  |<\w+>", text), response
