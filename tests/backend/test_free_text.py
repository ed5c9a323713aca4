"""What may never be stored is masked at the backend's own doors, too, whoever sends it."""

import pytest
from sqlalchemy import inspect, text

from identifiers import Kind, mask
from tests.backend.story import Story

WRITTEN = {
    "det er 010190-1234": "det er [CPR-nummer fjernet]",
    "mit kort 4111 1111 1111 1111": "mit kort [kortnummer fjernet]",
    "iban DK50 0040 0440 1162 43": "iban [IBAN-nummer fjernet]",
    "min kode er hunter2": "min kode er [adgangskode fjernet]",
    "ring på 20 30 40 50 den 12. december kl. 10": "ring på 20 30 40 50 den 12. december kl. 10",
}
SECRETS = ("010190", "1111 1111", "0440 1162", "hunter2")


@pytest.fixture
def everything(database):
    """All that the database holds, as text."""

    async def everything() -> str:
        async with database.engine.connect() as connection:
            tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
            return repr([(await connection.execute(text(f"SELECT * FROM {t}"))).all() for t in tables])

    return everything


@pytest.mark.parametrize(("written", "kept"), WRITTEN.items())
async def test_what_is_said_in_a_conversation_is_kept_without(archive, everything, written, kept):
    story = Story().user(written, clauses=[]).bot(f"Skrev du {written}?", buttons=[{"title": written}])
    story.user("knap", button=written).other("slot", name="dispute_reason", value=written)
    user = story.events[0]["parse_data"]
    user["entities"] = [{"entity": "time", "value": written}]
    user["clauses"] = [{"text": written, "intent": {"name": "inform"}}]
    await archive.send(story.events)
    turns = (await archive.read())["turns"]
    assert [turn["text"] for turn in turns] == [kept, f"Skrev du {kept}?", kept]
    assert turns[0]["entities"] == [{"entity": "time", "value": kept}]
    stored = await everything()
    assert not [secret for secret in SECRETS if secret in stored]
    assert written == kept or written not in stored


@pytest.mark.parametrize(("written", "kept"), WRITTEN.items())
async def test_what_a_citizen_wishes_and_what_is_noted_is_kept_without(
    client, auth, make_citizen, everything, written, kept
):
    citizen = await make_citizen()
    url = f"/api/v1/citizens/{citizen['id']}"
    async with client.patch(
        url, json={"wished_occupation": written, "name": written}, headers=auth()
    ) as response:
        changed = await response.json()
    assert (changed["wished_occupation"], changed["name"]) == (kept, kept)
    flag = {"kind": "human_requested", "note": written}
    async with client.post("/api/v1/conversations/c1/flags", json=flag, headers=auth()) as response:
        assert (await response.json())["note"] == kept
    stored = await everything()
    assert not [secret for secret in SECRETS if secret in stored]


async def test_a_marker_that_is_longer_than_what_it_stands_for_still_has_room(client, auth, make_citizen):
    citizen = await make_citizen()
    written = " ".join(["0101901234"] * 18)
    body = {"wished_occupation": written}
    async with client.patch(f"/api/v1/citizens/{citizen['id']}", json=body, headers=auth()) as response:
        assert (await response.json())["wished_occupation"] == mask(written)[:200]


async def test_ids_are_left_as_they_are(archive):
    story = Story(conversation_id="3f0101901234-0101-901234")
    story.user("hej", message_id="w-0101901234")
    await archive.send(story.events)
    assert (await archive.read("3f0101901234-0101-901234"))["id"] == "3f0101901234-0101-901234"


def test_each_kind_has_a_marker_of_its_own():
    assert len({kind.marker for kind in Kind}) == len(Kind)
