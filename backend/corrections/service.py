"""What can be done with corrections: make one from a turn, take it back, approve or reject it."""

import re
from collections.abc import Sequence
from datetime import datetime

from backend.corrections.masking import training_text
from backend.corrections.repository import CorrectionRepository, TrainingRepository
from backend.corrections.story import write_story
from backend.corrections.tables import Correction, CorrectionStatus, Mark
from backend.problems import Invalid, NotFound, VersionConflict
from backend.transcripts.rasa_events import NOT_UNDERSTOOD
from backend.transcripts.tables import ConversationTurn

LONGEST_TEXT = 500
_LEAST_SURE_CHOICE = "out_of_scope"


class WordsNotFound(Invalid):
    """The words to mark do not stand in the masked text."""

    slug, title = "words-not-found", "The words are not in the text"


class CorrectionService:
    """Makes corrections of turns. Whatever is sent twice changes nothing the second time."""

    def __init__(self, corrections: CorrectionRepository, now: datetime) -> None:
        self._corrections = corrections
        self._now = now

    async def of_turns(self, turns: Sequence[ConversationTurn]) -> dict[int, Correction]:
        """The corrections of some turns by their positions."""
        return await self._corrections.of_turns([turn.position for turn in turns])

    async def turn_to_correct(self, conversation_id: str, position: int) -> ConversationTurn:
        """A turn that can be corrected.

        Raises:
            NotFound: There is no such turn, or it has no words to learn from.
        """
        return _with_words(await self._corrections.turn(conversation_id, position))

    async def correct_intent(self, conversation_id: str, position: int, intent: str, by: str) -> None:
        """Says what a turn should have been understood as.

        Raises:
            NotFound: There is no such turn, or it has no words to learn from.
        """
        turn = await self._turn(conversation_id, position)
        correction = await self._corrections.of_turn(position)
        if correction is None:
            await self._corrections.add(await self._new(turn, intent, by))
        elif correction.intent != intent:
            correction.intent = intent
            self._wait_again(correction, by)

    async def mark(self, conversation_id: str, position: int, words: str, entity: str, by: str) -> None:
        """Marks words of a turn as an entity; a mark that they overlap gives way.

        Raises:
            NotFound: There is no such turn, or it has no words to learn from.
            WordsNotFound: The words are not in it.
        """
        turn = await self._turn(conversation_id, position)
        correction = await self._corrections.of_turn(position)
        is_new = correction is None
        correction = correction or await self._new(turn, _intent_of(turn), by)
        mark = _find(correction.text, words, entity)
        if mark in correction.marks:
            return
        others = [
            one for one in correction.marks if one["end"] <= mark["start"] or mark["end"] <= one["start"]
        ]
        correction.marks = sorted([*others, mark], key=lambda one: one["start"])
        if is_new:
            await self._corrections.add(correction)
        else:
            self._wait_again(correction, by)

    async def withdraw(self, conversation_id: str, position: int) -> None:
        """Takes the correction of a turn back.

        Raises:
            NotFound: There is no such turn.
        """
        await self._turn(conversation_id, position)
        correction = await self._corrections.of_turn(position)
        if correction:
            await self._corrections.remove(correction)

    async def story(self, conversation_id: str, turns: Sequence[ConversationTurn]) -> str:
        """A conversation as a test for the assistant, without personal data."""
        return write_story(
            await self._corrections.told_events(conversation_id),
            {turn.position: turn for turn in turns},
            await self._corrections.of_conversation(conversation_id),
            await self._corrections.names(conversation_id),
        )

    async def _turn(self, conversation_id: str, position: int) -> ConversationTurn:
        return _with_words(await self._corrections.turn_for_change(conversation_id, position))

    async def _new(self, turn: ConversationTurn, intent: str, by: str) -> Correction:
        text = training_text(turn.text, await self._corrections.names(turn.conversation_id))
        if not text:
            raise NotFound("There is nothing to learn from")
        return Correction(
            conversation_id=turn.conversation_id,
            turn=turn.position,
            text=text,
            intent=intent,
            understood_intent=turn.intent,
            marks=[],
            status=CorrectionStatus.WAITING,
            made_by=by,
            made_at=self._now,
        )

    def _wait_again(self, correction: Correction, by: str) -> None:
        correction.status = CorrectionStatus.WAITING
        correction.made_by, correction.made_at = by, self._now
        correction.decided_by = correction.decided_at = None


class TrainingService:
    """Decides on corrections, without seeing whom they came from."""

    def __init__(self, training: TrainingRepository, now: datetime) -> None:
        self._training = training
        self._now = now

    async def waiting(self) -> Sequence[Correction]:
        """Corrections that nobody has decided on, oldest first."""
        return await self._training.with_status(CorrectionStatus.WAITING)

    async def approved(self) -> Sequence[Correction]:
        """Corrections that are to be trained on, oldest first."""
        return await self._training.with_status(CorrectionStatus.APPROVED)

    async def count_by_intent(self, status: CorrectionStatus) -> dict[str, int]:
        """How many corrections there are with a status, by the intent they would teach."""
        return await self._training.count_by_intent(status)

    async def decide(self, correction_id: str, status: CorrectionStatus, version: int, by: str) -> None:
        """Approves or rejects a correction.

        Raises:
            NotFound: There is no such correction.
            VersionConflict: It was changed since it was read.
        """
        correction = await self._training.for_change(correction_id)
        if correction is None:
            raise NotFound("There is no such correction")
        if correction.status == status:
            return
        if correction.version != version:
            raise VersionConflict
        correction.status = status
        correction.decided_by, correction.decided_at = by, self._now


def _with_words(turn: ConversationTurn | None) -> ConversationTurn:
    if turn is None or turn.button or not 0 < len(turn.text) <= LONGEST_TEXT:
        raise NotFound("There is no such turn")
    return turn


def _intent_of(turn: ConversationTurn) -> str:
    understood = turn.intent if turn.intent != NOT_UNDERSTOOD else None
    return understood or _LEAST_SURE_CHOICE


def _find(text: str, words: str, entity: str) -> Mark:
    wanted = r"\s+".join(map(re.escape, words.split()))
    found = re.search(rf"(?<!\w){wanted}(?!\w)", text, re.IGNORECASE) if wanted else None
    if found is None:
        raise WordsNotFound
    return Mark(entity=entity, start=found.start(), end=found.end())
