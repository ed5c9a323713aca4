"""Whatever a citizen types is stored and given back as it was, and never run."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.citizens.tables import Citizen
from tests.backend.test_assessments import Talk

HOSTILE = [
    "'; DROP TABLE citizens; --",
    '" OR ""="',
    "Robert'); DELETE FROM citizens WHERE ('1'='1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} ${7*7} #{7*7} %(name)s {name}",
    "../../etc/passwd",
    "=HYPERLINK(1)",
    '/inform{"name": "x"}',
    "\u202eåse\u202c",
    "👩🏽‍💻🎈",
    "linje\nto\tmed\r\ntab",
    "\x01\x1f\x7f",
    "%s%n%x",
    "`id`; $(id)",
    "\ufeff\u200b",
    "Ærø, ﬀ, ﷽",
]


async def citizen_count(database):
    async with database.read() as work:
        return await work.session.scalar(select(func.count()).select_from(Citizen))


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_conversation_id_is_kept_verbatim(client, auth, make_citizen, database, text):
    citizen = await make_citizen(text)
    found = await (await client.get(f"/api/v1/citizens/{citizen['id']}", headers=auth())).json()
    assert found["conversation_id"] == text
    assert (await make_citizen(text))["id"] == citizen["id"]
    assert await citizen_count(database) == 1


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_name_is_kept_verbatim(client, auth, make_citizen, text):
    citizen = await make_citizen()
    url = f"/api/v1/citizens/{citizen['id']}"
    async with client.patch(url, json={"name": text}, headers=auth()) as response:
        assert response.status == 200
    assert (await (await client.get(url, headers=auth())).json())["name"] == text


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_reason_to_disagree_is_kept_verbatim(client, auth, make_citizen, text):
    talk = Talk(client, auth, (await make_citizen())["id"])
    await talk.start(status=201)
    placement_id = (await talk.finish(1))["placement_id"]
    await talk.post(f"/placements/{placement_id}/dispute", {"reason": text})
    (placement,) = (await talk.get(f"/placements?citizen_id={talk.citizen_id}"))["placements"]
    assert placement["dispute_reason"] == text


@pytest.mark.parametrize("text", HOSTILE)
async def test_an_item_channel_or_id_takes_no_free_text(client, auth, make_citizen, text):
    talk = Talk(client, auth, (await make_citizen())["id"])
    await talk.start(status=201)
    await talk.answer(text, 1, status=422)
    await talk.skip(text, status=422)
    await talk.post("/assessments", {"citizen_id": text}, 422)
    await talk.post("/citizens", {"conversation_id": "c", "channel": text}, 422)
    async with client.get("/api/v1/placements", params={"citizen_id": text}, headers=auth()) as response:
        assert response.status == 422


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable() and text.isascii()])
async def test_an_idempotency_key_is_only_compared(client, auth, database, text):
    key = text.replace(" ", "_")
    headers = auth() | {"Idempotency-Key": key}
    body = {"conversation_id": "c-1", "channel": "web"}
    statuses = []
    for _ in range(2):
        async with client.post("/api/v1/citizens", json=body, headers=headers) as response:
            statuses.append(response.status)
    assert statuses == [201, 201]
    assert await citizen_count(database) == 1


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200)
)
async def test_any_text_without_nul_is_kept_verbatim(client, auth, make_citizen, name):
    citizen = await make_citizen("c-1")
    url = f"/api/v1/citizens/{citizen['id']}"
    async with client.patch(url, json={"name": name}, headers=auth()) as response:
        assert response.status == 200, await response.text()
    assert (await (await client.get(url, headers=auth())).json())["name"] == name
