"""`make audit`: holds what is known to be wrong with the locked packages against the judgements."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, Callable, Mapping, Sequence

from setup.commands import Argument, run_quietly
from setup.environments import AUDIT, BACKEND, BOT, Environment
from setup.errors import SetupError
from setup.judgements import (
    COULD_NOT_ASK,
    REACHABLE,
    TO_JUDGE,
    Answer,
    Finding,
    Judgement,
    Verdict,
    compare,
    read,
)
from setup.layout import OIDC_PROVIDER, REQUIREMENTS, ROOT, WIDGET, shown
from setup.progress import Progress
from setup.tools import node_environment, uv

JUDGEMENTS = REQUIREMENTS / "judgements.toml"
PYTHON = (BACKEND, BOT)
NPM = (WIDGET, OIDC_PROVIDER)
SECONDS = 600


def audit(judgements: Sequence[Judgement]) -> int:
    """Asks about every lock, prints what came of it, and returns the exit code.

    Raises:
        SetupError: A lock could not be read, so nothing could be asked.
    """
    answers: list[Answer] = []
    with Progress() as progress:
        for environment in PYTHON:
            ask = partial(ask_pip, environment)
            progress.step(f"pip-audit {shown(environment.lock)}", partial(_noted, answers, ask))
        for folder in NPM:
            progress.step(f"npm audit {shown(folder)}", partial(_noted, answers, partial(ask_npm, folder)))
    verdict = compare(answers, judgements, datetime.date.today())
    print("\n".join(report(verdict)), flush=True)
    return verdict.exit_code


def ask_pip(environment: Environment) -> Answer:
    """Asks about the packages of a Python lock."""
    with tempfile.TemporaryDirectory() as folder:
        resolved, said = Path(folder, "lock.txt"), Path(folder, "said.json")
        _resolve(environment, resolved)
        # Not --strict: then one silent package would take the answer about all others with it.
        arguments = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
        _run([AUDIT.program("pip-audit"), *arguments, "--requirement", resolved, "--output", said])
        pinned = re.findall(r"^([A-Za-z0-9._-]+)==", resolved.read_text("utf-8"), re.MULTILINE)
        return read_pip(environment.name, pinned, said.read_text("utf-8") if said.exists() else "")


def ask_npm(folder: Path) -> Answer:
    """Asks about the packages of an npm lock."""
    said = _run(["npm", "audit", "--package-lock-only", "--json"], folder)
    return read_npm(shown(folder), json.loads((folder / "package-lock.json").read_text("utf-8")), said)


def read_pip(where: str, pinned: Sequence[str], said: str) -> Answer:
    """Reads what pip-audit wrote; empty when it could ask about nothing.

    pip-audit leaves out packages that its source does not know and still says that nothing was found.
    """
    dependencies = _json(said).get("dependencies", [])
    answered = [dependency for dependency in dependencies if "skip_reason" not in dependency]
    asked = frozenset(dependency["name"] for dependency in answered)
    findings = tuple(
        Finding(
            where=where,
            package=dependency["name"],
            version=dependency["version"],
            id=vulnerability["id"],
            aliases=frozenset(vulnerability.get("aliases", ())),
            fixed_in=tuple(vulnerability.get("fix_versions", ())),
        )
        for dependency in answered
        for vulnerability in dependency["vulns"]
    )
    return Answer(where, findings, asked, frozenset(pinned) - asked)


def read_npm(where: str, lock: Mapping[str, Any], said: str) -> Answer:
    """Reads what npm audit printed; without "vulnerabilities" it is an error, and nothing was asked."""
    packages = {
        path.rpartition("node_modules/")[2]: entry for path, entry in lock["packages"].items() if path
    }
    known = _json(said)
    if "vulnerabilities" not in known:
        return Answer(where, silent_about=frozenset(packages))
    findings = {
        Finding(
            where=where,
            package=advisory["name"],
            version=packages.get(advisory["name"], {}).get("version", "?"),
            id=advisory["url"].rpartition("/")[2],
        )
        for entry in known["vulnerabilities"].values()
        # A text names another package of this list, whose advisory it is.
        for advisory in entry["via"]
        if isinstance(advisory, dict)
    }
    return Answer(where, tuple(findings), frozenset(packages))


def report(verdict: Verdict) -> list[str]:
    """What is told in the end, in Danish."""
    rows = [
        (
            found.where,
            f"{found.package} {found.version}",
            found.id,
            f"{REACHABLE[judged.reachable]}, {judged.review}",
        )
        for found, judged in verdict.judged
    ]
    rows += [
        (found.where, f"{found.package} {found.version}", found.id, f"IKKE VURDERET{_fixed(found)}")
        for found in verdict.unjudged
    ]
    rows += [
        (old.where, old.package, id, "vurderet, men findes ikke mere: kan tages ud")
        for old, id in verdict.stale
    ]
    rows += [
        (old.where, old.package, ", ".join(old.ids), f"skal vurderes igen siden {old.review}")
        for old in verdict.overdue
    ]
    lines = _table(("lås", "pakke", "fund", "vurdering"), rows) if rows else []
    lines += [
        f"Kilden svarede ikke om {count} pakker i {where}: om dem vides intet."
        for where, count in verdict.silent_about.items()
    ]
    return ["", *lines, _conclusion(verdict)]


def _conclusion(verdict: Verdict) -> str:
    if verdict.exit_code == TO_JUDGE:
        return f"Der er noget at vurdere. Skriv det i {shown(JUDGEMENTS)}."
    if verdict.exit_code == COULD_NOT_ASK:
        return "Gennemgangen er ikke færdig: ikke alle kilder svarede. Det er ikke det samme som ingen fund."
    return f"Alt er vurderet: {len(verdict.judged)} fund." if verdict.judged else "Ingen fund."


def _fixed(finding: Finding) -> str:
    return f", rettet i {', '.join(finding.fixed_in)}" if finding.fixed_in else ""


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lined_up = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in (head, *rows)
    ]
    return [lined_up[0], "  ".join("─" * width for width in widths), *lined_up[1:]]


def _resolve(environment: Environment, into: Path) -> None:
    """Writes the lock as it is for the environment's own Python: pip-audit would take its own for it."""
    flags = ["--no-deps", "--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url"]
    version = environment.versions[0]
    run_quietly(
        [uv(), "pip", "compile", *flags, "--python-version", version, environment.lock, "-o", into],
        f"audit-{environment.name}",
        f"{shown(environment.lock)} kunne ikke læses.",
    )


def _run(arguments: Sequence[Argument], cwd: Path = ROOT) -> str:
    """What a program prints. Its exit code tells findings and errors apart no better than what it wrote."""
    try:
        return subprocess.run(
            [str(argument) for argument in arguments],
            cwd=str(cwd),
            env={**os.environ, **node_environment()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            text=True,
        ).stdout
    except subprocess.TimeoutExpired:
        return ""


def _json(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _noted(answers: list[Answer], ask: Callable[[], Answer]) -> str:
    answer = ask()
    answers.append(answer)
    silent = f", intet svar om {len(answer.silent_about)}" if answer.silent_about else ""
    return f"{len(answer.findings)} fund i {len(answer.asked)} pakker{silent}"


def main() -> int:
    """Runs the whole of it and returns the exit code."""
    try:
        judgements = read(JUDGEMENTS)
    except SetupError as error:
        print(error, file=sys.stderr)
        return TO_JUDGE
    try:
        return audit(judgements)
    except SetupError as error:
        print(error, file=sys.stderr)
        return COULD_NOT_ASK


if __name__ == "__main__":
    sys.exit(main())
