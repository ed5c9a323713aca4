"""Simulated citizens who answer what the real engine asks, stored as the backend stores them."""

from datetime import UTC, datetime

import numpy as np
import pytest

from backend.assessment.engine import AdaptiveEngine
from backend.assessment.graded_response import probabilities
from backend.assessment.item_bank import load_item_bank
from backend.assessment.parameters import ItemParameters, load_parameters
from backend.assessment.responses import Response
from backend.assessment.rule import ProposalRule
from backend.assessment.tables import Assessment, AssessmentAnswer, AssessmentStatus
from backend.citizens.tables import Citizen
from backend.db import new_id

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
BANK = load_item_bank()
ENGINE = AdaptiveEngine(BANK, ProposalRule())
COLUMN = {item.id: number for number, item in enumerate(BANK.items)}


def drawn_truth(rng):
    """Items as the prior file says that they may really be."""
    file = load_parameters()
    prior = ItemParameters.of_bank(BANK, file)
    slopes = prior.discrimination * np.exp(rng.normal(0, file.discrimination_sd, len(BANK.items)))
    shifts = rng.normal(0, file.difficulty_sd, (len(BANK.items), 1))
    return ItemParameters(slopes, prior.thresholds + shifts)


def answered_by(ability, truth, rng, seed):
    """What a citizen of an ability answers until the engine has enough."""
    chances = probabilities(truth, np.array([ability]))[:, :, 0]
    history = ()
    while (item := ENGINE.next_item(history, seed)) is not None:
        chance = chances[COLUMN[item]]
        history = (*history, Response(item, int(rng.choice(4, p=chance / chance.sum()))))
    return history


def rows(history, channel="web", status=AssessmentStatus.FINISHED, **answer):
    """A citizen, an assessment and its answers, ready to be added."""
    citizen = Citizen(id=new_id(), conversation_id=new_id(), channel=channel, created_at=NOW)
    finished = status == AssessmentStatus.FINISHED
    assessment = Assessment(
        id=new_id(),
        citizen_id=citizen.id,
        status=status,
        engine_version=ENGINE.version,
        bank_version=ENGINE.bank_version,
        outcome={"track": _track(history)} if finished else None,
        created_at=NOW,
        updated_at=NOW,
        finished_at=NOW if finished else None,
    )
    answers = [
        AssessmentAnswer(
            id=new_id(),
            assessment_id=assessment.id,
            sequence=number,
            item_id=response.item_id,
            response=response.value,
            skipped=response.value is None,
            created_at=NOW,
            **answer,
        )
        for number, response in enumerate(history, 1)
    ]
    return citizen, assessment, answers


@pytest.fixture
def store(database):
    async def add(people):
        async with database.write() as work:
            for kind in range(3):
                for person in people:
                    work.session.add_all(person[kind] if kind == 2 else [person[kind]])
                await work.session.flush()
            await work.commit()

    return add


def _track(history):
    known = tuple(response for response in history if response.item_id in COLUMN)
    return ENGINE.outcome(known).track
