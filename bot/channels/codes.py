"""The code by which a citizen shows who they are, as they type it: it is checked, and kept nowhere.

The assistant and the backend get a proof in its place, which says nothing to whoever reads a transcript.
"""

import re

from identifiers import Kind, kinds_in
from identifiers.digits import plain_digits

IDENTITY_CODE = "identity_code"
"""The slot that waits for a code, and the name of the proof beside the message."""
GIVEN = "/inform"
"""What Rasa gets instead of the message."""
REMOVED = "[kode fjernet]"
"""What everybody sees instead of it."""
_LENGTH = 6
_READ_AS = frozenset({Kind.PASSWORD, Kind.PIN})
"""What "koden er 482913" reads as where no code was asked for."""


def typed_code(text: str, kept: str) -> str | None:
    """The six digits in a message that can be a code; "" if it tells some other code; None if it tells none.

    Args:
        text: The message as it was typed.
        kept: The same, masked.
    """
    digits = re.sub(r"\D", "", plain_digits(text))
    if len(digits) == _LENGTH:
        return digits
    hidden = kinds_in(kept)
    return "" if hidden and _READ_AS.issuperset(hidden) else None
