"""Correcting what was understood, beside the turn; and the trainer's inbox, which knows no citizen."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console import words
from backend.console.browser import caseworker_of, go_to, number_in
from backend.console.conversation_page import turn_address
from backend.console.page import render
from backend.console.refusal_words import WORDS_NOT_FOUND
from backend.console.rights import Right, needs
from backend.console.rooms import Rooms
from backend.console.subjects import conversation_of, is_about
from backend.corrections.export import as_training_data, new_examples
from backend.corrections.known import OWN_FILE, Fit, entity_names, read_known
from backend.corrections.measured import Score, read_measurement
from backend.corrections.service import WordsNotFound
from backend.corrections.tables import Correction, CorrectionStatus
from backend.figures.period import period
from backend.figures.repository import FigureRepository
from backend.figures.service import Figure, FigureService
from backend.keys import CLOCK, DATABASE, SETTINGS

routes = web.RouteTableDef()

_SHOWN = 25
_DECISIONS: dict[str, CorrectionStatus] = {
    status.value: status for status in (CorrectionStatus.APPROVED, CorrectionStatus.REJECTED)
}


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """What a trainer knows of an intent. It has a score if it was measured."""

    intent: str
    examples: int
    score: Score | None
    waiting: int
    approved: int


@routes.get("/conversations/{conversation_id}/turns/{turn}/correction", name="correction")
@needs(Right.WORK_ON_CASES)
async def show_correction(request: web.Request) -> web.Response:
    """The forms that correct a turn: a page of their own, which an open conversation takes them from.

    With a turn's choices and forms in it, a conversation's page would be several times as long.
    """
    conversation_id = request.match_info["conversation_id"]
    async with request.config_dict[DATABASE].read() as work:
        corrections = Rooms(request, work.session).corrections
        turn = await corrections.turn_to_correct(conversation_id, _turn(request))
        context = {
            "conversation_id": conversation_id,
            "turn": turn,
            "correction": (await corrections.of_turns([turn])).get(turn.position),
            "entities": entity_names(),
            "back": turn_address(request, conversation_id, turn.position),
        }
    return render(request, "correction.html", context)


@routes.post("/conversations/{conversation_id}/turns/{turn}/intent", name="correct_intent")
@needs(Right.WORK_ON_CASES)
async def correct_intent(request: web.Request) -> web.Response:
    """Says what a turn should have been understood as."""
    intent = str((await request.post()).get("intent", ""))
    if intent not in words.INTENTS:
        raise web.HTTPBadRequest
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).corrections.correct_intent(
            request.match_info["conversation_id"], _turn(request), intent, caseworker_of(request).name
        )
        await work.commit()
    return _back(request)


@routes.post("/conversations/{conversation_id}/turns/{turn}/mark", name="mark_entity")
@needs(Right.WORK_ON_CASES)
async def mark_entity(request: web.Request) -> web.Response:
    """Marks words of a turn as an entity."""
    form = await request.post()
    entity, chosen = str(form.get("entity", "")), str(form.get("words", ""))
    if entity not in entity_names():
        raise web.HTTPBadRequest
    try:
        async with request.config_dict[DATABASE].write() as work:
            await Rooms(request, work.session).corrections.mark(
                request.match_info["conversation_id"],
                _turn(request),
                chosen,
                entity,
                caseworker_of(request).name,
            )
            await work.commit()
    except WordsNotFound:
        heading, explanation = WORDS_NOT_FOUND
        context = {"heading": heading, "explanation": explanation}
        return render(request, "error.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _back(request)


@routes.post("/conversations/{conversation_id}/turns/{turn}/withdraw", name="withdraw_correction")
@needs(Right.WORK_ON_CASES)
async def withdraw_correction(request: web.Request) -> web.Response:
    """Takes the correction of a turn back."""
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).corrections.withdraw(
            request.match_info["conversation_id"], _turn(request)
        )
        await work.commit()
    return _back(request)


@routes.get("/conversations/{conversation_id}/test-story", name="test_story")
@needs(Right.WORK_ON_CASES)
async def show_test_story(request: web.Request) -> web.Response:
    """A conversation as a test for the assistant, without personal data."""
    conversation_id = request.match_info["conversation_id"]
    async with request.config_dict[DATABASE].read() as work:
        rooms = Rooms(request, work.session)
        transcript = await rooms.transcripts.read(conversation_id)
        turns = [spoken.turn for spoken in transcript.turns]
        return _file("test_samtale.yml", await rooms.corrections.story(conversation_id, turns))


@routes.get("/training", name="training")
@needs(Right.TRAIN)
async def show_training(request: web.Request) -> web.Response:
    """The corrections that wait, how they fit in, and what is known of each intent."""
    async with request.config_dict[DATABASE].read() as work:
        training = Rooms(request, work.session).training
        waiting = await training.waiting()
        waiting_by_intent = await training.count_by_intent(CorrectionStatus.WAITING)
        approved_by_intent = await training.count_by_intent(CorrectionStatus.APPROVED)
        causes = await _causes(request, work.session)
    known = await asyncio.to_thread(read_known)
    measurement = await asyncio.to_thread(
        read_measurement, request.config_dict[SETTINGS].cross_validation_path
    )
    counts = known.count_by_intent()
    context = {
        "listed": await asyncio.to_thread(_with_fits, waiting[:_SHOWN]),
        "waiting": len(waiting),
        "approved": sum(approved_by_intent.values()),
        "measurement": measurement,
        "causes": causes,
        "examples": counts.total(),
        "figures": [
            IntentFigures(
                intent,
                counts[intent],
                measurement.intents.get(intent) if measurement else None,
                waiting_by_intent.get(intent, 0),
                approved_by_intent.get(intent, 0),
            )
            for intent in sorted({*counts, *waiting_by_intent, *approved_by_intent}, key=words.intent)
        ],
    }
    return render(request, "training.html", context)


async def _causes(request: web.Request, session: AsyncSession) -> Figure:
    """Why the assistant was not enough lately, as far as the page with figures tells it."""
    now, scope = request.config_dict[CLOCK](), caseworker_of(request).teams(Right.TRAIN)
    figures = await FigureService(FigureRepository(session, scope, period(now)), now).read()
    return next(figure for figure in figures.tables if figure.name == "handover_causes")


@routes.post("/training/{correction_id}/decision", name="decide_correction")
@needs(Right.TRAIN)
@is_about(conversation_of(Correction, "correction_id"))
async def decide_correction(request: web.Request) -> web.Response:
    """Approves or rejects a correction."""
    form = await request.post()
    status, version = _DECISIONS.get(str(form.get("status", ""))), number_in(str(form.get("version", "")))
    if status is None or version is None:
        raise web.HTTPBadRequest
    async with request.config_dict[DATABASE].write() as work:
        await Rooms(request, work.session).training.decide(
            request.match_info["correction_id"], status, version, caseworker_of(request).name
        )
        await work.commit()
    return go_to(str(request.app.router["training"].url_for()))


@routes.get("/training/export", name="export_corrections")
@needs(Right.TRAIN)
async def export_corrections(request: web.Request) -> web.Response:
    """The approved corrections as a file of training data."""
    async with request.config_dict[DATABASE].read() as work:
        approved = await Rooms(request, work.session).training.approved()
    known = await asyncio.to_thread(read_known, without=OWN_FILE)
    return _file(OWN_FILE, as_training_data(new_examples(approved, known)))


def _with_fits(corrections: Sequence[Correction]) -> list[tuple[Correction, Fit]]:
    known = read_known()
    return [(correction, known.fit(correction.text, correction.intent)) for correction in corrections]


def _turn(request: web.Request) -> int:
    position = number_in(request.match_info["turn"])
    if position is None:
        raise web.HTTPNotFound
    return position


def _file(name: str, text: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type="application/yaml", charset="utf-8", headers=headers)


def _back(request: web.Request) -> web.Response:
    return go_to(turn_address(request, request.match_info["conversation_id"], _turn(request)))
