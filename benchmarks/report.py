"""docs/evaluation.md: one page, written by several measurements, each its own section."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "evaluation.md"
PICTURES = ROOT / "docs" / "img"


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Puts a section in place of the one of the same name, or at the end of the page.

    Args:
        name: Which measurement it is from; not shown.
        text: The section in Markdown, with its heading.
        page: The page to write to.
    """
    begin, end = f"<!-- {name}: written by a measurement, do not edit -->", f"<!-- {name}: end -->"
    section = f"{begin}\n\n{text.strip()}\n\n{end}"
    old = page.read_text("utf-8") if page.exists() else ""
    found = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    new = found.sub(lambda _: section, old) if found.search(old) else f"{old.rstrip()}\n\n{section}"
    page.write_text(f"{new.strip()}\n", encoding="utf-8")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percent(share: float) -> str:
    """A share as a percent with one decimal."""
    return f"{100 * share:.1f} %"
