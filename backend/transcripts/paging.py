"""One page of the list of conversations, found without looking at all that are stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Select, Tuple, literal, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from backend.teams.scope import TeamScope
from backend.transcripts.listing import FOUND, NEWEST_FIRST, ConversationFilter, Place, conditions_of
from backend.transcripts.search import found_by_index, found_by_reading, words_of
from backend.transcripts.tables import Conversation

_NEAR = 500
"""How many conversations are read before the index is asked: words that one in twenty holds fill a page."""

_Found = Select[datetime, str] | CompoundSelect[datetime, str]
_PLACE = tuple_(Conversation.last_activity_at, Conversation.id)


async def ids_of_page(
    session: AsyncSession, wanted: ConversationFilter, scope: TeamScope, after: Place | None, limit: int
) -> list[str]:
    """The conversations of a page, from behind a place in the list.

    Args:
        session: The transaction.
        wanted: Which ones.
        scope: Of which teams.
        after: The place; None for the beginning.
        limit: How many at most.
    """
    conditions = conditions_of(wanted)
    newest = _newest_of_few if wanted.is_of_few else _newest
    if after:
        conditions.append(_as_tuple(after) > _PLACE)
    if not wanted.folded_search:
        return await _ids(session, newest(conditions, scope, limit))
    dialect = session.get_bind().dialect.name
    words = words_of(wanted.folded_search)
    # The index would give every turn that holds a common word. Among the newest it is found soon.
    far = (await session.execute(newest(conditions, scope, _NEAR).offset(_NEAR - 1).limit(1))).first()
    near = [*conditions, _as_tuple(Place(*far)) <= _PLACE] if far else conditions
    found = await _ids(session, newest([*near, found_by_reading(words, dialect)], scope, limit))
    if far is None or len(found) == limit:
        return found
    return await _ids(session, _newest_of_few([*conditions, found_by_index(words, dialect)], scope, limit))


async def _ids(session: AsyncSession, found: _Found) -> list[str]:
    return [conversation_id for _, conversation_id in await session.execute(found)]


def _newest(conditions: Sequence[ColumnElement[bool]], scope: TeamScope, limit: int) -> _Found:
    """The newest conversations that fit: of each team as many as asked for, and of these the newest.

    The index has the conversations of one team in their order, those of several only after sorting them all.
    """
    of_teams = [
        select(
            FOUND.where(*conditions, team.limits(Conversation.team_id))
            .order_by(*NEWEST_FIRST)
            .limit(limit)
            .subquery()
        )
        for team in scope.each()
    ]
    every = union_all(*of_teams)
    columns = every.selected_columns
    return every.order_by(columns.last_activity_at.desc(), columns.id.desc()).limit(limit)


def _newest_of_few(conditions: Sequence[ColumnElement[bool]], scope: TeamScope, limit: int) -> _Found:
    """The same where few conversations fit: these are found first, and then put in order."""
    # Not what is indexed: SQLite would rather go through all of a team than look up the few.
    within = scope.limits(Conversation.team_id.concat(""))
    return FOUND.where(*conditions, within).order_by(*NEWEST_FIRST).limit(limit)


def _as_tuple(place: Place) -> Tuple:
    at = literal(place.last_activity_at, Conversation.last_activity_at.type)
    return tuple_(at, literal(place.conversation_id))
