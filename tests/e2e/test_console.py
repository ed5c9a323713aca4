"""The console against the running house, with a conversation that the assistant really held."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.house import BACKEND, House
from benchmarks.rest_citizen import RestCitizen, rows
from tests.e2e.axe import violations
from tests.e2e.console import DISAGREES, disagreeing_citizen, open_conversation, picture, sign_in
from tests.e2e.console_search import reload_until, search_until
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, open_provider

CITIZEN = "Karla Sæby"
LONGER_THAN_THE_PAUSE_AFTER_TYPING = 1_000
# Faster than any keyboard, so that the pause after typing is not over before.
TYPE_AND_SEND = """(box, words) => {
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
    box.form.requestSubmit();
}"""


@pytest.fixture(scope="module")
def citizen(house: House) -> RestCitizen:
    """Someone who has been assessed, disagrees, and has booked."""
    return disagreeing_citizen(house, CITIZEN)


@pytest.fixture
def provider(house: House) -> Iterator[Provider]:
    """The municipality's own sign-in, which the console knows for as long as the test lasts."""
    with open_provider(house.backend_url) as provider:
        house.settings = {
            "DIGISPOR_OIDC_ISSUER": provider.issuer,
            "DIGISPOR_OIDC_CLIENT_ID": CLIENT_ID,
            "DIGISPOR_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        }
        house.kill(BACKEND)
        house.start(BACKEND)
        yield provider
    house.settings = {}
    house.kill(BACKEND)
    house.start(BACKEND)


@pytest.fixture
def desk(console_page: Page, house: House) -> Page:
    """The console of a caseworker who has signed in with the mouse."""
    sign_in(console_page, house)
    return console_page


def placement_of(house: House, citizen: RestCitizen) -> dict[str, object]:
    [placement] = rows(
        house,
        "SELECT p.* FROM placements p JOIN citizens c ON c.id = p.citizen_id WHERE c.conversation_id = ?",
        citizen.id,
    )
    return placement


def test_what_the_assistant_understood_and_proposed_stands_on_one_page(
    desk: Page, citizen: RestCitizen
) -> None:
    open_conversation(desk, CITIZEN)
    expect(desk.get_by_text("min søn hjælper mig med det").first).to_be_visible()
    expect(desk.get_by_text(re.compile(r"Forstået som: .*sikker")).first).to_be_visible()
    expect(desk.get_by_text(DISAGREES).first).to_be_visible()
    expect(desk.get_by_role("heading", name="Tider")).to_be_visible()
    assert violations(desk) == []
    picture(desk, "console-conversation")


def test_an_old_tab_and_the_back_button_change_nothing(
    desk: Page, house: House, citizen: RestCitizen
) -> None:
    open_conversation(desk, CITIZEN)
    old_tab = desk.context.new_page()
    old_tab.goto(desk.url)
    before = placement_of(house, citizen)["version"]
    decide(desk, "Først")
    expect(desk.get_by_role("heading", name=re.compile("^Ændret: Spor"))).to_be_visible()
    decide(old_tab, "For sent")
    expect(old_tab.get_by_role("heading", name="Nogen har ændret det imens")).to_be_visible()
    assert violations(old_tab) == []
    desk.reload()
    desk.go_back()
    after = placement_of(house, citizen)
    assert (after["version"], after["decided_reason"]) == (before + 1, "Først")


def decide(page: Page, reason: str) -> None:
    page.get_by_text(re.compile("^Vælg Spor")).first.click()
    page.get_by_label("Hvorfor?").first.fill(reason)
    page.get_by_role("button", name="Gem valget").first.click()


def test_a_conversation_is_reviewed_and_a_misreading_becomes_training_data(
    desk: Page, house: House, citizen: RestCitizen
) -> None:
    open_conversation(desk, CITIZEN)
    desk.get_by_label("Hvor godt klarede Digispor det?").select_option("3, nogenlunde")
    desk.get_by_role("button", name=re.compile("^Gem (som gennemgået|vurderingen)")).click()
    expect(desk.get_by_text("Gennemgået af Demo Medarbejder")).to_be_visible()
    desk.get_by_label("Ny note til kolleger").fill("Spørg til regnearkene.")
    desk.get_by_role("button", name="Gem noten").click()
    expect(desk.get_by_text("Spørg til regnearkene.")).to_be_visible()

    said = desk.locator("li.turn.citizen", has_text=DISAGREES)
    said.get_by_text("Ret forståelsen").click()
    said.get_by_label("Hvad mente borgeren?").select_option("Er ikke enig i sporet")
    said.get_by_role("button", name="Gem, hvad borgeren mente").click()
    expect(desk.get_by_text("Rettet til: Er ikke enig i sporet.")).to_be_visible()
    assert violations(desk) == []

    desk.get_by_role("link", name="Rettelser").click()
    card = desk.get_by_role("article", name=DISAGREES)
    assert violations(desk) == []
    picture(desk, "console-training")
    card.get_by_role("button", name="Godkend").click()
    expect(card).to_have_count(0)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Hent de godkendte som træningsdata").click()
    assert f"- {DISAGREES}" in download.value.path().read_text("utf-8")


def test_the_review_queue_tells_how_far_the_week_is(desk: Page, citizen: RestCitizen) -> None:
    desk.get_by_role("link", name="Gennemgang").click()
    expect(desk.get_by_role("status")).to_contain_text("gennemgået i denne uge")
    assert violations(desk) == []
    picture(desk, "console-reviews")


def test_figures_are_shown_with_the_tables_behind_them(desk: Page, citizen: RestCitizen) -> None:
    desk.get_by_role("link", name="Tal", exact=True).click()
    expect(desk.get_by_role("heading", name="Hvor langt borgerne kommer")).to_be_visible()
    assert violations(desk) == []
    picture(desk, "console-figures")
    with desk.expect_download() as download:
        desk.get_by_role("link", name=re.compile("Hent tabellen til regneark")).first.click()
    assert download.value.suggested_filename.endswith(".csv")


def test_a_meeting_is_prepared_on_one_page_whose_statements_lead_to_their_sources(
    desk: Page, house: House, citizen: RestCitizen
) -> None:
    [booked] = rows(
        house,
        "SELECT s.starts_at FROM bookings b JOIN citizens c ON c.id = b.citizen_id "
        "JOIN slots s ON s.id = b.slot_id WHERE c.conversation_id = ?",
        citizen.id,
    )
    desk.get_by_role("link", name="Møder", exact=True).click()
    desk.get_by_label("Dag", exact=True).fill(booked["starts_at"][:10])
    desk.get_by_role("button", name="Vis dagen").click()
    assert violations(desk) == []
    desk.get_by_role("link", name=CITIZEN).click()
    expect(desk.get_by_role("heading", name="Samtaleforberedelse")).to_be_visible()
    expect(desk.get_by_text(DISAGREES).first).to_be_visible()
    assert violations(desk) == []
    picture(desk, "console-brief")
    desk.get_by_role("link", name=re.compile("Se, hvor det står")).first.click()
    expect(desk.get_by_role("heading", name=CITIZEN)).to_be_visible()
    assert desk.evaluate("document.querySelector(':target') !== null")


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_search_moves_the_list_only_once(desk: Page, citizen: RestCitizen, key: str) -> None:
    # A list that moves a second time takes a click on it away from whoever was quick.
    answers: list[str] = []
    asked = re.compile(r"/conversations\?search=")
    desk.on(
        "requestfinished", lambda request: answers.append(request.url) if asked.search(request.url) else None
    )
    box = desk.get_by_role("searchbox")
    if key == "Enter":
        box.evaluate(TYPE_AND_SEND, CITIZEN)
    else:
        box.fill(CITIZEN)
        expect(desk).to_have_url(asked)
        box.press(key)
    expect(desk).to_have_url(asked)
    desk.wait_for_timeout(LONGER_THAN_THE_PAUSE_AFTER_TYPING)
    assert len(answers) == 1


def test_an_administrator_gives_access_and_sees_who_looked_at_a_conversation(
    desk: Page, citizen: RestCitizen
) -> None:
    open_conversation(desk, CITIZEN)
    desk.get_by_role("link", name="Brugere").click()
    desk.get_by_label("Brugernavn").fill("ole")
    desk.get_by_label("Navn", exact=True).fill("Ole Bo")
    desk.get_by_role("button", name="Tilføj bruger").click()
    expect(desk.get_by_text("Ole Bo").first).to_be_visible()
    assert violations(desk) == []
    picture(desk, "console-accounts")
    desk.get_by_role("link", name="Team", exact=True).click()
    expect(desk.get_by_text("Modtagelsen").first).to_be_visible()
    assert violations(desk) == []
    picture(desk, "console-teams")
    desk.get_by_role("link", name="Log", exact=True).click()
    desk.get_by_label("Samtalens id").fill(citizen.id)
    desk.get_by_role("button", name="Find").click()
    expect(desk.get_by_text("demo").first).to_be_visible()
    assert violations(desk) == []
    picture(desk, "console-log")


def test_a_caseworker_comes_in_by_the_municipalitys_login_with_the_roles_it_gives(
    console_page: Page, house: House, citizen: RestCitizen, provider: Provider
) -> None:
    page = console_page
    # The provider's pages ask for a font elsewhere.
    page.route("https://**", lambda route: route.abort())
    roles = [{"role": "caseworker", "organisation": "*"}]
    provider.know(karen={"name": "Karen Holm", "preferred_username": "karen", "roles": roles})
    page.goto(f"{house.backend_url}/console")
    assert violations(page) == []
    picture(page, "console-sign-in")
    page.get_by_role("link", name="Log ind med kommunens login").click()
    page.get_by_placeholder("Enter any login").fill("karen")
    page.get_by_placeholder("and password").fill("x")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Samtaler")).to_be_visible()
    open_conversation(page, CITIZEN)
    expect(page.get_by_role("link", name="Brugere")).to_have_count(0)
    page.get_by_role("button", name="Log ud").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page.get_by_role("heading", name="Log ind", exact=True)).to_be_visible()
    page.goto(f"{house.backend_url}/console/conversations/{citizen.id}")
    expect(page.get_by_role("heading", name="Log ind", exact=True)).to_be_visible()


def said(page: Page, text: str) -> Locator:
    """What stands as a turn of the conversation."""
    return page.locator(".turn-text", has_text=text)


def test_the_list_is_narrowed_and_tells_of_news_without_moving_anything(desk: Page, house: House) -> None:
    lene = RestCitizen(house)
    lene.say("hej")
    lene.say("min kanariefugl hedder Pip")
    found = desk.locator("#samtaler li")
    search_until(desk, "kanariefugl", found)
    desk.get_by_label("ulæste").check()
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Ulæst")
    assert violations(desk) == []
    picture(desk, "console-conversations")
    lene.say("min kanariefugl er gul")
    expect(desk.get_by_role("status").get_by_text("1 samtale har nyt.")).to_be_visible()
    desk.get_by_role("link", name="Vis den").click()
    # It is hidden again with the new list.
    expect(desk.locator("#nyt-vis")).to_be_hidden()
    found.get_by_role("link").first.click()
    # The news may have been of the answer to what was said before.
    reload_until(desk, said(desk, "min kanariefugl er gul"))
    lene.say("og han synger")
    expect(desk.get_by_role("status").get_by_text(re.compile("nye beskeder?"))).to_be_visible()
    expect(said(desk, "og han synger")).to_have_count(0)
    desk.get_by_role("link", name=re.compile("^Vis de[nm]$")).click()
    expect(said(desk, "og han synger")).to_be_visible()


def test_a_long_conversation_opens_at_its_end_and_goes_back_to_its_beginning(
    desk: Page, house: House
) -> None:
    talkative = RestCitizen(house)
    talkative.say("hej")
    talkative.say("mit marsvin hedder Mis")
    for number in range(30):
        talkative.say(f"hvad er klokken nu {number}")
    first = said(desk, "mit marsvin hedder Mis")
    for _ in range(20):
        desk.goto(f"{house.backend_url}/console/conversations/{talkative.id}")
        if said(desk, "hvad er klokken nu 29").count():
            break
        desk.wait_for_timeout(500)
    expect(desk.locator("#ture > li")).to_have_count(50)
    expect(first).to_have_count(0)
    desk.get_by_role("link", name="Vis tidligere").click()
    expect(first).to_be_visible()
    expect(desk.get_by_text("Her begynder samtalen.")).to_be_focused()
    assert violations(desk) == []


@pytest.mark.parametrize(
    ("link", "heading", "name"),
    [
        ("Har ventet", "Har ventet", "waiting"),
        ("Sms", "Sms", "sms"),
        ("Min konto", "Min konto", "own-account"),
    ],
)
def test_the_pages_that_hold_no_case_are_for_everybody_to_use(
    desk: Page, link: str, heading: str, name: str
) -> None:
    desk.get_by_role("link", name=link, exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(heading)
    assert violations(desk) == []
    picture(desk, f"console-{name}")
