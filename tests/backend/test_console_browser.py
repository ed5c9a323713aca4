"""The console in a real browser: axe, keyboard, a narrow screen, and its strict policy."""

import asyncio

import pytest
from playwright.sync_api import Page, expect

from backend.tracks.demo import TRACKS
from backend.tracks.repository import TrackRepository
from tests.backend.booking.conftest import Desk
from tests.backend.story import START, Archive, Story
from tests.backend.test_assessments import Talk
from tests.backend.visitor import LOGIN, NAME, PASSWORD, hire
from tests.e2e.axe import violations
from tests.e2e.browser import open_browser

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
CONVERSATIONS = 30


@pytest.fixture
def settings(settings):
    # Nobody listens on the discard port: what is to be sent waits.
    return settings.model_copy(update={"sms_provider": "twilio", "rasa_url": "http://127.0.0.1:9"})


@pytest.fixture
async def console(client, database, clock, auth, make_citizen):
    """The address of a console with a caseworker and something to read."""
    await hire(database, clock)
    async with database.write() as work:
        for track in TRACKS:
            await TrackRepository(work.session).add_if_absent(track)
        await work.commit()
    archive = Archive(client)
    for number in range(CONVERSATIONS):
        story = Story(f"c{number}", START + number * 60).bot("Hej", buttons=[{"title": "Ja"}])
        await archive.send(story.user(f"besked {number}", "answer_with_help").events)
    failing = Story("c0", START + 30).user("øh", "nlu_fallback").bot("Hvad mener du?", "utter_rephrase")
    await archive.send(failing.bot("Jeg kunne ikke booke tiden", "utter_book_failed").events)
    citizen_id = (await make_citizen("c0"))["id"]
    talk = Talk(client, auth, citizen_id)
    await talk.start(status=201)
    await talk.finish(1)
    placement_id = (await talk.result())["placement"]["id"]
    await talk.post(f"/placements/{placement_id}/dispute", {"reason": "jeg kan mere"})
    desk = Desk(client, database, auth, make_citizen)
    booking = await desk.booked(citizen_id, await desk.slot("2026-11-27T10:00"))
    await desk.change("absence", booking, reason="er syg")
    await archive.flag("c0", "crisis", note="det hele er lige meget")
    return str(client.make_url("/console"))


async def in_browser(look, console, size):
    """Lets a browser look at the console, which is served meanwhile."""

    def open_and_look():
        with open_browser() as browser:
            page = browser.new_page(viewport=size)
            problems = []
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda entry: problems.append(entry.text) if "Policy" in entry.text else None)
            page.goto(console)
            look(page)
            assert problems == []

    await asyncio.to_thread(open_and_look)


def sign_in(page: Page) -> None:
    page.get_by_label("Brugernavn").fill(LOGIN)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Samtaler")).to_be_visible()


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_axe_finds_nothing_on_any_page_and_every_page_fits(console, size):
    def look(page):
        assert violations(page) == []
        page.get_by_label("Brugernavn").fill(LOGIN)
        page.get_by_label("Adgangskode").fill("forkert")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        assert violations(page) == []
        sign_in(page)
        assert violations(page) == []
        assert fits(page)
        page.goto(f"{console}/conversations/c0")
        assert violations(page) == []
        for summary in page.locator("summary").all():
            summary.click()
        assert violations(page) == []
        assert fits(page)
        page.get_by_role("link", name="Udskriv selvvurderingen").click()
        expect(page.get_by_role("heading", name="Noter")).to_be_visible()
        assert violations(page) == []
        assert fits(page)
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="Log ud")).to_be_hidden()
        expect(page.get_by_role("heading", name="Noter")).to_be_visible()
        page.emulate_media(media="screen")
        page.goto(f"{console}/meetings?day=2026-11-27")
        assert violations(page) == []
        assert fits(page)
        page.get_by_role("link", name="Åse Ærø").click()
        expect(page.get_by_role("heading", name="Samtaleforberedelse")).to_be_visible()
        assert violations(page) == []
        assert fits(page)
        page.goto(f"{console}/conversations/ukendt")
        assert violations(page) == []
        page.goto(f"{console}/waiting")
        expect(page.get_by_role("heading", name="Har ventet")).to_be_visible()
        assert violations(page) == []
        assert fits(page)
        page.goto(f"{console}/sms")
        page.get_by_label("Telefonnumre").fill("20 30 40 50")
        page.get_by_role("button", name="Send invitationer").click()
        expect(page.get_by_text("1 ny invitation")).to_be_visible()
        assert violations(page) == []
        assert fits(page)

    await in_browser(look, console, size)


async def test_a_flag_and_a_proposal_are_seen_to_by_keyboard_alone(console):
    def tab_to(page, target):
        for _ in range(60):
            page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{target} cannot be reached")

    def look(page):
        tab_to(page, page.get_by_label("Brugernavn"))
        page.keyboard.type(LOGIN)
        tab_to(page, page.get_by_label("Adgangskode"))
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Samtaler")).to_be_visible()
        tab_to(page, page.get_by_role("link", name="Åse Ærø").first)
        page.keyboard.press("Enter")
        expect(page.get_by_text("det hele er lige meget")).to_be_visible()
        tab_to(page, page.get_by_role("button", name="Jeg har set det"))
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Set af {NAME}")).to_be_visible()
        tab_to(page, page.get_by_text("Vælg Spor 2"))
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_label("Hvorfor?"))
        page.keyboard.type("Har et job på vej")
        tab_to(page, page.get_by_role("button", name="Gem valget"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Ændret: Spor 2")).to_be_visible()

    await in_browser(look, console, WIDE)


async def test_the_list_narrows_while_one_types_and_grows_on_demand(console):
    def look(page):
        sign_in(page)
        rows = page.locator("#samtaler > li")
        expect(rows).to_have_count(25)
        page.get_by_role("link", name="Vis flere").click()
        expect(rows).to_have_count(CONVERSATIONS)
        expect(page.get_by_role("link", name="Vis flere")).to_have_count(0)
        page.get_by_label("Søg i det").press_sequentially("besked 17")
        expect(rows).to_have_count(1)
        expect(page.get_by_label("Søg i det")).to_be_focused()
        assert "search=besked" in page.url
        page.get_by_label("Spor", exact=True).select_option("Spor 2: Virksomhedsrettet pilotforløb")
        expect(page.get_by_text("Ingen samtaler passer")).to_be_visible()

    await in_browser(look, console, WIDE)
