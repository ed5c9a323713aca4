"""Conversations as Rasa would publish them, and the archive that takes them in."""

import hashlib
import json
from itertools import count
from uuid import uuid4

HEADERS = {"Authorization": "Bearer a-service-token-for-tests"}
START = 1_795_000_000.0


class Story:
    """A conversation as Rasa would publish it; each call happens a second after the one before."""

    def __init__(self, conversation_id="c1", start=START):
        self.id = conversation_id
        self.events = []
        self._clock = count(start)

    def _add(self, **event):
        self.events.append({"sender_id": self.id, "timestamp": next(self._clock), **event})
        return self

    def user(self, text, intent="inform", **metadata):
        parse_data = {
            "intent": {"name": intent, "confidence": 0.83},
            "intent_ranking": [{"name": intent, "confidence": 0.83}, {"name": "deny", "confidence": 0.1}],
            "entities": [{"entity": "time", "value": {"weekdays": ["fri"]}, "start": 0, "end": 6}],
            "text": text,
        }
        return self._add(
            event="user", text=text, input_channel="web", metadata=metadata, parse_data=parse_data
        )

    def bot(self, text, response=None, buttons=None):
        metadata = {"utter_action": response} if response else {}
        return self._add(event="bot", text=text, metadata=metadata, data={"buttons": buttons, "custom": None})

    def action(self, name):
        return self._add(event="action", name=name, policy="RulePolicy", confidence=1.0)

    def listen(self):
        return self.action("action_listen")

    def other(self, kind, **more):
        return self._add(event=kind, **more)


def envelope(event, conversation_id=None, event_id=None):
    canonical = json.dumps(event, sort_keys=True).encode()
    return {
        "event_id": event_id or hashlib.sha256(canonical).hexdigest(),
        "conversation_id": conversation_id or event["sender_id"],
        "event": event,
    }


class Archive:
    """The backend's transcripts over HTTP."""

    def __init__(self, client):
        self._client = client

    async def send(self, events, expect=200):
        return await self._answer("POST", "/events", expect, json={"events": [envelope(e) for e in events]})

    async def read(self, conversation_id="c1", expect=200):
        return await self._answer("GET", f"/conversations/{conversation_id}", expect)

    async def page(self, expect=200, **query):
        return await self._answer("GET", "/conversations", expect, params=query)

    async def ids(self, **query):
        return [conversation["id"] for conversation in (await self.page(**query))["conversations"]]

    async def flag(self, conversation_id, kind, expect=201, **more):
        body = {"kind": kind, **more}
        return await self._answer("POST", f"/conversations/{conversation_id}/flags", expect, json=body)

    async def rate(self, conversation_id, rating, expect=201):
        path = f"/conversations/{conversation_id}/rating"
        return await self._answer("POST", path, expect, json={"rating": rating})

    async def _answer(self, method, path, expect, **options):
        headers = {**HEADERS, "Idempotency-Key": str(uuid4())} if method == "POST" else HEADERS
        async with self._client.request(method, f"/api/v1{path}", headers=headers, **options) as response:
            answer = await response.json()
            assert response.status == expect, answer
            return answer
