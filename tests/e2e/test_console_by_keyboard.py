"""The console with a keyboard and no mouse: each main task of a caseworker, from the start."""

import re

import pytest
from playwright.sync_api import Page, expect

from benchmarks.house import House
from benchmarks.rest_citizen import RestCitizen, rows
from tests.e2e.console import (
    DISAGREES,
    choose,
    disagreeing_citizen,
    press,
    tab_to,
    type_into,
)

CITIZEN = "Ditte Tabsen"


@pytest.fixture(scope="module")
def citizen(house: House) -> RestCitizen:
    return disagreeing_citizen(house, CITIZEN)


@pytest.fixture
def desk(console_page: Page, house: House, citizen: RestCitizen) -> Page:
    """The console of a caseworker who has signed in with the keyboard."""
    page = console_page
    page.goto(f"{house.backend_url}/console")
    type_into(page, page.get_by_label("Brugernavn"), "demo")
    type_into(page, page.get_by_label("Adgangskode"), house.secrets["DIGISPOR_DEMO_PASSWORD"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Samtaler")).to_be_visible()
    return page


def open_by_keyboard(page: Page, citizen: RestCitizen) -> None:
    """Searches for the citizen until the spool has brought what they said, and opens the conversation."""
    found = page.locator("#samtaler").get_by_role("link", name=CITIZEN).first
    for _ in range(20):
        type_into(page, page.get_by_role("searchbox"), CITIZEN)
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        if found.count():
            break
        page.wait_for_timeout(500)
    press(page, found)
    expect(page.get_by_role("heading", name=CITIZEN)).to_be_visible()


def test_the_track_is_decided(desk: Page, house: House, citizen: RestCitizen) -> None:
    open_by_keyboard(desk, citizen)
    press(desk, desk.get_by_text(re.compile("^Vælg Spor")).first)
    type_into(desk, desk.get_by_label("Hvorfor?").first, "Har brugt regneark i ti år")
    press(desk, desk.get_by_role("button", name="Gem valget").first)
    expect(desk.get_by_role("heading", name=re.compile("^Ændret: Spor"))).to_be_visible()
    [placement] = rows(
        house,
        "SELECT p.status FROM placements p JOIN citizens c ON c.id = p.citizen_id "
        "WHERE c.conversation_id = ?",
        citizen.id,
    )
    assert placement["status"] == "changed"


def test_a_conversation_is_reviewed(desk: Page, citizen: RestCitizen) -> None:
    open_by_keyboard(desk, citizen)
    choose(desk, desk.get_by_label("Hvor godt klarede Digispor det?"), "3, nogenlunde")
    press(desk, desk.get_by_role("button", name=re.compile("^Gem (som gennemgået|vurderingen)")))
    expect(desk.get_by_text("Gennemgået af Demo Medarbejder")).to_be_visible()
    type_into(desk, desk.get_by_label("Ny note til kolleger"), "Ring efter klokken ti.")
    press(desk, desk.get_by_role("button", name="Gem noten"))
    expect(desk.get_by_text("Ring efter klokken ti.")).to_be_visible()


def test_a_misreading_becomes_training_data(desk: Page, citizen: RestCitizen) -> None:
    open_by_keyboard(desk, citizen)
    said = desk.locator("li.turn.citizen", has_text=DISAGREES)
    press(desk, said.get_by_text("Ret forståelsen"))
    choose(desk, said.get_by_label("Hvad mente borgeren?"), "Er ikke enig i sporet")
    press(desk, said.get_by_role("button", name="Gem, hvad borgeren mente"))
    expect(desk.get_by_text("Rettet til: Er ikke enig i sporet.")).to_be_visible()
    press(desk, desk.get_by_role("link", name="Rettelser"))
    card = desk.get_by_role("article", name=DISAGREES)
    press(desk, card.get_by_role("button", name="Godkend"))
    # The page from before has the link, too, where something was approved before.
    expect(card).to_have_count(0)
    with desk.expect_download() as download:
        press(desk, desk.get_by_role("link", name="Hent de godkendte som træningsdata"))
    assert f"- {DISAGREES}" in download.value.path().read_text("utf-8")


def test_a_meeting_is_prepared(desk: Page, house: House, citizen: RestCitizen) -> None:
    [booked] = rows(
        house,
        "SELECT s.starts_at FROM bookings b JOIN citizens c ON c.id = b.citizen_id "
        "JOIN slots s ON s.id = b.slot_id WHERE c.conversation_id = ?",
        citizen.id,
    )
    press(desk, desk.get_by_role("link", name="Møder", exact=True))
    day = booked["starts_at"][:10]
    while desk.get_by_label("Dag", exact=True).input_value() < day:
        shown = desk.get_by_label("Dag", exact=True).input_value()
        press(desk, desk.get_by_role("link", name="Dagen efter"))
        expect(desk.get_by_label("Dag", exact=True)).not_to_have_value(shown)
    press(desk, desk.get_by_role("link", name=CITIZEN))
    expect(desk.get_by_role("heading", name="Samtaleforberedelse")).to_be_visible()
    press(desk, desk.get_by_role("link", name=re.compile("Se, hvor det står")).first)
    expect(desk.get_by_role("heading", name=CITIZEN)).to_be_visible()


def test_figures_are_taken_out(desk: Page) -> None:
    press(desk, desk.get_by_role("link", name="Tal", exact=True))
    with desk.expect_download() as download:
        press(desk, desk.get_by_role("link", name=re.compile("Hent tabellen til regneark")).first)
    assert download.value.suggested_filename.endswith(".csv")


def test_somebody_is_given_access_and_the_log_is_read(desk: Page, citizen: RestCitizen) -> None:
    open_by_keyboard(desk, citizen)
    press(desk, desk.get_by_role("link", name="Brugere"))
    type_into(desk, desk.get_by_label("Brugernavn"), "tina")
    type_into(desk, desk.get_by_label("Navn", exact=True), "Tina Tast")
    press(desk, desk.get_by_role("button", name="Tilføj bruger"))
    expect(desk.get_by_text("Tina Tast").first).to_be_visible()
    press(desk, desk.get_by_role("link", name="Log", exact=True))
    type_into(desk, desk.get_by_label("Samtalens id"), citizen.id)
    press(desk, desk.get_by_role("button", name="Find"))
    expect(desk.get_by_text("demo").first).to_be_visible()


def test_the_focus_is_seen_wherever_it_is(desk: Page) -> None:
    tab_to(desk, desk.get_by_role("searchbox"))
    outline = desk.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_a_meeting_is_cancelled_and_another_booked(desk: Page, house: House, citizen: RestCitizen) -> None:
    open_by_keyboard(desk, citizen)
    press(desk, desk.get_by_role("link", name=re.compile("^Aflys")).first)
    type_into(desk, desk.get_by_label("Hvorfor bliver tiden aflyst?"), "Konsulenten er syg")
    press(desk, desk.get_by_role("button", name="Se beskeden"))
    press(desk, desk.get_by_role("button", name="Aflys tiden"))
    press(desk, desk.get_by_role("link", name="Book en tid"))
    tab_to(desk, desk.get_by_role("radio").first)
    desk.keyboard.press("Space")
    press(desk, desk.get_by_role("button", name="Se beskeden"))
    press(desk, desk.get_by_role("button", name="Book tiden"))
    expect(desk.get_by_role("link", name=re.compile("^Flyt"))).to_be_visible()
    booked = rows(
        house,
        "SELECT b.status FROM bookings b JOIN citizens c ON c.id = b.citizen_id "
        "WHERE c.conversation_id = ? ORDER BY b.created_at",
        citizen.id,
    )
    assert [one["status"] for one in booked] == ["cancelled", "booked"]


def test_the_list_is_narrowed(desk: Page, citizen: RestCitizen) -> None:
    tab_to(desk, desk.get_by_label("ulæste"))
    desk.keyboard.press("Space")
    expect(desk).to_have_url(re.compile("unread=yes"))
    choose(desk, desk.get_by_label("Skriver på"), "Andet system")
    expect(desk).to_have_url(re.compile("channel=rest"))
    expect(desk.locator("#liste")).to_be_visible()
