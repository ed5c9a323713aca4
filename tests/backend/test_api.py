"""What holds for every route, shown on /citizens."""

import json
import sqlite3

import pytest

from tests.backend.databases import sqlite_only

CITIZENS = "/api/v1/citizens"
BODY = {"conversation_id": "c-1", "channel": "web"}


async def slug(response) -> str:
    assert response.content_type == "application/problem+json"
    problem = await response.json()
    assert problem["status"] == response.status
    return problem["type"].removeprefix("https://digispor.dk/problems/")


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "a-service-token-for-tests", "Bearer æøå"],
)
async def test_without_the_service_token_nothing_is_answered(client, auth, authorization):
    headers = auth()
    del headers["Authorization"]
    if authorization is not None:
        headers["Authorization"] = authorization
    response = await client.post(CITIZENS, json=BODY, headers=headers)
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert await slug(response) == "unauthorized"


async def test_an_unknown_path_is_a_problem(client, auth):
    response = await client.get("/api/v1/nothing/here", headers=auth())
    assert response.status == 404
    assert await slug(response) == "not-found"


async def test_a_wrong_method_is_told_which_ones_are_right(client, auth):
    response = await client.put(CITIZENS, json=BODY, headers=auth())
    assert response.status == 405
    assert response.headers["Allow"] == "POST"
    assert await slug(response) == "method-not-allowed"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nul",
        b"{'a': 1}",
        b'{"a": 1',
        b"\xff\xfe",
        b'{"conversation_id": "\\ud800"}',
        b"[" * 20_000,
    ],
)
async def test_what_is_not_json_is_malformed(client, auth, raw):
    headers = auth() | {"Content-Type": "application/json"}
    response = await client.post(CITIZENS, data=raw, headers=headers)
    assert response.status == 400
    assert await slug(response) == "malformed"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
async def test_only_json_is_read(client, auth, content_type):
    headers = auth() | {"Content-Type": content_type}
    response = await client.post(CITIZENS, data=json.dumps(BODY), headers=headers)
    assert response.status == 415
    assert await slug(response) == "unsupported-media-type"


@pytest.mark.parametrize(
    ("change", "location"),
    [
        ({"extra": 1}, "body.extra"),
        ({"channel": None}, "body.channel"),
        ({"channel": 7}, "body.channel"),
        ({"conversation_id": ""}, "body.conversation_id"),
        ({"conversation_id": "a\x00b"}, "body.conversation_id"),
        ({"conversation_id": "x" * 201}, "body.conversation_id"),
        ({"conversation_id": ["c-1"]}, "body.conversation_id"),
    ],
)
async def test_a_body_that_breaks_the_contract_is_told_where(client, auth, change, location):
    response = await client.post(CITIZENS, json=BODY | change, headers=auth())
    assert response.status == 422
    assert await slug(response) == "validation"
    assert [error["location"] for error in (await response.json())["errors"]] == [location]


async def test_a_refusal_does_not_repeat_what_was_sent(client, auth):
    response = await client.post(CITIZENS, json=BODY | {"phone": "+4533663366"}, headers=auth())
    assert "33663366" not in await response.text()


@pytest.mark.parametrize("raw", [b"[]", b"1", b'"x"', b"null"])
async def test_json_that_is_no_object_is_refused(client, auth, raw):
    headers = auth() | {"Content-Type": "application/json"}
    response = await client.post(CITIZENS, data=raw, headers=headers)
    assert response.status == 422
    assert await slug(response) == "validation"


async def test_a_body_too_large_is_refused_unread(client, auth):
    response = await client.post(CITIZENS, json=BODY | {"conversation_id": "x" * 100_000}, headers=auth())
    assert response.status == 413
    assert await slug(response) == "body-too-large"


async def test_an_unknown_query_parameter_is_refused(client, auth, make_citizen):
    citizen = await make_citizen()
    response = await client.get(f"{CITIZENS}/{citizen['id']}?name=x", headers=auth())
    assert response.status == 422
    assert await slug(response) == "validation"


@pytest.mark.parametrize(
    "not_an_id", ["1", "x" * 500, "%00", "..%2f..%2fetc", "'%20OR%201=1--", "%F0%9F%8E%88"]
)
async def test_what_cannot_be_an_id_is_not_found(client, auth, not_an_id):
    response = await client.get(f"{CITIZENS}/{not_an_id}", headers=auth())
    assert response.status == 404
    assert await slug(response) == "not-found"


async def test_times_are_utc_with_their_offset(client, make_citizen):
    citizen = await make_citizen()
    assert citizen["created_at"] == "2026-11-24T08:00:00+00:00"


@sqlite_only
async def test_a_locked_database_is_unavailable_and_nothing_is_stored(client, auth, settings):
    other = sqlite3.connect(settings.data_path / "digispor.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    headers = auth()
    refused = await client.post(CITIZENS, json=BODY, headers=headers)
    assert refused.status == 503
    assert await slug(refused) == "database-unavailable"
    other.rollback()
    other.close()
    retried = await client.post(CITIZENS, json=BODY, headers=headers)
    assert retried.status == 201


async def test_a_fault_of_ours_is_a_problem_without_details(client, auth, monkeypatch):
    def fail(*_: object) -> None:
        raise ValueError("a citizen's secret")

    monkeypatch.setattr("backend.citizens.service.CitizenService.get_or_create", fail)
    response = await client.post(CITIZENS, json=BODY, headers=auth())
    assert response.status == 500
    assert await slug(response) == "internal-error"
    assert "secret" not in await response.text()
