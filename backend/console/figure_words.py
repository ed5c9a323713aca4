"""What the page with figures calls things, in Danish."""

from backend import danish
from backend.console import words
from backend.console.desk_words import CAUSES

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
    "handovers": (
        "Borgere, der bad om et menneske",
        "Hver borger er talt med én gang, nemlig første gang borgeren bad om det.",
    ),
    "handover_waits": (
        "Hvor længe de ventede",
        "Til en sagsbehandler tog samtalen. Andelen er af dem, der fik svar.",
    ),
    "handover_weeks": ("Bad om et menneske, uge for uge", "Ugen, hvor borgeren bad om det."),
    "handover_days": ("Bad om et menneske, efter ugedag", "Dagen, hvor borgeren bad om det."),
    "handover_hours": ("Bad om et menneske, time for time", "Timen på dagen, hvor borgeren bad om det."),
    "handover_causes": (
        "Hvorfor Digispor ikke var nok",
        "Hvad sagsbehandleren valgte til sidst. Andelen er af dem, hvor der er valgt en årsag.",
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
    "handovers": {
        "answered": "Fik svar",
        "left": "Opgav at vente",
        "call_instead": "Ville hellere ringes op",
        "nobody": "Der var ingen på vagt",
        "waiting": "Venter endnu, eller det endte på anden vis",
    },
    "handover_waits": {"soon": "Højst ti minutter", "long": "Mere end ti minutter"},
    "handover_weeks": {"later": "Efter perioden"},
    "handover_days": {str(day): name.capitalize() for day, name in enumerate(danish.WEEKDAYS)},
    "handover_hours": {
        "early": "Før kl. 8",
        **{str(hour): f"Kl. {hour}-{hour + 1}" for hour in range(8, 18)},
        "late": "Efter kl. 18",
    },
    "handover_causes": {cause.value: name for cause, name in CAUSES.items()},
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
