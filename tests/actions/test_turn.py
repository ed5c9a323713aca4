"""An action's turn on trackers of every kind: tracker in, exact events and messages out."""

import pytest
from fake_backend import ITEMS
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.assessment import AssessmentTurn
from actions.fallback import NotUnderstood
from actions.small_talk import Accept
from actions.turn import Turn

ASSESSMENT = {
    "id": "assessment-1",
    "status": "active",
    "number": 1,
    "at_most_left": 4,
    "answered": 0,
    "current_item": ITEMS[0].dict(),
}


def user(text="2", intent="nlu_fallback", message_id="message-1"):
    parsed = {"text": text, "intent": {"name": intent}, "entities": [], "intent_ranking": []}
    return {
        "event": "user",
        "text": text,
        "message_id": message_id,
        "parse_data": parsed,
        "input_channel": "web",
    }


def bot(*payloads):
    return {"event": "bot", "data": {"buttons": [{"title": "x", "payload": p} for p in payloads]}}


def action(name):
    return {"event": "action", "name": name}


def tracker(*events, form=None, **slots):
    latest = next((e["parse_data"] for e in reversed(events) if e["event"] == "user"), None)
    loop = {"name": form} if form else {}
    return Tracker("conversation-1", slots, latest, list(events), False, None, loop, "action_listen")


async def run(made, on):
    dispatcher = CollectingDispatcher()
    events = await made.run(dispatcher, on, {})
    return events, [message["response"] for message in dispatcher.messages]


async def test_beginning_stores_the_assessment_and_asks(fake):
    on = tracker(
        user("start", "start_assessment"),
        {"event": "active_loop", "name": "assessment_form"},
        action("assessment_form"),
        form="assessment_form",
    )
    events, said = await run(AssessmentTurn(), on)
    assert events == [
        SlotSet("assessment", ASSESSMENT),
        SlotSet("item_answer", None),
        SlotSet("requested_slot", "item_answer"),
    ]
    assert said == ["utter_assessment_begun", "utter_question"]


async def test_an_answer_moves_on_to_the_next_question(fake):
    fake.assessment_id = 1
    on = tracker(
        user("2"),
        action("assessment_form"),
        form="assessment_form",
        requested_slot="item_answer",
        assessment=ASSESSMENT,
    )
    events, said = await run(AssessmentTurn(), on)
    assert [(e["name"], e["value"]) for e in events[1:]] == [
        ("item_answer", None),
        ("requested_slot", "item_answer"),
    ]
    assert events[0]["value"]["number"] == 2
    assert said == ["utter_answer_noted", "utter_question"]


async def test_a_message_for_somebody_else_is_left_alone(fake):
    on = tracker(
        user("hvad gemmer I", "ask_privacy"),
        action("assessment_form"),
        form="assessment_form",
        requested_slot="item_answer",
        assessment=ASSESSMENT,
    )
    assert await run(AssessmentTurn(), on) == ([], [])


async def test_coming_back_repeats_the_question(fake):
    on = tracker(
        user("hvad gemmer I", "ask_privacy"),
        action("utter_privacy"),
        action("assessment_form"),
        form="assessment_form",
        requested_slot="item_answer",
        assessment=ASSESSMENT,
    )
    assert await run(AssessmentTurn(), on) == ([SlotSet("requested_slot", "item_answer")], ["utter_question"])


async def test_what_is_not_understood_leaves_the_form_open(fake):
    on = tracker(user("øh"), form="assessment_form")
    events, said = await run(NotUnderstood(), on)
    assert events == [ActiveLoop("assessment_form"), FollowupAction("action_listen")]
    assert said == ["utter_rephrase"]


async def test_yes_accepts_the_first_button_last_shown(fake):
    on = tracker(user("hej", "greet"), bot("/book_followup", "/help"), user("ja", "affirm"))
    assert await run(Accept(), on) == ([FollowupAction("booking_form")], [])


async def test_yes_to_nothing_offered_asks_what_is_wanted(fake):
    on = tracker(user("hej", "greet"), bot("/ask_privacy"), user("ja", "affirm"))
    assert await run(Accept(), on) == ([], ["utter_accepted"])


async def test_yes_to_a_question_that_was_withdrawn_does_not_sound_as_if_something_was_done(fake):
    on = tracker(user("aflys", "cancel_booking"), bot("/affirm", "/deny"), user("ja", "affirm"))
    assert await run(Accept(), on) == ([], ["utter_nothing_done"])


def turn_on(*events, **rest):
    return Turn(CollectingDispatcher(), tracker(*events, **rest))


def test_the_key_names_conversation_message_and_operation():
    assert turn_on(user(message_id="message-7")).key("answer") == "conversation-1:message-7:answer"


def test_two_messages_without_an_id_have_different_keys():
    first, second = ({**user(message_id=None), "timestamp": time} for time in (1.0, 2.0))
    assert turn_on(first).key("answer") != turn_on(second).key("answer")


def test_an_offer_two_turns_ago_is_not_accepted():
    turn = turn_on(user(), bot("/book_followup"), user(), bot(), user("ja", "affirm"))
    assert turn.offer is None


ODD_TRACKERS = {
    "empty": tracker(),
    "no metadata": Tracker("x", {}, None, [], False, None, {}, None),
    "nulls": Tracker(
        "x",
        {"assessment": None},
        {"intent": None, "entities": None, "text": None, "intent_ranking": None},
        [
            {"event": "user", "parse_data": None},
            {"event": "bot", "data": None},
            {"event": "bot"},
            {"event": "user"},
        ],
        False,
        None,
        {"name": None},
        None,
    ),
    "garbage slots": tracker(
        user(),
        assessment="garbage",
        hold=[1],
        time_wish=5,
        offered_slots=[{"id": 1}],
        moving_booking="x",
        cancelling_booking={},
        requested_slot=None,
    ),
    "long": tracker(user("x" * 10_000)),
}


@pytest.mark.parametrize("kind", ODD_TRACKERS)
async def test_no_action_stumbles_over_an_odd_tracker(fake, kind):
    executor = ActionExecutor()
    executor.register_package("actions")
    for name in executor.actions:
        call = {"next_action": name, "sender_id": "x", "domain": {}}
        state = {**ODD_TRACKERS[kind].current_state(), "latest_message": ODD_TRACKERS[kind].latest_message}
        result = await executor.run({**call, "tracker": state})
        assert "utter_technical_error" not in [r["response"] for r in result["responses"]], name


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


@given(JSON)
def test_any_value_can_be_remembered_in_a_slot(value):
    turn = turn_on(user())
    turn.set("time_wish", value)
    assert turn.slot("time_wish") == value
