"""What the intake promises, held with Rasa's own agent, tracker store and lock."""

import asyncio
import re

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActiveLoop, BotUttered, ConversationPaused, UserUttered
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.channels.citizen_message import CitizenMessage, is_opaque_id
from bot.channels.cleaning import MAX_CHARACTERS, clean_text
from bot.channels.intake import AssistantUnavailable, Intake
from identifiers import Kind
from tests.bot.rasa_server import Listener, load_agent

INTRODUCTION = ["Hej, jeg er en robot.", "Skal vi gå i gang?"]


@pytest.fixture
def intake(agent):
    return Intake(lambda: agent)


async def say(intake, text, listener=None, id=None, conversation_id="c1"):
    listener = listener or Listener()
    message = CitizenMessage.typed(conversation_id, "web", text, id)
    async with intake.conversation(conversation_id) as conversation:
        if not conversation.has_heard(message):
            await conversation.take(message, listener)
    return listener.texts


async def stored(agent, kind, conversation_id="c1"):
    tracker = await agent.tracker_store.retrieve_full_tracker(conversation_id)
    return [event.text for event in tracker.events if isinstance(event, kind)]


async def test_a_conversation_opens_with_the_introduction_whatever_is_said_first(intake):
    assert await say(intake, "ja") == [*INTRODUCTION, "Så starter vi."]


async def test_a_greeting_first_is_answered_by_the_introduction_alone(intake, agent):
    assert await say(intake, "goddag") == INTRODUCTION
    assert await stored(agent, UserUttered) == ["goddag"]
    assert await say(intake, "goddag") == ["Goddag, None."]


async def test_the_introduction_is_given_once(intake):
    await say(intake, "goddag")
    assert await say(intake, "ja") == ["Så starter vi."]


async def test_the_introduction_is_not_repeated_after_a_restart(intake, small_model, tmp_path):
    await say(intake, "goddag")
    restarted = load_agent(small_model, tmp_path / "rasa.db")
    assert await say(Intake(lambda: restarted), "ja") == ["Så starter vi."]


async def test_responses_follow_the_name_of_the_output(intake):
    assert (await say(intake, "ja", Listener("sms")))[0] == "Hej på sms."


async def test_a_message_heard_before_is_not_handled_again(intake, agent):
    await say(intake, "ja", id="m1")
    assert await say(intake, "ja", id="m1") == []
    assert await stored(agent, UserUttered) == ["/open_chat", "ja"]


async def test_a_message_heard_before_a_restart_is_not_handled_again(intake, small_model, tmp_path):
    await say(intake, "ja", id="m1")
    restarted = load_agent(small_model, tmp_path / "rasa.db")
    assert await say(Intake(lambda: restarted), "ja", id="m1") == []


async def test_the_same_message_sent_twice_at_once_is_handled_once(intake, agent):
    answers = await asyncio.gather(*(say(intake, "ja", id="m1") for _ in range(5)))
    assert sorted(map(len, answers)) == [0, 0, 0, 0, 3]


async def test_the_answers_to_a_message_can_be_given_again(intake):
    await say(intake, "goddag", id="m1")
    await say(intake, "ja", id="m2")
    async with intake.conversation("c1") as conversation:
        answers = conversation.answers_to(CitizenMessage.typed("c1", "web", "ja", "m2"))
    assert [answer["text"] for answer in answers] == ["Så starter vi."]


async def test_messages_of_one_conversation_are_handled_in_the_order_they_came(intake, agent):
    said = [f"besked {number}" for number in range(10)]
    await asyncio.gather(*(say(intake, text) for text in said))
    assert (await stored(agent, UserUttered))[1:] == said


async def test_conversations_do_not_wait_for_each_other(intake):
    async with intake.conversation("c1"):
        assert await asyncio.wait_for(say(intake, "ja", conversation_id="c2"), timeout=30)


async def test_silence_becomes_an_apology_that_is_remembered(intake, agent):
    await say(intake, "goddag")
    assert await say(intake, "et menneske, tak") == ["Noget gik galt hos os."]
    assert (await stored(agent, BotUttered))[-1] == "Noget gik galt hos os."
    assert await say(intake, "ja") == ["Så starter vi."]


async def test_a_turn_that_breaks_becomes_an_apology_and_the_conversation_goes_on(intake, agent, monkeypatch):
    async def broken(message):
        raise RuntimeError("no room on the disk")

    with monkeypatch.context() as context:
        context.setattr(agent.processor, "handle_message", broken)
        async with intake.conversation("c1") as conversation:
            listener = Listener()
            await conversation.begin("web", listener)
    assert listener.texts == ["Noget gik galt hos os."]
    assert await say(intake, "ja") == [*INTRODUCTION, "Så starter vi."]


@pytest.fixture
def disk(agent):
    """Lets the disk of the tracker store run full, and be mended."""
    engine = agent.tracker_store._tracker_store.engine
    is_full = False

    @event.listens_for(engine, "connect")
    def limit(connection, _):
        # The file may not grow by a single page from here, and its free pages are used up.
        if is_full:
            connection.execute("PRAGMA max_page_count = 1")

    def run_full(full):
        nonlocal is_full
        is_full = full
        engine.dispose()

    return run_full


LONG = "ja " + "x" * 3000
"""Too much for the room that is left on a page."""


async def test_a_message_that_cannot_be_stored_is_answered_and_not_taken_for_heard(intake, agent, disk):
    await say(intake, "goddag", id="m1")
    disk(True)
    listener = Listener()
    with pytest.raises(AssistantUnavailable):
        await say(intake, LONG, listener, id="m2")
    assert listener.texts
    assert await stored(agent, UserUttered) == ["goddag"]
    disk(False)
    assert await say(intake, LONG, id="m2") == listener.texts
    assert await stored(agent, UserUttered) == ["goddag", clean_text(LONG)]


async def test_what_could_not_be_stored_does_not_stand_in_the_log(intake, disk, caplog):
    disk(True)
    caplog.set_level("WARNING")
    with pytest.raises(AssistantUnavailable):
        await say(intake, LONG, id="m1")
    assert "could not be read or stored" in caplog.text
    assert "xxxx" not in caplog.text


async def test_a_message_that_is_sent_again_and_again_on_a_full_disk_is_answered_once(intake, disk):
    await say(intake, "goddag", id="m1")
    disk(True)
    with pytest.raises(AssistantUnavailable):
        await say(intake, LONG, id="m2")
    for _ in range(3):
        listener = Listener()
        with pytest.raises(AssistantUnavailable):
            await say(intake, LONG, listener, id="m2")
        assert listener.texts == []


async def test_a_conversation_that_cannot_be_read_is_not_taken_for_a_new_one(intake, agent, monkeypatch):
    await say(intake, "goddag")

    def unreadable(*_, **__):
        raise OperationalError("select", {}, Exception("disk I/O error"))

    with monkeypatch.context() as context:
        context.setattr(agent.tracker_store, "_event_query", unreadable)
        with pytest.raises(AssistantUnavailable):
            await say(intake, "ja")
    assert await say(intake, "ja") == ["Så starter vi."]


async def test_the_assistant_is_silent_while_a_person_has_taken_over(intake, agent):
    await say(intake, "goddag")
    tracker = await agent.tracker_store.retrieve("c1")
    tracker.update(ConversationPaused())
    await agent.tracker_store.save(tracker)
    assert await say(intake, "ja") == []
    assert (await stored(agent, UserUttered))[-1] == "ja"


async def test_without_a_model_the_assistant_is_unavailable():
    with pytest.raises(AssistantUnavailable):
        async with Intake(lambda: None).conversation("c1"):
            pass


async def test_a_button_reaches_rasa_as_its_payload_and_is_remembered_by_its_title(intake, agent, listener):
    await say(intake, "goddag")
    clicked = CitizenMessage.clicked("c1", "web", "Sig hej", '/greet{"citizen_name": "Bo"}', "m1")
    async with intake.conversation("c1") as conversation:
        await conversation.take(clicked, listener)
    assert listener.texts[-1] == "Goddag, Bo."
    tracker = await agent.tracker_store.retrieve("c1")
    assert tracker.latest_message.metadata["button"] == "Sig hej"
    assert tracker.latest_message.message_id == "m1"


@pytest.mark.parametrize(
    "payload", ["/affirm", '/greet{"citizen_name": "Bo"}', '/greet{"citizen_name": ["a", 1]}']
)
async def test_a_click_is_read_as_rasa_reads_it_and_needs_no_language_understanding(
    intake, agent, monkeypatch, payload
):
    await say(intake, "goddag")
    as_rasa_reads_it = await agent.processor.parse_message(UserMessage(payload))

    async def broken(*_):
        raise RuntimeError("NLU was asked")

    monkeypatch.setattr(agent.processor, "parse_message", broken)
    async with intake.conversation("c1") as conversation:
        await conversation.take(CitizenMessage.clicked("c1", "web", "Knap", payload, "m1"), Listener())
    tracker = await agent.tracker_store.retrieve("c1")
    read = tracker.latest_message.parse_data
    assert {part: read[part] for part in as_rasa_reads_it} == as_rasa_reads_it


BAD_INPUT = {
    "empty": ("", "Din besked var tom.", "/empty_message"),
    "blank": (" \n\t ", "Din besked var tom.", "/empty_message"),
    "slash alone": ("/", "Din besked var tom.", "/empty_message"),
    "very long": ("å" * 10_000, "Det forstod jeg ikke.", "å" * MAX_CHARACTERS),
    "emoji only": ("😀👍🏽🇩🇰", "Det forstod jeg ikke.", "😀👍🏽🇩🇰"),
    "html": ("<script>alert(1)</script>", "Det forstod jeg ikke.", "<script>alert(1)</script>"),
    "sql": ("'; DROP TABLE events; --", "Det forstod jeg ikke.", "'; DROP TABLE events; --"),
    "control characters": ("\x00\x07x\x1b[2J\x7f", "Det forstod jeg ikke.", "x[2J"),
    "lone surrogate": ("x\ud83d", "Det forstod jeg ikke.", "x"),
    "right to left": ("\u202eمرحبا", "Det forstod jeg ikke.", "مرحبا"),
    "restart": ("/restart", "Din besked var tom.", "/empty_message"),
    "a word that is understood": ("/ja", "Din besked var tom.", "/empty_message"),
    "intent with a slot": ('/greet{"citizen_name":"x"}', "Din besked var tom.", "/empty_message"),
    "intent behind odd blanks": ("\u3000\u200d//affirm", "Din besked var tom.", "/empty_message"),
    "external": ("EXTERNAL: affirm", "Det forstod jeg ikke.", "EXTERNAL: affirm"),
    "braces": (
        "{citizen_name} {0[citizen_name]}",
        "Det forstod jeg ikke.",
        "{citizen_name} {0[citizen_name]}",
    ),
    "CPR number": ("010190-1234", "Det forstod jeg ikke.", Kind.CPR.marker),
}


@pytest.mark.parametrize(("typed", "answer", "remembered"), BAD_INPUT.values(), ids=BAD_INPUT.keys())
async def test_bad_input_is_answered_and_changes_nothing(intake, agent, typed, answer, remembered):
    await say(intake, "hejsa")
    before = (await agent.tracker_store.retrieve("c1")).current_slot_values()
    assert await say(intake, typed) == [answer]
    assert (await stored(agent, UserUttered))[-1] == remembered
    assert (await agent.tracker_store.retrieve("c1")).current_slot_values() == before


async def test_no_cpr_number_reaches_the_tracker_store(intake, agent, tmp_path):
    await say(intake, "mit cpr er 010190-1234")
    await say(intake, "altså 0101 90 1234")
    # No part of the number may stand in what was said; the whole number may stand nowhere in the file, whose
    # times and ids may well hold four of its digits.
    *_, first, second = await stored(agent, UserUttered)
    assert (first, second) == (f"mit cpr er {Kind.CPR.marker}", f"altså {Kind.CPR.marker}")
    contents = b"".join(path.read_bytes() for path in tmp_path.glob("rasa.db*"))
    assert b"mit cpr er" in contents
    assert not re.search(rb"0101\D?90\D?1234", contents)


SPLIT = {
    "six and four": (["010190", "1234"], ["010190", Kind.CPR.marker]),
    "in a sentence": (["mit cpr er 010190", "1234"], ["mit cpr er 010190", Kind.CPR.marker]),
    "three": (["0101", "90", "1234"], ["0101", "90", Kind.CPR.marker]),
    "something between": (["01.01.90", "vent", "-1234"], ["01.01.90", "vent", f"-{Kind.CPR.marker}"]),
    "no date": (["ja", "1234"], ["ja", "1234"]),
    "a day and a time": (["tirsdag", "1030"], ["tirsdag", "1030"]),
    "answers": (["1", "0", "1", "2"], ["1", "0", "1", "2"]),
}


@pytest.mark.parametrize(("typed", "kept"), SPLIT.values(), ids=SPLIT.keys())
async def test_the_second_half_of_a_number_never_joins_the_first(intake, agent, typed, kept):
    for text in typed:
        await say(intake, text)
    assert (await stored(agent, UserUttered))[1:] == kept


async def test_the_second_half_is_known_after_a_restart(intake, agent, small_model, tmp_path):
    await say(intake, "010190")
    restarted = load_agent(small_model, tmp_path / "rasa.db")
    await say(Intake(lambda: restarted), "1234")
    assert (await stored(agent, UserUttered))[-1] == Kind.CPR.marker


async def test_a_message_heard_before_is_kept_as_it_was(intake):
    await say(intake, "010190", id="m1")
    await say(intake, "1234", id="m2")
    for word in ("ja", "nej", "ja"):
        await say(intake, word)
    async with intake.conversation("c1") as conversation:
        again = conversation.as_kept(CitizenMessage.typed("c1", "web", "1234", "m2"))
    assert again.text == Kind.CPR.marker


@pytest.mark.parametrize("id", ["cpr-010190-1234", "010190-1234:a", "a.0101901234", "sender_0101901234"])
def test_no_cpr_number_names_a_conversation_or_a_message(id):
    assert not is_opaque_id(id)


@pytest.mark.parametrize("id", ["w-a0101901234f", "3f010190-1234-4abc-8def-0123456789ab", "sms.AbC-12"])
def test_ids_drawn_by_lot_may_hold_any_digits(id):
    assert is_opaque_id(id)


@pytest.mark.parametrize(
    ("form", "left_open"),
    [("cancel_form", None), ("booking_form", None), ("assessment_form", "assessment_form")],
)
async def test_a_yes_after_an_announcement_does_not_settle_what_was_asked_before(
    intake, agent, listener, form, left_open
):
    await say(intake, "goddag")
    tracker = await agent.tracker_store.retrieve("c1")
    tracker.update(ActiveLoop(form))
    await agent.tracker_store.save(tracker)
    async with intake.conversation("c1") as conversation:
        await conversation.announce("n1", "utter_greet", listener, {"citizen_name": "Bo"})
    assert listener.texts == ["Goddag, Bo."]
    assert (await agent.tracker_store.retrieve("c1")).active_loop_name == left_open


async def test_an_announcement_is_remembered_once_however_often_it_is_said(intake, agent, listener):
    await say(intake, "goddag")
    for _ in range(2):
        async with intake.conversation("c1") as conversation:
            await conversation.announce("n1", "utter_greet", listener, {"citizen_name": "Bo"})
    assert listener.texts == ["Goddag, Bo."] * 2
    assert (await stored(agent, BotUttered)).count("Goddag, Bo.") == 1


async def test_everything_that_a_message_sets_off_has_its_id(intake, agent):
    drawn = "w-" + "3f2b8c1d" * 4
    await say(intake, "ja", id=drawn)
    tracker = await agent.tracker_store.retrieve_full_tracker("c1")
    heard = [event for event in tracker.events if isinstance(event, UserUttered)]
    # The introduction has a message of its own, so that a repeat of the citizen's is known by its id.
    assert [event.metadata["correlation_id"] for event in heard] == [drawn, drawn]
    assert [event.message_id == drawn for event in heard] == [False, True]


async def test_a_message_without_an_id_gets_one(intake, agent):
    await say(intake, "goddag")
    await say(intake, "ja")
    tracker = await agent.tracker_store.retrieve_full_tracker("c1")
    [first, second] = [event for event in tracker.events if isinstance(event, UserUttered)]
    assert first.message_id == first.metadata["correlation_id"]
    assert first.message_id != second.message_id
