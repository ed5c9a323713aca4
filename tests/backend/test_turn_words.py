"""What the console says about a turn: in Danish, and of everything that can go wrong."""

import ast

import pytest
import yaml

from backend.console import turn_words
from backend.settings import PROJECT_ROOT
from tests.backend.story import Story
from tests.backend.visitor import Visitor, hire

DOMAIN = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text("utf-8"))
PAGE = "/console/conversations/c1"


def said_when_a_call_does_not_succeed():
    """The responses that actions name for it."""
    for path in (PROJECT_ROOT / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("attempting", "Attempt"):
                for argument in ast.walk(node):
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value


def test_whatever_the_assistant_says_when_a_call_does_not_succeed_is_told_to_the_caseworker():
    said = set(said_when_a_call_does_not_succeed())
    assert "utter_book_failed" in said
    assert said <= turn_words.FAILURES.keys()


def test_what_is_told_of_is_what_the_assistant_can_do():
    assert turn_words.FAILURES.keys() <= DOMAIN["responses"].keys()
    assert turn_words.ASKED_AGAIN.keys() <= DOMAIN["responses"].keys()
    named = [one if isinstance(one, str) else next(iter(one)) for one in DOMAIN["actions"]]
    actions = {name for name in named if not name.startswith("validate_")}
    assert turn_words.ACTIONS.keys() == actions | DOMAIN["forms"].keys()


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            {"entity": "time", "value": {"weekdays": ["mon", "fri"], "time_from": "10:00"}},
            "Tidspunkt: mandag og fredag, fra kl. 10.00",
        ),
        (
            {"entity": "time", "value": {"from": "2026-11-27", "not_weekdays": ["wed"]}},
            "Tidspunkt: fra 27. november, ikke onsdag",
        ),
        ({"entity": "time", "value": {"earliest": True}}, "Tidspunkt: så tidligt som muligt"),
        ({"entity": "time", "value": {"from": "i går", "unknown": 1}}, "Tidspunkt: fra i går"),
        ({"entity": "slot_choice", "value": "5d0f"}, "Valg af tid"),
        ({"entity": "rating", "value": "4"}, "Tilfredshed: 4"),
        ({"entity": "of_a_later_version", "value": None}, "of_a_later_version"),
    ],
)
def test_what_was_found_in_a_turn_is_told_in_danish(found, told):
    assert turn_words.entity(found) == told


@pytest.fixture
async def caseworker(client, database, clock):
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    return visitor


async def test_a_turn_tells_what_was_found_and_what_was_done_because_of_it(caseworker, archive):
    story = Story("c1").user("en tid fredag", "book_followup").action("booking_form").bot("Hvilken?")
    story.action("action_show_booking").listen().user("tak", "thank").action("utter_welcome").listen()
    await archive.send(story.events)
    text = (await caseworker.get(PAGE)).text
    assert "Fandt i beskeden: Tidspunkt: fredag" in text
    first, second = text.split("Forstået som: ")[1:]
    assert "Digispor talte med borgeren om at booke og viste borgerens tid." in first
    assert "Digispor tog" not in second


async def test_a_turn_tells_what_went_wrong(caseworker, archive):
    story = Story("c1").user("øh", "nlu_fallback").bot("Det fik jeg ikke fat i", "utter_rephrase")
    story.action("action_default_fallback").listen()
    story.user("ja", "affirm").bot("Jeg kunne ikke booke tiden", "utter_book_failed").action("booking_form")
    await archive.send(story.events)
    text = (await caseworker.get(PAGE)).text
    assert "Ikke forstået." in text
    assert "Digispor forstod ikke beskeden." in text
    assert "Blev ikke forstået: Digispor forstod det ikke og bad om andre ord." in text
    assert "Gik galt: Tiden blev ikke booket." in text


async def test_a_turn_that_went_well_tells_of_nothing_wrong(caseworker, archive):
    await archive.send(Story("c1").user("ja", "affirm").bot("Booket", "utter_booked").events)
    text = (await caseworker.get(PAGE)).text
    assert "Gik galt" not in text
    assert "kke forstået" not in text
