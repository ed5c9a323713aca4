"""Reads what citizens have answered: finished assessments and the answers in them that stand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from backend.assessment.item_bank import ItemBank
from backend.assessment.responses import History, Response, answered
from backend.assessment.tables import Assessment, AssessmentAnswer, AssessmentStatus
from backend.citizens.tables import Citizen

MISSING = -1
Answers = NDArray[np.int_]

# What citizens are grouped by to see whether an item is fair: the Danish word, and where it is stored.
GROUPINGS: Mapping[str, InstrumentedAttribute[str]] = {"kanal": Citizen.channel}


@dataclass(frozen=True, slots=True)
class FinishedAssessment:
    """One finished assessment, without saying whose.

    Attributes:
        history: The answers that stand, to items that are still in the bank.
        track: The track that was proposed; None when there were too few answers.
        groups: The citizen's group in each of the groupings.
    """

    history: History
    track: str | None
    groups: Mapping[str, str]


class FinishedAssessmentRepository:
    """The stored assessments that have finished."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def with_answers_to(self, bank: ItemBank) -> list[FinishedAssessment]:
        """Every finished assessment with a real answer to an item of the bank, the oldest first."""
        histories = await self._histories(bank)
        found = select(Assessment.id, Assessment.outcome, *GROUPINGS.values()).join(
            Citizen, Citizen.id == Assessment.citizen_id
        )
        ordered = found.where(_FINISHED).order_by(Assessment.finished_at, Assessment.id)
        return [
            FinishedAssessment(
                histories[assessment_id],
                (outcome or {}).get("track"),
                dict(zip(GROUPINGS, groups, strict=True)),
            )
            for assessment_id, outcome, *groups in await self._session.execute(ordered)
            if answered(histories[assessment_id])
        ]

    async def _histories(self, bank: ItemBank) -> Mapping[str, History]:
        known = {item.id for item in bank.items}
        found = select(
            AssessmentAnswer.assessment_id, AssessmentAnswer.item_id, AssessmentAnswer.response
        ).join(Assessment, Assessment.id == AssessmentAnswer.assessment_id)
        standing = found.where(_FINISHED, AssessmentAnswer.withdrawn_at.is_(None))
        histories: defaultdict[str, History] = defaultdict(tuple)
        for assessment_id, item_id, value in await self._session.execute(
            standing.order_by(AssessmentAnswer.assessment_id, AssessmentAnswer.sequence)
        ):
            if item_id in known:
                histories[assessment_id] += (Response(item_id, value),)
        return histories


_FINISHED = Assessment.status == AssessmentStatus.FINISHED


def answer_matrix(assessments: Sequence[FinishedAssessment], bank: ItemBank) -> Answers:
    """The answers as numbers, shape (assessments, items); what was not asked or not answered is missing."""
    column = {item.id: number for number, item in enumerate(bank.items)}
    matrix = np.full((len(assessments), len(bank.items)), MISSING)
    for row, assessment in enumerate(assessments):
        for response in assessment.history:
            if response.value is not None:
                matrix[row, column[response.item_id]] = response.value
    return matrix
