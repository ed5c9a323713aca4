"""What the console says when something is not done, in Danish: a heading, and what is so and what to do."""

from collections.abc import Mapping

Error = tuple[str, str]

WORDS_NOT_FOUND: Error = (
    "Ordene står ikke i beskeden",
    "Der er ikke gemt noget. Gå tilbage, og skriv ordene præcis, som de står i beskeden. "
    "Navne og numre kan ikke markeres, for de er fjernet.",
)
OTHER_ERROR: Error = ("Noget gik galt", "Det er ikke din fejl. Prøv igen om lidt.")
NOT_ALLOWED: Error = (
    "Det har du ikke adgang til",
    "Har du brug for det i dit arbejde, så spørg den, der styrer adgangen hos jer.",
)
REFUSALS: Mapping[str, Error] = {
    "not-to-be-marked": (
        "Mødet kan ikke markeres sådan",
        "Det er ikke begyndt, eller borgeren har aflyst eller meldt afbud inden. Der er ikke gemt noget.",
    ),
    "last-administrator": (
        "Der skal være en administrator",
        "Der er ikke ændret noget. Gør en anden til administrator først.",
    ),
    "account-of-provider": (
        "Brugeren hører til kommunens login",
        "Der er ikke ændret noget. Navn og roller kommer fra kommunens login og bliver rettet der.",
    ),
    "too-many-tries": (
        "Vent et øjeblik, og prøv igen",
        "Herfra er der tastet forkert mange gange. Vent et minut. Har du glemt din adgangskode, så spørg "
        "den, der styrer adgangen hos jer.",
    ),
    "second-factor-on": (
        "Totrinslogin er allerede slået til",
        "Der er ikke ændret noget. Reservekoderne bliver kun vist én gang. Nåede du ikke at gemme dem, så "
        "slå totrinslogin fra under Min konto, og slå det til igen.",
    ),
    "own-password-changed": (
        "Adgangskoden er lige skiftet",
        "Der er ikke ændret mere. Bliver du bedt om at logge ind, så brug den nye.",
    ),
    "password-changed": (
        "Adgangskoden er lige lavet om",
        "Der er ikke ændret mere. Nåede du ikke at se den nye, så hent brugerens side igen, og giv en ny.",
    ),
    "erasure-begun": (
        "Sletningen er begyndt",
        "Den kan ikke stoppes. Borgeren får besked, når alt er slettet.",
    ),
    "own-access": (
        "Det gør du under Min konto",
        "Der er ikke ændret noget. Din egen adgangskode og dit totrinslogin skifter du under Min konto, hvor "
        "du viser, at det er dig.",
    ),
    "own-administration": (
        "Du kan ikke lukke dig selv ude",
        "Der er ikke ændret noget. Bed en anden administrator om at gøre det.",
    ),
    "assistant-unreachable": (
        "Digispor svarer ikke lige nu",
        "Samtalen er som før, og der er ikke sendt noget. Prøv igen om lidt.",
    ),
    "not-owned": (
        "Samtalen er ikke længere din",
        "Der er ikke sendt eller ændret noget. Gå til vagten, og se, hvem der har den.",
    ),
    "holds-cpr": (
        "Der står et CPR-nummer",
        "Der er ikke sendt eller gemt noget, for CPR-numre må ikke stå her. Tag det ud, og prøv igen.",
    ),
    "not-waiting": (
        "Borgeren venter ikke længere",
        "Der er ikke sendt eller ændret noget. Gå til vagten, og se, hvad der står nu.",
    ),
    "colleague-away": (
        "Kollegaen er gået",
        "Samtalen er stadig din. Gå tilbage, og vælg en anden, eller behold den.",
    ),
}
ERRORS: Mapping[int, Error] = {
    400: ("Adressen kan ikke læses", "Gå til samtalerne, og prøv derfra."),
    403: (
        "Siden var for gammel",
        "Der er ikke gemt noget. Gå tilbage, hent siden igen, og prøv en gang til.",
    ),
    404: (
        "Siden findes ikke",
        "Måske er samtalen slettet, eller den hører til et andet team. Gå til samtalerne, og led derfra.",
    ),
    405: ("Siden findes ikke", "Gå til samtalerne, og prøv derfra."),
    409: (
        "Nogen har ændret det imens",
        "Der er ikke gemt noget. Gå tilbage, hent siden igen, og se, hvad der står nu.",
    ),
    413: ("Der var for meget tekst", "Der er ikke gemt noget. Gå tilbage, og skriv det kortere."),
    422: ("Begrundelsen mangler", "Skriv, hvorfor du vælger et andet spor. Der er ikke gemt noget endnu."),
    503: ("Databasen svarer ikke lige nu", "Der er ikke gemt noget. Prøv igen om lidt."),
}
