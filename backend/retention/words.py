"""What deletion is called, in Danish: each kind with what it is counted from and why it is kept so long."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend import danish
from backend.retention.activity import Obstacle
from backend.retention.departure import Departure
from backend.retention.policy import Kind, Policy


@dataclass(frozen=True, slots=True)
class About:
    """What the staff are told of a kind.

    Attributes:
        title: What it is called.
        content: What belongs to it.
        since: What its time is counted from.
        why: Why it is kept that long and no longer.
    """

    title: str
    content: str
    since: str
    why: str


KINDS: Mapping[Kind, About] = {
    Kind.CONVERSATIONS: About(
        "Samtaler",
        "Alt, hvad der er skrevet og svaret, navn og nummer, beskeder, noter, mærker, vurderinger og "
        "rettelser. Også robottens egen hukommelse",
        "det sidste, der er sket i samtalen, eller det sidste møde",
        "Så længe kan borgeren fortsætte, hvor samtalen slap, og konsulenten følge op. Det er den tid, "
        "robotten lover.",
    ),
    Kind.MESSAGES: About(
        "Invitationer",
        "Sms til numre, som der aldrig kom en samtale med",
        "det sidste, der er sket med beskeden",
        "Det skal kunne ses, hvem der er inviteret, så ingen bliver inviteret igen og igen.",
    ),
    Kind.DECISIONS: About(
        "Beslutninger om spor",
        "Sporet, begrundelsen, hvem der besluttede det, og borgerens navn",
        "den sidste beslutning, når samtalen er slettet",
        "Kommunen skal kunne vise, hvad den har besluttet og hvorfor (offentlighedsloven § 13).",
    ),
    Kind.MEETINGS: About(
        "Møder",
        "Tid, sted, konsulent, og om det blev holdt. Navn og nummer er slettet sammen med samtalen",
        "mødets slutning, når samtalen er slettet",
        "At der har været et møde, hører til kommunens sag. Hvem det var med, skal ikke stå der længere.",
    ),
    Kind.RECEIPTS: About(
        "Kvitteringer for sletning",
        "At en samtale er slettet, og et aftryk af dens id",
        "sletningen, når der ikke er en beslutning eller et møde tilbage",
        "Kommunen skal kunne vise, at der er slettet, og slette igen, hvis en gammel kopi bliver lagt ind.",
    ),
    Kind.REQUESTS: About(
        "Ønsker om data",
        "At nogen har bedt om en kopi eller en sletning, og hvornår det var klaret",
        "dagen, ønsket blev lukket, når samtalen er slettet",
        "Kommunen skal kunne vise, at den har svaret inden for lovens måned.",
    ),
    Kind.ANSWERS: About(
        "Svar på gentagne forsøg",
        "Det, systemet har svaret robotten, så det samme ikke sker to gange",
        "svaret",
        "Et forsøg kan blive gentaget, længe efter at en forbindelse gik ned.",
    ),
    Kind.SESSIONS: About(
        "Medarbejderes logins",
        "Hvem der er logget ind. Mislykkede forsøg på at logge ind står i loggen",
        "det sidste klik",
        "Et login udløber efter en time uden brug og senest efter ti timer.",
    ),
    Kind.AUDIT: About(
        "Loggen",
        "Hvem der har set eller ændret hvad. Ikke, hvad der stod",
        "det, der blev gjort",
        "Et år, så man kan se et helt år tilbage ved et tilsyn. Aldrig kortere end et halvt år.",
    ),
    Kind.REPORTS: About(
        "Oversigten her",
        "Hvor meget der er slettet hvornår. Intet om nogen",
        "sletningen",
        "Kommunen skal kunne vise, at der bliver slettet, som der er lovet.",
    ),
}
OF_ITSELF = "udløber af sig selv"
ERRORS = {
    "assistant": "Robotten svarede ikke. Der bliver prøvet igen om en time.",
    "files": "Databasen var i brug. Der bliver prøvet igen om en time.",
    "owner": "Backenden må ikke selv slette i loggen. Det skal den, der ejer tabellerne; se vejledningen.",
    "fault": "Der skete en fejl. Den står i driftsloggen.",
}
UNFORESEEN = {"assistant": "Robotten svarede ikke. Samtaler, som kun den har, er ikke talt med."}
"""What is said instead of an error where nothing was to be deleted."""
OBSTACLES = {
    Obstacle.PERSON: "en medarbejder har samtalen, eller borgeren venter på en",
    Obstacle.FLAG: "ingen har set, at borgeren er i krise eller vil tale med et menneske",
    Obstacle.REPORT: "ingen har set borgerens afbud",
    Obstacle.CALL: "borgeren venter på at blive ringet op",
    Obstacle.REQUEST: "borgeren har bedt om sine data, og ønsket ikke er lukket",
}


def how_long(policy: Policy, kind: Kind) -> str:
    """How long a kind is kept."""
    period = policy.period(kind)
    return str(period) if period else OF_ITSELF


def goes(one: Departure) -> str:
    """When a conversation goes, and what keeps it."""
    kept = danish.enumerate_words([OBSTACLES[obstacle] for obstacle in one.obstacles], "eller")
    if one.is_due and kept:
        return f"Samtalen skulle være slettet {danish.full_date(one.at)}, men bliver gemt, så længe {kept}."
    if one.is_due:
        return "Samtalen slettes i nat."
    told = f"Samtalen slettes {danish.full_date(one.at)}, hvis der ikke sker mere i den."
    return f"{told} Den bliver dog gemt, så længe {kept}." if kept else told
