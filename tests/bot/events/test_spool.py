"""The spool keeps events on disk, in order, until they have arrived."""

import stat

from hypothesis import given
from hypothesis import strategies as st

from bot.events.spool import Spool, SpooledEvent


def event(number, **more):
    return SpooledEvent.of({"sender_id": "c1", "event": "user", "timestamp": float(number), **more})


def test_events_come_out_in_the_order_they_went_in(tmp_path):
    spool = Spool(tmp_path / "events.db")
    events = [event(number) for number in (3, 1, 2)]
    spool.append(events[:1])
    spool.append(events[1:])
    assert spool.oldest(10, 10_000) == events


def test_what_was_not_removed_is_there_after_a_restart(tmp_path):
    spool = Spool(tmp_path / "events.db")
    first, second = event(1), event(2)
    spool.append([first, second])
    spool.remove([first])
    spool.close()
    assert Spool(tmp_path / "events.db").oldest(10, 10_000) == [second]


def test_an_event_that_waits_is_not_added_again(tmp_path):
    spool = Spool(tmp_path / "events.db")
    spool.append([event(1)])
    spool.append([event(1)])
    assert spool.count() == 1


def test_an_event_set_aside_is_kept_but_not_in_the_way(tmp_path):
    spool = Spool(tmp_path / "events.db")
    bad, good = event(1), event(2)
    spool.append([bad, good])
    spool.set_aside(bad, "HTTP 422")
    assert spool.oldest(10, 10_000) == [good]
    [refused] = spool.refused()
    assert (refused.event, refused.reason) == (bad, "HTTP 422")


def test_an_event_taken_back_waits_again_behind_the_others(tmp_path):
    spool = Spool(tmp_path / "events.db")
    bad, good = event(1), event(2)
    spool.append([bad, good])
    spool.set_aside(bad, "HTTP 422")
    spool.take_back([bad])
    assert spool.oldest(10, 10_000) == [good, bad]
    assert spool.refused() == []


def test_a_batch_is_limited_in_number_and_length_but_never_empty(tmp_path):
    spool = Spool(tmp_path / "events.db")
    spool.append([event(number, text="x" * 100) for number in range(5)])
    assert len(spool.oldest(3, 10_000)) == 3
    assert len(spool.oldest(5, 2 * len(event(0, text="x" * 100).body))) == 2
    assert len(spool.oldest(5, 1)) == 1


def test_only_one_holder_at_a_time_may_empty_a_spool(tmp_path):
    first, second = Spool(tmp_path / "events.db"), Spool(tmp_path / "events.db")
    assert first.claim()
    assert first.claim()
    assert not second.claim()
    first.close()
    assert second.claim()


def test_only_the_owner_can_read_the_spool(tmp_path):
    spool = Spool(tmp_path / "events.db")
    spool.append([event(1)])
    modes = [
        stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("events.db*") if "claim" not in path.name
    ]
    assert len(modes) == 3
    assert set(modes) == {0o600}
    spool.close()


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=3
)


@given(st.dictionaries(st.text(), json_values, max_size=4), st.randoms())
def test_the_id_of_an_event_does_not_depend_on_the_order_of_its_keys(extra, random):
    whole = {**extra, "sender_id": "c1", "timestamp": 1.0}
    keys = list(whole)
    random.shuffle(keys)
    assert SpooledEvent.of({key: whole[key] for key in keys}) == SpooledEvent.of(whole)


def test_events_that_differ_in_conversation_or_time_have_ids_of_their_own():
    events = [{"sender_id": sender, "timestamp": at} for sender in ("c1", "c2") for at in (1.0, 1.0000001)]
    assert len({SpooledEvent.of(event).event_id for event in events}) == 4
