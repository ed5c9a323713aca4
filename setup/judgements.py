"""Holds what is known to be wrong with the locked packages against what has been judged about it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, Mapping

from setup.errors import SetupError

TO_JUDGE = 1
COULD_NOT_ASK = 2

TEXTS = ("where", "package", "what", "why")
REACHABLE = {"no": "kan ikke nås", "shielded": "kan nås, men er skærmet"}
KNOWN = {*TEXTS, "ids", "reachable", "judged", "review"}


@dataclass(frozen=True)
class Finding:
    """An advisory about a package that is locked here.

    Attributes:
        where: The lock it was found in.
        package: Name of the package.
        version: The locked version.
        id: The name the source gives the advisory.
        aliases: Its other names.
        fixed_in: Versions without it.
    """

    where: str
    package: str
    version: str
    id: str
    aliases: frozenset[str] = frozenset()
    fixed_in: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every name it goes by."""
        return self.aliases | {self.id}


@dataclass(frozen=True)
class Judgement:
    """What somebody who read the advisories found out about them.

    Attributes:
        where: The lock it holds for. The same package in another lock is used in another way.
        package: Name of the package.
        ids: One name of each advisory.
        reachable: One of `REACHABLE`.
        review: The day on which it ceases to hold.
    """

    where: str
    package: str
    ids: tuple[str, ...]
    reachable: str
    review: datetime.date

    def covers(self, finding: Finding) -> bool:
        """Whether it was written about this finding."""
        same = (self.where, self.package) == (finding.where, finding.package)
        return same and not finding.names.isdisjoint(self.ids)


@dataclass(frozen=True)
class Answer:
    """What a source said about the packages of one lock.

    Attributes:
        where: The lock.
        findings: The advisories.
        asked: Packages it answered about.
        silent_about: Packages it did not answer about.
    """

    where: str
    findings: tuple[Finding, ...] = ()
    asked: frozenset[str] = frozenset()
    silent_about: frozenset[str] = frozenset()


@dataclass
class Verdict:
    """What came of the comparison.

    Attributes:
        judged: Findings with their judgement.
        unjudged: Findings without any.
        stale: Judgements about something that is not found any more, as (judgement, id).
        overdue: Judgements that have to be made anew.
        silent_about: How many packages nothing is known about, by lock.
    """

    judged: list[tuple[Finding, Judgement]] = field(default_factory=list)
    unjudged: list[Finding] = field(default_factory=list)
    stale: list[tuple[Judgement, str]] = field(default_factory=list)
    overdue: list[Judgement] = field(default_factory=list)
    silent_about: dict[str, int] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 when everything is judged; that somebody has to judge comes before that a source was silent.

        That a judgement is stale fails nothing: an advisory withdrawn overnight makes nothing less safe.
        """
        if self.unjudged or self.overdue:
            return TO_JUDGE
        return COULD_NOT_ASK if self.silent_about else 0


def compare(answers: Iterable[Answer], judgements: Iterable[Judgement], today: datetime.date) -> Verdict:
    """Holds findings and judgements against each other.

    A judgement is stale only when the source answered about its package, or no lock holds the package.
    """
    answers, judgements = list(answers), list(judgements)
    verdict = Verdict()
    for finding in sorted(_findings(answers), key=lambda found: (found.where, found.package, found.id)):
        judgement = next((judgement for judgement in judgements if judgement.covers(finding)), None)
        if judgement:
            verdict.judged.append((finding, judgement))
        else:
            verdict.unjudged.append(finding)
    unknown = {(answer.where, package) for answer in answers for package in answer.silent_about}
    found = {
        (finding.where, finding.package, name) for finding in _findings(answers) for name in finding.names
    }
    for judgement in judgements:
        place = (judgement.where, judgement.package)
        if place not in unknown:
            verdict.stale += [(judgement, id) for id in judgement.ids if (*place, id) not in found]
        if judgement.review < today:
            verdict.overdue.append(judgement)
    verdict.silent_about = {
        answer.where: len(answer.silent_about) for answer in answers if answer.silent_about
    }
    return verdict


def read(path: Path) -> list[Judgement]:
    """Reads the judgements.

    Raises:
        SetupError: Something is missing, or an advisory is judged twice.
    """
    import tomllib  # Since Python 3.11; the rest of set-up runs on older ones.

    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("judgement", [])
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path.name} kan ikke læses: {error}") from error
    judgements = [_judgement(entry) for entry in entries]
    seen: set[tuple[str, str, str]] = set()
    for judgement in judgements:
        for id in judgement.ids:
            place = (judgement.where, judgement.package, id)
            if place in seen:
                raise SetupError(f"{path.name}: {judgement.package} {id} er vurderet to gange.")
            seen.add(place)
    return judgements


def _findings(answers: Iterable[Answer]) -> Iterable[Finding]:
    return (finding for answer in answers for finding in answer.findings)


def _judgement(entry: Mapping[str, Any]) -> Judgement:
    title = f"{entry.get('package', '?')} {entry.get('ids', '')}"
    wrong = [name for name in TEXTS if not str(entry.get(name, "")).strip()]
    wrong += [name for name in ("judged", "review") if not isinstance(entry.get(name), datetime.date)]
    if not entry.get("ids") or not isinstance(entry["ids"], list):
        wrong.append("ids")
    if entry.get("reachable") not in REACHABLE:
        wrong.append("reachable")
    wrong += sorted(set(entry) - KNOWN)
    if wrong:
        raise SetupError(f"Vurderingen af {title} har fejl i: {', '.join(wrong)}.")
    return Judgement(
        where=entry["where"],
        package=entry["package"],
        ids=tuple(entry["ids"]),
        reachable=entry["reachable"],
        review=entry["review"],
    )
