"""Full-text search: nothing a person writes breaks it, and what is deleted is not found."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from backend.db import Database
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.listing import ConversationFilter
from backend.transcripts.repository import TranscriptRepository
from backend.transcripts.service import fold
from backend.transcripts.tables import Conversation, ConversationTurn
from tests.backend.story import Archive, Story

# What means something to one of the two query languages, among ordinary letters.
ANYTHING = st.text(st.sampled_from("aæ1 \"'*()^:+-&|!<>{}\\%_~NEARORANDT\u0301"), min_size=1, max_size=40)


@pytest.fixture
async def archive(client):
    archive = Archive(client)
    await archive.send(Story("c1").user("mit kæledyr er en kat").events)
    return archive


async def found(database: Database, search: str) -> list[str]:
    async with database.read() as work:
        repository = TranscriptRepository(work.session, EVERY_TEAM)
        page = await repository.page(ConversationFilter(folded_search=fold(search)), None, 10)
    return [summary.conversation.id for summary in page]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(search=ANYTHING)
async def test_whatever_is_looked_for_gets_an_answer(archive, database, search):
    assert await found(database, search) in ([], ["c1"])


async def test_the_beginnings_of_words_find_a_turn_in_any_order(archive, database):
    assert await found(database, "KAT kæle") == ["c1"]
    assert await found(database, "kaniner") == []


async def test_what_is_deleted_is_not_found(archive, database):
    async with database.write() as work:
        await work.session.execute(delete(Conversation))
        await work.commit()
    async with database.read() as work:
        assert (await work.session.scalars(select(ConversationTurn))).all() == []
    assert await found(database, "kat") == []
    await archive.send(Story("c2").user("en hund").events)
    assert await found(database, "kat") == []
    assert await found(database, "hund") == ["c2"]
