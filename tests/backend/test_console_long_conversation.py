"""A conversation of a thousand turns opens at its end, and every turn of it can be reached."""

import re
from collections import Counter
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from sqlalchemy import event

from backend.transcripts.tables import ConversationTurn
from tests.backend.story import Archive, Story
from tests.backend.test_console_browser import WIDE, in_browser, sign_in
from tests.backend.visitor import Visitor, hire

TURNS = 1000
PAGE = "/console/conversations/long"


@pytest.fixture
async def caseworker(client, database, clock):
    """A caseworker who has signed in."""
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    return visitor


@pytest.fixture
async def long_conversation(client):
    """A conversation of a thousand turns; the address of the console."""
    story = Story("long")
    for number in range(TURNS // 2):
        story.user(f"spørgsmål {number}").action("assessment_form").bot(f"svar {number}").listen()
    archive = Archive(client)
    for first in range(0, len(story.events), 500):
        await archive.send(story.events[first : first + 500])
    return str(client.make_url("/console"))


@pytest.fixture
def console(caseworker, long_conversation):
    """A caseworker who can read the long conversation."""
    return caseworker


@contextmanager
def counting(database):
    """Counts the turns that are read and the statements that are made, meanwhile."""
    counted = Counter()
    engine = database.engine.sync_engine

    def note_turn(*_):
        counted["turns"] += 1

    def note_statement(*_):
        counted["statements"] += 1

    event.listen(ConversationTurn, "load", note_turn)
    event.listen(engine, "before_cursor_execute", note_statement)
    yield counted
    event.remove(ConversationTurn, "load", note_turn)
    event.remove(engine, "before_cursor_execute", note_statement)


def said(page):
    return re.findall(r'turn-text" dir="auto">(\w+ \d+)', page.source)


def link(page, end):
    (found,) = {one for one in page.links if one and one.startswith(f"{PAGE}?{end}=")}
    return found


def spoken(first, last):
    """What was said in some of the exchanges, in order."""
    return [f"{kind} {number}" for number in range(first, last) for kind in ("spørgsmål", "svar")]


async def test_the_last_fifty_turns_are_shown_and_older_ones_to_the_very_first_on_demand(console):
    page = await console.get(PAGE)
    assert said(page) == spoken(475, 500)
    found = said(page)
    while "Vis tidligere" in page.text:
        page = await console.get(link(page, "before"))
        assert len(said(page)) == 50
        found = said(page) + found
    assert found == spoken(0, 500)
    assert "Her begynder samtalen" in page.text


async def test_from_the_first_turns_on_later_ones_are_a_link_away_to_the_very_last(console):
    page = await console.get(PAGE)
    while "Vis tidligere" in page.text:
        page = await console.get(link(page, "before"))
    found = said(page)
    while "Vis senere" in page.text:
        page = await console.get(link(page, "after"))
        found += said(page)
    assert found == spoken(0, 500)
    assert "Det er det seneste" in page.text


async def test_a_link_to_an_old_turn_shows_it_with_a_little_of_what_led_to_it(console, database):
    async with database.read() as work:
        position = await work.session.scalar(
            ConversationTurn.__table__.select()
            .with_only_columns(ConversationTurn.position)
            .where(ConversationTurn.text == "spørgsmål 100")
        )
    page = await console.get(f"{PAGE}?tur={position}")
    assert f'id="tur-{position}"' in page.source
    assert said(page)[5] == "spørgsmål 100"
    assert len(said(page)) == 50
    before = await console.get(link(page, "before"))
    after = await console.get(link(page, "after"))
    around = [*said(before), *said(page), *said(after)]
    everything = spoken(0, 500)
    begins = everything.index("spørgsmål 100") - 55
    assert around == everything[begins : begins + 150]


async def test_a_link_to_one_of_the_latest_turns_shows_the_latest(console):
    page = await console.get(PAGE)
    position = re.findall(r'id="tur-(\d+)"', page.source)[3]
    assert said(await console.get(f"{PAGE}?tur={position}")) == said(page)


@pytest.mark.parametrize("end", ["tur=x", "tur=", "before=1&after=2", "side=2", "before=-1"])
async def test_an_address_that_makes_no_sense_is_said_to(caseworker, archive, end):
    await archive.send(Story("c1").user("hej").events)
    assert (await caseworker.get(f"/console/conversations/c1?{end}")).status == 400


@pytest.mark.parametrize("name", ["tur", "before", "after"])
async def test_a_turn_of_another_conversation_is_not_found(caseworker, archive, name):
    await archive.send(Story("c1").user("hej").events)
    await archive.send(Story("other").user("hej").events)
    page = await caseworker.get("/console/conversations/other")
    (position,) = re.findall(r'id="tur-(\d+)"', page.source)
    assert (await caseworker.get(f"/console/conversations/other?{name}={position}")).status == 200
    assert (await caseworker.get(f"/console/conversations/c1?{name}={position}")).status == 404


async def test_it_costs_no_more_than_a_short_one(console, archive, database):
    short = Story("short")
    for number in range(25):
        short.user(f"spørgsmål {number}").action("assessment_form").bot(f"svar {number}").listen()
    await archive.send(short.events)
    of_short, of_long = [], []
    # What the backend does by itself may fall into a visit, but hardly into all of them.
    for _ in range(5):
        for counts, page in ((of_short, "/console/conversations/short"), (of_long, PAGE)):
            with counting(database) as counted:
                await console.get(page)
            counts.append((counted["statements"], counted["turns"]))
    statements, turns = min(of_short)
    # One more than is shown tells that there is more.
    assert (min(of_long), turns) == ((statements, 51), 50)


async def test_older_turns_come_before_the_others_by_keyboard_and_the_focus_stays(console, long_conversation):
    def look(page):
        sign_in(page)
        page.goto(f"{long_conversation}/conversations/long")
        turns = page.locator("#ture > li")
        more = page.get_by_role("link", name="Vis tidligere")
        more.focus()
        page.keyboard.press("Enter")
        expect(turns).to_have_count(100)
        expect(turns.first).to_contain_text("spørgsmål 450")
        expect(turns.last).to_contain_text("svar 499")
        expect(more).to_be_focused()
        expect(page.locator("#vist")).to_have_text("50 tidligere beskeder vist")
        for shown in range(150, TURNS + 1, 50):
            expect(page.locator(".htmx-settling")).to_have_count(0)
            page.keyboard.press("Enter")
            expect(turns).to_have_count(shown)
        expect(more).to_have_count(0)
        expect(page.get_by_text("Her begynder samtalen.")).to_be_focused()

    await in_browser(look, long_conversation, WIDE)
