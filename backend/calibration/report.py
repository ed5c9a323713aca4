"""The report on a calibration, in Danish: counts and parameters, nothing about any one citizen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.assessment.ability import Measure
from backend.assessment.item_bank import ItemBank
from backend.assessment.numbers import Vector
from backend.calibration.comparison import Change
from backend.calibration.estimation import FEWEST_ANSWERS, SLOPES, SMALLEST_STEP, ItemEstimate, Kept
from backend.calibration.fairness import FEWEST_ITEMS, SIGNIFICANCE, SMALLEST_GROUP, Comparison

# A smaller number could point at somebody.
SMALLEST_CELL = 5

_KEPT: Mapping[Kept, str] = {
    "few answers": f"beholdt: under {FEWEST_ANSWERS} svar",
    "thresholds": f"beholdt: trinnene lå under {SMALLEST_STEP} fra hinanden",
    "slope": f"beholdt: hældningen lå uden for {SLOPES[0]}-{SLOPES[1]}",
}
_TRACKS = {"foundation": "Spor 1", "employer_pilot": "Spor 2"}


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a report tells.

    Attributes:
        version: Of the new parameters.
        base: The version in use until now.
        assessments: How many finished assessments it rests on.
        items: What came of each item.
        before: The bank with the parameters in use until now.
        after: The bank with the new ones.
        changes: How many stored proposals would be another one.
        fairness: The comparisons by grouping; empty where the data are too few.
    """

    version: str
    base: str
    assessments: int
    items: Sequence[ItemEstimate]
    before: Measure
    after: Measure
    changes: Counter[Change]
    fairness: Mapping[str, Sequence[Comparison]]


def write(findings: Findings) -> str:
    """The report as Markdown."""
    parts = (_head(findings), _proposals(findings), _fairness(findings), _items(findings))
    return "\n\n".join(parts) + "\n"


def cell(count: int) -> str:
    """A count as it may be shown."""
    return str(count) if count >= SMALLEST_CELL else f"under {SMALLEST_CELL}"


def _head(findings: Findings) -> str:
    estimated = sum(item.kept is None for item in findings.items)
    return f"""\
# Kalibrering {findings.version}

Spørgsmålene er målt ud fra {findings.assessments} afsluttede selvvurderinger.
{estimated} af {len(findings.items)} spørgsmål har fået nye tal.
Resten beholder dem, de havde i "{findings.base}".

Metode: graded response model, estimeret med mirt (Bayes modal, marginal likelihood).
Det, der var skønnet for hvert spørgsmål, er prior. Manglende svar tæller som manglende.
Evnen har gennemsnit 0 og standardafvigelse 1.

Udgaven bruges først, når der står `item_parameters: {findings.version}` under `assessment` i
`municipality.yml`, og Digispor er startet igen. Resultater, der allerede er gemt, bliver ikke ændret.
Tal under {SMALLEST_CELL} vises ikke."""


def _proposals(findings: Findings) -> str:
    changes = "\n".join(
        f"| {_TRACKS[old]} | {_TRACKS[new]} | {cell(findings.changes[old, new])} |"
        for old, new in (("foundation", "employer_pilot"), ("employer_pilot", "foundation"))
    )
    return f"""\
## Forslagene

Grænsen mellem sporene ligger ved evnen {findings.after.cut:.2f}. Før lå den ved {findings.before.cut:.2f}.

Så mange gemte selvvurderinger ville få et andet forslag med de nye tal:

| gemt forslag | nyt forslag | antal |
|---|---|---|
{changes}"""


def _fairness(findings: Findings) -> str:
    bank = findings.after.bank
    parts = [_grouping(bank, name, found) for name, found in findings.fairness.items()]
    method = f"""\
## Betyder spørgsmålene det samme for alle?

Metode: differential item functioning med mirt. Likelihood ratio-test af hvert spørgsmål i en graded
response model for begge grupper. Grupperne må gerne have forskellig evne. p-værdierne er justeret efter
Holm, og grænsen er {SIGNIFICANCE}.

To grupper sammenlignes, når hver har mindst {SMALLEST_GROUP} afsluttede selvvurderinger. Kun spørgsmål med
mindst {FEWEST_ANSWERS} svar i hver gruppe er med, og der skal være mindst {FEWEST_ITEMS} af dem."""
    return "\n\n".join([method, *parts])


def _grouping(bank: ItemBank, name: str, found: Sequence[Comparison]) -> str:
    lines = [line for comparison in found for line in _comparison(bank, comparison)]
    return f"### {name.capitalize()}\n\n" + "\n".join(
        lines or ["Der er for få data: det kræver to grupper, der er store nok."]
    )


def _comparison(bank: ItemBank, found: Comparison) -> list[str]:
    pair = f"{found.reference} og {found.focal}"
    if not found.items:
        return [f"- {pair}: der er for få spørgsmål med svar nok i begge grupper."]
    unsettled = [item.item_id for item in found.items if item.p_value != item.p_value]
    untested = [f"- {pair}: testen kunne ikke afgøre {', '.join(unsettled)}."] if unsettled else []
    tested = len(found.items) - len(unsettled)
    flagged = [item for item in found.items if item.flagged]
    if not flagged:
        return [f"- {pair}: {tested} spørgsmål er undersøgt, og ingen skiller sig ud.", *untested]
    return [
        f"- {pair}: {tested} spørgsmål er undersøgt, og {len(flagged)} skiller sig ud. Se på ordene i dem:",
        *(
            f"  - {item.item_id} ({bank.item(item.item_id).short}): forskel i sværhed {item.harder:+.2f} "
            f"for {found.focal}, p = {item.p_value:.4f}"
            for item in flagged
        ),
        *untested,
    ]


def _items(findings: Findings) -> str:
    rows = "\n".join(_item(item) for item in findings.items)
    return f"""\
## Spørgsmålene

Først tallene fra "{findings.base}", så de nye med standardfejl. Trinnene er de evner, hvor halvdelen svarer
mindst "med hjælp", "på egen hånd" og "sikkert". Infit er 1, når svarene er så spredte, som modellen venter;
over 1 er de mere spredte.

| spørgsmål | svar | hældning før | trin før | hældning | trin | infit | |
|---|---|---|---|---|---|---|---|
{rows}"""


def _item(item: ItemEstimate) -> str:
    before = f"{item.before[0]:.2f} | {_three(item.before[1:])}"
    if item.kept:
        return f"| {item.item_id} | {cell(item.answers)} | {before} | | | | {_KEPT[item.kept]} |"
    error = item.standard_errors
    after = f"{item.after[0]:.2f} ± {error[0]:.2f} | {_three(item.after[1:])} ± {_three(error[1:])}"
    return f"| {item.item_id} | {cell(item.answers)} | {before} | {after} | {item.infit:.2f} | |"


def _three(values: Vector) -> str:
    return " / ".join(f"{value:.2f}" for value in values)
