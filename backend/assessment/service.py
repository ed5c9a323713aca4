"""Runs self-assessments: every answer is stored when it is given, and the last one brings the placement."""

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from backend.assessment.engine import Engine
from backend.assessment.item_bank import Item, ItemBank
from backend.assessment.outcome import Outcome
from backend.assessment.problems import AssessmentFinished, NotCurrentItem, NothingToUndo
from backend.assessment.repository import AssessmentRepository
from backend.assessment.responses import History, Response, answered
from backend.assessment.tables import OPEN, Assessment, AssessmentAnswer, AssessmentStatus
from backend.citizens.service import CitizenService
from backend.placements.service import PlacementService
from backend.placements.tables import Placement
from backend.problems import NotFound

_STORED_OUTCOME = TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an assessment stands.

    Attributes:
        assessment: The stored assessment.
        history: The answers that stand, in the order given.
        current_item: The item being asked; None once the assessment has ended.
        at_most_left: Upper bound of the items after the current one.
        placement_id: The placement it led to; None before it has finished.
    """

    assessment: Assessment
    history: History
    current_item: Item | None
    at_most_left: int
    placement_id: str | None

    @property
    def number(self) -> int:
        """Number of the current item, from 1; of the last one once the assessment has ended."""
        return len(self.history) + 1 if self.current_item else len(self.history)

    @property
    def answered(self) -> int:
        """How many real answers there are."""
        return answered(self.history)


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of an assessment, final once it has finished."""

    assessment: Assessment
    outcome: Outcome
    placement: Placement | None


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer with its item; None for an item that has left the bank since."""

    answer: AssessmentAnswer
    item: Item | None


class AssessmentService:
    """Starts, continues and ends self-assessments."""

    def __init__(
        self,
        assessments: AssessmentRepository,
        citizens: CitizenService,
        placements: PlacementService,
        engine: Engine,
        bank: ItemBank,
        now: datetime,
    ) -> None:
        self._assessments = assessments
        self._citizens = citizens
        self._placements = placements
        self._engine = engine
        self._bank = bank
        self._now = now

    async def start(self, citizen_id: str, *, restart: bool = False) -> tuple[Progress, bool]:
        """Continues the citizen's open assessment or begins one; tells whether it is new.

        Args:
            citizen_id: Whose assessment.
            restart: End the open one as abandoned and begin again; its answers are kept.

        Raises:
            NotFound: There is no such citizen.
        """
        await self._citizens.get(citizen_id)
        current = await self._assessments.open_of_for_change(citizen_id)
        if current and restart:
            self._end(current, AssessmentStatus.ABANDONED)
            await self._assessments.close(current)
        created = await self._assessments.add_if_none_open(citizen_id, self._versions, self._now)
        assessment = await self._assessments.open_of_for_change(citizen_id)
        if assessment is None:
            raise RuntimeError("an assessment that was just ensured is missing")
        if assessment.status == AssessmentStatus.PAUSED:
            self._move(assessment, AssessmentStatus.ACTIVE)
        return await self._progress(assessment), created

    async def get(self, assessment_id: str) -> Progress:
        """Where an assessment stands.

        Raises:
            NotFound: There is none with that id.
        """
        return await self._progress(await self._stored(assessment_id))

    async def open_of(self, citizen_id: str) -> Progress | None:
        """Where the citizen's open assessment stands, if there is one."""
        assessment = await self._assessments.open_of(citizen_id)
        return await self._progress(assessment) if assessment else None

    async def answer(self, assessment_id: str, item_id: str, value: int | None) -> Progress:
        """Stores the answer to the current item; None is "ved ikke". The last answer ends the assessment.

        A paused assessment goes on with the answer.

        Raises:
            NotFound: There is no such assessment.
            AssessmentFinished: It has ended.
            NotCurrentItem: Another item is being asked.
        """
        return await self._add(
            assessment_id, AssessmentAnswer(item_id=item_id, response=value, skipped=False)
        )

    async def skip(self, assessment_id: str, item_id: str) -> Progress:
        """Leaves the current item out.

        Raises:
            NotFound: There is no such assessment.
            AssessmentFinished: It has ended.
            NotCurrentItem: Another item is being asked.
        """
        return await self._add(assessment_id, AssessmentAnswer(item_id=item_id, response=None, skipped=True))

    async def undo(self, assessment_id: str) -> Progress:
        """Takes the newest answer back, so that its item is asked again. The answer is kept as withdrawn.

        Raises:
            NotFound: There is no such assessment.
            AssessmentFinished: It has ended.
            NothingToUndo: No answer stands.
        """
        assessment = await self._open(assessment_id)
        standing = await self._assessments.standing_answers(assessment_id)
        if not standing:
            raise NothingToUndo
        standing[-1].withdrawn_at = self._now
        self._move(assessment, AssessmentStatus.ACTIVE)
        return self._open_progress(assessment, self._history(standing[:-1]))

    async def pause(self, assessment_id: str) -> Progress:
        """Lets the assessment rest until it is started again.

        Raises:
            NotFound: There is no such assessment.
            AssessmentFinished: It has ended.
        """
        assessment = await self._open(assessment_id)
        self._move(assessment, AssessmentStatus.PAUSED)
        return await self._progress(assessment)

    async def result(self, assessment_id: str) -> Result:
        """The outcome: as it was when the assessment finished, or of the answers so far.

        Raises:
            NotFound: There is no such assessment.
        """
        assessment = await self._stored(assessment_id)
        if assessment.outcome is None:
            standing = await self._assessments.standing_answers(assessment_id)
            return Result(assessment, self._engine.outcome(self._history(standing)), None)
        outcome = _STORED_OUTCOME.validate_python(assessment.outcome)
        return Result(assessment, outcome, await self._placements.of_assessment(assessment_id))

    async def answers(self, assessment_id: str) -> list[GivenAnswer]:
        """Every answer in the order given, those that were skipped or withdrawn too."""
        known = {item.id: item for item in self._bank.items}
        answers = await self._assessments.answers(assessment_id)
        return [GivenAnswer(answer, known.get(answer.item_id)) for answer in answers]

    @property
    def _versions(self) -> dict[str, str]:
        return {"engine_version": self._engine.version, "bank_version": self._engine.bank_version}

    async def _stored(self, assessment_id: str) -> Assessment:
        assessment = await self._assessments.get(assessment_id)
        if assessment is None:
            raise NotFound("There is no such assessment")
        return assessment

    async def _open(self, assessment_id: str) -> Assessment:
        assessment = await self._assessments.get_for_change(assessment_id)
        if assessment is None:
            raise NotFound("There is no such assessment")
        if assessment.status not in OPEN:
            raise AssessmentFinished
        return assessment

    async def _add(self, assessment_id: str, answer: AssessmentAnswer) -> Progress:
        assessment = await self._open(assessment_id)
        history = self._history(await self._assessments.standing_answers(assessment_id))
        if answer.item_id != self._engine.next_item(history, assessment.id):
            raise NotCurrentItem
        answer.assessment_id = assessment_id
        answer.created_at = self._now
        await self._assessments.add_answer(answer)
        history = (*history, Response(answer.item_id, answer.response))
        if self._engine.next_item(history, assessment.id) is None:
            return await self._finish(assessment, history)
        self._move(assessment, AssessmentStatus.ACTIVE)
        return self._open_progress(assessment, history)

    async def _finish(self, assessment: Assessment, history: History) -> Progress:
        outcome = self._engine.outcome(history)
        assessment.outcome = _STORED_OUTCOME.dump_python(outcome, mode="json")
        assessment.engine_version = self._engine.version
        assessment.bank_version = self._engine.bank_version
        self._end(assessment, AssessmentStatus.FINISHED)
        placement = await self._placements.propose(assessment, outcome)
        return replace(self._open_progress(assessment, history), placement_id=placement.id)

    def _move(self, assessment: Assessment, status: AssessmentStatus) -> None:
        assessment.status = status
        assessment.updated_at = self._now

    def _end(self, assessment: Assessment, status: AssessmentStatus) -> None:
        self._move(assessment, status)
        assessment.finished_at = self._now

    def _history(self, answers: list[AssessmentAnswer]) -> History:
        """The answers as the engine sees them; an item that has left the bank since is as never asked."""
        known = {item.id for item in self._bank.items}
        return tuple(
            Response(answer.item_id, answer.response) for answer in answers if answer.item_id in known
        )

    async def _progress(self, assessment: Assessment) -> Progress:
        history = self._history(await self._assessments.standing_answers(assessment.id))
        if assessment.status in OPEN:
            return self._open_progress(assessment, history)
        placement = await self._placements.of_assessment(assessment.id)
        return Progress(assessment, history, None, 0, placement.id if placement else None)

    def _open_progress(self, assessment: Assessment, history: History) -> Progress:
        item_id = self._engine.next_item(history, assessment.id)
        return Progress(
            assessment=assessment,
            history=history,
            current_item=self._bank.item(item_id) if item_id else None,
            at_most_left=self._engine.at_most_left(history),
            placement_id=None,
        )
