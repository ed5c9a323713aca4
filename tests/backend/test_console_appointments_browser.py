"""Booking and cancelling a meeting in a real browser: axe, the keyboard alone, and a narrow screen."""

import pytest
from playwright.sync_api import expect

from tests.backend.booking.conftest import Desk
from tests.backend.test_console_browser import PHONE, WIDE, console, fits, in_browser, settings, sign_in
from tests.e2e.axe import violations

__all__ = ["console", "settings"]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_a_meeting_is_booked_and_cancelled_by_keyboard(
    console, client, database, auth, make_citizen, size
):
    desk = Desk(client, database, auth, make_citizen)
    await desk.slot("2026-11-30T09:00", "in_person", "Demovej 1, 2500 Valby")

    def check(page):
        assert violations(page) == []
        assert fits(page)

    def press(page, role, name):
        page.get_by_role(role, name=name).focus()
        page.keyboard.press("Enter")

    def look(page):
        sign_in(page)
        page.goto(f"{console}/conversations/c1")
        press(page, "link", "Book en tid")
        expect(page.get_by_role("heading", name="Ledige tider")).to_be_visible()
        check(page)
        page.get_by_role("radio").focus()
        page.keyboard.press("Space")
        page.get_by_label("Navn").fill("Bo Bæk")
        page.get_by_label("Telefonnummer").fill("20 12 34 56")
        page.get_by_label("Eller skriv selv en sætning").fill("Vi ses.")
        press(page, "button", "Se beskeden")
        expect(page.get_by_role("blockquote")).to_contain_text("Vi ses.")
        check(page)
        press(page, "button", "Book tiden, og giv besked")
        expect(page.get_by_text("Beskeden er ikke kommet i chatten endnu")).to_be_visible()
        check(page)
        press(page, "link", "Aflys")
        expect(page.get_by_role("heading", name="Aflys tiden")).to_be_visible()
        check(page)
        page.get_by_label("Hvorfor bliver tiden aflyst?").fill("010190-1234")
        press(page, "button", "Se beskeden")
        expect(page.get_by_role("alert")).to_be_visible()
        check(page)
        page.get_by_label("Hvorfor bliver tiden aflyst?").fill("dobbeltbooket")
        press(page, "button", "Se beskeden")
        press(page, "button", "Aflys tiden, og giv besked")
        expect(page.get_by_text("Aflyst", exact=True)).to_be_visible()
        check(page)

    await in_browser(look, console, size)
