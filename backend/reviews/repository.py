"""Finds and stores reviews, tags and notes, within some teams."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.db import insert_if_absent
from backend.reviews.draw import Candidate
from backend.reviews.tables import ConversationNote, ConversationReview, ConversationTag
from backend.teams.scope import TeamScope
from backend.transcripts.rasa_events import UNSURE_BELOW
from backend.transcripts.repository import Row
from backend.transcripts.tables import (
    Conversation,
    ConversationFlag,
    ConversationRating,
    ConversationTurn,
    FlagKind,
)

_DISCONTENT = 2


class ReviewRepository:
    """The stored reviews.

    Args:
        session: The transaction.
        scope: The teams whose conversations can be found here; for everybody else they do not exist.
    """

    def __init__(self, session: AsyncSession, scope: TeamScope) -> None:
        self._session = session
        self._within_scope = scope.limits(Conversation.team_id)

    async def has_conversation(self, conversation_id: str) -> bool:
        """Whether there is such a conversation."""
        found = select(Conversation.id).where(Conversation.id == conversation_id, self._within_scope)
        return await self._session.scalar(found) is not None

    async def review(self, conversation_id: str) -> ConversationReview | None:
        """What is noted about a conversation."""
        found = select(ConversationReview).join(
            Conversation, Conversation.id == ConversationReview.conversation_id
        )
        return await self._session.scalar(found.where(Conversation.id == conversation_id, self._within_scope))

    async def review_for_change(self, conversation_id: str) -> ConversationReview:
        """What is noted about a conversation, so that nobody else changes it before the transaction ends."""
        await insert_if_absent(self._session, ConversationReview, {"conversation_id": conversation_id})
        return await self._session.get_one(ConversationReview, conversation_id, with_for_update=True)

    async def tags(self, conversation_id: str) -> list[str]:
        """The tags of a conversation, by the alphabet."""
        found = select(ConversationTag.tag).join(
            Conversation, Conversation.id == ConversationTag.conversation_id
        )
        of_one = found.where(Conversation.id == conversation_id, self._within_scope)
        return list(await self._session.scalars(of_one.order_by(ConversationTag.tag)))

    async def used_tags(self) -> list[str]:
        """Every tag in use, by the alphabet."""
        found = select(ConversationTag.tag).join(
            Conversation, Conversation.id == ConversationTag.conversation_id
        )
        return list(
            await self._session.scalars(
                found.where(self._within_scope).distinct().order_by(ConversationTag.tag)
            )
        )

    async def add_tag(self, conversation_id: str, tag: str) -> None:
        """Puts a tag on a conversation, unless it is there."""
        await insert_if_absent(
            self._session, ConversationTag, {"conversation_id": conversation_id, "tag": tag}
        )

    async def remove_tag(self, conversation_id: str, tag: str) -> None:
        """Takes a tag off a conversation."""
        of_one = ConversationTag.conversation_id == conversation_id
        await self._session.execute(delete(ConversationTag).where(of_one, ConversationTag.tag == tag))

    async def notes(self, conversation_id: str) -> list[ConversationNote]:
        """The notes on a conversation, oldest first."""
        found = select(ConversationNote).join(
            Conversation, Conversation.id == ConversationNote.conversation_id
        )
        of_one = found.where(Conversation.id == conversation_id, self._within_scope)
        in_order = ConversationNote.written_at, ConversationNote.id
        return list(await self._session.scalars(of_one.order_by(*in_order)))

    async def add_note(self, note: Row) -> None:
        """Adds a note, unless one with its id is there."""
        await insert_if_absent(self._session, ConversationNote, note)

    async def candidates(
        self, begun_from: datetime, until: datetime, *, unreviewed_at: datetime
    ) -> list[Candidate]:
        """Conversations of a stretch of time, as they stood at its end, unless reviewed before a moment."""
        discontent = or_(
            exists().where(
                ConversationFlag.conversation_id == Conversation.id,
                ConversationFlag.kind == FlagKind.NEGATIVE_FEEDBACK,
                ConversationFlag.raised_at < until,
            ),
            exists().where(
                ConversationRating.conversation_id == Conversation.id,
                ConversationRating.rating <= _DISCONTENT,
                ConversationRating.rated_at < until,
            ),
        )
        said = and_(ConversationTurn.conversation_id == Conversation.id, ConversationTurn.occurred_at < until)
        unsure = exists().where(said, ConversationTurn.confidence < UNSURE_BELOW)
        reviewed = exists().where(
            ConversationReview.conversation_id == Conversation.id,
            ConversationReview.reviewed_at < unreviewed_at,
        )
        spoken = exists().where(said, ConversationTurn.speaker == "citizen")
        found = select(Conversation.id, Conversation.channel, discontent, unsure).where(
            self._within_scope,
            Conversation.started_at >= begun_from,
            Conversation.started_at < until,
            spoken,
            ~reviewed,
        )
        return [Candidate(*row) for row in await self._session.execute(found)]

    async def reviewed_among(self, conversation_ids: Sequence[str]) -> set[str]:
        """Which of some conversations somebody has reviewed."""
        found = select(ConversationReview.conversation_id).where(
            ConversationReview.conversation_id.in_(conversation_ids),
            ConversationReview.reviewed_at.is_not(None),
        )
        return set(await self._session.scalars(found))
