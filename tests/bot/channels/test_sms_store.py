"""What the store promises: nothing twice, nothing lost, everything in order."""

import sqlite3
import time
from itertools import product

import pytest

from bot.channels.sms.messages import Incoming, State
from bot.channels.sms.store import KEEP_IDS_SECONDS, SmsStore

FOREVER = 1e12


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sms.db"


@pytest.fixture
def store(path):
    opened = SmsStore(path)
    yield opened
    opened.close()


def message(id, conversation_id="c1", text="hej", sent_at=1.0):
    return Incoming(id, conversation_id, text, sent_at)


def test_a_message_is_taken_in_once(store):
    assert store.take_in(message("m1"))
    assert not store.take_in(message("m1", text="noget andet"))
    assert store.oldest_waiting("c1").text == "hej"


def test_messages_wait_in_the_order_they_were_sent_also_after_a_restart(store, path):
    store.take_in(message("m2", sent_at=2.0))
    store.take_in(message("m1", sent_at=1.0))
    store.take_in(message("m3", sent_at=2.0))
    store.close()
    again = SmsStore(path)
    order = []
    while waiting := again.oldest_waiting("c1"):
        order.append(waiting.id)
        again.answered(waiting, [])
    again.close()
    assert order == ["m1", "m2", "m3"]


def test_an_answered_message_is_known_but_its_words_are_gone_from_the_file(store, path):
    store.take_in(message("m1", text="min hemmelighed"))
    store.answered(store.oldest_waiting("c1"), [("et svar til dig", 1)])
    store.begin_attempt("m1-0", 0)
    store.end_attempt("m1-0", State.SENT)
    assert not store.take_in(message("m1", text="min hemmelighed"))
    store.close()
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"hemmelighed" not in stored
    assert b"et svar" not in stored


def test_the_answers_to_a_message_are_put_on_their_way_once(store):
    taken = message("m1")
    store.take_in(taken)
    store.answered(taken, [("et", 1), ("to", 2)])
    store.answered(taken, [("et", 1), ("to", 2)])
    sent = []
    while outgoing := store.next_to_send("c1", FOREVER):
        store.begin_attempt(outgoing.reference, 0)
        store.end_attempt(outgoing.reference, State.SENT)
        sent.append(outgoing.text)
    assert sent == ["et", "to"]


def test_a_message_waits_for_the_one_before_it(store):
    store.say("r1", "c1", "et", 1)
    store.say("r2", "c1", "to", 1)
    store.begin_attempt("r1", 5.0)
    store.end_attempt("r1", State.WAITING, 2e9)
    assert store.next_to_send("c1", 2e9 - 300) is None
    assert store.conversations_to_send(2e9 - 300) == []
    assert store.next_to_send("c1", FOREVER).reference == "r1"


def test_an_attempt_whose_outcome_nobody_knows_is_made_again_when_its_time_comes(store, path):
    store.say("r1", "c1", "et", 1)
    store.begin_attempt("r1", 2e9)
    store.close()
    again = SmsStore(path)
    assert again.next_to_send("c1", 2e9 - 30) is None
    assert again.next_to_send("c1", 3e9).attempts == 1
    again.close()


def test_a_clock_that_is_set_back_holds_nothing_up(store):
    store.say("r1", "c1", "et", 1)
    two_hours_ago = time.time() - 7200
    assert store.conversations_to_send(two_hours_ago) == ["c1"]
    assert store.next_to_send("c1", two_hours_ago).reference == "r1"


def test_what_came_before_the_clock_was_set_back_is_not_counted_as_recent(store):
    store.take_in(message("m1"))
    now = time.time()
    assert store.received_between("c1", now - 60, now + 1) == 1
    assert store.received_between("c1", now - 7260, now - 7200) == 0


def test_a_report_settles_an_attempt_whose_outcome_nobody_knew(store):
    store.say("r1", "c1", "et", 1)
    store.begin_attempt("r1", 0)
    store.report("r1", State.SENT)
    assert store.next_to_send("c1", FOREVER) is None


def test_a_report_about_a_message_nobody_sent_changes_nothing(store):
    store.report("unknown", State.DELIVERED)
    assert store.state_of("unknown") is None


@pytest.mark.parametrize("reports", product([State.SENT, State.DELIVERED, State.FAILED], repeat=3))
def test_nothing_comes_after_a_final_state(store, reports):
    store.say("r1", "c1", "et", 1)
    store.begin_attempt("r1", 0)
    seen = []
    for state in reports:
        store.report("r1", state)
        store.end_attempt("r1", State.SENT)
        seen.append(store.state_of("r1"))
    first_final = next((state for state in reports if state.is_final), State.SENT)
    assert seen[-1] == first_final


def test_only_one_holder_may_answer_and_send(store, path):
    other = SmsStore(path)
    assert store.claim()
    assert not other.claim()
    store.close()
    assert other.claim()
    other.close()


def test_old_ids_are_forgotten_but_nothing_that_waits(store, path):
    store.take_in(message("m1"))
    store.take_in(message("m2"))
    store.answered(message("m2"), [("svar", 1)])
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE incoming SET received_at = 0")
        connection.execute("UPDATE outgoing SET changed_at = 0")
    store.forget(KEEP_IDS_SECONDS + 1)
    assert store.oldest_waiting("c1").id == "m1"
    assert store.take_in(message("m2"))
    assert store.next_to_send("c1", FOREVER).text == "svar"


def test_the_file_is_its_owners_alone(store, path):
    assert path.stat().st_mode & 0o077 == 0
