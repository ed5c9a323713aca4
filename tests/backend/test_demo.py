import subprocess
import sys

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from backend import demo
from backend.booking.tables import Consultant, Slot
from backend.console.tables import ConsoleUser
from backend.tracks.tables import Track


@pytest.fixture
async def seed(database, settings, clock):
    async def seed():
        await demo.seed(database, settings, clock())

    await seed()
    return seed


@pytest.fixture
def tracks(client, auth):
    async def tracks():
        return (await (await client.get("/api/v1/tracks", headers=auth())).json())["tracks"]

    return tracks


async def count(database, table):
    async with database.read() as work:
        return await work.session.scalar(select(func.count()).select_from(table))


async def test_the_demo_has_two_tracks_told_in_order(seed, tracks):
    told = await tracks()
    assert [track["id"] for track in told] == ["foundation", "employer_pilot"]
    assert told[0]["name"] == "Spor 1: Digitalt løft"
    assert all(track[field] for track in told for field in ("description", "for_whom", "leads_to"))


async def test_seeding_again_keeps_what_the_municipality_has_rewritten(seed, tracks, database):
    async with database.write() as work:
        track = await work.session.get(Track, "foundation")
        track.description = "Vores egne ord"
        await work.commit()
    await seed()
    assert [track["description"] for track in await tracks()].count("Vores egne ord") == 1
    assert len(await tracks()) == 2


async def test_seeding_again_adds_nothing_twice(seed, database):
    before = await count(database, Slot)
    await seed()
    assert before > 0
    assert await count(database, Slot) == before
    assert await count(database, Consultant) == 6


async def test_a_citizen_can_be_offered_a_time_at_once(seed, client, auth):
    page = await (await client.get("/api/v1/slots?limit=3", headers=auth())).json()
    assert len(page["slots"]) == 3


def test_the_command_seeds_the_configured_database(settings, process_environment):
    finished = subprocess.run(
        [sys.executable, "-m", "backend.demo"],
        env=process_environment(settings.data_path, DIGISPOR_DATABASE_URL=settings.database_url),
        capture_output=True,
        text=True,
        check=True,
    )
    assert finished.stdout == "demo data: in place\n"


async def test_there_is_no_demo_login_where_the_console_is_for_others_than_this_machine(
    database, client, settings, clock
):
    outside = settings.model_copy(
        update={"public_url": "https://digispor.kommune.example", "demo_password": SecretStr("hemmelig")}
    )
    await demo.seed(database, outside, clock())
    assert await count(database, ConsoleUser) == 0
    await demo.seed(database, outside.model_copy(update={"public_url": "http://localhost"}), clock())
    assert await count(database, ConsoleUser) == 1
