"""A line on which packets get lost, between a browser and a server.

TCP hides a lost packet: it is sent again after a while that doubles each time, nothing behind it arrives
before it, and after some vain tries the connection is given up. The line does just that to every piece of
data, in both directions.
"""

import asyncio
import contextlib
import random
import threading

PACKET_BYTES = 1400
# RFC 6298 lets no sender wait less than a second at first; Linux does 200 ms.
FIRST_WAIT_SECONDS = 0.2
MOST_TRIES = 4


class LossyLine:
    """Listens on a port of its own and passes everything on.

    Args:
        port: Where the server listens.
        loss: The part of the packets that gets lost, 0 to 1.

    Attributes:
        packets: How many packets were sent, each try counted.
        lost: How many of them were lost.
        broken: How many connections were given up.
    """

    def __init__(self, port: int, loss: float) -> None:
        self._server_port = port
        self._loss = loss
        self._chance = random.Random(20)
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port = 0
        self.packets = self.lost = self.broken = 0

    def __enter__(self) -> "LossyLine":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _serve(self) -> None:
        self._loop.run_until_complete(self._run())

    async def _run(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            its_reader, its_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            writer.close()
            return
        there = asyncio.ensure_future(self._pass_on(reader, its_writer))
        back = asyncio.ensure_future(self._pass_on(its_reader, writer))
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
        for task in (there, back):
            task.cancel()
        for end in (its_writer, writer):
            end.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while packet := await reader.read(PACKET_BYTES):
                if not await self._gets_through():
                    return
                writer.write(packet)
                await writer.drain()
        except OSError:
            return

    async def _gets_through(self) -> bool:
        wait = FIRST_WAIT_SECONDS
        for _ in range(MOST_TRIES):
            self.packets += 1
            if self._chance.random() >= self._loss:
                return True
            self.lost += 1
            await asyncio.sleep(wait)
            wait *= 2
        self.broken += 1
        return False
