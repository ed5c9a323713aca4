"""News in a real browser: it is said, and shown where one is once one asks for it."""

import asyncio

import pytest
from playwright.sync_api import expect

from tests.backend.story import START, Story
from tests.backend.test_console_browser import PHONE, WIDE, in_browser, sign_in
from tests.backend.visitor import hire
from tests.e2e.axe import violations
from tests.e2e.browser import open_browser


@pytest.fixture
async def console(client, database, clock, archive):
    """The address of a console with a caseworker and two conversations."""
    await hire(database, clock)
    for number in range(2):
        await archive.send(Story(f"c{number}", START + number).user(f"besked {number}").events)
    return str(client.make_url("/console"))


@pytest.fixture
async def say(archive):
    """Lets a citizen say something, while a browser looks from its own thread."""
    loop = asyncio.get_running_loop()
    moments = iter(range(100, 1000))

    def say(text, conversation_id="c0"):
        events = Story(conversation_id, START + next(moments)).user(text).events
        asyncio.run_coroutine_threadsafe(archive.send(events), loop).result()

    return say


def status(page):
    return page.locator("#nyt [role=status]")


def rows(page):
    return [
        link.get_attribute("href").rpartition("/")[2] for link in page.locator(".conversation-name").all()
    ]


async def test_a_list_says_that_there_is_news_and_renews_itself_where_one_is(console, say):
    def look(page):
        sign_in(page)
        search = page.get_by_label("Søg i det")
        search.press_sequentially("besked")
        expect(page).to_have_url(
            f"{console}/conversations?search=besked&from=&to=&track=&concern=&status=&flag=&channel="
        )
        say("besked 2")
        say("noget helt andet", "c9")
        expect(status(page)).to_have_text("1 samtale har nyt.")
        assert rows(page) == ["c1", "c0"]
        expect(search).to_be_focused()
        page.get_by_role("link", name="Vis den").press("Enter")
        expect(page.locator(".conversation-name").first).to_have_attribute(
            "href", "/console/conversations/c0"
        )
        assert rows(page) == ["c0", "c1"]
        expect(search).to_have_value("besked")
        expect(page.get_by_role("region", name="Fundne samtaler")).to_be_focused()
        expect(status(page)).to_have_text("")
        expect(page.locator("#nyt-vis")).to_be_hidden()
        say("besked 3", "c1")
        expect(status(page)).to_have_text("1 samtale har nyt.")

    await in_browser(look, console, WIDE)


async def test_what_is_urgent_is_renewed_with_the_list(console, say, archive):
    loop = asyncio.get_running_loop()

    def look(page):
        sign_in(page)
        expect(page.get_by_role("heading", name="Se først")).to_have_count(0)
        asyncio.run_coroutine_threadsafe(archive.flag("c0", "crisis"), loop).result()
        page.get_by_role("link", name="Vis den").click()
        expect(page.get_by_role("heading", name="Se først")).to_be_visible()

    await in_browser(look, console, WIDE)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_a_conversation_adds_what_is_new_and_goes_on_from_there(console, say, size):
    def look(page):
        sign_in(page)
        page.goto(f"{console}/conversations/c0")
        turns = page.locator(".turn-text")
        say("nummer to")
        expect(status(page)).to_have_text("1 ny besked.")
        say("nummer tre")
        expect(status(page)).to_have_text("2 nye beskeder.")
        expect(turns).to_have_text(["besked 0"])
        assert violations(page) == []
        page.get_by_role("link", name="Vis dem").press("Enter")
        expect(turns).to_have_text(["besked 0", "nummer to", "nummer tre"])
        expect(page.locator(".turn").nth(1)).to_be_focused()
        expect(status(page)).to_have_text("")
        say("nummer fire")
        page.get_by_role("link", name="Vis den").dblclick()
        expect(turns).to_have_text(["besked 0", "nummer to", "nummer tre", "nummer fire"])
        expect(page.locator(".turn").nth(3)).to_be_focused()
        page.locator(".turn").nth(3).get_by_text("Ret forståelsen").click()
        expect(page.get_by_label("Hvad mente borgeren?").last).to_be_visible()
        assert violations(page) == []

    await in_browser(look, console, size)


async def test_a_page_that_comes_back_into_view_hears_what_was_said_meanwhile(console, say):
    def look(page):
        with page.expect_response(lambda response: "/live/" in response.url):
            sign_in(page)
        page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
        with page.expect_event("requestfailed", lambda request: "/live/" in request.url):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        say("besked 2")
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        expect(status(page)).to_have_text("1 samtale har nyt.")

    await in_browser(look, console, WIDE)


async def test_a_list_that_one_goes_back_to_hears_of_what_fits_it(console, say):
    def look(page):
        sign_in(page)
        page.get_by_label("Søg i det").fill("besked 1")
        expect(page.locator(".conversation-name")).to_have_count(1)
        page.go_back()
        expect(page.locator(".conversation-name")).to_have_count(2)
        say("noget helt andet", "c9")
        expect(status(page)).to_have_text("1 samtale har nyt.")

    await in_browser(look, console, WIDE)


async def test_without_script_the_pages_are_as_they_were(console):
    def look(page):
        page.goto(f"{console}/conversations/c0")
        expect(page.locator(".turn-text")).to_have_text(["besked 0"])
        expect(page.locator("#nyt-vis")).to_be_hidden()
        page.goto(f"{console}/conversations")
        assert rows(page) == ["c1", "c0"]
        expect(page.locator("#nyt-vis")).to_be_hidden()

    def open_and_look():
        with open_browser() as browser:
            page = browser.new_page(java_script_enabled=False)
            page.goto(console)
            sign_in(page)
            look(page)

    await asyncio.to_thread(open_and_look)
