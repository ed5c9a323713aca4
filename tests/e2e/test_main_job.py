"""The main job, end to end: real Rasa, action server, backend and database; over REST and in a browser."""

import re
import urllib.request
from collections.abc import Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.house import House
from benchmarks.rest_citizen import RestCitizen, rows
from tests.e2e.browser import Chat
from tests.e2e.console_search import find_conversation, reload_until

PHONE = {"width": 390, "height": 780}
QUESTION = re.compile(r"Spørgsmål (\d+) \((?:højst (\d+) tilbage|det sidste)\)")
OWN_WORDS = (
    "det kan jeg ikke",
    "min søn hjælper mig med det",
    "det klarer jeg selv",
    "kun hvis nogen viser mig hvordan",
    "nej det har jeg aldrig prøvet",
    "jeg kan godt lidt, men jeg skal have hjælp",
)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, locale="da-DK", timezone_id="Europe/Copenhagen")
    yield context.new_page()
    context.close()


@pytest.fixture
def chat(page: Page, house: House) -> Chat:
    opened = Chat(page, house)
    opened.open()
    return opened


def assess(
    citizen: RestCitizen,
    start: str = "ja lad os komme i gang",
    words: Iterator[str] | None = None,
) -> str:
    """Answers every question in free words and gives the last reply; checks that the bound never rises."""
    reply = citizen.say(start)
    words = words or cycle(OWN_WORDS)
    left = 15
    while match := QUESTION.search(reply):
        shown = int(match[2] or 0)
        assert shown <= left, f"the bound rose from {left} to {shown}"
        left = shown
        reply = citizen.say(next(words))
    return reply


def book(citizen: RestCitizen, name: str = "Fatima Ørsted", phone: str = "22 33 44 55") -> str:
    """Books the second time offered, in free words, and gives the last reply."""
    answers = citizen.send("jeg vil gerne have en tid hos en konsulent, men ikke onsdag")
    [offered] = [message["buttons"] for message in answers if "buttons" in message]
    assert not [time["title"] for time in offered if time["title"].startswith("ons")]
    assert "10 minutter" in citizen.say("den anden")
    citizen.say(name)
    summary = citizen.say(phone)
    assert name in summary
    assert phone in summary
    return citizen.say("ja tak")


def booking_of(house: House, citizen: RestCitizen) -> list[dict[str, object]]:
    return rows(
        house,
        "SELECT b.* FROM bookings b JOIN citizens c ON c.id = b.citizen_id WHERE c.conversation_id = ? "
        "ORDER BY b.created_at",
        citizen.id,
    )


# Over REST, in Danish text only


def test_the_first_message_says_what_it_is_and_what_is_stored(house: House) -> None:
    introduction = RestCitizen(house).say("hej")
    for promised in (
        "robot",
        "ikke et menneske",
        "gemt",
        "6 måneder",
        "menneske, der beslutter",
        "12 34 56 78",
    ):
        assert promised in introduction


def test_the_main_job_in_free_danish_text(house: House) -> None:
    citizen = RestCitizen(house)
    citizen.say("hej")
    result = assess(citizen, "ok men jeg er ikk god til det der, lad os gå i gang")
    assert "Spor 1" in result
    assert "Hvorfor?" in result
    assert "kun et forslag" in result

    confirmation = book(citizen)
    assert "booket" in confirmation
    for stated in ("Konsulent:", "Opfølgende samtale", "flytte eller aflyse", "12 34 56 78"):
        assert stated in confirmation
    stored = booking_of(house, citizen)
    assert [row["status"] for row in stored] == ["booked"]

    when = citizen.say("hvornår er det nu min tid er?")
    assert re.search(r"kl\. \d{1,2}\.\d\d", when)


def test_who_is_proposed_the_track_with_employers_tells_which_job_and_books(house: House) -> None:
    citizen = RestCitizen(house)
    citizen.say("hej")
    result = assess(
        citizen, "lad os starte", cycle(["det klarer jeg selv", "det kan jeg sagtens vise andre"])
    )
    assert result.index("Mit forslag er Spor 2") < result.index("Hvilket job vil du gerne have?")
    assert "Hvilket job vil du gerne have?" in citizen.say("hvad gemmer i om mig")
    stored = citizen.say("jeg vil gerne være sikkerhedsvagt")
    assert "hvilket job du gerne vil have: sikkerhedsvagt." in stored
    wished = "SELECT wished_occupation FROM citizens WHERE conversation_id = ?"
    assert rows(house, wished, citizen.id) == [{"wished_occupation": "sikkerhedsvagt"}]
    assert "booket" in book(citizen, "Sofie Bro", "23 34 45 56")


def test_a_booking_can_be_moved_and_then_cancelled(house: House) -> None:
    citizen = RestCitizen(house)
    citizen.say("hej")
    book(citizen)
    before = booking_of(house, citizen)[0]

    citizen.say("jeg vil gerne flytte min tid til en anden dag")
    citizen.say("den sidste")
    assert "flyttet" in citizen.say("ja")
    moved = booking_of(house, citizen)[0]
    assert moved["version"] != before["version"]

    assert "ikke aflyst endnu" in citizen.say("jeg er blevet syg og må melde afbud")
    assert "aflyst" in citizen.say("ja aflys den")
    assert booking_of(house, citizen)[0]["status"] == "cancelled"


def test_a_time_that_somebody_else_took_is_told_and_another_can_be_chosen(house: House) -> None:
    quick, slow = RestCitizen(house), RestCitizen(house)
    for citizen in (quick, slow):
        citizen.say("jeg vil gerne booke en tid")
    assert "10 minutter" in quick.say("den første")
    assert "lige blevet taget" in slow.say("den første")
    assert "10 minutter" in slow.say("den første")


def test_questions_in_the_middle_are_answered_and_the_form_goes_on(house: House) -> None:
    citizen = RestCitizen(house)
    citizen.say("hej")
    question = QUESTION.search(citizen.say("lad os starte"))
    assert question
    for digression in (
        "hvad gemmer i om mig",
        "er du et menneske?",
        "hvad går sporene ud på",
        "hvorfor spørger du om det",
        "hjælp",
    ):
        assert "Hvor godt kan du" in citizen.say(digression), digression


def test_a_question_in_the_same_breath_as_an_answer_is_answered_too(house: House) -> None:
    citizen = RestCitizen(house)
    citizen.say("hej")
    citizen.say("lad os starte")
    said = citizen.say("ja det kan jeg, men hvornår er min tid?")
    assert 'så skriver jeg "på egen hånd"' in said
    assert "Jeg kan ikke se nogen tid i denne samtale" in said
    assert "Spørgsmål 2" in said
    assert 'så skriver jeg "med hjælp"' in citizen.say("min søn hjælper mig. Hvad gemmer I om mig?")
    assert any("Vi gemmer det, du skriver her" in text for text in citizen.heard)


def test_the_ways_around_a_question_work(house: House) -> None:
    citizen = RestCitizen(house)
    citizen.say("hej")
    citizen.say("lad os starte")
    assert QUESTION.search(citizen.say("spring over"))
    citizen.say("det klarer jeg selv")
    back = citizen.say("tilbage")
    assert QUESTION.search(back)
    assert "gemt" in citizen.say("jeg vil gerne holde pause")
    assert QUESTION.search(citizen.say("fortsæt"))
    assert "12 34 56 78" in citizen.say("jeg vil tale med et menneske")


# In the browser


def test_the_main_job_by_buttons(chat: Chat, house: House) -> None:
    chat.press("Ja, lad os starte")
    answers = cycle(["Med hjælp", "Det kan jeg ikke", "På egen hånd"])
    while chat.offered("Book en tid", "Med hjælp") == "Med hjælp":
        chat.press(next(answers))
    chat.sees("Mit forslag er Spor 1")
    chat.picture("chat")
    chat.press("Book en tid")
    chat.sees("ledige tider")
    chat.press(re.compile(r"kl\. \d+\.\d\d"))
    chat.sees("10 minutter")
    chat.write("Mogens Bøgh")
    chat.write("31 32 33 34")
    chat.press("Ja, book tiden")
    chat.sees(re.compile("Din tid er booket"))
    with urllib.request.urlopen(calendar_link(chat)) as response:
        assert b"BEGIN:VEVENT" in response.read()
    booked = rows(house, "SELECT citizen_name, status FROM bookings")
    assert [one["status"] for one in booked if one["citizen_name"] == "Mogens Bøgh"] == ["booked"]


def test_booking_by_button_leaves_the_question_about_the_job(chat: Chat, house: House) -> None:
    chat.press("Ja, lad os starte")
    while chat.offered("Book en tid", "På egen hånd") == "På egen hånd":
        chat.press("Sikkert, jeg kan vise andre")
    chat.sees("Hvilket job vil du gerne have?")
    chat.press("Book en tid")
    chat.sees("ledige tider")
    chat.press(re.compile(r"kl\. \d+\.\d\d"))
    chat.sees("10 minutter")


def test_buttons_and_own_words_mix(chat: Chat) -> None:
    chat.write("ok men jeg er ikk god til det der")
    if chat.offered("Ja, lad os starte", "Med hjælp") == "Ja, lad os starte":
        chat.press("Ja, lad os starte")
    chat.sees("Hvor godt kan du")
    chat.write("min søn viser mig det nogen gange")
    chat.sees("med hjælp")
    chat.press("På egen hånd")
    chat.write("2")
    chat.sees(re.compile("Spørgsmål 4"))


def test_the_conversation_survives_a_reload(chat: Chat, page: Page) -> None:
    chat.press("Ja, lad os starte")
    chat.press("Med hjælp")
    chat.sees(re.compile("Spørgsmål 2"))
    seen = chat.messages.count()
    page.reload()
    expect(chat.messages).to_have_count(seen)
    chat.press("Med hjælp")
    chat.sees(re.compile("Spørgsmål 3"))


def calendar_link(chat: Chat) -> str:
    link = chat.page.get_by_role("link", name=re.compile("kalender")).last.get_attribute("href")
    assert link is not None
    return link


# The caseworker


def test_a_caseworker_reads_the_conversation(page: Page, house: House) -> None:
    citizen = RestCitizen(house)
    citizen.say("hej")
    assess(citizen, "lad os starte")
    book(citizen, "Karin Æbelø", "40 50 60 70")
    citizen.say("<script>alert('hej')</script>")

    page.goto(f"{house.backend_url}/console")
    page.get_by_label("Brugernavn").fill("demo")
    page.get_by_label("Adgangskode").fill(house.secrets["DIGISPOR_DEMO_PASSWORD"])
    page.get_by_role("button", name="Log ind").click()
    find_conversation(page, "Karin")
    expect(page.get_by_role("heading", name="Karin")).to_be_visible()
    expect(page.get_by_text("min søn hjælper mig med det").first).to_be_visible()
    reload_until(page, page.get_by_text("<script>alert('hej')</script>", exact=True))
    expect(page.get_by_text("Spor 1").first).to_be_visible()
