"""Server-sent events over one connection, as the HTML standard writes them."""

import json
from collections.abc import Mapping

from aiohttp import web

from backend.live.watch import Pace

# Bytes that the network has not taken. Whoever leaves more does not read any more, or not fast enough. It is
# less than what would make a write wait.
MOST_UNREAD = 16 * 1024
_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    # nginx would keep events back until it has a buffer full.
    "X-Accel-Buffering": "no",
}


class ReaderGone(Exception):
    """The reader has closed the connection, or does not read what is written."""


class EventStream:
    """A connection that news is written to.

    Args:
        request: The request that is answered with news.
        pace: How soon the reader should come back when the connection breaks.
    """

    def __init__(self, request: web.Request, pace: Pace) -> None:
        self._request = request
        self._pace = pace
        self.response = web.StreamResponse(headers=_HEADERS)

    @property
    def is_open(self) -> bool:
        """Whether the reader is still there."""
        transport = self._request.transport
        return transport is not None and not transport.is_closing()

    async def open(self) -> None:
        """Answers the request; from now on there are only events.

        Raises:
            ReaderGone: The reader is not there any more.
        """
        try:
            await self.response.prepare(self._request)
        except ConnectionError as error:
            raise ReaderGone from error
        await self._write(f"retry: {int(self._pace.retry * 1000)}\n\n")

    async def tell(self, name: str, number: int, data: Mapping[str, object]) -> None:
        """Writes an event; its number is where the reader goes on from after a break.

        Raises:
            ReaderGone: The reader is not there any more, or too far behind.
        """
        # JSON has no line breaks of its own, so it is one line of data.
        await self._write(
            f"id: {number}\nevent: {name}\ndata: {json.dumps(dict(data), ensure_ascii=False)}\n\n"
        )

    async def show_life(self) -> None:
        """Writes a comment, which keeps proxies from closing the connection and finds out who has gone.

        Raises:
            ReaderGone: The reader is not there any more, or too far behind.
        """
        await self._write(":\n\n")

    async def _write(self, text: str) -> None:
        transport = self._request.transport
        if transport is None or transport.is_closing():
            raise ReaderGone
        if transport.get_write_buffer_size() > MOST_UNREAD:
            transport.abort()
            raise ReaderGone
        try:
            await self.response.write(text.encode())
        except ConnectionError as error:
            raise ReaderGone from error
