"""The page about deletion in a real browser: with axe, wide and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.backend.test_console_browser import PHONE, WIDE, fits, in_browser, sign_in
from tests.backend.visitor import hire
from tests.e2e.axe import violations


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_the_page_about_deletion_can_be_read_by_everybody(
    client, database, clock, make_citizen, run, assistant, size
):
    await make_citizen("alene")
    clock.advance(days=200)
    await run()
    await make_citizen("igen")
    clock.advance(days=200)
    assistant.is_down = True
    await run()
    await hire(database, clock)
    console = str(client.make_url("/console"))

    def look(page):
        sign_in(page)
        page.get_by_role("link", name="Sletning").click()
        expect(page.get_by_role("heading", name="Hvad der bliver slettet hvornår")).to_be_visible()
        expect(page.get_by_role("rowheader", name="Samtaler")).to_be_visible()
        expect(page.get_by_text("Robotten svarede ikke").first).to_be_visible()
        assert violations(page) == []
        assert fits(page)

    await in_browser(look, console, size)
