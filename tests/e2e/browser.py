"""A real browser with the chat open, and the console beside it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from benchmarks.house import ROOT, House

SEND_ANSWER = "Send mit svar"
# Where the pictures in README and docs come from: DIGISPOR_SCREENSHOTS=docs/img make test T=tests/e2e
PICTURES = Path(os.environ.get("DIGISPOR_SCREENSHOTS", ROOT / "results/img"))
# Debian's Chromium runs as root only without its sandbox; the rest keeps it from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    # A page that a test has changed counts as one from the internet, which may not reach this machine.
    "--disable-features=LocalNetworkAccessChecks",
]

# A page may be slow on a machine that does much else; what never comes fails all the same.
expect.set_options(timeout=15_000)


def installed_browser() -> str | None:
    """Gives the path of a Chromium or Chrome on this machine, or None for playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Starts a headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed_browser(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Chat:
    """The chat on the demo page, used as a person would.

    Args:
        page: A page of the browser.
        house: Where the assistant runs.
    """

    def __init__(self, page: Page, house: House) -> None:
        self.page = page
        self._house = house

    def open(self, path: str = "/") -> None:
        """Opens the demo page, or another, and waits for the introduction."""
        self.page.goto(f"{self._house.backend_url}{path}")
        expect(self.page.get_by_text("Jeg er en robot")).to_be_visible()

    @property
    def messages(self) -> Locator:
        """Every message in the conversation."""
        return self.page.get_by_role("log").locator("li.message")

    def press(self, title: str | re.Pattern[str]) -> None:
        """Gives the answer with that title, a button or one on the scale, and waits for what comes."""
        self._and_wait(lambda: self.choose(title))

    def choose(self, title: str | re.Pattern[str]) -> None:
        """Gives the answer with that title."""
        expect(self._answers(title).first).to_be_visible()
        on_the_scale = self.page.get_by_role("radio", name=title)
        if on_the_scale.count():
            on_the_scale.first.check()
            self.page.get_by_role("button", name=SEND_ANSWER).click()
        else:
            self.page.get_by_role("button", name=title).first.click()

    def write(self, text: str) -> None:
        """Writes a message and waits for an answer."""
        self._and_wait(lambda: self.type(text))

    def type(self, text: str) -> None:
        """Writes a message."""
        self.page.get_by_role("textbox").fill(text)
        self.page.get_by_role("textbox").press("Enter")

    def offered(self, *titles: str) -> str:
        """Waits until one of the answers can be given and gives the first that can."""
        either = self._answers(re.compile("|".join(titles)))
        expect(either.first).to_be_visible()
        return next(title for title in titles if self._answers(title).count())

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Waits until a text stands in the conversation."""
        expect(self.page.get_by_role("log").get_by_text(text).last).to_be_visible()

    def picture(self, name: str) -> None:
        """Takes a picture of the page, as wide as it stands in the README."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.set_viewport_size({"width": 1280, "height": 960})
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def _answers(self, title: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=title).or_(self.page.get_by_role("radio", name=title))

    def _and_wait(self, act: Callable[[], None]) -> None:
        before = self.messages.count()
        act()
        # The citizen's own message and at least one answer.
        expect(self.messages.nth(before + 1)).to_be_visible()
