"""An output that knows whether the citizen has been answered."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class CountingOutput(OutputChannel):
    """Counts the assistant's messages and passes them on to another output, at once or when released."""

    def __init__(self, output: OutputChannel, *, holds: bool) -> None:
        self._output = output
        self._holds = holds
        self._held: list[tuple[str, dict[str, Any]]] = []
        self.count = 0

    def name(self) -> str:
        """The other output's name, by which Rasa chooses among responses."""
        return str(self._output.name())

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Passes one message on, or holds it back."""
        self.count += 1
        if self._holds:
            self._held.append((recipient_id, message))
        else:
            await self._output.send_response(recipient_id, message)

    async def release(self) -> None:
        """Passes on what was held back."""
        for recipient_id, message in self._held:
            await self._output.send_response(recipient_id, message)
        self._held.clear()
