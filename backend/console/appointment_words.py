"""What the pages for booking, moving and cancelling a meeting call things, in Danish."""

from backend.outreach.notices import Way
from backend.outreach.tables import OutreachState

HEADINGS = {"book": "Book en tid", "move": "Flyt tiden", "cancel": "Aflys tiden"}
CHECKING = {
    "book": "Se beskeden, før tiden bliver booket",
    "move": "Se beskeden, før tiden bliver flyttet",
    "cancel": "Se beskeden, før tiden bliver aflyst",
}
DOING = {
    "book": "Book tiden, og giv besked",
    "move": "Flyt tiden, og giv besked",
    "cancel": "Aflys tiden, og giv besked",
}
# Where nobody is told by it, the button does not say so.
DOING_UNTOLD = {"book": "Book tiden", "move": "Flyt tiden", "cancel": "Aflys tiden"}
DONE = {"book": "Tiden er booket", "move": "Tiden er flyttet", "cancel": "Tiden er aflyst"}

READY = {
    "book": {"agreed": "Det er den tid, vi har aftalt."},
    "move": {
        "agreed": "Det er den tid, vi har aftalt.",
        "prevented": "Det er, fordi konsulenten er forhindret.",
    },
    "cancel": {
        "agreed": "Det er, som vi har aftalt.",
        "prevented": "Det er, fordi konsulenten er forhindret.",
    },
}
"""Sentences that can be put into the notice, by change."""

WAYS = {
    Way.SMS: "Borgeren får beskeden på sms. Sms'er bliver sendt mellem kl. 8 og 20.",
    Way.WEB: "Borgeren får beskeden i chatten og ser den, næste gang chatten er åben. Ring, hvis det haster.",
    Way.UNWANTED: "Borgeren har bedt om ikke at få sms'er og får ingen besked herfra. Ring til borgeren.",
    Way.NONE: "Digispor kan ikke skrive til borgeren. Ring til borgeren.",
}

TOLD = {
    OutreachState.WAITING: "Sms'en venter på at blive sendt. Sms'er bliver sendt mellem kl. 8 og 20.",
    OutreachState.HANDED_OVER: "Sms'en er på vej. Borgeren har ikke fået den endnu.",
    OutreachState.SENT: "Sms'en er sendt, men vi ved ikke, om den er kommet frem.",
    OutreachState.DELIVERED: "Borgeren har fået besked på sms.",
    OutreachState.IN_CHAT: "Beskeden står i chatten. Borgeren ser den, næste gang chatten er åben. "
    "Ring, hvis det haster.",
    OutreachState.FAILED: "Sms'en kunne ikke leveres. Borgeren har ikke fået besked. Ring til borgeren.",
    OutreachState.DROPPED: "Beskeden er ikke sendt. Ring til borgeren, hvis det stadig er aktuelt.",
}
"""Whether the citizen has been told, by how far the notice has come."""
WAITS_FOR_CHAT = "Beskeden er ikke kommet i chatten endnu. Vi prøver igen om lidt. Ring, hvis det haster."
WROTE_SINCE = "Beskeden står i chatten, og borgeren har skrevet i chatten efter den."

FAULTS = {
    "slot": "Vælg en af tiderne.",
    "name": "Skriv borgerens navn med bogstaver.",
    "phone": "Skriv et telefonnummer, der findes.",
    "own": "Skriv sætningen kortere, og uden CPR-nummer.",
    "reason": "Skriv, hvorfor tiden bliver aflyst, og uden CPR-nummer.",
}
"""What is wrong with a field, by the field."""

PROBLEMS = {
    "slot-taken": (
        "Tiden er lige blevet taget",
        "Der er ikke ændret noget, og borgeren har ikke fået besked. Vælg en anden tid.",
    ),
    "booking-exists": (
        "Borgeren har allerede en tid",
        "Der er ikke booket en til. Den, der er, kan flyttes eller aflyses.",
    ),
    "version-conflict": (
        "Tiden er ændret imens",
        "Borgeren eller en kollega har ændret den. Du har ikke ændret noget, og der er ikke sendt besked. "
        "Se, hvad der står nu, og prøv igen, hvis det stadig er nødvendigt.",
    ),
    "already-cancelled": (
        "Tiden er aflyst",
        "Den kan ikke flyttes eller aflyses. Du har ikke ændret noget, og der er ikke sendt besked.",
    ),
    "notice-period-passed": (
        "Tiden er begyndt",
        "Den kan ikke flyttes eller aflyses mere. Du har ikke ændret noget, og der er ikke sendt besked.",
    ),
}
"""Why nothing was changed, by the name of the problem."""

OTHER_TEAM = (
    "Borgeren får besked, som det stod på siden. "
    "Konsulenten hører til et andet team, og det gør samtalen nu også."
)
