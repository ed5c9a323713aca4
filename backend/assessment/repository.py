"""Finds and adds assessments and their answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.assessment.tables import OPEN, Assessment, AssessmentAnswer, AssessmentStatus
from backend.db import insert_if_absent, new_id


class AssessmentRepository:
    """The stored assessments."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, assessment_id: str) -> Assessment | None:
        """The assessment with an id."""
        return await self._session.get(Assessment, assessment_id)

    async def get_for_change(self, assessment_id: str) -> Assessment | None:
        """The assessment with an id, so that no one else changes it before the transaction ends."""
        return await self._session.get(Assessment, assessment_id, with_for_update=True)

    async def open_of(self, citizen_id: str) -> Assessment | None:
        """The citizen's open assessment."""
        return await self._session.scalar(_open_of(citizen_id))

    async def open_of_for_change(self, citizen_id: str) -> Assessment | None:
        """The citizen's open assessment, so that no one else changes it before the transaction ends."""
        return await self._session.scalar(_open_of(citizen_id).with_for_update())

    async def add_if_none_open(self, citizen_id: str, versions: dict[str, Any], now: datetime) -> bool:
        """Adds an active assessment unless the citizen has an open one, and tells whether it did."""
        row = {
            "id": new_id(),
            "citizen_id": citizen_id,
            "status": AssessmentStatus.ACTIVE,
            "created_at": now,
            "updated_at": now,
        }
        return await insert_if_absent(self._session, Assessment, row | versions)

    async def close(self, assessment: Assessment) -> None:
        """Writes the assessment's end at once, so that a new one can be opened in the same transaction."""
        await self._session.flush()

    async def standing_answers(self, assessment_id: str) -> list[AssessmentAnswer]:
        """The answers that stand, in the order given; withdrawn ones left out."""
        found = select(AssessmentAnswer).where(
            AssessmentAnswer.assessment_id == assessment_id, AssessmentAnswer.withdrawn_at.is_(None)
        )
        return list(await self._session.scalars(found.order_by(AssessmentAnswer.sequence)))

    async def answers(self, assessment_id: str) -> list[AssessmentAnswer]:
        """Every answer, in the order given; withdrawn ones too."""
        found = select(AssessmentAnswer).where(AssessmentAnswer.assessment_id == assessment_id)
        return list(await self._session.scalars(found.order_by(AssessmentAnswer.sequence)))

    async def add_answer(self, answer: AssessmentAnswer) -> None:
        """Adds an answer as the next one of its assessment."""
        newest = select(func.max(AssessmentAnswer.sequence)).where(
            AssessmentAnswer.assessment_id == answer.assessment_id
        )
        answer.sequence = (await self._session.scalar(newest) or 0) + 1
        self._session.add(answer)
        await self._session.flush()


def _open_of(citizen_id: str) -> Select[Assessment]:
    return select(Assessment).where(Assessment.citizen_id == citizen_id, Assessment.status.in_(OPEN))
