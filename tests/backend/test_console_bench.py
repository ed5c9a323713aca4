"""The benchmark of the console: it fills what the assistant would have brought, and measures every page."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import inspect, select

from backend.db import Database
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.listing import ConversationFilter
from backend.transcripts.rasa_events import RasaEvent, turn_of
from backend.transcripts.repository import TranscriptRepository
from backend.transcripts.tables import Conversation, ConversationEvent, ConversationTurn
from benchmarks.console.__main__ import report, run
from benchmarks.console.databases import PostgresDatabase, SqliteFile, ensure_filled
from benchmarks.console.filling import Scale
from benchmarks.console.language import Language
from benchmarks.console.stores import KEYS
from tests.backend.databases import POSTGRES_URL

SCALE = Scale(conversations=120, events=6000, long_turns=100, long_conversations=2)


@pytest.fixture
async def measured(tmp_path):
    """A database of this test's own to fill."""
    if not POSTGRES_URL:
        yield SqliteFile(tmp_path)
        return
    database = PostgresDatabase(POSTGRES_URL, f"digispor_test_{uuid4().hex}")
    yield database
    await database.drop()


@pytest.fixture
async def filled(measured):
    await ensure_filled(measured, SCALE, Language(), lambda _: None)
    database = Database.from_url(measured.url, write_wait_seconds=5, keys=KEYS)
    yield database
    await database.dispose()


async def test_what_is_filled_is_what_would_be_stored_of_the_events(filled):
    async with filled.read() as work:
        events = list(await work.session.scalars(select(ConversationEvent)))
        turns = {turn.position: turn for turn in await work.session.scalars(select(ConversationTurn))}
        conversations = list(await work.session.scalars(select(Conversation)))
    absorbed = {
        one.id: Conversation(
            id=one.id, started_at=datetime.max.replace(tzinfo=UTC), last_activity_at=START, was_unsure=False
        )
        for one in conversations
    }
    for stored in events:
        event = RasaEvent.model_validate_json(stored.data)
        turn = turn_of(event)
        assert (stored.kind, stored.name, stored.occurred_at) == (event.event, event.name, event.at)
        assert json.loads(event.as_json()) == json.loads(stored.data)
        absorbed[stored.conversation_id].absorb(event, turn, stored.position)
        if turn:
            said = turns.pop(stored.position)
            assert {name: getattr(said, name) for name in asdict(turn)} == asdict(turn)
    assert turns == {}
    for one in conversations:
        told = {column.key for column in inspect(Conversation).column_attrs} - {"team_id", "last_change"}
        assert {name: getattr(one, name) for name in told} == {
            name: getattr(absorbed[one.id], name) for name in told
        }


async def test_what_is_filled_is_found_by_its_words(filled):
    async with filled.read() as work:
        turn = await work.session.scalar(select(ConversationTurn).where(ConversationTurn.speaker == "bot"))
        wanted = ConversationFilter(folded_search=turn.folded_text[:200])
        page = await TranscriptRepository(work.session, EVERY_TEAM).page(wanted, None, SCALE.conversations)
    assert turn.conversation_id in {summary.conversation.id for summary in page}


async def test_a_database_that_is_filled_is_used_again(measured):
    told = []
    await ensure_filled(measured, SCALE, Language(), told.append)
    assert abs(sum(told) - SCALE.events) < SCALE.events / 10
    await ensure_filled(measured, SCALE, Language(), told.append)
    assert len(told) == 1


async def test_every_kind_of_page_is_measured_for_every_reader(measured, tmp_path):
    times = await run(measured, SCALE, tmp_path, times=1)
    pages = {(one.reader, one.page) for one in times}
    assert len(pages) == len(times)
    for reader in ("every team", "one team", "two teams"):
        assert {"list", "list, flag crisis", "common word", "nothing found"} <= {
            page for who, page in pages if who == reader
        }
    assert ("every team", "a conversation of 100 turns") in pages
    assert all(one.reader in report(times) for one in times)


START = datetime(1970, 1, 1, tzinfo=UTC)
