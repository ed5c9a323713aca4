"""Starts the house once for all end-to-end tests."""

from collections.abc import Iterator

import pytest

from benchmarks.house import House


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
