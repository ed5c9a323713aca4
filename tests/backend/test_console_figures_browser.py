"""The page with figures in a real browser: axe, a narrow screen, forced colours and paper."""

import re

import pytest
from playwright.sync_api import expect

from backend.tracks.demo import TRACKS
from backend.tracks.repository import TrackRepository
from tests.backend.story import Archive, Story
from tests.backend.test_console_browser import PHONE, WIDE, fits, in_browser, sign_in
from tests.backend.visitor import hire
from tests.e2e.axe import violations


@pytest.fixture
async def console(client, database, clock):
    """The address of a console with some conversations to count."""
    await hire(database, clock)
    async with database.write() as work:
        for track in TRACKS:
            await TrackRepository(work.session).add_if_absent(track)
        await work.commit()
    archive = Archive(client)
    for number in range(12):
        story = Story(f"c{number}").user("hej", "greet")
        story.events[0]["input_channel"] = "web" if number < 9 else "sms"
        await archive.send(story.events)
    return str(client.make_url("/console"))


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_axe_finds_nothing_and_the_page_fits(console, size):
    def look(page):
        sign_in(page)
        page.get_by_role("link", name="Tal", exact=True).click()
        expect(page.get_by_role("heading", name="Tal", exact=True)).to_be_visible()
        expect(page.get_by_role("img", name="Hvor langt borgerne kommer")).to_be_visible()
        assert violations(page) == []
        assert fits(page)
        page.emulate_media(forced_colors="active")
        assert violations(page) == []
        page.emulate_media(media="print", forced_colors="none")
        expect(page.get_by_role("button", name="Log ud")).to_be_hidden()
        expect(page.get_by_role("img", name="Hvor langt borgerne kommer")).to_be_visible()

    await in_browser(look, console, size)


async def test_a_period_is_chosen_and_a_table_is_taken_home(console):
    def look(page):
        sign_in(page)
        page.goto(f"{console}/figures")
        page.get_by_label("Periode på 12 uger").select_option("1")
        page.get_by_role("button", name="Vis").click()
        expect(page.get_by_text("fra 15. juni 2026 til 6. september 2026, og")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("csv.*Møder")).click()
        assert download.value.suggested_filename == "digispor-bookings-2026-06-15.csv"

    await in_browser(look, console, WIDE)
