"""What the page with figures calls things, in Danish."""

from backend.console import words

FIGURES = {
    "weeks": ("Samtaler uge for uge", "Hvor mange samtaler der begyndte."),
    "steps": (
        "Hvor langt borgerne kommer",
        "Den, der er nået til et trin, er talt med på alle trin før det. Andelen er af alle samtaler.",
    ),
    "assessments": (
        "Selvvurderinger",
        "Den, der ikke har rørt spørgsmålene i en uge, er talt med som gået. "
        "Andelen er af dem, der begyndte.",
    ),
    "placements": (
        "Forslag til spor",
        "Sporet, som det står nu. Andelen er af dem, der blev færdige. "
        "Ved tæt på grænsen er den af dem, der fik et forslag.",
    ),
    "agreement": (
        "Var konsulenten enig?",
        "Bekræftet og ændret er andele af de forslag, der er afgjort. "
        "Ikke afgjort endnu er en andel af alle forslag.",
    ),
    "bookings": (
        "Møder",
        "Den seneste tid hos hver borger, der har booket efter et forslag. "
        "Nederst står de borgere uden forslag, som har booket.",
    ),
    "attendance": (
        "Fremmøde",
        "Møderne i tabellen ovenfor, der hverken er aflyst eller meldt afbud til. "
        "Ikke markeret er dem, ingen har markeret, også dem, der ikke er holdt endnu.",
    ),
    "no_shows": (
        "Udeblivelser uge for uge",
        "Borgere, der er markeret som ikke mødt op. Ugen er den, hvor samtalen på chat eller sms begyndte. "
        "Andelen er af alle udeblivelser.",
    ),
    "understanding": (
        "Blev borgeren forstået?",
        "Hvor mange beskeder Digispor forstod, og hvor mange den ikke forstod eller ikke kan svare på.",
    ),
    "satisfaction": (
        "Tilfredshed",
        "Hvad borgerne svarede, da de blev spurgt. Andelen er af dem, der svarede.",
    ),
}
ROWS = {
    "steps": {
        "opened": "Åbnede samtalen",
        "wrote": "Skrev noget",
        "began": "Begyndte på spørgsmålene",
        "answered_1": "Svarede på 1 spørgsmål",
        "answered_3": "Svarede på 3 spørgsmål",
        "answered_5": "Svarede på 5 spørgsmål",
        "answered_7": "Svarede på 7 spørgsmål",
        "finished": "Blev færdig",
        "proposal": "Fik et forslag",
        "booked": "Bookede et møde",
    },
    "assessments": {
        "began": "Begyndt",
        "finished": "Færdig",
        "working": "I gang eller på pause",
        "left": "Gået uden at blive færdig",
    },
    "placements": {"too_few_answers": words.TOO_FEW_ANSWERS, "borderline": "Tæt på grænsen mellem sporene"},
    "agreement": {"confirmed": "Bekræftet", "changed": "Ændret", "proposed": "Ikke afgjort endnu"},
    "bookings": {
        "booked": "Booket",
        "moved": "Flyttet",
        "cancelled": "Aflyst",
        "absence": "Afbud efter fristen",
        "unproposed": "Booket uden et forslag",
    },
    "attendance": {"met": "Mødte op", "not_met": "Mødte ikke op", "unmarked": "Ikke markeret"},
    "understanding": {"understood": "Forstået", "missed": "Ikke forstået"},
    "satisfaction": {str(rating): name for rating, name in words.RATINGS.items()},
}
COLUMNS = {"web": "Chat", "sms": "Sms", "together": "I alt"}
HIDDEN = {"small": "under 5", "protecting": "skjult"}


def count(told: int | str) -> str:
    """A count, or why it is not told."""
    return HIDDEN[told] if isinstance(told, str) else str(told)


def decimal(number: float) -> str:
    """A number with one decimal, such as "4,3"."""
    return f"{number:.1f}".replace(".", ",")
