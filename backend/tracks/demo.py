"""The two tracks of the strategy "Løft af lediges digitale kompetencer", in plain Danish."""

from typing import Any

TRACKS: tuple[dict[str, Any], ...] = (
    {
        "id": "foundation",
        "position": 1,
        "name": "Spor 1: Digitalt løft",
        "short_name": "Spor 1",
        "description": (
            "Du øver dig i et værksted sammen med andre. En eMentor hjælper dig, og du går frem i dit "
            "eget tempo."
        ),
        "for_whom": (
            "Sporet er for dig, der gerne vil blive mere tryg ved det digitale, for eksempel mail, "
            "Digital Post og sikre kodeord. Du behøver ikke at kunne noget på forhånd."
        ),
        "leads_to": (
            "Målet er, at du kan klare mere på egen hånd, også når du søger job. "
            "Bagefter kan du gå videre til Spor 2."
        ),
    },
    {
        "id": "employer_pilot",
        "position": 2,
        "name": "Spor 2: Virksomhedsrettet pilotforløb",
        "short_name": "Spor 2",
        "description": (
            "Du lærer det digitale, som et bestemt job kræver. Forløbet bliver til sammen med virksomheder "
            "og a-kasser, og du øver dig på opgaver fra rigtige job."
        ),
        "for_whom": (
            "Sporet er for dig, der klarer det meste digitale i hverdagen. Der er måske én bestemt ting, "
            "der står mellem dig og et job, for eksempel et kassesystem eller et regneark."
        ),
        "leads_to": "Målet er et job, hvor du kan bruge det, du har lært.",
    },
)
