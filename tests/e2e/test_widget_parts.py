"""The built widget in a real browser, on a page with a strict policy, as someone uses it who has no mouse."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.axe import violations
from tests.e2e.scripted_chat import Message, ScriptedChat

WIDE, PHONE, ZOOMED = (
    {"width": 1280, "height": 900},
    {"width": 320, "height": 640},
    {"width": 320, "height": 256},
)
HOSTILE = '<img src=x onerror="document.title=\'brudt\'"><script>document.title="brudt"</script>'
PROFILE = [("sikkerhed", 40), ("problemløsning", None)]


def button(title: str) -> dict[str, str]:
    return {"title": title, "payload": "/x", "signature": "s"}


INTRODUCTION: Message = {
    "text": "Hej. Jeg er en robot.\nSkal vi gå i gang?",
    "buttons": [button("Ja"), button("Ikke nu")],
}
QUESTION: Message = {
    "text": "Hvor godt kan du sende en mail?",
    "buttons": [button("Med hjælp"), button("På egen hånd")],
}
ON_SCALE: Message = {
    "text": "Hvor godt kan du gemme et billede?",
    "buttons": [button("Det kan jeg ikke"), button("Med hjælp")],
    "custom": {"type": "question", "number": 3, "left": 9},
}
TIMES: Message = {
    "text": "Her er de første ledige tider.",
    "buttons": [button("fre. 27. nov. kl. 10.00"), button("man. 30. nov. kl. 9.00"), button("Vis flere")],
    "custom": {
        "type": "times",
        "times": [
            {"title": "fre. 27. nov. kl. 10.00", "day": "Fredag den 27. november", "time": "kl. 10.00"},
            {"title": "man. 30. nov. kl. 9.00", "day": "Mandag den 30. november", "time": "kl. 9.00"},
        ],
    },
}
RESULT: Message = {
    "text": "Her er dit billede.",
    "custom": {"type": "profile", "areas": [{"name": name, "percent": percent} for name, percent in PROFILE]},
}
BOOKED: Message = {
    "text": "Din tid er booket.",
    "custom": {"type": "booking", "calendar_url": "https://kommune.example/tid.ics"},
}


@pytest.fixture
def chat() -> Iterator[ScriptedChat]:
    chat = ScriptedChat()
    chat.start()
    yield chat
    chat.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=WIDE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def open_chat(page: Page, chat: ScriptedChat, *messages: Message) -> None:
    chat.history.extend({"from": "bot", "at": 1764000000, **message} for message in messages)
    page.goto(chat.url)
    if messages:
        expect(message(page, messages[-1]["text"])).to_be_attached()


def message(page: Page, text: str) -> object:
    return page.get_by_role("log").get_by_text(text).last


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE, ZOOMED], ids=["wide", "phone", "zoomed"])
def test_axe_finds_nothing_in_any_state(
    page: Page, chat: ScriptedChat, size: dict[str, int], colours: str
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=colours)
    open_chat(page, chat, INTRODUCTION)
    assert violations(page) == []
    chat.answers = [[ON_SCALE], [RESULT, BOOKED, TIMES]]
    page.get_by_role("button", name="Ja").click()
    page.get_by_role("radio", name="Med hjælp").check()
    assert violations(page) == []
    page.get_by_role("button", name="Send mit svar").click()
    expect(message(page, TIMES["text"])).to_be_attached()
    assert violations(page) == []
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("checkbox", name="Tal i stedet").check()
    page.get_by_role("button", name="Større bogstaver").click()
    page.get_by_role("button", name="Fjern samtalen").click()
    assert violations(page) == []
    page.get_by_role("button", name="Menu").click()
    chat.stop()
    expect(page.get_by_text("Forbindelsen er væk lige nu")).to_be_visible()
    write(page, "Er du der?")
    expect(page.get_by_text("Ikke sendt endnu")).to_be_attached()
    page.get_by_role("textbox").fill("x" * 1001)
    expect(page.get_by_text("Beskeden er 1 tegn for lang")).to_be_visible()
    assert violations(page) == []


def test_axe_finds_nothing_in_the_bubble(page: Page, chat: ScriptedChat) -> None:
    page.goto(f"{chat.url}?bubble")
    launcher = page.get_by_role("button", name="Skriv med Digispor")
    expect(launcher).to_be_visible()
    assert violations(page) == []
    launcher.click()
    chat.say(QUESTION)
    expect(message(page, QUESTION["text"])).to_be_visible()
    assert violations(page) == []


def test_a_question_is_answered_by_keyboard_alone_and_the_focus_is_never_lost(
    page: Page, chat: ScriptedChat
) -> None:
    open_chat(page, chat, INTRODUCTION)
    chat.answers = [[QUESTION], [RESULT]]
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Menu")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("log")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ja")).to_be_focused()
    page.keyboard.press("Enter")
    expect(message(page, QUESTION["text"])).to_be_visible()
    expect(page.get_by_role("log")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="På egen hånd")).to_be_focused()
    page.keyboard.press("Space")
    expect(message(page, RESULT["text"])).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("Tak")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("for det")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_text("Sendt", exact=True)).to_be_visible()
    assert chat.said_by_citizen() == ["Ja", "På egen hånd", "Tak\nfor det"]


@pytest.mark.parametrize("size", [WIDE, PHONE, ZOOMED], ids=["wide", "phone", "zoomed"])
def test_everything_can_be_hit_with_a_finger_and_nothing_runs_off_the_side(
    page: Page, chat: ScriptedChat, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    long_word = "Digitaliseringsstyrelsens" * 3
    open_chat(page, chat, BOOKED, {"text": long_word, "buttons": [button("Ja"), button(long_word)]})
    targets = [*page.get_by_role("button").all(), page.get_by_role("link"), page.get_by_role("textbox")]
    assert len(targets) == 11
    for target in targets:
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, target
        assert box["x"] >= 0, target
        assert box["x"] + box["width"] <= size["width"], target
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_beginning_of_a_long_answer_is_shown_first(page: Page, chat: ScriptedChat) -> None:
    page.set_viewport_size(PHONE)
    open_chat(page, chat, INTRODUCTION)
    chat.answers = [[{"text": "Begyndelsen.\n" + "Mere.\n" * 60}]]
    write(page, "Fortæl")
    expect(message(page, "Begyndelsen.")).to_be_attached()
    log, answer = page.get_by_role("log").bounding_box(), message(page, "Begyndelsen.").bounding_box()
    assert log is not None
    assert answer is not None
    assert log["y"] < answer["y"] < log["y"] + log["height"] / 2


def test_the_conversation_goes_on_after_a_reload(page: Page, chat: ScriptedChat) -> None:
    open_chat(page, chat, INTRODUCTION)
    chat.answers = [[QUESTION]]
    page.get_by_role("button", name="Ja").click()
    expect(message(page, QUESTION["text"])).to_be_visible()
    page.reload()
    expect(page.get_by_role("log").locator("li.message")).to_have_count(3)
    page.get_by_role("button", name="Med hjælp").click()
    expect(page.get_by_text("Sendt", exact=True)).to_be_visible()
    assert chat.said_by_citizen() == ["Ja", "Med hjælp"]


def test_messages_written_while_the_server_is_away_are_sent_once_and_in_order(
    page: Page, chat: ScriptedChat
) -> None:
    open_chat(page, chat, INTRODUCTION)
    chat.stop()
    expect(page.get_by_text("Forbindelsen er væk lige nu")).to_be_visible()
    expect(page.get_by_text("Ring til os på 33 66 33 66")).to_be_visible()
    for text in ("en", "to", "tre"):
        write(page, text)
    expect(page.get_by_text("Ikke sendt endnu")).to_have_count(3)
    chat.start()
    expect(page.get_by_text("Forbindelsen er tilbage")).to_be_visible()
    expect(page.get_by_text("Sendt", exact=True)).to_be_visible()
    assert chat.said_by_citizen() == ["en", "to", "tre"]
    assert len(chat.arrived) == 3
    expect(page.get_by_text("Ring til os på 33 66 33 66")).to_be_hidden()


def test_hostile_words_stay_words(page: Page, chat: ScriptedChat) -> None:
    areas = [{"name": HOSTILE, "percent": 5}]
    custom = {"type": "profile", "areas": areas}
    open_chat(page, chat, {"text": HOSTILE, "custom": custom, "buttons": [button(HOSTILE)]})
    chat.answers = [
        [
            {
                "text": HOSTILE,
                "custom": {"type": "booking", "calendar_url": "javascript:document.title='brudt'"},
            }
        ]
    ]
    write(page, HOSTILE)
    expect(page.get_by_role("log").get_by_text(HOSTILE)).to_have_count(4)
    assert page.title() == "Prøveside"
    assert (
        page.evaluate(
            "document.querySelector('digispor-chat').shadowRoot.querySelectorAll('img,script,a').length"
        )
        == 0
    )


def test_a_strict_page_embeds_it_without_cookies_or_third_parties(
    page: Page, context: BrowserContext, chat: ScriptedChat
) -> None:
    hosts: set[str] = set()
    refused: list[str] = []
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.on(
        "console",
        lambda entry: refused.append(entry.text) if "Content Security Policy" in entry.text else None,
    )
    open_chat(page, chat, RESULT, BOOKED, QUESTION)
    page.get_by_role("button", name="Med hjælp").click()
    expect(page.get_by_text("Sendt", exact=True)).to_be_visible()
    assert page.locator("digispor-chat .value").count() == 1
    assert refused == []
    assert hosts == {f"127.0.0.1:{chat.port}"}
    assert context.cookies() == []
