import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.api.idempotency import StoredAnswer
from backend.keys import DATABASE

CITIZENS = "/api/v1/citizens"
BODY = {"conversation_id": "c-1", "channel": "web"}


async def stored_keys(database):
    async with database.read() as work:
        return list(await work.session.scalars(select(StoredAnswer.key)))


async def test_a_repeat_gets_the_stored_answer(client, auth):
    headers = auth()
    first = await client.post(CITIZENS, json=BODY, headers=headers)
    repeat = await client.post(CITIZENS, json=BODY, headers=headers)
    # Without the stored answer the repeat would be 200: the citizen is known by now.
    assert (first.status, repeat.status) == (201, 201)
    assert await first.text() == await repeat.text()
    assert "Idempotency-Replayed" not in first.headers
    assert repeat.headers["Idempotency-Replayed"] == "true"


async def test_a_repeat_changes_nothing(client, auth, make_citizen):
    citizen = await make_citizen()
    url = f"{CITIZENS}/{citizen['id']}"
    headers = auth()
    await client.patch(url, json={"name": "Amina"}, headers=headers)
    await client.patch(url, json={"name": "Bo"}, headers=auth())
    repeat = await client.patch(url, json={"name": "Amina"}, headers=headers)
    assert (await repeat.json())["name"] == "Amina"
    assert (await (await client.get(url, headers=auth())).json())["name"] == "Bo"


async def test_many_requests_at_once_with_one_key_have_one_effect_and_one_answer(client, auth):
    headers = auth()

    async def post() -> tuple[int, str]:
        async with client.post(CITIZENS, json=BODY, headers=headers) as response:
            return response.status, await response.text()

    answers = await asyncio.gather(*(post() for _ in range(20)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 201


@pytest.mark.parametrize("key", [None, "", "med æ", "x" * 201, "to ord"])
async def test_a_write_needs_a_usable_key(client, auth, key):
    headers = auth()
    del headers["Idempotency-Key"]
    if key is not None:
        headers["Idempotency-Key"] = key
    response = await client.post(CITIZENS, json=BODY, headers=headers)
    assert response.status == 400
    assert (await response.json())["type"].endswith("/idempotency-key-missing")


async def test_a_key_cannot_be_used_for_another_body(client, auth):
    headers = auth()
    await client.post(CITIZENS, json=BODY, headers=headers)
    response = await client.post(CITIZENS, json=BODY | {"channel": "sms"}, headers=headers)
    assert response.status == 422
    assert (await response.json())["type"].endswith("/idempotency-key-reused")


async def test_a_key_cannot_be_used_for_another_path(client, auth, make_citizen):
    first, second = await make_citizen(), await make_citizen()
    headers = auth()
    await client.patch(f"{CITIZENS}/{first['id']}", json={"name": "Amina"}, headers=headers)
    response = await client.patch(f"{CITIZENS}/{second['id']}", json={"name": "Amina"}, headers=headers)
    assert response.status == 422


async def test_a_refused_write_leaves_its_key_free(client, auth):
    headers = auth()
    refused = await client.post(CITIZENS, json=BODY | {"extra": 1}, headers=headers)
    accepted = await client.post(CITIZENS, json=BODY, headers=headers)
    assert (refused.status, accepted.status) == (422, 201)


async def test_a_running_backend_forgets_old_keys_by_itself(app, auth, clock, monkeypatch, settings):
    monkeypatch.setattr("backend.retention.worker.LOOK_SECONDS", 0.01)
    async with TestClient(TestServer(app)) as client:
        await client.post(CITIZENS, json=BODY, headers=auth())
        clock.advance(days=settings.idempotency_days + 2)
        for _ in range(500):
            await asyncio.sleep(0.01)
            if not await stored_keys(app[DATABASE]):
                break
        assert await stored_keys(app[DATABASE]) == []


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.lists(st.integers(0, 3), min_size=1, max_size=12))
async def test_however_requests_are_repeated_and_mixed_each_key_has_one_effect(plan, client, auth, database):
    """Each number is one intended write; repeats of it, in any order and at once, count once."""
    prefix = auth()["Idempotency-Key"]

    async def post(number: int) -> tuple[int, str]:
        headers = auth() | {"Idempotency-Key": f"{prefix}-{number}"}
        body = {"conversation_id": f"{prefix}-{number}", "channel": "web"}
        async with client.post(CITIZENS, json=body, headers=headers) as response:
            return response.status, await response.text()

    answers = await asyncio.gather(*(post(number) for number in plan))
    assert {status for status, _ in answers} == {201}
    assert len(set(answers)) == len(set(plan))
    async with database.read() as work:
        kept = await work.session.scalar(
            select(func.count()).where(StoredAnswer.key.startswith(f"{prefix}-"))
        )
    assert kept == len(set(plan))
