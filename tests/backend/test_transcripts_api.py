"""Caseworkers find and read conversations, and are told which ones need them."""

from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from backend.problems import NotFound
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.repository import TranscriptRepository
from backend.transcripts.service import TranscriptService
from tests.backend.story import START, Story
from tests.backend.test_assessments import Talk


@pytest.fixture
def tell(archive):
    """Stores a conversation in which the citizen says something; each is a minute later than the last."""
    starts = count(START, 60)

    async def tell(conversation_id, *texts, start=None):
        story = Story(conversation_id, next(starts) if start is None else start)
        for text in texts or ("hej",):
            story.user(text)
        await archive.send(story.events)

    return tell


@pytest.fixture
def acknowledge(database, clock):
    async def acknowledge(flag_id, caseworker):
        async with database.write() as work:
            await TranscriptService(TranscriptRepository(work.session, EVERY_TEAM), clock()).acknowledge(
                flag_id, caseworker
            )
            await work.commit()

    return acknowledge


async def test_the_latest_active_conversation_comes_first(archive, tell):
    for conversation_id in ("c1", "c2", "c3"):
        await tell(conversation_id)
    assert await archive.ids() == ["c3", "c2", "c1"]


async def test_a_chat_that_was_only_opened_is_not_listed(archive):
    await archive.send(Story().user("/open_chat", "open_chat").bot("Hej, jeg er en robot.").events)
    assert await archive.ids() == []
    assert (await archive.read())["turns"][0]["text"] == "Hej, jeg er en robot."


async def test_a_list_tells_what_is_known(archive, client, auth, make_citizen):
    talk = Talk(client, auth, (await make_citizen("c1"))["id"])
    await client.patch(f"/api/v1/citizens/{talk.citizen_id}", json={"name": "Bo Ærø"}, headers=auth())
    await talk.start(status=201)
    placement_id = (await talk.finish(1))["placement_id"]
    await archive.send(Story("c1").user("hej").user("farvel", "goodbye").events)
    await archive.flag("c1", "human_requested")
    await archive.flag("c1", "crisis")
    page = await archive.page()
    assert page == {
        "conversations": [
            {
                "id": "c1",
                "channel": "web",
                "started_at": "2026-11-18T11:06:40+00:00",
                "last_activity_at": "2026-11-18T11:06:41+00:00",
                "status": "ended",
                "citizen_id": talk.citizen_id,
                "citizen_name": "Bo Ærø",
                "placement_id": placement_id,
                "track": "foundation",
                "placement_status": "proposed",
                "open_flags": ["crisis", "human_requested"],
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ærgerligt", ["c1"]),
        ("ÆRGERLIGT", ["c1"]),
        ("A\u030aR", ["c1"]),
        ("100 %", ["c2"]),
        ("a_b", ["c2"]),
        ("ROBOT", ["c4"]),
        ("ærger", ["c1"]),
        ("sagde ærg", ["c1"]),
        ("sagde robot", []),
        ("gerligt", []),
        ("sagde OR robot", []),
        ("100* NEAR sikker", []),
        ('"jeg er"', ["c4", "c2"]),
        ("%", []),
        ("'", []),
        ("findes ikke", []),
    ],
)
async def test_search_finds_what_was_said_whatever_its_case(archive, tell, search, found):
    await tell("c1", "Det er Ærgerligt, sagde han sidste år")
    await tell("c2", "jeg er 100 % sikker på a_b")
    await tell("c3", "C:\\ og '")
    await archive.send(Story("c4", START + 600).user("hvem er du").bot("Jeg er en robot").events)
    assert await archive.ids(search=search) == found


def noon(day):
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo("Europe/Copenhagen")).timestamp()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["late", "long", "early"]),
        ({"from": "2026-11-21"}, ["late", "long"]),
        ({"to": "2026-11-21"}, ["long", "early"]),
        ({"from": "2026-11-21", "to": "2026-11-21"}, ["long"]),
        ({"from": "2026-11-20", "to": "2026-11-20"}, ["long", "early"]),
        ({"from": "2026-11-23"}, []),
        ({"from": "0001-01-01", "to": "9999-12-31"}, ["late", "long", "early"]),
        ({"from": "9999-12-31"}, []),
        ({"to": "0001-01-01"}, []),
    ],
)
async def test_days_are_those_on_which_the_conversation_went_on(archive, tell, query, found):
    await tell("early", start=noon("2026-11-20"))
    await tell("long", start=noon("2026-11-20") + 60)
    await tell("long", start=noon("2026-11-22"))
    await tell("late", start=noon("2026-11-22") + 60)
    assert await archive.ids(**query) == found


async def test_days_are_danish(archive, tell):
    # Half past eleven in the evening in London is the next day in Denmark.
    evening = datetime.fromisoformat("2026-11-20T23:30+00:00").timestamp()
    await tell("c1", start=evening)
    assert await archive.ids(**{"from": "2026-11-21"}) == ["c1"]
    assert await archive.ids(to="2026-11-20") == []


async def test_conversations_are_found_by_the_track_of_the_newest_placement(
    archive, tell, client, auth, make_citizen, clock
):
    talk = Talk(client, auth, (await make_citizen("c1"))["id"])
    await tell("c1")
    await tell("c2")
    for response in (1, 3):
        await talk.start(status=201)
        await talk.finish(response)
        clock.advance(days=1)
    assert await archive.ids(track="employer_pilot") == ["c1"]
    assert await archive.ids(track="foundation") == []


async def test_conversations_are_found_by_status(archive, tell):
    await tell("c1")
    await archive.send(Story("c2", START + 60).user("farvel", "goodbye").events)
    await archive.send(Story("c3", START + 120).user("hej").other("pause").events)
    assert await archive.ids(status="active") == ["c1"]
    assert await archive.ids(status="ended") == ["c2"]
    assert await archive.ids(status="handed_over") == ["c3"]


async def test_conversations_are_found_by_a_flag_until_it_is_acknowledged(archive, tell, acknowledge):
    await tell("c1")
    await tell("c2")
    flag = await archive.flag("c1", "crisis")
    await archive.flag("c2", "human_requested")
    assert await archive.ids(flag="crisis") == ["c1"]
    await acknowledge(flag["id"], "mette")
    assert await archive.ids(flag="crisis") == []
    listed = {one["id"]: one["open_flags"] for one in (await archive.page())["conversations"]}
    assert listed == {"c1": [], "c2": ["human_requested"]}


async def test_pages_show_every_conversation_once(archive, tell):
    for number in range(7):
        # Two at a time are active at the same moment.
        await tell(f"c{number}", start=START + number // 2)
    seen, query = [], {}
    while True:
        page = await archive.page(limit=2, **query)
        seen += [conversation["id"] for conversation in page["conversations"]]
        if page["next"] is None:
            break
        query = {"before": page["next"]}
    assert seen == await archive.ids(limit=100)
    assert sorted(seen) == [f"c{number}" for number in range(7)]


@pytest.mark.parametrize(
    "query",
    [
        {"before": "tomorrow"},
        {"before": "1."},
        {"limit": 0},
        {"limit": 101},
        {"from": "20-11-2026"},
        {"to": "2026-02-30"},
        {"track": "spor 1"},
        {"status": "unknown"},
        {"flag": "unknown"},
        {"search": ""},
        {"search": "\x00"},
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(archive, query):
    await archive.page(expect=422, **query)


async def test_a_flag_may_come_before_the_events(archive):
    flag = await archive.flag("c1", "crisis", note="jeg orker ikke mere")
    assert flag["note"] == "jeg orker ikke mere"
    assert flag["acknowledged_at"] is None
    assert await archive.ids() == ["c1"]
    await archive.send(Story("c1").user("jeg orker ikke mere", "crisis").events)
    transcript = await archive.read()
    assert transcript["flags"] == [flag]
    assert [turn["text"] for turn in transcript["turns"]] == ["jeg orker ikke mere"]
    assert transcript["started_at"] == "2026-11-18T11:06:40+00:00"


async def test_a_flag_that_is_sent_again_is_raised_once(client, auth, archive):
    headers, body = auth(), {"kind": "human_requested"}
    for _ in range(2):
        async with client.post("/api/v1/conversations/c1/flags", json=body, headers=headers) as response:
            assert response.status == 201
    assert len((await archive.read())["flags"]) == 1


async def test_a_flag_of_no_known_kind_is_refused(archive):
    await archive.flag("c1", "boredom", expect=422)


async def test_how_content_the_citizen_was_stands_with_the_conversation(archive, tell):
    await tell("c1")
    assert (await archive.read())["rating"] is None
    stored = await archive.rate("c1", 4)
    assert (stored["conversation_id"], stored["rating"]) == ("c1", 4)
    assert (await archive.read())["rating"] == 4


async def test_the_first_rating_stands_and_may_come_before_the_events(archive):
    await archive.rate("c1", 2)
    assert (await archive.rate("c1", 5))["rating"] == 2
    await archive.send(Story("c1").user("hej").events)
    assert (await archive.read())["rating"] == 2


@pytest.mark.parametrize("rating", [0, 6, None, "4", 3.5])
async def test_a_rating_is_a_whole_number_from_one_to_five(archive, rating):
    await archive.rate("c1", rating, expect=422)


async def test_a_rating_may_be_written_as_json_writes_numbers(archive):
    assert (await archive.rate("c1", 4.0))["rating"] == 4


async def test_who_first_saw_to_a_flag_stands(archive, acknowledge, clock):
    flag = await archive.flag("c1", "crisis")
    await acknowledge(flag["id"], "mette")
    clock.advance(hours=1)
    await acknowledge(flag["id"], "jens")
    [seen] = (await archive.read())["flags"]
    assert (seen["acknowledged_by"], seen["acknowledged_at"]) == ("mette", "2026-11-24T08:00:00+00:00")


async def test_a_flag_that_does_not_exist_cannot_be_acknowledged(acknowledge):
    with pytest.raises(NotFound):
        await acknowledge("no-such-flag", "mette")


async def test_a_conversation_that_does_not_exist_is_not_found(archive):
    assert (await archive.read("c9", expect=404))["type"].endswith("/not-found")
