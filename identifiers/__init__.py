"""What people write and nobody may keep: civil registration numbers, card and account numbers, secrets.

A package of its own, in plain Python, because both deployables need the same rule: the bot masks what
citizens write before anything else happens to it, and the backend masks once more at its own doors.
"""

from identifiers.kinds import Kind
from identifiers.masking import EARLIER, holds_identifier, is_only_markers, kinds_in, mask, mask_continued
from identifiers.phones import mask_phones

__all__ = [
    "EARLIER",
    "Kind",
    "holds_identifier",
    "is_only_markers",
    "kinds_in",
    "mask",
    "mask_continued",
    "mask_phones",
]
