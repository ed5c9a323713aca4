"""`python -m backend.calibration` measures the items from the answers in the configured database.

It ends with 0 when a new version was written, and also when there are too few assessments; else with 1.
"""

import asyncio
import sys

from backend.assessment import parameters
from backend.assessment.item_bank import load_item_bank
from backend.calibration.answers import FinishedAssessment, FinishedAssessmentRepository
from backend.calibration.estimation import NotConverged
from backend.calibration.run import calibrate
from backend.clock import utc_now
from backend.db import Database
from backend.municipality import load_municipality
from backend.problems import DatabaseUnavailable
from backend.settings import Settings, load_settings


async def _read(settings: Settings) -> list[FinishedAssessment]:
    database = Database.of(settings)
    try:
        async with database.read() as work:
            return await FinishedAssessmentRepository(work.session).with_answers_to(load_item_bank())
    finally:
        await database.dispose()


def main() -> None:
    """Calibrates, and says each step in Danish."""
    settings = load_settings()
    rule = load_municipality(settings.municipality_path).assessment
    print("Læser svarene …", flush=True)
    try:
        version = calibrate(
            asyncio.run(_read(settings)),
            load_item_bank(),
            rule,
            utc_now().date(),
            parameters_folder=parameters.FOLDER,
            reports_folder=settings.data_path / "calibration",
            say=lambda line: print(line, flush=True),
        )
    except DatabaseUnavailable:
        sys.exit("Databasen kan ikke læses. Intet er skrevet.")
    except NotConverged:
        sys.exit("Beregningen faldt ikke til ro. Intet er skrevet, og de gamle tal gælder stadig.")
    if version:
        print(f"Læs rapporten, før du skriver item_parameters: {version} i municipality.yml.", flush=True)


if __name__ == "__main__":
    main()
