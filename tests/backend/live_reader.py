"""Somebody who listens to a stream of the console, as a browser's EventSource does."""

import asyncio
import json
from contextlib import asynccontextmanager

PATIENCE = 30
ACCEPT = {"Accept": "text/event-stream"}


class Listener:
    """What comes over one connection, in blocks: comments, and events with their fields."""

    def __init__(self, response):
        self.response = response

    async def block(self):
        """The fields of the next block, by name; a comment's name is empty. None at the end of the stream."""
        fields = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self.response.content:
                if line == b"\n":
                    return fields
                name, _, value = line.decode().removesuffix("\n").partition(":")
                fields[name] = value.removeprefix(" ")
        return None

    async def sign_of_life(self):
        """Passes over one comment; anything else is a mistake."""
        assert await self.block() == {"": ""}

    async def news(self):
        """The next event's text, and its number; signs of life before it do not count."""
        while (fields := await self.block()) in ({"": ""}, {"retry": "100"}):
            pass
        assert fields is not None, "the stream has ended"
        assert fields["event"] == "news"
        return json.loads(fields["data"])["text"], int(fields["id"])

    async def end(self):
        """Reads on until the stream ends."""
        while await self.block() is not None:
            pass


@asynccontextmanager
async def listening(client, address, last=None):
    """Opens a stream; `last` is the number of the last event that was heard."""
    headers = ACCEPT if last is None else {**ACCEPT, "Last-Event-ID": str(last)}
    async with client.get(address, headers=headers, allow_redirects=False) as response:
        yield Listener(response)


def stream_of(page):
    """The address at which a page hears of news."""
    (address,) = [attributes["data-stream"] for _, attributes in page.tags if "data-stream" in attributes]
    return address
