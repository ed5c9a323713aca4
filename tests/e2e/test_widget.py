"""The main job in the chat, as different people do it, on good lines and on bad ones."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from backend.assessment.item_bank import load_item_bank
from benchmarks.house import RASA, House
from benchmarks.rest_citizen import RestCitizen, rows
from tests.e2e.axe import violations
from tests.e2e.browser import Chat
from tests.e2e.keyboard import KeyboardChat
from tests.e2e.lossy_line import LossyLine

WIDE, PHONE, ZOOMED = (
    {"width": 1280, "height": 900},
    {"width": 320, "height": 640},
    # What is left of a window of 1280 by 1024 at 400 %.
    {"width": 320, "height": 256},
)
# The log scrolls by itself, and has no room for all of the introduction.
NARROW = {"width": 390, "height": 780}
# A restarted Rasa loads its model first.
RESTART_MS = 120_000
SCALE = ("Med hjælp", "Det kan jeg ikke", "På egen hånd")
TIME = re.compile(r"^kl\. \d+\.\d\d")
INTRODUCTION = "Jeg er en robot"
SAID = "digispor-chat .message .text"
IN_EASIER_WORDS = re.compile(
    "|".join(re.escape(f"Hvor godt kan du {item.easier_text}?") + "$" for item in load_item_bank().items)
)


@contextmanager
def device(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="da-DK", timezone_id="Europe/Copenhagen")
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def on_a_phone(browser: Browser, house: House) -> Iterator[Chat]:
    with device(browser, PHONE) as page:
        chat = Chat(page, house)
        chat.open("/chat")
        yield chat


def conversation_id(page: Page) -> str:
    """Reads whom the server takes the browser for from the token it was given."""
    stored = page.evaluate("Object.entries(localStorage).find(([key]) => key.endsWith(':token'))[1]")
    claims = stored.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])


def said_by_citizen(page: Page) -> list[str]:
    return page.locator("digispor-chat .message.citizen .text").all_text_contents()


def all_said(page: Page) -> list[str]:
    return page.locator(SAID).all_text_contents()


def stored(house: House, conversation: str, query: str) -> list[dict[str, object]]:
    return rows(house, f"SELECT {query} c.conversation_id = ?", conversation)


BOOKINGS = "b.citizen_name, b.status FROM bookings b JOIN citizens c ON c.id = b.citizen_id WHERE"
ANSWERS = (
    "r.item_id FROM assessment_answers r JOIN assessments a ON a.id = r.assessment_id "
    "JOIN citizens c ON c.id = a.citizen_id WHERE"
)
RATINGS = "c.rating FROM conversation_ratings c WHERE"


def do_the_main_job(chat: Chat, house: House, name: str, *, inspect: bool = False) -> None:
    """From the introduction to a booked time; holds what was said against what is stored."""

    def look() -> None:
        if inspect:
            assert violations(chat.page) == []

    look()
    chat.press("Ja, lad os starte")
    look()
    answers = cycle(SCALE)
    while chat.offered("Book en tid", SCALE[0]) == SCALE[0]:
        chat.press(next(answers))
    chat.sees("Mit forslag er Spor 1")
    look()
    chat.press("Book en tid")
    chat.sees("ledige tider")
    look()
    chat.press(TIME)
    chat.sees("10 minutter")
    chat.write(name)
    chat.write("31 32 33 34")
    chat.press("Ja, book tiden")
    chat.sees("Din tid er booket")
    look()
    chat.press("Meget tilfreds")
    chat.sees("Tak, fordi du svarede")
    conversation = conversation_id(chat.page)
    assert stored(house, conversation, BOOKINGS) == [{"citizen_name": name, "status": "booked"}]
    assert stored(house, conversation, RATINGS) == [{"rating": 5}]


@pytest.mark.parametrize(
    ("size", "path"), [(WIDE, "/"), (PHONE, "/chat"), (ZOOMED, "/chat")], ids=["mouse", "phone", "zoomed"]
)
def test_the_main_job_by_pointing(browser: Browser, house: House, size: dict[str, int], path: str) -> None:
    with device(browser, size) as page:
        chat = Chat(page, house)
        chat.open(path)
        do_the_main_job(chat, house, "Vagn Bøgh", inspect=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_main_job_by_keyboard_alone(browser: Browser, house: House) -> None:
    with device(browser, WIDE) as page:
        chat = KeyboardChat(page, house)
        chat.open()
        do_the_main_job(chat, house, "Åse Ærø")


def lead_through(page: Page, house: House, line: LossyLine) -> None:
    """Lets the page reach the chat server by another line."""
    address, detour = f"127.0.0.1:{house.ports[RASA]}", f"127.0.0.1:{line.port}"

    def reroute(route: Route) -> None:
        response = route.fetch()
        headers = {name: value.replace(address, detour) for name, value in response.headers.items()}
        route.fulfill(response=response, headers=headers, body=response.text().replace(address, detour))

    page.route(f"{house.backend_url}/chat", reroute)


def test_nothing_is_lost_or_doubled_on_a_bad_line_and_with_two_restarts(
    browser: Browser, house: House
) -> None:
    with LossyLine(house.ports[RASA], loss=0.2) as line, device(browser, PHONE) as page:
        lead_through(page, house, line)
        chat = Chat(page, house)
        chat.open("/chat")
        said = ["Ja, lad os starte"]
        chat.press(said[0])
        answers = cycle(SCALE)
        questions = 0
        while chat.offered("Book en tid", SCALE[0]) == SCALE[0]:
            answer = next(answers)
            said.append(answer)
            questions += 1
            if questions == 3:
                answer_while_the_server_dies(chat, house, answer)
            else:
                chat.press(answer)
        chat.press("Book en tid")
        chat.press(TIME)
        said += ["Book en tid", said_by_citizen(page)[-1]]
        chat.sees("Hvad hedder du?")
        write_while_the_server_is_away(chat, house, "Karl Smart", "31 32 33 34")
        said += ["Karl Smart", "31 32 33 34"]
        chat.press("Ja, book tiden")
        said.append("Ja, book tiden")
        chat.sees("Din tid er booket")
        chat.sees("Hvor tilfreds er du")

        assert said_by_citizen(page) == said
        shown = all_said(page)
        page.reload()
        expect(chat.messages).to_have_count(len(shown), timeout=RESTART_MS)
        assert all_said(page) == shown
        conversation = conversation_id(page)
        assert len(stored(house, conversation, ANSWERS)) == questions
        assert stored(house, conversation, BOOKINGS) == [{"citizen_name": "Karl Smart", "status": "booked"}]
        assert transcript(house, conversation, until=said[-1]) == said
    assert line.lost > 20, f"{line.lost} of {line.packets} packets were lost"


def transcript(house: House, conversation: str, until: str) -> list[object]:
    """What the caseworkers read that the citizen has said, once the spool has brought it up to `until`."""
    query = (
        "SELECT text FROM conversation_turns WHERE conversation_id = ? AND speaker = 'citizen' "
        "ORDER BY occurred_at, position"
    )
    for _ in range(200):
        texts = [row["text"] for row in rows(house, query, conversation)]
        if until in texts:
            return texts
        # Another citizen's turn, so that the spool has something to do.
        RestCitizen(house).say("hej")
    raise AssertionError(f"the transcript ends with {texts[-1:]}")


def answer_while_the_server_dies(chat: Chat, house: House, answer: str) -> None:
    """Nobody knows how far the answer comes before the server is gone."""
    chat.choose(answer)
    house.kill(RASA)
    house.start(RASA)
    expect(chat.page.get_by_text("Spørgsmål 4.")).to_be_visible(timeout=RESTART_MS)


def write_while_the_server_is_away(chat: Chat, house: House, *texts: str) -> None:
    house.kill(RASA)
    for text in texts:
        chat.type(text)
    expect(chat.page.get_by_text("Ikke sendt endnu")).to_have_count(len(texts))
    house.start(RASA)
    expect(chat.page.get_by_text("Ikke sendt endnu")).to_have_count(0, timeout=RESTART_MS)


def test_where_websockets_are_blocked_the_chat_goes_on_without(browser: Browser, house: House) -> None:
    with device(browser, PHONE) as page:
        page.add_init_script("delete window.WebSocket")
        chat = Chat(page, house)
        chat.open("/chat")
        chat.press("Ja, lad os starte")
        chat.press("Med hjælp")
        chat.sees("Spørgsmål 2")


def test_easier_words_come_at_once_and_stay(browser: Browser, house: House) -> None:
    with on_a_phone(browser, house) as chat:
        chat.press("Ja, lad os starte")
        chat.page.get_by_role("button", name="Menu").click()
        chat.page.get_by_role("checkbox", name="Lettere sprog").check()
        chat.sees("Et eksempel fra hverdagen")
        chat.sees(IN_EASIER_WORDS)
        chat.page.get_by_role("button", name="Menu").click()
        chat.press("Med hjælp")
        chat.sees("Spørgsmål 2")
        expect(chat.page.locator(SAID).last).to_have_text(IN_EASIER_WORDS)


def test_who_asks_for_deletion_in_the_menu_is_told_the_truth(browser: Browser, house: House) -> None:
    with on_a_phone(browser, house) as chat:
        chat.page.get_by_role("button", name="Menu").click()
        chat.page.get_by_role("button", name="Få slettet mine oplysninger").click()
        chat.sees("Skal jeg slette det nu?")
        chat.press("Nej, behold det")
        chat.sees("Der er ikke slettet noget")


def test_the_way_back_on_and_out_is_one_tap_away(browser: Browser, house: House) -> None:
    with on_a_phone(browser, house) as chat:
        chat.press("Ja, lad os starte")
        for tap, answer in {
            "Spring over": "vi springer det over",
            "Tilbage": "et spørgsmål tilbage",
            "Hjælp": "Vi er i gang med spørgsmålene",
            "Tal med et menneske": "Så taler du med et menneske",
            "Pause": "Så holder vi pause",
        }.items():
            # Exactly so: "Med hjælp" is an answer.
            chat.page.get_by_role("button", name=tap, exact=True).click()
            chat.sees(answer)


def test_two_tabs_show_one_conversation(browser: Browser, house: House) -> None:
    with device(browser, WIDE) as page:
        chat = Chat(page, house)
        chat.open()
        other = Chat(second_tab(page.context), house)
        other.open("/chat")
        chat.press("Ja, lad os starte")
        other.sees("Spørgsmål 1")
        other.press("Med hjælp")
        chat.sees("Spørgsmål 2")
        other.sees("Spørgsmål 2")
        expect(other.page.locator(SAID)).to_have_text(all_said(page))
        forget(page)
        expect(other.page.get_by_text("Med hjælp")).to_have_count(0)
        other.sees(INTRODUCTION)
        assert conversation_id(page) == conversation_id(other.page)


def test_two_tabs_opened_at_once_show_one_conversation(browser: Browser, house: House) -> None:
    with device(browser, NARROW) as page:
        chat, other = Chat(page, house), Chat(second_tab(page.context), house)
        for one in (chat, other):
            # Both are under way before either has begun.
            one.page.goto(f"{house.backend_url}/chat", wait_until="commit")
        chat.sees(INTRODUCTION)
        other.sees(INTRODUCTION)
        chat.press("Ja, lad os starte")
        chat.press("Med hjælp")
        chat.sees("Spørgsmål 2")
        other.sees("Spørgsmål 2")
        expect(other.page.locator(SAID)).to_have_text(all_said(page))
        # As in the other: from what was said last.
        expect(other.page.locator("digispor-chat .message.citizen").last).to_be_in_viewport()


def second_tab(context: BrowserContext) -> Page:
    return context.new_page()


def forget(page: Page) -> None:
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Fjern samtalen fra denne telefon eller computer").click()
    page.get_by_role("button", name="Ja, fjern den").click()
    expect(page.get_by_text(INTRODUCTION)).to_be_visible()
