"""The doors to the assistant's side: what it has to erase, and what it has to tell."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from http import HTTPStatus

from aiohttp import ClientResponseError

from backend.outreach.gateway import AssistantChannel, ChannelUnavailable, SmsChannel, WebChannel


class ConversationKept(ChannelUnavailable):
    """The assistant has asked, and something keeps the conversation now."""


class ErasureChannel(AssistantChannel):
    """Erases what the assistant itself has stored of a conversation."""

    name = "erasure"

    async def erase(self, conversation_id: str, number: str) -> None:
        """Erases it, and has the rows erased while nobody can speak in the conversation.

        Raises:
            ConversationKept: Nothing was erased, for a reason that the backend knows.
            ChannelUnavailable: It was not done, or nobody knows; doing it again does no harm.
        """
        body = {"conversation_id": conversation_id, "number": number}
        try:
            await self._request("POST", "/conversations", body)
        except ChannelUnavailable as reason:
            cause = reason.__cause__
            if isinstance(cause, ClientResponseError) and cause.status == HTTPStatus.CONFLICT:
                raise ConversationKept(str(reason)) from cause
            raise

    async def silent_since(self, moment: datetime) -> AsyncIterator[Sequence[str]]:
        """Gives all that the assistant has stored and in which nothing has happened since, some at a time.

        Raises:
            ChannelUnavailable: It could not be asked; there may be more.
        """
        after: str | None = ""
        while after is not None:
            answer = await self._request("POST", "/silent", {"since": moment.isoformat(), "after": after})
            yield answer["silent"]
            after = answer["next"]


class ChatReceipts(WebChannel):
    """Tells in the chat."""

    async def tell(self, conversation_id: str, receipt_url: str) -> None:
        """Shows the receipt in the place of the conversation, wherever it is open.

        Raises:
            ChannelUnavailable: It was not taken.
        """
        body = {"conversation_id": conversation_id, "receipt_url": receipt_url}
        await self._request("POST", "/receipts", body)


class SmsNotes(SmsChannel):
    """Sends what no transcript may hold: past the assistant, and forgotten when it is sent."""

    async def tell(self, conversation_id: str, receipt_url: str, number: str) -> None:
        """Sends the receipt.

        Raises:
            ChannelUnavailable: It was not taken.
        """
        body = {"id": number, "conversation_id": conversation_id, "receipt_url": receipt_url}
        await self._request("POST", "/receipts", body)

    async def send_code(self, id: str, code: str, *, phone: str | None, conversation_id: str) -> None:
        """Sends a code to a number, or to the number of a conversation by SMS.

        Raises:
            ChannelUnavailable: It was not taken.
        """
        body = {"id": id, "code": code, "phone": phone or "", "conversation_id": conversation_id}
        await self._request("POST", "/codes", body)
