"""A desk with citizens who wait, and an assistant that is silent and says things as it is told."""

import asyncio
from uuid import uuid4

from backend.handover.door import BotDoor, BotUnavailable, CannotBeSaid, Said
from tests.backend.story import HEADERS, Story


class FakeBot:
    """Stands behind the door to the assistant's desk channel."""

    def __init__(self, monkeypatch):
        self.said = []
        self.typing = []
        self.is_down = False
        self.takes_words = True
        self.channel = "web"
        house = self

        async def silence(_, conversation_id):
            if house.is_down:
                raise BotUnavailable("down")

        async def say(_, message):
            if house.is_down:
                raise BotUnavailable("down")
            if message.text and not house.takes_words:
                raise CannotBeSaid("no channel")
            house.said.append((message.conversation_id, message.text or message.response))
            return Said("sent", house.channel)

        async def show_typing(_, conversation_id, person):
            if house.is_down:
                raise BotUnavailable("down")
            house.typing.append((conversation_id, person))

        monkeypatch.setattr(BotDoor, "show_typing", show_typing)
        monkeypatch.setattr(BotDoor, "silence", silence)
        monkeypatch.setattr(BotDoor, "say", say)

    def words(self, conversation_id):
        """What was said in a conversation, in order."""
        return [words for id, words in self.said if id == conversation_id]


class Citizens:
    """Citizens who write to the assistant and ask for a person, over the API and by the test's clock."""

    def __init__(self, client, clock, archive):
        self._client, self._clock, self._archive = client, clock, archive

    async def write(self, conversation_id, *texts, channel="web"):
        for text in texts:
            self._clock.advance(seconds=1)
            story = Story(conversation_id, self._clock().timestamp()).user(text)
            for event in story.events:
                event["input_channel"] = channel
            await self._archive.send(story.events)

    async def ask(self, conversation_id, reason="asked", **writing):
        await self.write(conversation_id, "må jeg tale med et menneske", **writing)
        self._clock.advance(seconds=1)
        return await self._post(f"/conversations/{conversation_id}/handover", {"reason": reason})

    async def leave_number(self, conversation_id, phone="+4520123456"):
        await self.write(conversation_id, "ring til mig")
        return await self._post(f"/conversations/{conversation_id}/call-request", {"phone": phone}, 201)

    async def type(self, conversation_id):
        path = f"/api/v1/conversations/{conversation_id}/typing"
        async with self._client.post(path, headers=HEADERS, json={}) as response:
            assert response.status == 204, await response.text()

    async def name(self, citizen_id, name):
        headers = {**HEADERS, "Idempotency-Key": str(uuid4())}
        path = f"/api/v1/citizens/{citizen_id}"
        async with self._client.patch(path, headers=headers, json={"name": name}) as response:
            assert response.status == 200, await response.text()

    async def _post(self, path, body, expect=200):
        headers = {**HEADERS, "Idempotency-Key": str(uuid4())}
        async with self._client.post(f"/api/v1{path}", headers=headers, json=body) as response:
            answer = await response.json()
            assert response.status == expect, answer
            return answer


async def until(found, tries=400):
    """Waits until something is true that another task brings about."""
    for _ in range(tries):
        result = await found()
        if result:
            return result
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to be")
