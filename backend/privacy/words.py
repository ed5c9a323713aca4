"""What a citizen's receipt and copy call things, in Danish."""

from collections.abc import Mapping

from backend.audit.tables import AuditOutcome
from backend.handover.tables import Cause
from backend.placements.tables import PlacementEventKind

ERASED = {
    "words": "Det, du har skrevet, og det, robotten eller en medarbejder har svaret",
    "answers": "Dine svar i selvvurderingen",
    "proposals": "Forslaget om et spor",
    "name_and_number": (
        "Dit navn, dit telefonnummer og det job, du gerne vil have, hvis du havde fortalt det. "
        "Gemmer vi noget med dit navn, kan du se det herunder"
    ),
    "messages": "Beskeder, vi har sendt til dig",
    "staff_notes": "Medarbejderes noter, mærker og vurderinger",
    "corrections": "Rettelser af, hvad robotten forstod",
}
KEPT = {
    "decision": (
        "En medarbejders beslutning om dit spor, med begrundelsen og dit navn, hvis du har fortalt det",
        "Kommunen skal kunne vise, hvad den har besluttet og hvorfor (offentlighedsloven § 13).",
    ),
    "meetings": (
        "At der har været eller er et møde: tidspunktet, stedet, konsulenten, og om det blev holdt",
        "Det er en del af kommunens sag. Dit navn og nummer står der ikke mere, når mødet er slut.",
    ),
    "coming_meeting": (
        "Dit navn og nummer ved det møde, du har valgt at beholde",
        "Konsulenten skal vide, hvem der kommer. Vi sletter det af os selv, når mødet er slut.",
    ),
    "no_messages": (
        "At dit nummer ikke vil have beskeder fra os",
        "Ellers kunne vi komme til at skrive til dig igen. Nummeret står der kun som en kode.",
    ),
    "access_log": (
        "Hvornår medarbejdere har set samtalen, og hvem de er, men ikke hvad der stod i den",
        "Kommunen skal kunne vise, at ingen har set noget uden grund (GDPR artikel 32).",
    ),
}
PLACEMENT_EVENTS: Mapping[str, str] = {
    PlacementEventKind.PROPOSED: "Robottens forslag",
    PlacementEventKind.DISPUTED: "Du var ikke enig",
    PlacementEventKind.CONFIRMED: "En medarbejder bekræftede forslaget",
    PlacementEventKind.CHANGED: "En medarbejder valgte et andet spor",
}
CHOSEN_UNPROPOSED = "En medarbejder valgte sporet"
CAUSES: Mapping[str, str] = {
    Cause.NOT_UNDERSTOOD: "Robotten forstod dig ikke",
    Cause.WRONG_ANSWER: "Robotten svarede forkert",
    Cause.NOT_COVERED: "Robotten kunne ikke svare på det",
    Cause.WANTED_PERSON: "Du ville hellere tale med et menneske",
    Cause.OTHER: "Andet",
}
READERS_DID: Mapping[str, str] = {
    AuditOutcome.SHOWN: 'så siden "{page}"',
    AuditOutcome.ATTEMPTED: 'trykkede på "{page}"',
    AuditOutcome.REFUSED: 'blev afvist ved "{page}"',
}
