import subprocess
import sys
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import select

from backend.assessment import parameters
from backend.assessment.engine import AdaptiveEngine
from backend.assessment.parameters import ItemParameters, load_parameters
from backend.assessment.responses import Response
from backend.assessment.rule import ProposalRule
from backend.assessment.tables import Assessment, AssessmentStatus
from backend.calibration.answers import FinishedAssessmentRepository
from backend.calibration.estimation import FEWEST_ANSWERS
from backend.calibration.run import calibrate
from tests.backend.calibration.conftest import BANK, answered_by, drawn_truth, rows

TODAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of parameters that is the test's own."""
    own = tmp_path / "parameters"
    own.mkdir()
    (own / "prior.yaml").write_bytes((parameters.FOLDER / "prior.yaml").read_bytes())
    monkeypatch.setattr(parameters, "FOLDER", own)
    load_parameters.cache_clear()
    yield own
    load_parameters.cache_clear()


@pytest.fixture
def run(database, folder, tmp_path):
    """Calibrates from what is stored."""

    async def calibrated(said=None):
        async with database.read() as work:
            finished = await FinishedAssessmentRepository(work.session).with_answers_to(BANK)
        return calibrate(
            finished,
            BANK,
            ProposalRule(),
            TODAY,
            parameters_folder=folder,
            reports_folder=tmp_path / "calibration",
            say=[].append if said is None else said.append,
        )

    return calibrated


def people(number, truth, rng, **more):
    return [rows(answered_by(rng.normal(), truth, rng, f"{n}"), **more) for n in range(number)]


async def stored(database):
    async with database.read() as work:
        found = await work.session.scalars(select(Assessment).order_by(Assessment.id))
        return [(a.id, a.outcome, a.engine_version, a.bank_version, a.updated_at) for a in found]


async def test_estimates_come_nearer_the_truth_and_stored_results_stay(
    store, run, database, folder, tmp_path
):
    rng = np.random.default_rng(1)
    truth = drawn_truth(rng)
    await store(people(400, truth, rng))
    before = await stored(database)

    version = await run()

    assert version == "calibrated-2026-11-24"
    assert await stored(database) == before
    measured = load_parameters(version)
    assert all(estimate.answers >= FEWEST_ANSWERS for estimate in measured.estimates.values())
    assert 10 <= len(measured.estimates) < len(BANK.items)
    estimated = [number for number, item in enumerate(BANK.items) if item.id in measured.estimates]
    prior = ItemParameters.of_bank(BANK, load_parameters())
    after = ItemParameters.of_bank(BANK, measured)

    def wrong(guess):
        slopes = np.abs(np.log(guess.discrimination / truth.discrimination))[estimated].mean()
        return slopes, np.abs(guess.thresholds - truth.thresholds)[estimated].mean()

    assert wrong(after)[0] < 0.8 * wrong(prior)[0]
    assert wrong(after)[1] < 0.6 * wrong(prior)[1]
    others = [number for number in range(len(BANK.items)) if number not in estimated]
    assert (after.thresholds[others] == prior.thresholds[others]).all()

    engine = AdaptiveEngine(BANK, ProposalRule(item_parameters=version))
    assert engine.bank_version == f"{BANK.version}/{version}"
    history = ()
    while (item := engine.next_item(history, "somebody")) is not None:
        history = (*history, Response(item, 2))
    assert engine.outcome(history).track

    report = (tmp_path / "calibration" / f"{version}.md").read_text("utf-8")
    assert "400 afsluttede selvvurderinger" in report
    assert "for få data" in report
    assert not any(assessment_id in report for assessment_id, *_ in before)

    written = (folder / f"{version}.yaml").read_bytes()
    assert await run() == f"{version}.2"
    assert (folder / f"{version}.yaml").read_bytes() == written


async def test_with_too_few_assessments_one_line_says_so_and_nothing_is_written(store, run, folder, tmp_path):
    history = tuple(Response(item.id, 1) for item in BANK.items[:8])
    await store([rows(history) for _ in range(199)])
    said = []
    assert await run(said) is None
    assert said == ["Der er 199 afsluttede selvvurderinger. Der skal være mindst 200."]
    assert [path.name for path in folder.iterdir()] == ["prior.yaml"]
    assert not (tmp_path / "calibration").exists()


def test_the_command_ends_well_when_nobody_has_finished_yet(settings, process_environment):
    done = subprocess.run(
        [sys.executable, "-m", "backend.calibration"],
        env=process_environment(settings.data_path, DIGISPOR_DATABASE_URL=settings.database_url),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Der er 0 afsluttede selvvurderinger. Der skal være mindst 200." in done.stdout


async def test_only_standing_answers_of_finished_assessments_count(store, database):
    given = (Response("1.1-a", 2), Response("1.2-a", None), Response("2.1-a", 0))
    gone = (Response("1.1-z", 3),)
    await store(
        [
            rows(given + gone),
            rows(given, status=AssessmentStatus.ACTIVE),
            rows(given, status=AssessmentStatus.ABANDONED),
            rows(given, withdrawn_at=datetime(2026, 11, 24, tzinfo=UTC)),
            rows((Response("1.1-a", None),)),
        ]
    )
    async with database.read() as work:
        (only,) = await FinishedAssessmentRepository(work.session).with_answers_to(BANK)
    assert only.history == given
    assert only.groups == {"kanal": "web"}
