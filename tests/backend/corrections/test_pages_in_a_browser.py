"""Review and corrections in a real browser: axe, keyboard, a narrow screen, and the strict policy."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.backend.story import START, Story
from tests.backend.test_console_browser import PHONE, WIDE, fits, in_browser
from tests.backend.test_console_browser import sign_in as sign_in_at
from tests.backend.visitor import hire
from tests.e2e.axe import violations

LAST_WEEK = datetime(2026, 11, 18, 10, tzinfo=UTC).timestamp()


@pytest.fixture
async def console(client, database, clock, archive):
    """The address of a console with something to review and to correct."""
    await hire(database, clock)
    await archive.send(Story("c0", START).user("book en tid", "greet").events)
    for number in range(1, 4):
        await archive.send(Story(f"c{number}", LAST_WEEK + number).user("hej", "greet").events)
    return str(client.make_url("/console"))


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_axe_finds_nothing_and_every_page_fits(console, size):
    def check(page):
        assert violations(page) == []
        assert fits(page)

    def look(page):
        sign_in_at(page)
        page.goto(f"{console}/reviews")
        expect(page.get_by_text("0 af 4 gennemgået i denne uge")).to_be_visible()
        check(page)
        page.get_by_role("link", name="Gå til den næste").click()
        page.get_by_label("Hvor godt klarede Digispor det?").select_option("3, nogenlunde")
        page.get_by_role("button", name="Gem som gennemgået").click()
        page.get_by_label("Nyt mærke").fill("mobil")
        page.keyboard.press("Enter")
        page.get_by_label("Ny note til kolleger").fill("Ring i morgen")
        page.get_by_role("button", name="Gem noten").click()
        page.get_by_role("button", name="Marker til kolleger").click()
        expect(page.get_by_text("Markeret", exact=True)).to_be_visible()
        check(page)
        page.goto(f"{console}/reviews")
        expect(page.get_by_text("1 af 4 gennemgået i denne uge")).to_be_visible()

        page.goto(f"{console}/conversations/c0")
        page.get_by_text("Ret forståelsen").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Hvad mente borgeren?")).to_be_focused()
        page.get_by_label("Hvad mente borgeren?").select_option("Vil aflyse tiden")
        page.get_by_role("button", name="Gem, hvad borgeren mente").click()
        page.get_by_text("Ret forståelsen").click()
        page.get_by_label("Ord, der er en oplysning").fill("en tid")
        page.get_by_label("Slags oplysning").select_option("Tidspunkt")
        page.get_by_role("button", name="Marker ordene").click()
        page.get_by_text("Ret forståelsen").click()
        expect(page.get_by_role("button", name="Fortryd rettelsen")).to_be_visible()
        check(page)
        page.goto(f"{console}/training")
        expect(page.get_by_text("Modsiger træningsdataene")).to_be_visible()
        check(page)
        page.get_by_role("button", name="Godkend").click()
        expect(page.get_by_text("1 er godkendt")).to_be_visible()
        check(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Hent de godkendte som træningsdata").click()
        assert download.value.suggested_filename == "corrections.yml"

    await in_browser(look, console, size)
