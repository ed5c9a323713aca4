"""What whoever looks after the backend sees: metrics, and a message's id in answers, log and database."""

import json
import logging
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from backend.api.idempotency import StoredAnswer
from backend.keys import DATABASE
from backend.problems import DatabaseUnavailable
from observability.correlation import HEADER
from observability.logs import JsonFormatter

TOKEN = "a-metrics-token-for-tests"
MESSAGE = "w-" + "3f2b8c1d" * 4


@pytest.fixture
def settings(settings):
    return type(settings)(_env_file=None, **{**settings.model_dump(), "metrics_token": TOKEN})


@pytest.fixture
def scrape(client):
    async def read():
        response = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status == 200
        return samples(await response.text())

    return read


def samples(text):
    """Every sample by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize("shown", [None, "Bearer wrong", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}æ"])
async def test_the_metrics_are_for_who_shows_the_token(client, shown):
    response = await client.get("/metrics", headers={"Authorization": shown} if shown else {})
    assert response.status == 401


async def test_a_request_is_counted_under_its_template(client, scrape, make_citizen, auth):
    citizen = await make_citizen()
    before = await scrape()
    await client.get(f"/api/v1/citizens/{citizen['id']}", headers=auth())
    after = await scrape()
    counted = ("digispor_http_request_seconds_count", "GET", "/api/v1/citizens/{citizen_id}", "200")
    assert after[counted] == before.get(counted, 0) + 1
    assert citizen["id"] not in str(after)


async def test_methods_and_paths_that_somebody_makes_up_make_no_metrics(client, scrape):
    for number in range(3):
        await client.request(f"MADE{number}", f"/nowhere/{number}")
    made_up = [key for key in await scrape() if "nowhere" in str(key) or "MADE" in str(key)]
    assert made_up == []


async def test_what_waits_is_counted_with_its_age(client, scrape, auth, clock):
    await client.post("/api/v1/conversations/c-1/flags", json={"kind": "crisis"}, headers=auth())
    clock.advance(minutes=7)
    seen = await scrape()
    assert seen["digispor_waiting", "crisis"] == 1
    assert seen["digispor_waiting_oldest_seconds", "crisis"] == timedelta(minutes=7).total_seconds()
    assert seen["digispor_waiting", "handover"] == 0


async def test_room_on_the_disk_and_the_database_are_told(scrape):
    seen = await scrape()
    assert seen["digispor_database_up",] == 1
    assert seen["digispor_disk_free_bytes",] > 0


async def test_a_database_that_is_away_is_told_and_its_queues_are_left_out(
    client, scrape, database, monkeypatch
):
    def away():
        raise DatabaseUnavailable

    monkeypatch.setattr(client.app[DATABASE], "read", away)
    seen = await scrape()
    assert seen["digispor_database_up",] == 0
    assert ("digispor_waiting", "crisis") not in seen


async def test_a_message_keeps_its_id_in_the_answer_the_log_and_the_database(client, auth, database, caplog):
    caplog.set_level(logging.INFO, "digispor.access")
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(json.loads(JsonFormatter("backend").format(record)))
    logging.getLogger("digispor.access").addHandler(handler)
    body = {"conversation_id": "c-1", "channel": "web"}
    response = await client.post("/api/v1/citizens", json=body, headers={**auth(), HEADER: MESSAGE})
    logging.getLogger("digispor.access").removeHandler(handler)
    assert response.headers[HEADER] == MESSAGE
    assert [line["correlation_id"] for line in lines] == [MESSAGE]
    async with database.read() as work:
        assert await work.session.scalar(select(StoredAnswer.correlation_id)) == MESSAGE


@pytest.mark.parametrize("sent", ["", "2012345678", 'x","level":"error', "w-" + "3F" * 16, "a" * 5000])
async def test_an_id_that_is_none_of_ours_is_replaced(client, sent):
    response = await client.get("/health/live", headers={HEADER: sent})
    assert len(response.headers[HEADER]) == 32
    assert response.headers[HEADER] != sent
