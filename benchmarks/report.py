"""docs/evaluation.md: one page, written by several measurements, each its own section."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "evaluation.md"
PICTURES = ROOT / "docs" / "img"

Rows = dict[str, list[str]]


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Puts a section in place of the one of the same name, or at the end of the page.

    Args:
        name: Which measurement it is from; not shown.
        text: The section in Markdown, with its heading.
        page: The page to write to.
    """
    begin, end = _marks(name)
    section = f"{begin}\n\n{text.strip()}\n\n{end}"
    old = page.read_text("utf-8") if page.exists() else ""
    found = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    new = found.sub(lambda _: section, old) if found.search(old) else f"{old.rstrip()}\n\n{section}"
    page.write_text(f"{new.strip()}\n", encoding="utf-8")


def read_tables(name: str, page: Path = PAGE) -> list[Rows]:
    """The tables of a section that `write_section` wrote, in their order: by a row's first cell, the others.

    Raises:
        ValueError: The page has no such section, so the measurement was never made.
    """
    begin, end = _marks(name)
    _, found, rest = page.read_text("utf-8").partition(begin)
    if not found:
        raise ValueError(f"{page.name} has no section {name!r}")
    tables: list[Rows] = []
    for block in rest.partition(end)[0].split("\n\n"):
        if block.startswith("|"):
            cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
            tables.append({first: others for first, *others in cells[2:]})
    return tables


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percent(share: float) -> str:
    """A share as a percent with one decimal."""
    return f"{100 * share:.1f} %"


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: written by a measurement, do not edit -->", f"<!-- {name}: end -->"
