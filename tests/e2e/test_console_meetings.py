"""What the staff do to a citizen's meeting, and what the citizen reads of it in the chat."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.house import House
from benchmarks.rest_citizen import rows
from tests.e2e.axe import violations
from tests.e2e.browser import Chat
from tests.e2e.console import picture, sign_in
from tests.e2e.console_search import reload_until, search_until
from tests.e2e.slots import move_slot

CITIZEN = "Grete Tidsen"
# Messages that nobody asked for go out in rounds of half a minute.
TOLD_MS = 90_000


@pytest.fixture
def desk(console_page: Page, house: House) -> Page:
    """The console of a caseworker who has signed in."""
    sign_in(console_page, house)
    return console_page


@pytest.fixture
def chat(browser: Browser, house: House) -> Iterator[Chat]:
    """The chat of a citizen who has begun the assessment, and leaves it open."""
    with browser.new_context(locale="da-DK") as context:
        chat = Chat(context.new_page(), house)
        chat.open()
        chat.write("ja lad os komme i gang")
        chat.write("min undulat hedder Grøn")
        yield chat


def test_the_staff_book_and_cancel_and_the_citizen_is_told_in_the_open_chat(
    desk: Page, house: House, chat: Chat
) -> None:
    found = desk.locator("#samtaler").get_by_role("link")
    search_until(desk, "undulat", found)
    found.click()
    desk.get_by_role("link", name="Book en tid").click()
    assert violations(desk) == []
    picture(desk, "console-times")
    desk.get_by_role("radio").first.check()
    desk.get_by_label("Navn").fill(CITIZEN)
    desk.get_by_label("Telefonnummer").fill("40 50 60 71")
    desk.get_by_role("button", name="Se beskeden").click()
    assert violations(desk) == []
    picture(desk, "console-notice")
    desk.get_by_role("button", name="Book tiden, og giv besked").dblclick()
    expect(
        desk.get_by_text(re.compile("Beskeden (er ikke kommet i chatten endnu|står i chatten)"))
    ).to_be_visible()
    expect(chat.messages.get_by_text("Vi har booket en tid til dig")).to_have_count(1, timeout=TOLD_MS)
    # It is noted a moment after the citizen sees it.
    reload_until(desk, desk.get_by_text("Beskeden står i chatten"))

    desk.get_by_role("link", name=re.compile("^Aflys")).click()
    desk.get_by_label("Hvorfor bliver tiden aflyst?").fill("Konsulenten er syg")
    desk.get_by_role("button", name="Se beskeden").click()
    desk.get_by_role("button", name="Aflys tiden, og giv besked").click()
    expect(desk.get_by_text("Aflyst", exact=True)).to_be_visible()
    expect(chat.messages.get_by_text("Vi har desværre måttet aflyse din tid")).to_have_count(
        1, timeout=TOLD_MS
    )
    expect(chat.messages.get_by_text("Konsulenten er syg")).to_have_count(0)
    chat.write("hvornår er min tid?")
    chat.sees("Jeg kan ikke se nogen tid i denne samtale")


def test_who_did_not_come_is_marked_by_hand_and_nothing_follows(desk: Page, house: House, chat: Chat) -> None:
    booked = book_by_staff(desk, house, chat)
    move_slot(house, str(booked["slot_id"]), timedelta(minutes=-5))
    desk.reload()
    desk.get_by_role("button", name=re.compile("^Mødte ikke op")).click()
    expect(desk.get_by_text("Mødte ikke op", exact=True)).to_be_visible()
    assert violations(desk) == []
    desk.get_by_role("link", name="Møder", exact=True).click()
    meeting = desk.get_by_role("listitem").filter(has_text="Ikke Mødt")
    expect(meeting).to_contain_text("Mødte ikke op")
    picture(desk, "console-meetings")
    came = meeting.get_by_role("button", name=re.compile("^Mødte op"))
    came.click()
    expect(came).to_have_count(0)
    [stored] = rows(house, "SELECT attended, status FROM bookings WHERE id = ?", booked["id"])
    assert stored == {"attended": 1, "status": "booked"}


def book_by_staff(desk: Page, house: House, chat: Chat) -> dict[str, object]:
    """Books a time for the citizen of a chat by the form, and gives what is stored."""
    [citizen] = rows(house, "SELECT c.conversation_id FROM citizens c ORDER BY c.created_at DESC LIMIT 1")
    desk.goto(f"{house.backend_url}/console/conversations/{citizen['conversation_id']}")
    desk.get_by_role("link", name="Book en tid").click()
    desk.get_by_role("radio").first.check()
    desk.get_by_label("Navn").fill("Ikke Mødt")
    desk.get_by_label("Telefonnummer").fill("40 50 60 72")
    desk.get_by_role("button", name="Se beskeden").click()
    desk.get_by_role("button", name="Book tiden, og giv besked").click()
    expect(desk.get_by_role("heading", name="Ikke Mødt")).to_be_visible()
    bookings = rows(house, "SELECT id, slot_id, citizen_name FROM bookings")
    [booked] = [one for one in bookings if one["citizen_name"] == "Ikke Mødt"]
    return booked
