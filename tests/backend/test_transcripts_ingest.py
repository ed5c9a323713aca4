"""Rasa's events become transcripts: once each, in the order they happened, whenever they come."""

import json

import pytest
from sqlalchemy import select

from backend.transcripts.tables import ConversationEvent
from tests.backend.story import HEADERS, START, Story, envelope


def conversation():
    buttons = [{"title": "Ja", "payload": "/affirm"}]
    return (
        Story()
        .action("action_session_start")
        .other("session_started")
        .listen()
        .user("/open_chat", "open_chat")
        .bot("Hej, jeg er en robot.", "utter_introduction", buttons)
        .action("utter_introduction")
        .listen()
        .user("/affirm", "affirm", button="Ja")
        .bot("Spørgsmål 1")
        .bot("Hvor godt kan du ...?")
        .action("assessment_form")
        .other("slot", name="requested_slot", value="item_answer")
        .listen()
    )


def said(transcript):
    return [(turn["speaker"], turn["text"]) for turn in transcript["turns"]]


SAID = [
    ("bot", "Hej, jeg er en robot."),
    ("citizen", "Ja"),
    ("bot", "Spørgsmål 1"),
    ("bot", "Hvor godt kan du ...?"),
]


async def test_events_become_a_transcript(archive):
    story = conversation()
    assert await archive.send(story.events) == {"accepted": len(story.events), "duplicates": 0}
    transcript = await archive.read()
    assert said(transcript) == SAID
    assert transcript["channel"] == "web"
    assert transcript["status"] == "active"
    assert transcript["started_at"] == "2026-11-18T11:06:40+00:00"
    assert transcript["turns"][1] == {
        "speaker": "citizen",
        "at": "2026-11-18T11:06:47+00:00",
        "text": "Ja",
        "button": "/affirm",
        "intent": "affirm",
        "confidence": 0.83,
        "ranking": [{"name": "affirm", "confidence": 0.83}, {"name": "deny", "confidence": 0.1}],
        "entities": [{"entity": "time", "value": {"weekdays": ["fri"]}}],
        "action": None,
        "author": None,
        "offered": [],
    }
    assert transcript["turns"][0]["offered"] == ["Ja"]


async def test_a_bot_s_turn_names_the_action_it_came_from(archive):
    await archive.send(conversation().events)
    actions = [turn["action"] for turn in (await archive.read())["turns"] if turn["speaker"] == "bot"]
    assert actions == ["utter_introduction", "assessment_form", "assessment_form"]


async def test_events_that_come_again_change_nothing(archive):
    events = conversation().events
    await archive.send(events)
    before = await archive.read()
    assert await archive.send(events) == {"accepted": 0, "duplicates": len(events)}
    assert await archive.send([*events[3:], *events[3:]]) == {
        "accepted": 0,
        "duplicates": 2 * len(events[3:]),
    }
    assert await archive.read() == before


async def test_an_event_that_is_twice_in_a_batch_is_stored_once(archive):
    events = conversation().events
    assert await archive.send([*events, *events]) == {"accepted": len(events), "duplicates": len(events)}
    assert said(await archive.read()) == SAID


async def test_events_that_come_late_stand_where_they_happened(archive):
    events = conversation().events
    await archive.send(events)
    expected = await archive.read()
    late = Story("c2")
    late.events = [{**event, "sender_id": "c2"} for event in reversed(events)]
    for event in late.events:
        await archive.send([event])
    assert {**await archive.read("c2"), "id": "c1"} == expected


async def test_what_happened_at_the_same_moment_stands_as_it_came(archive):
    story = Story().user("a").user("b").user("c")
    for event in story.events:
        event["timestamp"] = START
    await archive.send(story.events)
    assert [text for _, text in said(await archive.read())] == ["a", "b", "c"]


async def test_an_event_is_kept_whole(archive, database):
    story = conversation()
    await archive.send(story.events)
    async with database.read() as work:
        stored = await work.session.scalars(
            select(ConversationEvent.data).order_by(ConversationEvent.position)
        )
        assert [json.loads(data) for data in stored] == story.events


async def test_conversations_in_one_batch_are_kept_apart(archive):
    first, second = Story("c1").user("en"), Story("c2").user("to")
    await archive.send([*first.events, *second.events])
    assert said(await archive.read("c1")) == [("citizen", "en")]
    assert said(await archive.read("c2")) == [("citizen", "to")]


@pytest.mark.parametrize(
    ("tell", "status"),
    [
        (lambda story: story.user("hej"), "active"),
        (lambda story: story.user("farvel", "goodbye").bot("Farvel"), "ended"),
        (lambda story: story.user("stop", "opt_out"), "ended"),
        (lambda story: story.user("farvel", "goodbye").user("vent"), "active"),
        (lambda story: story.other("pause"), "handed_over"),
        (lambda story: story.other("pause").user("farvel", "goodbye"), "handed_over"),
        (lambda story: story.other("pause").other("resume"), "active"),
        (lambda story: story.other("pause").other("resume").other("pause"), "handed_over"),
    ],
)
async def test_the_status_follows_what_happened_last(archive, tell, status):
    story = Story()
    tell(story)
    await archive.send(list(reversed(story.events)))
    assert (await archive.read())["status"] == status


@pytest.mark.parametrize(
    "break_it",
    [
        lambda event: event.pop("timestamp"),
        lambda event: event.pop("event"),
        lambda event: event.update(timestamp=1e300),
        lambda event: event.update(timestamp=-1),
        lambda event: event.update(timestamp="now"),
        lambda event: event.update(event="Ingen Begivenhed"),
        lambda event: event.update(text="a\x00b"),
        lambda event: event.update(text=["a"]),
        lambda event: event.update(parse_data={"intent": {"name": 5}}),
        lambda event: event.update(parse_data={"entities": ["a"]}),
    ],
)
async def test_a_broken_event_keeps_its_batch_out_and_the_rest_can_come_again(archive, break_it):
    good, bad = Story().user("en").user("to").events
    break_it(bad)
    assert (await archive.send([good, bad], expect=422))["type"].endswith("/validation")
    await archive.read(expect=404)
    await archive.send([good])
    assert said(await archive.read()) == [("citizen", "en")]


async def test_half_a_character_is_malformed(client):
    body = json.dumps({"events": [envelope(Story().user("\ud83d").events[0])]})
    headers = {**HEADERS, "Content-Type": "application/json"}
    async with client.post("/api/v1/events", data=body, headers=headers) as response:
        assert response.status == 400


async def test_html_and_sql_are_kept_as_text(archive):
    texts = ["<script>alert(1)</script>", "'; DROP TABLE conversations; --", "😀", "مرحبا", "{{ 7 * 7 }}"]
    story = Story()
    for text in texts:
        story.user(text)
    await archive.send(story.events)
    assert [text for _, text in said(await archive.read())] == texts


async def test_events_need_the_service_token(client):
    body = {"events": [envelope(Story().user("hej").events[0])]}
    async with client.post("/api/v1/events", json=body) as response:
        assert response.status == 401


@pytest.mark.parametrize("number", [0, 501])
async def test_a_batch_holds_from_one_to_five_hundred_events(archive, number):
    story = Story()
    for _ in range(number):
        story.listen()
    await archive.send(story.events, expect=422)


async def test_five_hundred_events_are_taken_at_once(archive):
    story = Story()
    for number in range(500):
        story.user(f"besked {number}")
    assert (await archive.send(story.events))["accepted"] == 500
    assert len((await archive.read())["turns"]) == 500
