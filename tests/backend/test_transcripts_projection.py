"""What is read from Rasa's events, without a database."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.transcripts.rasa_events import RasaEvent, Speaker, Turn, turn_of
from backend.transcripts.tables import Conversation


def user(text, timestamp=1.0, intent="inform", metadata=None, **parse_data):
    return RasaEvent.model_validate(
        {
            "event": "user",
            "timestamp": timestamp,
            "text": text,
            "input_channel": "web",
            "metadata": metadata or {},
            "parse_data": {"intent": {"name": intent, "confidence": 0.9}, "text": text, **parse_data},
        }
    )


def bot(text, timestamp=1.0, metadata=None, **data):
    body = {"event": "bot", "timestamp": timestamp, "text": text, "metadata": metadata or {}, "data": data}
    return RasaEvent.model_validate(body)


def other(kind, timestamp=1.0, **more):
    return RasaEvent.model_validate({"event": kind, "timestamp": timestamp, **more})


def test_a_typed_message_is_a_turn_with_what_rasa_made_of_it():
    ranking = [{"name": "inform", "confidence": 0.9}, {"name": "affirm", "confidence": 0.1}]
    entities = [{"entity": "time", "value": {"earliest": True}, "start": 0, "end": 4, "extractor": "x"}]
    assert turn_of(user("så tidligt som muligt", intent_ranking=ranking, entities=entities)) == Turn(
        Speaker.CITIZEN,
        "så tidligt som muligt",
        intent="inform",
        confidence=0.9,
        ranking=ranking,
        entities=[{"entity": "time", "value": {"earliest": True}}],
    )


def test_a_click_is_told_by_the_button_s_title():
    turn = turn_of(user("/affirm", intent="affirm", metadata={"button": "Ja, lad os starte"}))
    assert (turn.text, turn.button, turn.intent) == ("Ja, lad os starte", "/affirm", "affirm")


@pytest.mark.parametrize(
    ("text", "custom", "told"),
    [
        ("Billedet.", {"type": "profile", "text": "Sikkerhed: 40 %"}, "Billedet.\nSikkerhed: 40 %"),
        ("Dit billede:\nSikkerhed: 40 %", {"text": "Sikkerhed: 40 %"}, "Dit billede:\nSikkerhed: 40 %"),
        ("Din tid er booket.", {"type": "booking", "label": "fredag"}, "Din tid er booket."),
        ("Hej", {"text": 5}, "Hej"),
        ("Hej", ["noget andet"], "Hej"),
        (None, {"text": "Sikkerhed: 40 %"}, "Sikkerhed: 40 %"),
    ],
)  # fmt: skip
def test_what_the_widget_shows_beside_the_text_is_told_in_words_and_once(text, custom, told):
    assert turn_of(bot(text, custom=custom)).text == told


def test_an_empty_message_is_a_turn_without_words():
    assert turn_of(user("/empty_message", intent="empty_message")).text == ""


@pytest.mark.parametrize(
    "event",
    [
        user("/open_chat", intent="open_chat"),
        user("EXTERNAL: remind", intent="remind", metadata={"is_external": True}),
        other("action", name="action_listen"),
        other("slot", name="citizen_name", value="Bo"),
        other("session_started"),
        other("a_kind_of_a_later_rasa", parse_data=None),
    ],
)
def test_what_nobody_said_is_not_a_turn(event):
    assert turn_of(event) is None


def test_a_bot_s_turn_tells_its_response_and_the_buttons_it_offered():
    buttons = [{"title": "Ja", "payload": "/affirm"}, {"title": "Nej", "payload": "/deny"}]
    event = bot("Skal vi?", metadata={"utter_action": "utter_ask"}, buttons=buttons, custom=None)
    assert turn_of(event) == Turn(Speaker.BOT, "Skal vi?", action="utter_ask", offered=["Ja", "Nej"])


def test_a_bot_s_turn_may_be_without_text():
    assert turn_of(bot(None, custom={"type": "profile"})).text == ""


def test_an_event_is_kept_as_it_came():
    body = {
        "event": "slot",
        "timestamp": 1.5,
        "name": "x",
        "value": {"a": [1, None, "æ\x01"]},
        "metadata": {"b": 1},
    }
    kept = RasaEvent.model_validate(body).as_json()
    assert kept.isascii()
    assert RasaEvent.model_validate_json(kept).model_dump(exclude_unset=True) == body


events = st.one_of(
    st.builds(
        lambda at, intent: user("x", at, intent),
        st.integers(1, 9),
        st.sampled_from(["inform", "goodbye", "open_chat", "nlu_fallback"]),
    ),
    st.builds(bot, st.just("y"), st.integers(1, 9)),
    st.builds(other, st.sampled_from(["pause", "resume", "action"]), st.integers(1, 9)),
)


def absorbed(history):
    first = history[0][1]
    conversation = Conversation(id="c1", started_at=first.at, last_activity_at=first.at)
    for position, event in history:
        conversation.absorb(event, turn_of(event), position)
    columns = Conversation.__table__.columns.keys()
    return {column: getattr(conversation, column) for column in columns}


@given(st.lists(events, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_conversation_is_the_same_in_whatever_order_and_however_often_events_come(history, random):
    stored = list(enumerate(history, 1))
    shuffled = random.sample(stored, len(stored))
    repeated = [*shuffled, *random.choices(stored, k=3)]
    assert absorbed(repeated) == absorbed(stored)


def test_a_conversation_lasts_from_its_first_to_its_latest_event():
    events = [user("hej", 20.0), bot("hej", 30.0), user("/open_chat", 10.0, "open_chat")]
    conversation = absorbed(list(enumerate(events, 1)))
    assert conversation["started_at"] == datetime.fromtimestamp(10, UTC)
    assert conversation["last_activity_at"] == datetime.fromtimestamp(30, UTC)
    assert conversation["last_citizen_turn_at"] == datetime.fromtimestamp(20, UTC)
    assert conversation["channel"] == "web"
