"""The pages about one's own data in a real browser: by keyboard, with axe, on a phone and on paper."""

import json

import pytest
from playwright.sync_api import expect

from tests.backend.privacy.conftest import NAME, SECRET
from tests.backend.privacy.test_copies import link_of
from tests.backend.test_console_browser import PHONE, WIDE, fits, in_browser, sign_in
from tests.e2e.axe import violations


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_everything_stored_is_shown_and_taken_home(client, person, database, size):
    await person.arrive()
    await person.decide()
    link = str(client.make_url(await link_of(person, database)))

    def look(page):
        page.goto(link)
        assert violations(page) == []
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Vis mine oplysninger").press("Enter")
        expect(page.get_by_role("heading", name="Hvem har set dine oplysninger")).to_be_visible()
        expect(page.get_by_text(f"{SECRET} uenig")).to_be_visible()
        expect(page.get_by_role("cell", name=NAME)).to_be_visible()
        assert violations(page) == []
        assert fits(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Hent det hele som fil (JSON)").click()
        assert json.loads(download.value.path().read_text("utf-8"))["format"] == "digispor-export-1"

    await in_browser(look, link, size)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_a_receipt_says_what_is_gone_what_stays_and_why(client, person, worker, size):
    await person.arrive(tells_number=False)
    await person.decide()
    begun = await person.begins_erasure(await person.asks())
    receipt = str(client.make_url(f"/kvittering/{begun['number']}"))

    def look_before(page):
        page.goto(receipt)
        expect(page.get_by_role("status")).to_contain_text("Vi er i gang med at slette, men er ikke færdige")
        assert violations(page) == []

    await in_browser(look_before, receipt, size)
    await worker.go_round()

    def look(page):
        page.goto(receipt)
        expect(page.get_by_role("status")).to_contain_text("er slettet")
        expect(page.get_by_text("offentlighedsloven § 13")).to_be_visible()
        assert violations(page) == []
        assert fits(page)

    await in_browser(look, receipt, size)


async def test_leaders_see_the_requests(client, person):
    await person.arrive()
    await person.asks()
    console = str(client.make_url("/console"))

    def look(page):
        sign_in(page)
        page.get_by_role("link", name="Ønsker om data").click()
        expect(page.get_by_role("button", name="Jeg er sikker på, hvem det er")).to_be_visible()
        assert violations(page) == []
        assert fits(page)

    await in_browser(look, console, PHONE)
