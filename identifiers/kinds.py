"""The kinds of what is masked, and what is put in its place."""

from enum import Enum


class Kind(Enum):
    """A kind of identifier.

    Attributes:
        marker: What stands in the text instead.
        words: What the citizen is told that it was.
    """

    marker: str
    words: str

    CPR = ("[CPR-nummer fjernet]", "dit CPR-nummer")
    CARD = ("[kortnummer fjernet]", "dit kortnummer")
    ACCOUNT = ("[kontonummer fjernet]", "dit kontonummer")
    IBAN = ("[IBAN-nummer fjernet]", "dit IBAN-nummer")
    PASSWORD = ("[adgangskode fjernet]", "din adgangskode")
    PIN = ("[pinkode fjernet]", "din pinkode")
    USER_ID = ("[bruger-id fjernet]", "dit bruger-id")

    def __init__(self, marker: str, words: str) -> None:
        self.marker = marker
        self.words = words
