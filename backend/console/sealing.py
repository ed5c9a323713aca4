"""Seals what nobody but this console may read or make.

The key comes from the console's secret, so there is no second secret to lose. What was sealed with a secret
that is not accepted any more cannot be opened.
"""

from backend import sealing
from backend.settings import Settings


class Seal(sealing.Seal):
    """A seal of the console's.

    Args:
        settings: Where the console's secret stands.
        purpose: What the sealed things are for; nothing sealed for one passes for another.
    """

    def __init__(self, settings: Settings, purpose: str) -> None:
        super().__init__(settings.console_secret.accepted, f"digispor console {purpose}")
