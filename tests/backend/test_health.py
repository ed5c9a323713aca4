import json

import pytest
from sqlalchemy import event

from backend import health
from backend.db import migrate
from observability import room
from tests.backend.databases import POSTGRES_URL


async def test_a_live_process_says_so(client):
    response = await client.get("/health/live")
    assert (response.status, await response.json()) == (200, {"status": "ok"})


async def test_a_backend_with_its_database_is_ready_and_names_the_danish_model(client, tmp_path, monkeypatch):
    in_use = {"name": "da_core_news_sm", "version": "3.4.0", "source": "stand-in"}
    (tmp_path / "in-use.json").write_text(json.dumps(in_use), "utf-8")
    monkeypatch.setattr(health, "DANISH_MODEL", tmp_path / "in-use.json")
    response = await client.get("/health/ready")
    assert response.status == 200
    assert await response.json() == {
        "status": "ok",
        "database": "ok",
        "disk": "ok",
        "danish_model": in_use,
    }


async def test_without_a_danish_model_the_backend_says_so(client, tmp_path, monkeypatch):
    monkeypatch.setattr(health, "DANISH_MODEL", tmp_path / "in-use.json")
    assert (await (await client.get("/health/ready")).json())["danish_model"] is None


async def test_a_database_behind_the_code_is_not_ready(client, settings, databases):
    await migrate.downgrade(databases.owned(settings.resolved_database_url), "base")
    response = await client.get("/health/ready")
    assert response.status == 503
    assert (await response.json())["database"] == "not-migrated"


async def test_without_room_on_the_disk_the_backend_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(room, "LEAST_FREE_BYTES", 10**18)
    response = await client.get("/health/ready")
    assert response.status == 503
    assert (await response.json())["disk"] == "full"


@pytest.mark.skipif(bool(POSTGRES_URL), reason="the way of making it read-only is SQLite's")
async def test_a_database_that_cannot_be_written_is_not_ready(client, database):
    @event.listens_for(database.engine.sync_engine, "checkout")
    def make_read_only(connection, *_):
        connection.cursor().execute("PRAGMA query_only = ON")

    response = await client.get("/health/ready")
    assert response.status == 503
    assert (await response.json())["database"] == "not-writable"


@pytest.fixture
def settings(settings, request):
    if request.node.get_closest_marker("parametrize") is None:
        return settings
    return settings.model_copy(update={"database_url": "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"})


@pytest.mark.parametrize("unreachable", [True])
async def test_a_database_that_is_away_is_not_ready(client, unreachable):
    response = await client.get("/health/ready")
    assert response.status == 503
    assert (await response.json())["database"] == "unavailable"
