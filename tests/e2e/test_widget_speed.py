"""What an old phone on a slow line makes of the chat, as Chromium and Lighthouse simulate it.

Both slow the browser down by a factor, so a machine that is busy with other things measures more than there
is. Hence the best of some tries counts.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.house import ROOT, House
from tests.e2e.browser import FLAGS, installed_browser

PHONE = {"width": 360, "height": 640}
# WebPageTest's "3G Slow": 400 kbit/s both ways, 400 ms there and back.
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
SLOWER_PROCESSOR = 4
USABLE_MS = 3_000
TRIES = 3
LIGHTHOUSE = ROOT / "widget" / "node_modules" / ".bin" / "lighthouse"


@pytest.fixture
def slow_phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    yield page
    context.close()


def milliseconds_until_usable(page: Page, address: str) -> float:
    """From the first request until something has been written into the chat."""
    page.goto(address, wait_until="commit")
    page.get_by_role("textbox").fill("Hej")
    return float(page.evaluate("performance.now()"))


@pytest.mark.parametrize("path", ["/chat", "/"])
def test_the_chat_can_be_written_in_within_three_seconds(slow_phone: Page, house: House, path: str) -> None:
    address = f"{house.backend_url}{path}"
    measured: list[float] = []
    while len(measured) < TRIES and min(measured, default=USABLE_MS) >= USABLE_MS:
        measured.append(milliseconds_until_usable(slow_phone, address))
    print(f"{path}: usable after {min(measured):.0f} ms")
    assert min(measured) < USABLE_MS, measured
    expect(slow_phone.get_by_text("Jeg er en robot")).to_be_visible()


def lighthouse(address: str, report: Path) -> dict[str, int]:
    """Lighthouse's scores of a page on a phone, 0 to 100."""
    command = [
        str(LIGHTHOUSE),
        address,
        "--quiet",
        "--no-enable-error-reporting",
        "--only-categories=accessibility,performance",
        "--output=json",
        f"--output-path={report}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
    ]
    chromium = installed_browser()
    environment = {**os.environ, "CHROME_PATH": chromium} if chromium else dict(os.environ)
    subprocess.run(command, env=environment, check=True, timeout=180, capture_output=True)
    categories: dict[str, Any] = json.loads(report.read_text("utf-8"))["categories"]
    return {name: round(100 * category["score"]) for name, category in categories.items()}


def test_lighthouse_finds_the_demo_page_accessible_and_quick(house: House, tmp_path: Path) -> None:
    best = 0
    for number in range(TRIES):
        scores = lighthouse(house.backend_url, tmp_path / f"{number}.json")
        assert scores["accessibility"] == 100
        best = max(best, scores["performance"])
        if best >= 95:
            break
    print(f"performance {best}")
    assert best >= 95
