"""What a chain of entries holds, whatever they say."""

from dataclasses import asdict, fields
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.audit.chain import BEGINNING, AuditKey, Content, hash_of
from backend.audit.tables import AuditEntry
from backend.audit.verification import Broken, Walk
from backend.settings import Settings

KEY = AuditKey(
    Settings(
        _env_file=None,
        service_token="a-service-token-for-tests",
        signing_key="a-signing-key-for-tests",
        contact_key="a-contact-key-for-tests-that-is-long-enough",
        console_secret="a-console-secret-for-tests",
    )
)
texts = st.text(max_size=20)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
FIELDS = {
    "at": st.datetimes(timezones=st.just(UTC)),
    "actor": texts,
    "action": texts,
    "outcome": st.sampled_from(["shown", "attempted", "refused"]),
    "conversation_id": st.none() | texts,
    "listed": st.lists(texts, max_size=3),
    "removed": st.none() | st.integers(1, 99),
    "removed_hash": st.none() | hashes,
    "about": st.none() | texts,
}
CHAINING = {
    "position": st.integers(-3, 12),
    "previous_hash": hashes,
    "signature": texts | hashes.map(lambda made: f"01234567.{made}"),
    "hash": hashes,
}


def chained(said, unsigned):
    """Entries as the migration and the log make them; the first ones are not signed."""
    entries, previous = [], BEGINNING
    for position, one in enumerate(said, 1):
        content = Content(position=position, previous_hash=previous, **one)
        signature = "" if position <= unsigned else KEY.sign(content)
        previous = hash_of(content, signature)
        entries.append(AuditEntry(**asdict(content), signature=signature, hash=previous))
    return entries


def end_of(entries):
    return {entries[-1].position: {entries[-1].hash}}


def walk(entries, anchored):
    walking = Walk(KEY, None, anchored)
    for entry in sorted(entries, key=lambda entry: entry.position):
        walking.step(entry)
    walking.end()


logs = st.builds(chained, st.lists(st.fixed_dictionaries(FIELDS), min_size=2, max_size=6), st.integers(0, 1))


@given(logs)
def test_every_log_that_is_noted_is_whole(entries):
    walk(entries, end_of(entries))


@given(logs, st.sampled_from([*FIELDS, *CHAINING]), st.data())
def test_any_single_change_of_any_field_of_any_entry_is_found(entries, field, data):
    entry = data.draw(st.sampled_from(entries))
    anchored = end_of(entries)
    was = getattr(entry, field)
    changed = data.draw((FIELDS | CHAINING)[field])
    assume(changed != was)
    setattr(entry, field, changed)
    with pytest.raises(Broken):
        walk(entries, anchored)


@given(logs, st.data())
def test_any_entry_that_is_gone_is_missed(entries, data):
    anchored = end_of(entries)
    del entries[data.draw(st.integers(0, len(entries) - 1))]
    with pytest.raises(Broken):
        walk(entries, anchored)


@given(st.fixed_dictionaries(FIELDS), st.fixed_dictionaries(FIELDS))
def test_two_entries_that_say_different_things_are_not_written_alike(one, other):
    assume(one != other)
    written = [Content(position=1, previous_hash=BEGINNING, **said).canonical() for said in (one, other)]
    assert written[0] != written[1]
    assert "\n" not in written[0]


def test_a_moment_is_written_alike_in_every_time_zone():
    said = {"actor": "karen", "action": "a", "outcome": "shown"}
    moment = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    one, other = (
        Content(position=1, previous_hash=BEGINNING, at=at, **said).canonical()
        for at in (moment, moment.astimezone())
    )
    assert one == other


def test_an_entry_that_says_nothing_about_accounts_is_written_as_before_any_could():
    """Migration 0027 has added what it may say; the hashes from before hold."""
    at = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    said = Content(1, BEGINNING, at, "karen", "conversation", "shown", "c1", ["c2"])
    assert said.canonical() == (
        '{"action":"conversation","actor":"karen","at":"2026-11-24T08:00:00.000000+00:00",'
        '"conversation_id":"c1","listed":["c2"],"outcome":"shown","position":1,'
        f'"previous_hash":"{BEGINNING}","removed":null,"removed_hash":null}}'
    )


def test_nothing_that_an_entry_stores_is_left_out_of_its_hash():
    stored = {column.name for column in AuditEntry.__table__.columns}
    assert {field.name for field in fields(Content)} == stored - {"signature", "hash"}
