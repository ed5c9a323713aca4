"""What the tests of the console have in common: the way in, something to read, the keyboard, pictures."""

from playwright.sync_api import Locator, Page, expect

from benchmarks.house import House
from benchmarks.rest_citizen import RestCitizen
from tests.e2e.browser import PICTURES
from tests.e2e.console_search import find_conversation
from tests.e2e.test_main_job import assess, book

# More stops than a page of the console has.
MOST_STOPS = 250
WIDE = {"width": 1280, "height": 960}
DISAGREES = "jeg har arbejdet med regneark i ti år"


def disagreeing_citizen(house: House, name: str) -> RestCitizen:
    """Someone who has been assessed, disagrees, and has booked."""
    citizen = RestCitizen(house)
    citizen.say("hej")
    assess(citizen, "lad os starte")
    citizen.say("det er jeg ikke enig i")
    citizen.say(DISAGREES)
    book(citizen, name, "40 50 60 70")
    return citizen


def sign_in(page: Page, house: House) -> None:
    """Signs the demo's caseworker in with the mouse."""
    page.goto(f"{house.backend_url}/console")
    page.get_by_label("Brugernavn").fill("demo")
    page.get_by_label("Adgangskode").fill(house.secrets["DIGISPOR_DEMO_PASSWORD"])
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", name="Samtaler")).to_be_visible()


def open_conversation(page: Page, name: str) -> None:
    """Finds a citizen's conversation and opens it."""
    find_conversation(page, name)
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    """Moves the focus with the Tab key alone."""
    expect(target).to_be_visible()
    for _ in range(MOST_STOPS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by Tab to {target}")


def press(page: Page, target: Locator) -> None:
    """Goes to a button or link with the Tab key and presses it."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def type_into(page: Page, target: Locator, text: str) -> None:
    """Goes to a field with the Tab key, and writes over what stands there."""
    tab_to(page, target)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page: Page, target: Locator, option: str) -> None:
    """Goes to a list of choices with the Tab key, and writes until the choice is taken."""
    tab_to(page, target)
    page.keyboard.type(option)
    expect(target.locator("option:checked")).to_have_text(option)


def picture(page: Page, name: str) -> None:
    """Takes a picture of the page, as wide as it stands in the README."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
