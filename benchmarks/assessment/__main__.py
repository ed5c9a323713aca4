"""`make bench-assessment`: simulates assessments, prints the figures, writes docs/evaluation.md."""

import argparse

import numpy as np
from tqdm import tqdm

from backend.assessment.ability import Measure
from backend.assessment.item_bank import load_item_bank
from backend.assessment.parameters import ItemParameters, load_parameters
from backend.assessment.rule import ProposalRule
from backend.municipality import load_municipality
from benchmarks.assessment import page
from benchmarks.assessment.citizens import CARELESS, Citizens, answers_of, citizens, perturbed
from benchmarks.assessment.fairness import PERSONAS, fairness
from benchmarks.assessment.figures import Summary, precision, summary, wrong_sides
from benchmarks.assessment.forms import forms
from benchmarks.assessment.simulation import Progress, Proposals, assess, whole_bank
from benchmarks.report import PAGE, ROOT, write_section

SEED = 2026
PICTURE_BINS = np.linspace(-2, 2, 21)


class Bench:
    """One run over all forms, with the same citizens for each."""

    def __init__(self, count: int, rule: ProposalRule, progress: Progress) -> None:
        self.count = count
        self.rule = rule
        self.bank = load_item_bank()
        self.measure = Measure(self.bank, load_parameters(rule.item_parameters), rule.cut_percent / 100)
        self.forms = forms(self.bank, rule)
        self._progress = progress

    def compare(
        self, parameters: ItemParameters, careless: float
    ) -> tuple[Citizens, dict[str, Proposals], dict[str, Summary]]:
        """Every form on one crowd, and once more on the same citizens answering anew."""
        rng = np.random.default_rng(SEED)
        crowd = citizens(self.count, parameters, rng, careless)
        anew = Citizens(crowd.abilities, answers_of(crowd.abilities, parameters, rng, careless))
        whole = whole_bank(self.measure, self.rule, crowd, self._progress)
        found, told = {}, {}
        for name, engine in self.forms.items():
            found[name] = assess(engine, self.measure, self.rule, crowd, "first", self._progress)
            again = assess(engine, self.measure, self.rule, anew, "again", self._progress)
            told[name] = summary(found[name], again, whole)
        return crowd, found, told


def _steps(count: int, fairness_count: int) -> int:
    return 2 * count * (1 + 2 * 4) + fairness_count * (4 + len(PERSONAS))


def _draw(crowd: Citizens, found: dict[str, Proposals], cut: float) -> None:
    places = np.digitize(crowd.abilities, PICTURE_BINS)
    bins = range(1, len(PICTURE_BINS))

    def by_bin(values: np.ndarray) -> np.ndarray:
        return np.array([values[places == place].mean() for place in bins])

    page.draw(
        (PICTURE_BINS[1:] + PICTURE_BINS[:-1]) / 2,
        {name: by_bin(p.pilot != (crowd.abilities >= cut)) for name, p in found.items()},
        {name: by_bin(p.items) for name, p in found.items()},
        cut,
    )


def main() -> None:
    """Runs everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=10_000)
    count = parser.parse_args().citizens
    rule = load_municipality(ROOT / "municipality.yml").assessment
    with tqdm(total=_steps(count, count // 5), unit=" assessments", smoothing=0) as bar:
        bench = Bench(count, rule, bar.update)
        measure = bench.measure
        crowd, found, believed = bench.compare(measure.parameters, careless=0)
        off = perturbed(measure.parameters, np.random.default_rng(SEED))
        _, _, told_perturbed = bench.compare(off, careless=CARELESS)
        fair = fairness(
            bench.forms["adaptive"], measure, rule, count // 5, np.random.default_rng(SEED), bar.update
        )
    _draw(crowd, found, measure.cut)
    text = page.section(
        count=count,
        items=len(bench.bank.items),
        cut=measure.cut,
        below=float((crowd.abilities < measure.cut).mean()),
        believed=believed,
        perturbed=told_perturbed,
        wrong=wrong_sides(found["adaptive"], crowd, measure.cut),
        precise=precision(found["adaptive"], crowd),
        fair=fair,
        fairness_count=count // 5,
    )
    write_section("assessment", text)
    print(text)
    adaptive = found["adaptive"]
    print(f"{count} adaptive assessments: {adaptive.seconds:.1f} s; choosing one question: ", end="")
    print(f"{1000 * adaptive.seconds_per_question:.2f} ms on average")
    print(f"Skrevet til {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
