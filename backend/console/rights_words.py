"""What the page of citizens' requests about their data calls things, in Danish."""

KINDS = {"export": "Vil have en kopi", "erasure": "Vil have sine oplysninger slettet"}
STANDINGS = {
    "staff": "Venter på, at I finder ud af, hvem det er",
    "code": "Venter på koden fra borgerens sms",
    "citizen": "Venter på borgerens svar i samtalen",
    "erasing": "Bliver slettet. Er der tegn på krise, venter det, til en af jer har trykket: Jeg har set det",
}


def time_left(days: int) -> str:
    """How long is left of the law's month."""
    if days < 0:
        return "Fristen er overskredet"
    if days == 0:
        return "Fristen er i dag"
    return "1 dag tilbage" if days == 1 else f"{days} dage tilbage"
