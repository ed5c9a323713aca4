"""Starts the house and the browser once for all end-to-end tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.house import House
from tests.e2e.browser import open_browser
from tests.e2e.console import WIDE


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; each opens its own context in it."""
    with open_browser() as running:
        yield running


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """All processes, running, with demo data."""
    running = House(tmp_path_factory.mktemp("house"))
    running.prepare()
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def console_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that is its own, with cookies of its own, as wide as a caseworker's screen."""
    context = browser.new_context(viewport=WIDE, locale="da-DK", timezone_id="Europe/Copenhagen")
    yield context.new_page()
    context.close()
