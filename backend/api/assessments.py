"""/assessments: the self-assessment, one item at a time."""

from dataclasses import asdict
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints

from backend.api.models import WHOLE, Id, NoFields, RequestModel, ResponseModel
from backend.api.placements import PlacementOut
from backend.api.routes import Call, Reply, Routes
from backend.assessment.item_bank import ItemBank
from backend.assessment.person_fit import Flag
from backend.assessment.problems import AssessmentFinished, NotCurrentItem, NothingToUndo
from backend.assessment.repository import AssessmentRepository
from backend.assessment.scoring import AreaScore, Band
from backend.assessment.service import AssessmentService, Progress, Result
from backend.citizens.repository import CitizenRepository
from backend.citizens.service import CitizenService
from backend.keys import ENGINE, ITEM_BANK
from backend.placements.repository import PlacementRepository
from backend.placements.service import PlacementService
from backend.problems import NotFound

routes = Routes("assessments")
ItemId = Annotated[str, StringConstraints(pattern=r"^[1-5]\.[1-6]-[a-z]$")]
Percent = Annotated[int, Field(ge=0, le=100)]


class StartIn(RequestModel):
    """Whose assessment, and whether to begin again from the start."""

    citizen_id: Id
    restart: bool = False


class AnswerIn(RequestModel):
    """The answer to the current item: 0 cannot, 1 with help, 2 on my own, 3 well enough to show others."""

    item_id: ItemId
    response: Annotated[int, Field(ge=0, le=3), WHOLE] | None
    """Null means that the citizen does not know."""


class SkipIn(RequestModel):
    """The current item, to be left out."""

    item_id: ItemId


class ItemOut(ResponseModel):
    """One can-do statement; `text` and `easier_text` complete "Hvor godt kan du ..."."""

    id: ItemId
    competence: str
    area: int
    text: str
    easier_text: str
    everyday_example: str
    job_example: str
    terms: dict[str, str]


class AssessmentOut(ResponseModel):
    """Where an assessment stands."""

    id: Id
    citizen_id: Id
    status: Literal["active", "paused", "finished", "abandoned"]
    number: int
    at_most_left: int
    answered: int
    current_item: ItemOut | None
    placement_id: Id | None

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """The assessment as the API tells it."""
        return cls.model_validate(
            {
                "id": progress.assessment.id,
                "citizen_id": progress.assessment.citizen_id,
                "status": progress.assessment.status,
                "number": progress.number,
                "at_most_left": progress.at_most_left,
                "answered": progress.answered,
                "current_item": progress.current_item,
                "placement_id": progress.placement_id,
            }
        )


class AreaOut(ResponseModel):
    """One area's result; null when nothing in it was answered.

    `low` and `high` are the percent one standard error below and above the estimate. `short_name` is the name
    in one word.
    """

    area: int
    name: str
    short_name: str
    percent: Percent | None
    band: Band | None
    low: Percent | None
    high: Percent | None

    @classmethod
    def of(cls, score: AreaScore, bank: ItemBank) -> Self:
        """The area as the API tells it."""
        return cls(**asdict(score), short_name=bank.areas[score.area].short)


class ResultOut(ResponseModel):
    """The outcome; final once the assessment has finished, and then with its placement."""

    assessment_id: Id
    engine_version: str
    bank_version: str
    areas: list[AreaOut]
    overall_percent: Percent | None
    band: Band | None
    enough_answers: bool
    strongest: str | None
    hardest: str | None
    certainty: Annotated[float, Field(ge=0, le=1)] | None
    """How probable it is that the ability lies on the proposed track's side of the cut score."""
    flags: list[Flag]
    """What is odd about the answers, for the consultant."""
    placement: PlacementOut | None

    @classmethod
    def of(cls, result: Result, bank: ItemBank) -> Self:
        """The result as the API tells it."""
        outcome = result.outcome
        return cls(
            assessment_id=result.assessment.id,
            engine_version=result.assessment.engine_version,
            bank_version=result.assessment.bank_version,
            areas=[AreaOut.of(area, bank) for area in outcome.areas],
            overall_percent=outcome.overall_percent,
            band=outcome.band,
            enough_answers=outcome.enough_answers,
            strongest=outcome.strongest,
            hardest=outcome.hardest,
            certainty=outcome.certainty,
            flags=list(outcome.flags),
            placement=PlacementOut.model_validate(result.placement) if result.placement else None,
        )


def _service(call: Call) -> AssessmentService:
    return AssessmentService(
        AssessmentRepository(call.session),
        CitizenService(CitizenRepository(call.session), call.now),
        PlacementService(PlacementRepository(call.session), call.now),
        call.app[ENGINE],
        call.app[ITEM_BANK],
        call.now,
    )


@routes.post("/assessments", status=(201, 200), problems=[NotFound])
async def start_assessment(call: Call, body: StartIn) -> Reply[AssessmentOut]:
    """Begins an assessment (201), or continues the open one (200)."""
    progress, created = await _service(call).start(body.citizen_id, restart=body.restart)
    return Reply(201 if created else 200, AssessmentOut.of(progress))


@routes.get("/assessments/{assessment_id}")
async def get_assessment(call: Call, assessment_id: Id) -> AssessmentOut:
    """Where an assessment stands."""
    return AssessmentOut.of(await _service(call).get(assessment_id))


@routes.post("/assessments/{assessment_id}/answers", problems=[NotCurrentItem, AssessmentFinished])
async def answer_item(call: Call, assessment_id: Id, body: AnswerIn) -> AssessmentOut:
    """Stores the answer to the current item; the last one brings the placement."""
    return AssessmentOut.of(await _service(call).answer(assessment_id, body.item_id, body.response))


@routes.post("/assessments/{assessment_id}/skips", problems=[NotCurrentItem, AssessmentFinished])
async def skip_item(call: Call, assessment_id: Id, body: SkipIn) -> AssessmentOut:
    """Leaves the current item out."""
    return AssessmentOut.of(await _service(call).skip(assessment_id, body.item_id))


@routes.post("/assessments/{assessment_id}/undo", problems=[NothingToUndo, AssessmentFinished])
async def undo_answer(call: Call, assessment_id: Id, body: NoFields) -> AssessmentOut:
    """Takes the newest answer back; its item is asked again."""
    return AssessmentOut.of(await _service(call).undo(assessment_id))


@routes.post("/assessments/{assessment_id}/pause", problems=[AssessmentFinished])
async def pause_assessment(call: Call, assessment_id: Id, body: NoFields) -> AssessmentOut:
    """Lets the assessment rest until it is started again."""
    return AssessmentOut.of(await _service(call).pause(assessment_id))


@routes.get("/assessments/{assessment_id}/result")
async def get_result(call: Call, assessment_id: Id) -> ResultOut:
    """The profile over the five areas and the placement."""
    return ResultOut.of(await _service(call).result(assessment_id), call.app[ITEM_BANK])
