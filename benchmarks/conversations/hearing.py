"""What a citizen makes of the assistant's answer: what is being asked, and is there a way on?"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Asked(Enum):
    """What the assistant waits for."""

    QUESTION = "a skill question"
    TIME = "which time"
    NAME = "a name"
    PHONE = "a phone number"
    OCCUPATION = "the job they would like"
    BOOK = "whether to book"
    MOVE = "whether to move"
    CANCEL = "whether to cancel"
    CORRECTION = "what is wrong in the booking"
    HAS_ONE = "whether to move the booking there already is"
    REASON = "why they disagree"
    CODE = "the code that was sent"
    ERASE = "whether to erase"
    RESTART = "whether to begin again"
    UNCLEAR = "what was meant"
    NOTHING = "nothing in particular"


# The last of these that is said is what counts.
_ASKS = (
    (Asked.QUESTION, r"Hvor godt kan du|Du kan svare med en knap"),
    (Asked.NAME, r"Hvad hedder du|bruge dit navn|fornavn og efternavn"),
    (Asked.PHONE, r"Hvilket telefonnummer|skal bruge et nummer|ligner ikke et telefonnummer"),
    (Asked.OCCUPATION, r"(?m)(?:^|[.!?] )Hvilke[tn]? (?:slags )?(?:job|arbejde|stilling)\b[^.]*\?"),
    (Asked.BOOK, r"Skal jeg booke tiden\?"),
    (Asked.MOVE, r"Skal jeg flytte din tid\?"),
    (Asked.CANCEL, r"Skal jeg aflyse den\?|Skal jeg det\?"),
    (Asked.CORRECTION, r"Hvad skal jeg rette\?"),
    (Asked.HAS_ONE, r"Vil du flytte den\?"),
    (Asked.REASON, r"Hvorfor passer forslaget ikke"),
    (Asked.CODE, r"(?:Koden har|Koden er de|kode på) 6 tal|kode (?:passer|gælder) ikke|Du får en ny kode"),
    (Asked.ERASE, r"Skal jeg slette(?: det nu)?\?|Vil du have slettet"),
    (Asked.RESTART, r"Vil du begynde forfra"),
    (Asked.UNCLEAR, r"fik jeg ikke helt fat i|ikke sikker på, hvad du mener|forstår det stadig ikke"),
)
# The button of a time: "fre. 27. nov. kl. 13.30, telefon", or with the street to come to.
_TIME = re.compile(r"^[a-zæøå]+\. \d+\. [a-z]+\.? kl\. \d+\.\d\d, \S")
# A hint tells what can be written or done next.
_HINT = re.compile(
    r"\b(?:skriv|ring|spørg|svar|tryk|vælg|prøv|meld|svare|spørge|ringe|komme tilbage|call)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Heard:
    """The answer to one message.

    Attributes:
        texts: What was said, in order.
        buttons: The titles of the buttons last shown.
    """

    texts: tuple[str, ...]
    buttons: tuple[str, ...]

    @classmethod
    def of(cls, messages: list[dict[str, Any]]) -> "Heard":
        """Reads the messages of the REST channel."""
        shown = [message["buttons"] for message in messages if message.get("buttons")]
        titles = tuple(button["title"] for button in shown[-1]) if shown else ()
        return cls(tuple(message["text"] for message in messages if message.get("text")), titles)

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(self.texts)

    @property
    def times(self) -> tuple[str, ...]:
        """The times to choose among."""
        return tuple(title for title in self.buttons if _TIME.search(title))

    @property
    def asked(self) -> Asked:
        """What the citizen is asked last."""
        if self.times:
            return Asked.TIME
        found = [(match.start(), asked) for asked, words in _ASKS for match in re.finditer(words, self.text)]
        return max(found, key=lambda at: at[0])[1] if found else Asked.NOTHING

    @property
    def leaves_a_way_on(self) -> bool:
        """Whether the citizen is asked something, shown a button or told what to do."""
        return bool(self.buttons or "?" in self.text or _HINT.search(self.text))
