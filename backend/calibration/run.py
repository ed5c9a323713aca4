"""One calibration, from stored answers to the new files."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from backend.assessment.ability import Measure
from backend.assessment.item_bank import ItemBank
from backend.assessment.parameters import load_parameters
from backend.assessment.rule import ProposalRule
from backend.calibration import report
from backend.calibration.answers import GROUPINGS, FinishedAssessment, answer_matrix
from backend.calibration.comparison import changed_proposals
from backend.calibration.estimation import estimate
from backend.calibration.fairness import compare_groups
from backend.calibration.versions import free_version, with_estimates, write_parameters, write_report

FEWEST_ASSESSMENTS = 200

Say = Callable[[str], None]


def calibrate(
    assessments: Sequence[FinishedAssessment],
    bank: ItemBank,
    rule: ProposalRule,
    today: date,
    *,
    parameters_folder: Path,
    reports_folder: Path,
    say: Say,
) -> str | None:
    """Estimates the items and writes parameters and report.

    Returns:
        The new version; None when there are too few assessments, and then nothing is written.

    Raises:
        NotConverged: The estimation did not settle; nothing is written.
    """
    number = len(assessments)
    if number < FEWEST_ASSESSMENTS:
        say(f"Der er {number} afsluttede selvvurderinger. Der skal være mindst {FEWEST_ASSESSMENTS}.")
        return None
    base = load_parameters(rule.item_parameters)
    answers = answer_matrix(assessments, bank)
    say(f"Måler spørgsmålene ud fra {number} afsluttede selvvurderinger …")
    items = estimate(bank, base, answers)
    version = free_version(today, parameters_folder, reports_folder)
    measured = with_estimates(base, version, items)
    after = Measure(bank, measured, rule.cut_percent / 100)
    fairness = {}
    for grouping in GROUPINGS:
        say(f"Sammenligner grupper efter {grouping} …")
        groups = [assessment.groups[grouping] for assessment in assessments]
        fairness[grouping] = compare_groups(
            answers,
            groups,
            [item.id for item in bank.items],
            lambda done, of: say(f"  {done} af {of} spørgsmål"),
        )
    text = report.write(
        report.Findings(
            version=version,
            base=base.version,
            assessments=number,
            items=items,
            before=Measure(bank, base, rule.cut_percent / 100),
            after=after,
            changes=changed_proposals(assessments, after),
            fairness=fairness,
        )
    )
    # The report first: parameters without one would be in use without anybody having read about them.
    say(f"Rapport: {write_report(text, version, reports_folder)}")
    say(f"Ny udgave: {write_parameters(measured, base.version, parameters_folder)}")
    return version
