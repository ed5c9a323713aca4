"""How many wrong passwords and codes one address may try, whichever accounts they are for."""

import logging

from aiohttp import web

from backend.problems import Problem
from throttling import Limit, Proxies

# A whole municipality may have one address, and people mistype on Monday mornings.
AT_ONCE, A_MINUTE = 50, 5
_logger = logging.getLogger(__name__)


class TooManyTries(Problem):
    """So many attempts from one address were wrong that the next has to wait."""

    slug, status, title = "too-many-tries", 429, "Too many wrong attempts to sign in from this address"


class SignInPace:
    """Counts in memory, beside the lock of each account, which counts in the database."""

    def __init__(self, proxies: Proxies) -> None:
        """Creates it.

        Args:
            proxies: Whose word for who asks is believed.
        """
        self._proxies = proxies
        self._wrong = Limit(AT_ONCE, A_MINUTE)
        # Whoever is held back must not fill the log instead.
        self._told = Limit(1, 1)

    def count(self, request: web.Request) -> None:
        """Counts an attempt as wrong, before it is looked at, so that no attempt is for free.

        Raises:
            TooManyTries: The address has to wait.
        """
        address = self._address(request)
        if address is not None and not self._wrong.take(address):
            if self._told.take(address):
                _logger.warning("Too many wrong attempts to sign in from one address")
            raise TooManyTries

    def forgive(self, request: web.Request) -> None:
        """Takes the count of this attempt back: it was right."""
        address = self._address(request)
        if address is not None:
            self._wrong.give_back(address)

    def _address(self, request: web.Request) -> str | None:
        return self._proxies.client(request.remote, request.headers.getall("X-Forwarded-For", []))
