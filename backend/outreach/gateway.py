"""The doors to the assistant's channels, which alone know how citizens are reached and say things to them."""

import asyncio
from typing import Any

import aiohttp

TIMEOUT = aiohttp.ClientTimeout(total=10)


class ChannelUnavailable(Exception):
    """The channel did not answer as it should; the text says how."""


class AssistantChannel:
    """A channel's own routes, below /webhooks."""

    name: str

    def __init__(self, rasa_url: str, service_token: str) -> None:
        """Creates the door.

        Args:
            rasa_url: Root of Rasa's channels.
            service_token: What is shown there.
        """
        self._root = f"{rasa_url.rstrip('/')}/webhooks/{self.name}"
        self._headers = {"Authorization": f"Bearer {service_token}"}

    async def announce(self, id: str, conversation_id: str, response: str, values: dict[str, str]) -> None:
        """Hands over something to say. The same id again is the same announcement.

        Raises:
            ChannelUnavailable: It was not taken, or nobody knows.
        """
        body = {"id": id, "conversation_id": conversation_id, "response": response, "values": values}
        await self._request("POST", "/announcements", body)

    async def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT, headers=self._headers) as session,
                session.request(method, self._root + path, json=body) as response,
            ):
                response.raise_for_status()
                answer: dict[str, Any] = await response.json()
                return answer
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise ChannelUnavailable(type(error).__name__) from error


class WebChannel(AssistantChannel):
    """The chat. What it has taken stands in the conversation, whether or not the citizen looks at it now."""

    name = "web"


class SmsChannel(AssistantChannel):
    """The SMS channel. What it has taken is on its way."""

    name = "sms"

    async def conversation_with(self, phone: str) -> str:
        """The conversation with a number in E.164.

        Raises:
            ChannelUnavailable: It could not be asked.
        """
        answer = await self._request("POST", "/conversation", {"phone": phone})
        return str(answer["conversation_id"])

    async def state(self, id: str) -> str:
        """How far an announcement has come: "waiting", "sent", "delivered" or "failed".

        Raises:
            ChannelUnavailable: It could not be asked.
        """
        return str((await self._request("GET", f"/announcements/{id}"))["state"])
