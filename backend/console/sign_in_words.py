"""What the ways in say when they do not lead in, and a new password when it is not taken, in Danish."""

from collections.abc import Mapping

from backend.console.refusal_words import Error

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

PASSWORD_REFUSALS: Mapping[str, str] = {
    "wrong": "Enten passer din nuværende adgangskode ikke, eller også er der lukket et stykke tid efter "
    "{attempts} forkerte forsøg i træk. Prøv igen om lidt.",
    "short": "Den nye adgangskode er for kort. Den skal være på mindst {shortest} tegn.",
    "long": "Den nye adgangskode er for lang.",
    "easy_to_guess": "Den nye adgangskode er for nem at gætte. Undgå navne, årstal og ord, som mange bruger. "
    "Tag hellere tre-fire ord, der ikke har noget med hinanden at gøre.",
    "as_before": "Du skrev den samme adgangskode begge steder. Vælg en ny.",
    "not_alike": "Du skrev ikke det samme de to gange. Skriv den nye adgangskode igen.",
}
