"""What a citizen has who wants everything erased: a phone for the code, and eyes for what is left."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp

from benchmarks.faults.ledger import Erasing
from benchmarks.house import House
from tests.sms_gateway import Phone

CODE_SECONDS = 120.0
"""Longer than the backend pauses between its tries to send one (30 s)."""
TOLD_SECONDS = 420.0
_CODE = re.compile(r"(\d{6}) er din kode")
_DONE = "er slettet.</strong>"


class Witness:
    """Reads the codes that come, waits until it is told that everything is erased, and looks at once.

    Args:
        house: Where everything is stored.
        phone: The citizen's.
        name: The citizen's, which nobody else has.
    """

    def __init__(self, house: House, phone: Phone, name: str) -> None:
        self._house = house
        self._phone = phone
        self._name = name
        self._useless = 0
        """How many of the codes that have come are good no more."""

    @property
    def spoken_number(self) -> str:
        """The number as people say it."""
        digits = self._phone.number.removeprefix("+45")
        return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))

    async def code(self) -> str | None:
        """Gives the newest code, as soon as there is one that may be good; None if none comes."""
        deadline = time.monotonic() + CODE_SECONDS
        while time.monotonic() < deadline:
            if codes := self._codes()[self._useless :]:
                return codes[-1]
            await asyncio.sleep(0.2)
        return None

    def forget_codes(self) -> None:
        """Takes no code that has come until now for a good one."""
        self._useless = len(self._codes())

    async def see_it_done(self, erasing: Erasing, is_told: Callable[[], bool], *, always_told: bool) -> None:
        """Waits until it is said that everything is erased, and notes what is left at that moment.

        Args:
            erasing: Takes what is seen.
            is_told: Whether the channel has said it.
            always_told: Whether the channel says it for certain, so that this is waited for too; else the
                receipt is enough.
        """
        deadline = time.monotonic() + TOLD_SECONDS
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < deadline:
                erasing.is_told = is_told()
                if not erasing.is_done and (
                    erasing.is_told or await self._receipt_says_so(session, erasing.number)
                ):
                    erasing.is_done = True
                    erasing.left_in = await asyncio.to_thread(self.files_with_traces)
                if erasing.is_done and (erasing.is_told or not always_told):
                    return
                await asyncio.sleep(0.1)

    def _codes(self) -> list[str]:
        return [found[1] for text in self._phone.received if (found := _CODE.search(text))]

    async def _receipt_says_so(self, session: aiohttp.ClientSession, number: str) -> bool:
        try:
            async with session.get(f"{self._house.backend_url}/kvittering/{number}") as response:
                return response.status == 200 and _DONE in await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    def files_with_traces(self) -> list[str]:
        """Gives the files in which their name or number stands in clear."""
        # The family name alone: others have the first one, and its letters can be written in many ways.
        written = (self._name.rpartition(" ")[2], self._phone.number, self.spoken_number)
        traces = [one.casefold().encode(coding) for one in written for coding in ("utf-8", "utf-16-le")]
        return sorted(
            file.name for file, held in _contents(self._house.folder) if any(one in held for one in traces)
        )


def _contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        try:
            if path.is_file() and path.name != "ballast":
                yield path, path.read_bytes().lower()
        except FileNotFoundError:
            # Delivered, or replaced, at this moment.
            continue
