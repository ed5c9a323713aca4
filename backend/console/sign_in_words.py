"""What the ways in say when they do not lead in, in Danish."""

from backend.console.words import Error

SAID_NO: Error = (
    "Du blev ikke logget ind",
    "Kommunens login sendte dig tilbage uden at logge dig ind. Måske trykkede du på Annuller. Prøv igen, "
    "hvis det ikke var meningen.",
)
UNAVAILABLE: Error = (
    "Kommunens login svarer ikke",
    "Du er ikke logget ind. Vent et øjeblik, og prøv igen. Bliver det ved, så ring til dem, der hjælper med "
    "it hos jer.",
)
WRONG_ANSWER: Error = (
    "Kommunens login gav et svar, vi ikke kan bruge",
    "Du er ikke logget ind. Prøv igen. Sker det igen, så sig det til dem, der hjælper med it hos jer: det "
    "skal rettes i opsætningen.",
)
TOO_OLD: Error = (
    "Der gik for lang tid",
    "Du er ikke logget ind. Siden fra kommunens login er for gammel eller er brugt før. Prøv igen.",
)
NO_ACCESS: Error = (
    "Du har ikke adgang til Digispor",
    "Kommunens login kender dig, men har ikke givet dig en rolle her. Spørg din leder, eller den, der styrer "
    "adgangen hos jer, om du skal have en.",
)
