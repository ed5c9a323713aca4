"""axe-core's judgement of the page a browser shows."""

from functools import cache

from playwright.sync_api import Page

from benchmarks.house import ROOT

AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.1 A and AA, which the law on accessibility of public websites asks for, and axe's own best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@cache
def _source() -> str:
    return AXE.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line a rule, with where it found it."""
    page.evaluate(_source())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        f"{rule['id']}: {rule['help']}: {[node['target'] for node in rule['nodes']]}"
        for rule in found["violations"]
    ]
