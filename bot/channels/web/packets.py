"""What the chat takes from a line: text."""

from typing import Any

from socketio.packet import BINARY_ACK, BINARY_EVENT, Packet


class TextPacket(Packet):
    """A Socket.IO packet that is never binary.

    The server would keep a binary message in memory until the last of the attachments it announces has come,
    and for ever when the client leaves before (CVE-2026-48804). The chat sends none.
    """

    uses_binary_events = False

    def decode(self, encoded_packet: Any) -> Any:
        """Reads a packet.

        Raises:
            ValueError: It is binary, or announces that attachments follow.
        """
        if not isinstance(encoded_packet, str):
            raise ValueError("binary data")
        announced = super().decode(encoded_packet)
        if announced or self.packet_type in (BINARY_EVENT, BINARY_ACK):
            raise ValueError("binary packet")
        return announced
