"""What staff can note about a conversation, and what they look through this week."""

from dataclasses import dataclass
from datetime import datetime

from backend.problems import NotFound
from backend.reviews.draw import Drawn, Week, draw
from backend.reviews.repository import ReviewRepository
from backend.reviews.tables import ConversationNote, ConversationReview, Theme


@dataclass(frozen=True, slots=True)
class Noted:
    """Everything that is noted about a conversation, and the tags that have been used elsewhere."""

    review: ConversationReview | None
    tags: list[str]
    notes: list[ConversationNote]
    suggestions: list[str]


@dataclass(frozen=True, slots=True)
class Queue:
    """A week's conversations to review, in their order.

    Attributes:
        drawn: Those that were chosen, also the ones that have been reviewed since.
        reviewed: Ids of these.
        is_settled: Whether the choice stands all week; in the first week it is made among what comes in.
    """

    drawn: list[Drawn]
    reviewed: set[str]
    is_settled: bool

    @property
    def waiting(self) -> list[Drawn]:
        """Those that nobody has reviewed yet."""
        return [one for one in self.drawn if one.conversation_id not in self.reviewed]

    def next_after(self, conversation_id: str) -> Drawn | None:
        """The next one that waits, round and round; None when no other does."""
        ids = [one.conversation_id for one in self.drawn]
        here = ids.index(conversation_id) if conversation_id in ids else -1
        around = self.drawn[here + 1 :] + self.drawn[: max(here, 0)]
        return next((one for one in around if one.conversation_id not in self.reviewed), None)


class ReviewService:
    """Keeps what is noted. Whatever is sent twice changes nothing the second time."""

    def __init__(self, reviews: ReviewRepository, now: datetime) -> None:
        self._reviews = reviews
        self._now = now

    async def noted(self, conversation_id: str) -> Noted:
        """What is noted about a conversation."""
        tags = await self._reviews.tags(conversation_id)
        unused = [tag for tag in await self._reviews.used_tags() if tag not in tags]
        return Noted(
            await self._reviews.review(conversation_id),
            tags,
            await self._reviews.notes(conversation_id),
            unused,
        )

    async def review(
        self, conversation_id: str, reviewer: str, rating: int | None, theme: Theme | None
    ) -> None:
        """Notes that a conversation has been looked through, and how well the assistant did.

        The first to look it through stands; the last to rate it stands.

        Raises:
            NotFound: There is no such conversation.
        """
        review = await self._for_change(conversation_id)
        if review.reviewed_at is None:
            review.reviewed_by, review.reviewed_at = reviewer, self._now
        if (review.rating, review.theme) != (rating, theme):
            review.rating, review.theme = rating, theme
            review.rated_by = reviewer if rating else None

    async def flag(self, conversation_id: str, by: str, *, flagged: bool) -> None:
        """Flags a conversation for colleagues, or takes the flag off.

        Raises:
            NotFound: There is no such conversation.
        """
        review = await self._for_change(conversation_id)
        if not flagged:
            review.flagged_by = review.flagged_at = None
        elif review.flagged_at is None:
            review.flagged_by, review.flagged_at = by, self._now

    async def add_tag(self, conversation_id: str, tag: str) -> None:
        """Puts a tag on a conversation.

        Raises:
            NotFound: There is no such conversation.
        """
        await self._demand(conversation_id)
        await self._reviews.add_tag(conversation_id, tag)

    async def remove_tag(self, conversation_id: str, tag: str) -> None:
        """Takes a tag off a conversation.

        Raises:
            NotFound: There is no such conversation.
        """
        await self._demand(conversation_id)
        await self._reviews.remove_tag(conversation_id, tag)

    async def note(self, conversation_id: str, note_id: str, text: str, by: str) -> None:
        """Adds a note for colleagues.

        Raises:
            NotFound: There is no such conversation.
        """
        await self._demand(conversation_id)
        await self._reviews.add_note(
            {
                "id": note_id,
                "conversation_id": conversation_id,
                "text": text,
                "written_by": by,
                "written_at": self._now,
            }
        )

    async def queue(self) -> Queue:
        """This week's conversations to review."""
        week = Week.of(self._now)
        settled = await self._reviews.candidates(week.looks_back_to, week.begins, unreviewed_at=week.begins)
        candidates = settled or await self._reviews.candidates(
            week.begins, self._now, unreviewed_at=week.begins
        )
        drawn = draw(candidates, week)
        reviewed = await self._reviews.reviewed_among([one.conversation_id for one in drawn])
        return Queue(drawn, reviewed, is_settled=bool(settled))

    async def _for_change(self, conversation_id: str) -> ConversationReview:
        await self._demand(conversation_id)
        return await self._reviews.review_for_change(conversation_id)

    async def _demand(self, conversation_id: str) -> None:
        if not await self._reviews.has_conversation(conversation_id):
            raise NotFound("There is no such conversation")
