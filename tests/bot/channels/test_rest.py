"""The REST channel in a real web server, with Rasa behind it."""

from contextlib import asynccontextmanager

import aiohttp
import pytest
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import BotUttered, SlotSet

from bot.channels import rest
from bot.channels.citizen_message import CitizenMessage
from bot.channels.intake import Intake
from bot.channels.rest import MAX_BODY_BYTES, RestInput
from bot.channels.seal import Seal
from tests.bot.rasa_server import Listener, serving

TOKEN = "a-token-for-tests"
SEAL = Seal("a signing key long enough for tests")
INTRODUCTION = ["Hej, jeg er en robot.", "Skal vi gå i gang?"]


@asynccontextmanager
async def client(agent):
    async with serving(agent, RestInput(TOKEN, SEAL)) as url:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with aiohttp.ClientSession(f"{url}", headers=headers) as session:
            yield session


def post(session, body, **options):
    return session.post("/webhooks/rest/webhook", json=body, **options)


async def test_a_message_is_answered_with_a_list_of_messages(agent):
    async with client(agent) as session, post(session, {"sender": "c1", "message": "ja"}) as response:
        messages = await response.json()
    assert response.status == 200
    assert [message["text"] for message in messages if "text" in message] == [*INTRODUCTION, "Så starter vi."]
    assert messages[0] == {
        "recipient_id": "c1",
        "text": "Hej, jeg er en robot.",
        "buttons": [{"title": "Tal med et menneske", "payload": "/ask_away"}],
    }
    assert messages[-1] == {"recipient_id": "c1", "custom": {"type": "profile"}}


async def test_a_command_is_taken_for_nothing(agent):
    async with client(agent) as session:
        await post(session, {"sender": "c1", "message": "goddag"})
        async with post(session, {"sender": "c1", "message": "/affirm"}) as response:
            assert [message["text"] for message in await response.json()] == ["Din besked var tom."]


async def test_a_message_sent_twice_gets_the_same_answer_and_is_handled_once(agent):
    request = {"sender": "c1", "message": "ja", "message_id": "m1"}
    async with client(agent) as session:
        async with post(session, {"sender": "c1", "message": "goddag"}):
            pass
        async with post(session, request) as first, post(session, request) as second:
            assert await first.json() == await second.json() != []
    tracker = await agent.tracker_store.retrieve("c1")
    assert sum(event.type_name == "user" for event in tracker.events) == 2


async def test_a_code_that_was_asked_for_goes_on_as_its_proof(agent):
    async with client(agent) as session:
        async with post(session, {"sender": "c1", "message": "goddag"}):
            pass
        tracker = await agent.tracker_store.retrieve("c1")
        tracker.update_with_events([SlotSet(REQUESTED_SLOT, "identity_code")], agent.domain)
        await agent.tracker_store.save(tracker)
        async with post(session, {"sender": "c1", "message": "482913"}) as response:
            assert response.status == 200
    tracker = await agent.tracker_store.retrieve("c1")
    assert tracker.latest_message.metadata["identity_code"] == SEAL.code_proof("c1", "482913")


async def test_a_link_to_a_citizens_data_can_be_followed_also_when_it_is_sent_again(agent):
    link = "https://k.dk/mine-data/3d2f6b1a-0000-4000-8000-00000000c0de.[key]"
    data = {"custom": {"type": "link", "url": link}}
    from_backend, repeated = {"utter_action": "utter_data_link"}, {"utter_action": "utter_occupation_saved"}
    request = {"sender": "c1", "message": "ja", "message_id": "m1"}
    async with client(agent) as session:
        async with post(session, request):
            pass
        tracker = await agent.tracker_store.retrieve("c1")
        said = [BotUttered(f"Her: {link}", data, from_backend), BotUttered(f"Et job: {link}", {}, repeated)]
        tracker.update_with_events(said, agent.domain)
        await agent.tracker_store.save(tracker)
        async with post(session, request) as response:
            shown = (await response.json())[-3:]
    key = SEAL.with_keys_in({"text": link, **from_backend})["text"]
    assert "[key]" not in key
    assert [one.get("text") or one["custom"]["url"] for one in shown] == [
        f"Her: {key}",
        key,
        # What somebody has typed gets no key because it is repeated.
        f"Et job: {link}",
    ]


async def test_a_conversation_of_another_channel_is_not_entered(agent):
    async with client(agent) as session:
        conversation = Intake(lambda: agent).conversation("c-web")
        async with conversation as held:
            await held.take(CitizenMessage.typed("c-web", "web", "ja", "m1"), Listener())
        async with post(session, {"sender": "c-web", "message": "ja", "message_id": "m1"}) as response:
            problem = await response.json()
    assert response.status == 403
    assert problem["type"] == "https://digispor.dk/problems/another-channel"


@pytest.mark.parametrize("shown", ["", "Bearer wrong", TOKEN, f"bearer {TOKEN}", "Bearer \u00e6\u00f8"])
async def test_without_the_token_nothing_is_taken(agent, shown):
    async with client(agent) as session:
        body = {"sender": "c1", "message": "ja"}
        async with post(session, body, headers={"Authorization": shown}) as response:
            problem = await response.json()
    assert response.status == 401
    assert response.content_type == "application/problem+json"
    assert problem["type"] == "https://digispor.dk/problems/unauthorized"
    assert await agent.tracker_store.retrieve("c1") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"hej"',
        b'{"message": "hej"}',
        b'{"sender": "c1"}',
        b'{"sender": "c1", "message": 1}',
        b'{"sender": "c1", "message": null}',
        b'{"sender": "", "message": "hej"}',
        b'{"sender": "20101234", "message": "hej"}',
        b'{"sender": "010190-1234", "message": "hej"}',
        b'{"sender": "sms.abcdef", "message": "hej"}',
        b'{"sender": "a/b", "message": "hej"}',
        b'{"sender": "c1", "message": "hej", "message_id": 7}',
        b'{"sender": "c1", "message": "hej", "message_id": "010190-1234"}',
        b"\xff\xfe",
    ],
)
async def test_a_request_of_another_form_is_refused(agent, body):
    async with client(agent) as session, session.post("/webhooks/rest/webhook", data=body) as response:
        problem = await response.json()
    assert response.status == 400
    assert problem["type"] == "https://digispor.dk/problems/validation"
    assert problem["detail"]


async def test_a_huge_body_is_refused(agent):
    body = {"sender": "c1", "message": "x" * MAX_BODY_BYTES}
    async with client(agent) as session, post(session, body) as response:
        assert response.status == 413


async def test_without_a_model_the_caller_is_told_to_come_back():
    async with client(None) as session, post(session, {"sender": "c1", "message": "ja"}) as response:
        assert response.status == 503


async def test_the_channel_tells_that_it_is_up(agent):
    async with client(agent) as session, session.get("/webhooks/rest/") as response:
        assert await response.json() == {"status": "ok"}


@pytest.mark.parametrize("missing", ["token", "signing_key"])
def test_the_channel_will_not_start_without_its_secrets(missing):
    secrets = {"token": TOKEN, "signing_key": "a signing key long enough for tests"}
    assert RestInput.from_credentials(secrets)
    with pytest.raises(Exception, match="rest input channel"):
        RestInput.from_credentials({**secrets, missing: ""})


async def test_a_conversation_that_says_too_much_at_once_is_told_when_to_come_back(agent, monkeypatch):
    monkeypatch.setattr(rest, "SAID_AT_ONCE", 1)
    monkeypatch.setattr(rest, "SAID_A_MINUTE", 1)
    async with client(agent) as session:
        async with post(session, {"sender": "c1", "message": "ja"}) as response:
            assert response.status == 200
        async with post(session, {"sender": "c1", "message": "ja"}) as response:
            assert response.status == 429
            assert 50 < int(response.headers["Retry-After"]) <= 60
        async with post(session, {"sender": "c2", "message": "ja"}) as response:
            assert response.status == 200
