"""A citizen gets everything that is stored, by a link that only they can use."""

import json

import pytest

from backend.audit.tables import AuditOutcome
from backend.db import Base
from backend.handover.tables import Cause
from backend.keys import ITEM_BANK
from backend.placements.tables import PlacementEventKind
from backend.privacy import words
from backend.privacy.holdings import TABLES
from backend.privacy.keys import link_key
from backend.privacy.reading import Reading
from tests.backend.privacy.conftest import NAME, SECRET
from tests.backend.privacy.test_erasing import identify
from tests.backend.visitor import Visitor

TECHNICAL = {
    # How far an account has read, which the audit log tells better.
    "conversation_readings",
    # What is left of an erased conversation, and of its request.
    "erasures",
}


async def link_of(person, database):
    """The path of a link as the channel completes it."""
    request = await person.asks("export")
    await identify(database, request["id"])
    answer = await person.desk.ask("POST", f"/rights-requests/{request['id']}/link", {})
    assert answer.status == 201, answer.body
    link = answer.body["url"].rpartition("/")[2].removesuffix(".[key]")
    return f"/mine-data/{link}.{link_key('a-signing-key-for-tests', link)}"


async def test_a_preview_of_the_link_shows_a_button_and_uses_nothing_up(client, person, database):
    await person.arrive()
    path, visitor = await link_of(person, database), Visitor(client)
    for _ in range(3):
        assert SECRET not in (await visitor.get(path)).source
    assert SECRET in (await visitor.post(path, {"format": "html"})).source


async def test_the_page_shows_what_the_citizen_and_others_have_written(client, person, database):
    await person.arrive()
    await person.decide()
    page = await Visitor(client).post(await link_of(person, database), {"format": "html"})
    for word in ("note", "flag", "rettelse", "besked", "pilot", "uenig", "fortalt", "hvisken", "svar"):
        assert f"{SECRET} {word}" in page.text
    assert NAME in page.text
    assert "40 30 20 10" in page.text
    assert "Karen Holm" in page.text
    assert f"Robotten fortalte, at {SECRET} fortalt." in page.text
    assert "Du var ikke enig" in page.text
    assert page.headers["Cache-Control"] == "no-store"


async def test_the_file_holds_every_table(client, person, database):
    await person.arrive()
    page = await Visitor(client).post(await link_of(person, database), {"format": "json"})
    told = json.loads(page.source)
    assert {name for name in TABLES if not told.get(name)} <= {
        "audit_entries",
        "contact_wishes",
        "sms_deliveries",
    }
    assert told["conversation_events"][0]["data"]["text"] == f"jeg er ikke {SECRET} med det"


async def test_another_browser_cannot_follow_a_link_that_was_used(client, person, database):
    await person.arrive()
    path, visitor = await link_of(person, database), Visitor(client)
    assert (await visitor.post(path, {"format": "html"})).status == 200
    assert (await visitor.post(path, {"format": "json"})).status == 200
    client.session.cookie_jar.clear()
    other = await visitor.post(path, {"format": "html"})
    assert (other.status, SECRET in other.source) == (410, False)


async def test_a_link_ends_after_half_an_hour(client, person, database, clock):
    await person.arrive()
    path = await link_of(person, database)
    clock.advance(minutes=30)
    assert (await Visitor(client).post(path, {"format": "html"})).status == 410


async def test_a_link_with_another_key_leads_nowhere(client, person, database):
    await person.arrive()
    path = await link_of(person, database)
    wrong = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert (await Visitor(client).post(wrong, {"format": "html"})).status == 410


async def test_readers_are_told_of_by_role_and_not_by_name(client, person, database):
    await person.arrive()
    staff = Visitor(client)
    await staff.sign_in()
    await staff.get(f"/console/conversations/{person.conversation_id}")
    page = await Visitor(client).post(await link_of(person, database), {"format": "json"})
    readers = json.loads(page.source)["readers"]
    assert {(one["action"], one["in_a_list"]) for one in readers} == {
        ("conversation", False),
        ("conversations", True),
    }
    assert "caseworker" in readers[0]["roles"]
    assert "karen" not in json.dumps(readers)
    shown = await Visitor(client).post(await link_of(person, database), {"format": "html"})
    assert 'så siden "Samtale"' in shown.text


@pytest.mark.parametrize(
    ("proposed", "told"),
    [("foundation", "En medarbejder valgte et andet spor"), (None, "En medarbejder valgte sporet")],
)
def test_a_track_that_was_chosen_is_another_one_only_if_there_was_a_proposal(client, proposed, told):
    steps = {"proposed": proposed, "changed": "employer_pilot"}
    at, who = "2026-11-25T09:00:00+00:00", {"actor": "Karen Holm", "reason": None}
    rows = {
        "placements": [{"id": "p1", "reasons": [], "counterfactual": None}],
        "placement_events": [
            {"placement_id": "p1", "kind": kind, "track": track, "created_at": at, **who}
            for kind, track in steps.items()
        ],
    }
    [part] = [part for part in Reading(rows, client.app[ITEM_BANK], {}).parts() if part.title == "Dit spor"]
    assert [row[1] for row in part.rows] == ["Robottens forslag", told]


def test_a_copy_has_words_for_everything_that_can_have_happened():
    assert set(words.PLACEMENT_EVENTS) == set(PlacementEventKind)
    assert set(words.CAUSES) == set(Cause)
    assert set(words.READERS_DID) == set(AuditOutcome)


def test_every_table_that_names_a_citizen_or_conversation_is_told_of():
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"conversation_id", "citizen_id"} & set(table.columns.keys())
    }
    assert naming <= {*TABLES, *TECHNICAL}
