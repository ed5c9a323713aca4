"""Brings the database to the current schema and fills it with the demo municipality."""

from __future__ import annotations

from setup.commands import run_quietly
from setup.environments import BACKEND
from setup.settings import RunSettings


def ensure(settings: RunSettings) -> str:
    """Runs the migrations and adds the demo data that is missing; both leave alone what is there.

    Raises:
        SetupError: The database cannot be reached or changed.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    run_quietly(
        [BACKEND.python, "-m", "backend.db", "upgrade"],
        "database",
        "Databasen kunne ikke gøres klar.",
        env=settings.environment,
    )
    run_quietly(
        [BACKEND.python, "-m", "backend.demo"],
        "demo-data",
        "Demodata kunne ikke lægges i databasen.",
        env=settings.environment,
    )
    return "klar, med demodata"
