"""How a line is asked whether somebody is still there: once at a time, whatever the client says."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from engineio import asyncio_socket, packet
from socketio import AsyncServer


class OnePingSocket(asyncio_socket.AsyncSocket):
    """A line that waits for one ping at a time.

    The library waits for another with every answer that a client sends, also to nothing it was asked, so one
    client could fill the memory with what waits (CVE-2026-48802).
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._waits = False

    def schedule_ping(self) -> None:
        """Sends a ping after the interval, unless one is to be sent anyway."""
        if not self._waits:
            self._waits = True
            self.server.start_background_task(self._send_ping)

    async def _send_ping(self) -> None:
        self.last_ping = None
        await asyncio.sleep(self.server.ping_interval)
        self._waits = False
        if not self.closing and not self.closed:
            self.last_ping = time.time()
            await self.send(packet.Packet(packet.PING))


class ChatServer(AsyncServer):
    """A Socket.IO server with such lines."""

    def _engineio_server_class(self) -> Any:
        # The library names the class of a line in one place only, and gives no other way to choose it.
        asyncio_socket.AsyncSocket = OnePingSocket
        return super()._engineio_server_class()
