"""How long it takes from what is written to where it is read, while fifty people talk with caseworkers.

`make bench-handover` runs it: real processes, real SQLite. Ten caseworkers have five conversations open each.
A message from a citizen is measured until it stands on the caseworker's page, and an answer until it stands
in the citizen's chat. The pages do what the desk's script does: they listen, and fetch what is new.
"""

import asyncio
import html
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout
from tqdm import tqdm

from benchmarks.console.measuring import signed_in
from benchmarks.house import House
from benchmarks.rest_citizen import rows
from benchmarks.staffed_house import PASSWORD, hire, keep_open
from benchmarks.web_citizen import WebCitizen

CASEWORKERS, EACH = 10, 5
ROUNDS = 5
# Each of the fifty writes and reads once in this time; each caseworker answers every six seconds.
ROUND_SECONDS = 30.0
TARGET_SECONDS = 1.0
LONGEST_SECONDS = 30
LIFE_SECONDS = 30.0
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_PART = {"HX-Request": "true"}


class DeskPage:
    """A conversation open at the desk, in a browser without a screen.

    Args:
        session: A browser in which a caseworker has signed in.
        conversation_id: The conversation.
    """

    def __init__(self, session: ClientSession, conversation_id: str) -> None:
        self._session = session
        self._address = f"/console/desk/conversations/{conversation_id}"
        self._shown: dict[str, str] = {}
        self._token = ""
        self._page = ""
        self._changed = asyncio.Condition()

    async def open(self) -> str:
        """Opens the page, and gives the address at which it hears what is new."""
        async with self._session.get(self._address) as response:
            page = await response.text()
        self._token = dict(_HIDDEN.findall(page))["csrf_token"]
        self._keep(page)
        [stream] = re.findall(r'data-stream="([^"]*)"', page)
        return html.unescape(stream)

    async def take(self) -> None:
        """Takes the conversation."""
        fields = {"csrf_token": self._token, "key": self._shown["key"]}
        async with self._session.post(f"{self._address}/take", data=fields) as response:
            if response.status != 200:
                raise RuntimeError(f"{self._address} could not be taken: {response.status}")

    async def listen(self, stream: str) -> None:
        """Fetches what is new whenever something is, until cancelled."""
        mark = None
        async with self._session.get(stream, timeout=ClientTimeout(total=None)) as news:
            async for line in news.content:
                if not line.startswith(b"data:"):
                    continue
                told = json.loads(line[5:])["conversation"]
                if told != mark:
                    mark = told
                    await self._fetch()

    async def show_life(self) -> None:
        """Tells as often as the page does that somebody is there, until cancelled."""
        while True:
            await asyncio.sleep(LIFE_SECONDS)
            fields = {"csrf_token": self._token}
            async with self._session.post("/console/desk/life", data=fields) as response:
                response.raise_for_status()

    async def write(self, text: str) -> None:
        """Writes to the citizen."""
        fields = {**self._shown, "csrf_token": self._token, "text": text}
        async with self._session.post(f"{self._address}/messages", data=fields, headers=_PART) as response:
            part = await response.text()
            if response.status != 200:
                raise RuntimeError(f"{text!r} was answered with {response.status}: {part}")
            await self._show(part)

    async def shows(self, text: str) -> None:
        """Waits until a text stands on the page."""
        async with self._changed:
            await self._changed.wait_for(lambda: text in self._page)

    async def _fetch(self) -> None:
        places = ("turn", "message", "whisper", "states", "standing")
        shown = {name: self._shown[name] for name in places}
        async with self._session.get(f"{self._address}/news", params=shown, headers=_PART) as response:
            await self._show(await response.text())

    async def _show(self, part: str) -> None:
        async with self._changed:
            self._keep(part)
            self._changed.notify_all()

    def _keep(self, source: str) -> None:
        self._page += source
        for name, value in _HIDDEN.findall(source):
            self._shown[name] = html.unescape(value)


async def talk(citizens: list[WebCitizen], pages: list[DeskPage]) -> tuple[list[float], list[float]]:
    """Lets all of them talk, and gives the seconds to the caseworker's and to the citizen's screen."""
    to_desk: list[float] = []
    to_citizen: list[float] = []
    with tqdm(total=2 * ROUNDS * len(pages), unit=" messages", file=sys.stderr) as progress:

        async def converse(number: int, citizen: WebCitizen, page: DeskPage) -> None:
            await asyncio.sleep(ROUND_SECONDS * number / len(pages))
            for turn in range(ROUNDS):
                begun = time.perf_counter()
                asked, answer = f"spørgsmål {number}-{turn}.", f"svar {number}-{turn}."
                await citizen.write(asked)
                async with asyncio.timeout(LONGEST_SECONDS):
                    await page.shows(asked)
                to_desk.append(time.perf_counter() - begun)
                answered = time.perf_counter()
                hearing = asyncio.create_task(_heard(citizen, answer))
                await page.write(answer)
                await hearing
                to_citizen.append(time.perf_counter() - answered)
                progress.update(2)
                await asyncio.sleep(max(0.0, ROUND_SECONDS - (time.perf_counter() - begun)))

        pairs = enumerate(zip(citizens, pages, strict=True))
        await asyncio.gather(*(converse(number, *pair) for number, pair in pairs))
    return to_desk, to_citizen


async def _heard(citizen: WebCitizen, text: str) -> None:
    while (await citizen.hear()).get("text") != text:
        pass


async def measure(house: House, logins: Iterable[str]) -> tuple[list[float], list[float]]:
    """Brings everybody together, and lets them talk."""
    async with AsyncExitStack() as stack:
        sessions = [
            await stack.enter_async_context(signed_in(house.backend_url, login, PASSWORD)) for login in logins
        ]
        citizens = []
        pages = []
        for number in tqdm(range(CASEWORKERS * EACH), unit=" conversations", file=sys.stderr):
            citizen = await stack.enter_async_context(WebCitizen(house.chat_url))
            await citizen.hear_until_asked()
            page = DeskPage(sessions[number % CASEWORKERS], newest_conversation(house))
            await page.open()
            await page.take()
            pages.append(page)
            citizens.append(citizen)
        streams = [await page.open() for page in pages]
        listeners = [
            *(asyncio.create_task(page.listen(stream)) for page, stream in zip(pages, streams, strict=True)),
            *(asyncio.create_task(page.show_life()) for page in pages),
        ]
        try:
            return await talk(citizens, pages)
        finally:
            for listener in listeners:
                listener.cancel()
            await asyncio.gather(*listeners, return_exceptions=True)


def newest_conversation(house: House) -> str:
    """The id of the conversation that began last, once the events have come through."""
    for _ in range(100):
        found = rows(
            house,
            "SELECT id FROM conversations WHERE id NOT IN (SELECT conversation_id FROM handovers) "
            "ORDER BY started_at DESC LIMIT 1",
        )
        if found:
            return str(found[0]["id"])
        time.sleep(0.1)
    raise RuntimeError("no conversation came through")


def row(name: str, seconds: list[float]) -> str:
    """Formats the figures of one direction, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20)
    return f"{name:<24}{len(seconds):>6}{statistics.median(seconds) * 1e3:>10.0f}{cuts[18] * 1e3:>10.0f}"


def main() -> int:
    """Starts everything, measures, and prints the table."""
    logins = {f"vagt{number}": f"Medarbejder {number}" for number in range(1, CASEWORKERS + 1)}
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        keep_open(house)
        house.prepare()
        hire(house, logins)
        try:
            house.start()
            to_desk, to_citizen = asyncio.run(measure(house, logins))
        finally:
            house.stop()
    print(f"{CASEWORKERS * EACH} open conversations, a message each way every {ROUND_SECONDS:g} s\n")
    print(f"{'':<24}{'n':>6}{'median':>10}{'p95':>10}   ms")
    print(row("to the caseworker", to_desk))
    print(row("to the citizen", to_citizen))
    slowest = max(statistics.quantiles(seconds, n=20)[18] for seconds in (to_desk, to_citizen))
    is_kept = slowest <= TARGET_SECONDS
    print(f"\n{'kept' if is_kept else 'missed'}: at most {TARGET_SECONDS:g} s at the 95th percentile")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
