"""The way in by the provider in a real browser: axe, keyboard, and the console's strict policy."""

import asyncio

from playwright.sync_api import expect

from tests.backend.identity.conftest import person
from tests.backend.visitor import NAME
from tests.e2e.axe import violations
from tests.e2e.browser import open_browser


async def in_browser(look, client):
    """Lets a browser look at the console, which is served meanwhile."""

    def open_and_look():
        with open_browser() as browser:
            page = browser.new_page(viewport={"width": 320, "height": 640})
            # The provider's pages ask for a font elsewhere.
            page.route("https://**", lambda route: route.abort())
            problems = []
            page.on(
                "console",
                lambda entry: (
                    problems.append(entry.text) if "Policy" in entry.text and "/console" in page.url else None
                ),
            )
            page.goto(str(client.make_url("/console/sign-in")))
            look(page)
            assert problems == []

    await asyncio.to_thread(open_and_look)


def pass_through(page):
    page.get_by_placeholder("Enter any login").fill("karen")
    page.get_by_placeholder("and password").fill("x")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Continue").click()


async def test_in_and_out_by_keyboard_and_nothing_for_axe_to_find(client, provider):
    def look(page):
        assert violations(page) == []
        link = page.get_by_role("link", name="Log ind med kommunens login")
        link.focus()
        page.keyboard.press("Enter")
        pass_through(page)
        expect(page.get_by_role("heading", name="Samtaler")).to_be_visible()
        expect(page.get_by_text(NAME)).to_be_visible()
        page.get_by_role("button", name="Log ud").press("Enter")
        # The page between leads on to the provider by itself.
        page.get_by_role("button", name="Yes, sign me out").click()
        expect(page.get_by_role("heading", name="Log ind", exact=True)).to_be_visible()

    await in_browser(look, client)


async def test_who_says_no_or_has_no_role_reads_a_page_that_axe_accepts(client, provider):
    provider.know(karen=person())

    def look(page):
        page.get_by_role("link", name="Log ind med kommunens login").click()
        page.get_by_role("link", name="Cancel").click()
        expect(page.get_by_role("heading", name="Du blev ikke logget ind")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("link", name="Prøv igen").click()
        pass_through(page)
        expect(page.get_by_role("heading", name="Du har ikke adgang til Digispor")).to_be_visible()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await in_browser(look, client)


async def test_the_page_between_is_accepted_too(client, provider):
    def stay(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('http-equiv="refresh"', ""))

    def look(page):
        page.get_by_role("link", name="Log ind med kommunens login").click()
        pass_through(page)
        page.route("**/sign-out", stay)
        page.get_by_role("button", name="Log ud").click()
        expect(page.get_by_role("heading", name="Du er logget ud")).to_be_visible()
        assert violations(page) == []

    await in_browser(look, client)
