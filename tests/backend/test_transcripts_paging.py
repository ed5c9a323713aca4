"""The list of conversations: every page of every list is what looking at all conversations would give."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from backend.db import Database
from backend.teams.scope import TeamScope
from backend.transcripts import paging
from backend.transcripts.listing import ConversationFilter, Place
from backend.transcripts.repository import TranscriptRepository
from backend.transcripts.search import found_by_index, found_by_reading, words_of
from backend.transcripts.service import fold
from backend.transcripts.tables import Conversation, ConversationEvent, ConversationFlag, ConversationTurn

START = datetime(2026, 11, 1, tzinfo=UTC)
IN_ONE_DATABASE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
# Letters, what parts them, what goes on a letter and what means something to one of the query languages.
SIGNS = "aæeé1² \t.,-_/@:'\"*()&|!<>\\%\u0301\u0310\u0345\ue000ßıſΣ中\N{OGHAM SPACE MARK}"
ANY_TEXT = st.text(st.sampled_from(SIGNS) | st.characters(min_codepoint=1, max_codepoint=0x24F), max_size=20)
WORDS = ("kat", "kattepine", "hund", "hus")


@dataclass(frozen=True)
class Said:
    """A conversation: its team, when it was active, and what was said in each turn."""

    team: str
    minute: int
    turns: tuple[tuple[str, ...], ...]
    is_flagged: bool

    def holds(self, begun: list[str]) -> bool:
        """Whether one turn holds a word that begins like each of some."""
        return any(all(any(word.startswith(one) for word in turn) for one in begun) for turn in self.turns)


CONVERSATIONS = st.lists(
    st.builds(
        Said,
        st.sampled_from("abc"),
        st.integers(0, 3),
        st.lists(st.lists(st.sampled_from(WORDS), max_size=3).map(tuple), min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_size=10,
)
SCOPES = st.none() | st.sets(st.sampled_from("abc"))


async def store(database: Database, conversations: dict[str, Said]) -> None:
    """Puts conversations in place of all that were there."""
    positions = count(1)
    async with database.write() as work:
        await work.session.execute(delete(Conversation))
        for id_, said in conversations.items():
            at = START + timedelta(minutes=said.minute)
            times = {"started_at": START, "last_activity_at": at, "last_citizen_turn_at": at}
            await work.session.execute(insert(Conversation), {"id": id_, "team_id": said.team, **times})
            if said.is_flagged:
                flag = {"conversation_id": id_, "kind": "crisis", "raised_at": at}
                await work.session.execute(insert(ConversationFlag), flag)
            for turn in said.turns:
                await add_turn(work.session, id_, next(positions), " ".join(turn))
        await work.commit()


async def add_turn(session, conversation_id, position, text):
    event = {"position": position, "conversation_id": conversation_id, "occurred_at": START}
    whole = {**event, "event_id": str(position), "kind": "user", "data": "{}"}
    await session.execute(insert(ConversationEvent), whole)
    empty = {"ranking": [], "entities": [], "offered": []}
    turn = {**event, "speaker": "citizen", "text": text, "folded_text": fold(text), **empty}
    await session.execute(insert(ConversationTurn), turn)


async def all_pages(repository: TranscriptRepository, wanted: ConversationFilter, limit: int) -> list[str]:
    """The ids of every page, one after another."""
    found: list[str] = []
    after = None
    while page := await repository.page(wanted, after, limit):
        assert len(page) <= limit
        found += [summary.conversation.id for summary in page]
        last = page[-1].conversation
        after = Place(last.last_activity_at, last.id)
    return found


@settings(max_examples=60, **IN_ONE_DATABASE)
@given(
    conversations=CONVERSATIONS,
    teams=SCOPES,
    searched=st.none() | st.lists(st.sampled_from([*WORDS, "h", "ka"]), min_size=1, max_size=2),
    only_flagged=st.booleans(),
    limit=st.integers(1, 4),
    near=st.integers(1, 5),
)
async def test_all_pages_are_all_that_fit_newest_first(
    database, conversations, teams, searched, only_flagged, limit, near
):
    stored = {f"c{number}": said for number, said in enumerate(conversations)}
    await store(database, stored)
    fitting = [
        (said.minute, id_)
        for id_, said in stored.items()
        if (teams is None or said.team in teams)
        and (searched is None or said.holds(searched))
        and (said.is_flagged or not only_flagged)
    ]
    wanted = ConversationFilter(
        folded_search=searched and " ".join(searched), flag="crisis" if only_flagged else None
    )
    scope = TeamScope(None if teams is None else frozenset(teams))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "_NEAR", near)
        async with database.read() as work:
            found = await all_pages(TranscriptRepository(work.session, scope), wanted, limit)
    assert found == [id_ for _, id_ in sorted(fitting, reverse=True)]


@settings(max_examples=200, **IN_ONE_DATABASE)
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=3), data=st.data())
async def test_reading_turns_finds_what_the_index_finds(database, texts, data):
    await store(database, {"c1": Said("a", 0, tuple((text,) for text in texts), is_flagged=False)})
    text = fold(data.draw(st.sampled_from(texts)))
    begin = data.draw(st.integers(0, len(text)))
    search = data.draw(ANY_TEXT.map(fold) | st.just(text[begin : begin + 4]))
    async with database.read() as work:
        dialect = work.session.get_bind().dialect.name
        found = [
            list(await work.session.scalars(select(Conversation.id).where(way(words_of(search), dialect))))
            for way in (found_by_index, found_by_reading)
        ]
    assert found[0] == found[1]
