"""What a citizen said, in the form that every channel hands on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from bot.channels.cleaning import clean_text
from bot.channels.codes import IDENTITY_CODE, typed_code
from bot.channels.hiding import TOLD_BEFORE
from identifiers import holds_identifier

EMPTY_MESSAGE = "/empty_message"

_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_.:-]{1,100}")
_TEN_DIGITS = re.compile(r"(?<![^\W_])\d{6}[._:-]?\d{4}(?![^\W_])")


@dataclass(frozen=True)
class CitizenMessage:
    """What a citizen said, ready for Rasa.

    Attributes:
        conversation_id: The conversation it belongs to.
        channel: Name of the channel it came by.
        text: Clean text, or the payload of a button.
        id: The sender's own id of the message, by which a repeat is known. None when the channel has none.
        button: Title of the button that was clicked, None for typed text.
        wants_easy_words: Whether the citizen has asked for the easier wording of questions.
        is_told: Whether something was hidden in it, and the citizen has heard why before.
        code: What in it may be a code by which the citizen shows who they are; it is kept nowhere.
        proof: What is kept of the code where one was asked for.
    """

    conversation_id: str
    channel: str
    text: str
    id: str | None = None
    button: str | None = None
    wants_easy_words: bool = False
    is_told: bool = False
    code: str | None = field(default=None, repr=False)
    proof: str = ""

    @classmethod
    def typed(cls, conversation_id: str, channel: str, text: str, id: str | None = None) -> CitizenMessage:
        """A message the citizen wrote. Whatever it holds, it is treated as plain text."""
        kept = clean_text(text)
        return cls(conversation_id, channel, kept or EMPTY_MESSAGE, id, code=typed_code(text, kept))

    @classmethod
    def clicked(
        cls, conversation_id: str, channel: str, title: str, payload: str, id: str | None = None
    ) -> CitizenMessage:
        """A click on a button that the channel has made sure was offered in this conversation."""
        return cls(conversation_id, channel, payload, id, button=title)

    @property
    def words(self) -> str | None:
        """What the citizen sees themselves having said. None for an empty message."""
        return self.button or (None if self.text == EMPTY_MESSAGE else self.text)

    @property
    def metadata(self) -> dict[str, Any]:
        """What Rasa notes beside the message."""
        noted = {
            "button": self.button,
            "easy_words": self.wants_easy_words,
            TOLD_BEFORE: self.is_told,
            IDENTITY_CODE: self.proof,
        }
        return {name: value for name, value in noted.items() if value}


def is_opaque_id(value: object) -> TypeGuard[str]:
    """Tells whether a value can name a conversation or a message: short, and no phone or CPR number."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        return False
    # Within a word ten digits are chance, for ids are drawn by lot; by themselves they are a number.
    return not any(map(holds_identifier, _TEN_DIGITS.findall(value)))
