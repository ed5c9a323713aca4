"""The assistant's calls about a person taking over, over HTTP."""

import pytest

from backend.handover.door import BotDoor
from backend.handover.repository import HandoverRepository
from backend.handover.tables import DeskMessage
from backend.keys import DESK
from backend.teams.scope import EVERY_TEAM
from tests.backend.handover.conftest import ANNA

ROOT = "/api/v1/conversations/c1"


@pytest.fixture
def post(client, auth):
    async def post(path, body=None, headers=None):
        async with client.post(path, json=body or {}, headers=headers or auth()) as response:
            return response.status, await response.json() if response.status != 204 else None

    return post


@pytest.fixture
async def desk(client, clock):
    """The running backend's desk, with Anna at it."""
    clock.advance(hours=1)
    desk = client.app[DESK]
    async with desk.changing(ANNA) as service:
        await service.be_there(available=True)
    return desk


async def owner(client, auth):
    async with client.get(f"{ROOT}/owner", headers=auth()) as response:
        return await response.json()


async def test_the_bot_owns_what_nobody_knows(client, auth):
    assert await owner(client, auth) == {"owner": "bot", "bot_may_speak": True}


async def test_without_anybody_at_the_desk_ever_there_is_no_queue(post):
    status, standing = await post(f"{ROOT}/handover", {"reason": "asked"})
    assert (status, standing["kind"], standing["position"], standing["wait"]) == (200, "off", None, "")


async def test_a_citizen_waits_asks_and_leaves(client, auth, post, desk):
    key = auth()
    for _ in range(2):
        _, standing = await post(f"{ROOT}/handover", {"reason": "asked"}, key)
    assert (standing["kind"], standing["position"]) == ("queued", 1)
    assert standing["wait"] == "Jeg kan ikke sige, hvor længe det varer."
    assert standing["passed_on"] == "du gerne vil tale med et menneske"
    assert await owner(client, auth) == {"owner": "waiting", "bot_may_speak": True}
    assert (await post(f"{ROOT}/handover/standing"))[1]["kind"] == "queued"
    assert (await post(f"{ROOT}/handover/leave"))[1]["kind"] == "none"
    assert await owner(client, auth) == {"owner": "bot", "bot_may_speak": True}


async def test_that_the_citizen_is_writing_is_kept_only_while_a_person_has_the_conversation(
    client, post, desk, clock, database, monkeypatch
):
    async def silence(*_):
        return None

    monkeypatch.setattr(BotDoor, "silence", silence)

    async def typed_at():
        async with database.read() as work:
            return [one.citizen_typed_at for one in await stored_handovers(work.session)]

    async def stored_handovers(session):
        return await HandoverRepository(session, EVERY_TEAM).of_conversation("c1")

    await post(f"{ROOT}/handover", {"reason": "asked"})
    assert (await post(f"{ROOT}/typing"))[0] == 204
    assert await typed_at() == [None]
    await desk.take(ANNA, "c1", key="k")
    for _ in range(2):
        assert (await post(f"{ROOT}/typing"))[0] == 204
    assert await typed_at() == [clock()]


async def test_what_is_passed_on_is_from_the_data(post, desk, make_citizen, auth):
    citizen = await make_citizen("c1")
    _, assessment = await post("/api/v1/assessments", {"citizen_id": citizen["id"], "restart": False})
    for _ in range(2):
        item = assessment["current_item"]["id"]
        _, assessment = await post(
            f"/api/v1/assessments/{assessment['id']}/answers", {"item_id": item, "response": 1}
        )
    _, standing = await post(f"{ROOT}/handover", {"reason": "not_understood"})
    assert standing["passed_on"] == (
        "jeg ikke forstod dig, og at du gerne vil tale med et menneske, og at du har svaret på 2 spørgsmål"
    )


async def test_while_a_caseworker_is_about_to_come_nobody_leaves(client, auth, post, desk):
    await post(f"{ROOT}/handover", {"reason": "asked"})
    async with desk.changing(ANNA) as service:
        await service.reserve("c1")
    assert await owner(client, auth) == {"owner": "waiting", "bot_may_speak": False}
    assert (await post(f"{ROOT}/handover/leave"))[0] == 409


async def test_who_wants_no_messages_waits_for_nobody(client, auth, post, desk, clock):
    await post(f"{ROOT}/handover", {"reason": "asked"})
    stop = {"wanted": False, "said_at": clock().isoformat()}
    assert (await post(f"{ROOT}/contact-wish", stop))[0] == 200
    assert (await owner(client, auth))["owner"] == "bot"


async def test_a_wish_for_no_messages_that_arrives_late_is_none_to_leave(client, auth, post, desk, clock):
    stop = {"wanted": False, "said_at": clock().isoformat()}
    clock.advance(seconds=5)
    await post(f"{ROOT}/handover", {"reason": "asked"})
    assert (await post(f"{ROOT}/contact-wish", stop))[0] == 200
    assert (await owner(client, auth))["owner"] == "waiting"


async def test_a_wish_for_no_messages_does_not_send_a_caseworker_away(client, auth, post, desk, clock):
    await post(f"{ROOT}/handover", {"reason": "asked"})
    async with desk.changing(ANNA) as service:
        await service.reserve("c1")
    stop = {"wanted": False, "said_at": clock().isoformat()}
    assert (await post(f"{ROOT}/contact-wish", stop))[0] == 200
    assert await owner(client, auth) == {"owner": "waiting", "bot_may_speak": False}


@pytest.mark.parametrize("body", [{"reason": "stepped_in"}, {"reason": "bored"}, {}])
async def test_only_a_citizens_reasons_count(post, body):
    assert (await post(f"{ROOT}/handover", body))[0] == 422


async def test_a_number_to_call_is_stored_as_it_can_be_called(post):
    status, stored = await post(f"{ROOT}/call-request", {"phone": "20 30 40 50"})
    assert (status, stored["phone"]) == (201, "+4520304050")
    assert (await post(f"{ROOT}/call-request", {"phone": "12"}))[0] == 422


async def test_a_message_counts_as_delivered_once_the_device_has_it(client, post, desk, database):
    await post(f"{ROOT}/handover", {"reason": "asked"})
    async with database.write() as work:
        handovers = HandoverRepository(work.session, EVERY_TEAM)
        handover = await handovers.open("c1")
        message = await handovers.add_message(
            handover, handover.asked_at, author="anna", author_name="Anna", text="Hej"
        )
        await work.commit()
    assert (await post(f"/api/v1/desk-messages/{message.id}/delivered"))[0] == 204
    async with database.read() as work:
        assert (await work.session.get(DeskMessage, message.id)).state == "delivered"
    assert (await post("/api/v1/desk-messages/00000000-0000-0000-0000-000000000000/delivered"))[0] == 404
