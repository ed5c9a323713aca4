import asyncio
from uuid import uuid4


async def test_a_conversation_has_one_citizen(client, auth):
    body = {"conversation_id": "c-1", "channel": "web"}
    first = await client.post("/api/v1/citizens", json=body, headers=auth())
    second = await client.post("/api/v1/citizens", json=body, headers=auth())
    assert (first.status, second.status) == (201, 200)
    assert await first.json() == await second.json()


async def test_who_comes_from_sms_to_the_chat_is_still_reached_by_sms(client, auth, make_citizen):
    assert (await make_citizen("sms.kdl4mYQ", "web"))["channel"] == "sms"


async def test_name_and_phone_are_kept_when_told(client, auth, make_citizen):
    citizen = await make_citizen()
    url = f"/api/v1/citizens/{citizen['id']}"
    await client.patch(url, json={"name": "Åse Ærø"}, headers=auth())
    await client.patch(url, json={"phone": "+4533663366"}, headers=auth())
    found = await (await client.get(url, headers=auth())).json()
    assert (found["name"], found["phone"]) == ("Åse Ærø", "+4533663366")


async def test_an_unknown_citizen_is_not_found(client, auth):
    response = await client.get(f"/api/v1/citizens/{uuid4()}", headers=auth())
    assert response.status == 404
    assert (await response.json())["type"] == "https://digispor.dk/problems/not-found"


async def test_many_first_messages_at_once_make_one_citizen(client, auth):
    async def create() -> tuple[int, str]:
        body = {"conversation_id": "c-1", "channel": "web"}
        async with client.post("/api/v1/citizens", json=body, headers=auth()) as response:
            return response.status, (await response.json())["id"]

    answers = await asyncio.gather(*(create() for _ in range(10)))
    assert sorted(status for status, _ in answers) == [200] * 9 + [201]
    assert len({citizen_id for _, citizen_id in answers}) == 1


async def test_a_phone_number_is_kept_as_it_is_called(client, auth, make_citizen):
    citizen = await make_citizen()
    url = f"/api/v1/citizens/{citizen['id']}"
    async with client.patch(url, json={"phone": "33 66 33 66"}, headers=auth()) as response:
        assert (await response.json())["phone"] == "+4533663366"
    async with client.patch(url, json={"phone": "12"}, headers=auth()) as response:
        assert response.status == 422
