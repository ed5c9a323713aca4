"""Starts the house and the browser once for all end-to-end tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from benchmarks.house import House
from tests.e2e.browser import open_browser


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
