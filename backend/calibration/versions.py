"""Writes parameters and report under a version that nobody has used yet."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from pathlib import Path

import yaml

from backend.assessment.parameters import Parameters
from backend.calibration.estimation import ItemEstimate

_HEAD = """\
# Made by `make calibrate` from answers; what has no estimate is as in the version "{base}".
# It is in use once municipality.yml says so: assessment.item_parameters. Results name it: do not change it.
"""


def free_version(today: date, parameters: Path, reports: Path) -> str:
    """The first version of the day that has neither parameters nor a report."""
    name = f"calibrated-{today.isoformat()}"
    names = (name if number == 1 else f"{name}.{number}" for number in count(1))
    return next(
        version
        for version in names
        if not (parameters / f"{version}.yaml").exists() and not (reports / f"{version}.md").exists()
    )


def with_estimates(base: Parameters, version: str, items: Sequence[ItemEstimate]) -> Parameters:
    """The parameters of a new version: as the base, but for what was estimated."""
    measured = {item.item_id: item.as_parameter() for item in items if item.kept is None}
    estimates = {**base.estimates, **measured}
    return base.model_copy(update={"version": version, "estimates": dict(sorted(estimates.items()))})


def write_parameters(parameters: Parameters, base: str, folder: Path) -> Path:
    """Writes them into a file that must not be there yet.

    Raises:
        FileExistsError: There is one of that version.
    """
    content = parameters.model_dump(mode="json")
    content |= {name: sorted(content[name]) for name in ("sharp", "broad")}
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
    return _write(folder / f"{parameters.version}.yaml", _HEAD.format(base=base) + text)


def write_report(text: str, version: str, folder: Path) -> Path:
    """Writes a report into a file that must not be there yet.

    Raises:
        FileExistsError: There is one of that version.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return _write(folder / f"{version}.md", text)


def _write(path: Path, text: str) -> Path:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path
