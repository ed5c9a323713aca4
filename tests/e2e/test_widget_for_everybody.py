"""The built widget for people who see, hear, read or write differently, and what they keep of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.scripted_chat import Message, ScriptedChat
from tests.e2e.test_widget_parts import BOOKED, ON_SCALE, PHONE, RESULT, TIMES, chat, open_chat, write

__all__ = ["chat"]

# WCAG 1.4.12: what a reader may set without losing anything.
TEXT_SPACING = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
"""
RUNS_OFF = """() => {
    const { shadowRoot } = document.querySelector('digispor-chat');
    return [...shadowRoot.querySelectorAll('p, span, button, h2, label')]
    .filter((element) => !element.closest('.sr-only') && element.scrollWidth > element.clientWidth + 1
        && getComputedStyle(element).display !== 'inline')
    .map((element) => element.textContent.trim());
}"""
ARABIC_AND_ENGLISH = "أتحدث الدنماركية في الغالب.\nI mostly speak Danish."
A_DANISH_VOICE = """
    window.read = [];
    const voice = { lang: 'da-DK', localService: true, name: 'Dansk' };
    speechSynthesis.getVoices = () => [voice];
    speechSynthesis.speak = (utterance) => window.read.push(utterance.text);
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
PRINTS = "window.print = () => { top.printed = document.body.innerText; };"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, accept_downloads=True)
    yield context.new_page()
    context.close()


def everything(page: Page, chat: ScriptedChat, *last: Message) -> None:
    open_chat(page, chat, RESULT, BOOKED, *(last or (TIMES,)))


def nothing_runs_off(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(RUNS_OFF) == []


@pytest.mark.parametrize("last", [TIMES, ON_SCALE], ids=["times", "scale"])
def test_a_reader_may_space_the_text_out(page: Page, chat: ScriptedChat, last: Message) -> None:
    everything(page, chat, last)
    page.get_by_role("button", name="Menu").click()
    page.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.querySelector('digispor-chat').shadowRoot.adoptedStyleSheets.push(sheet);
        }""",
        TEXT_SPACING,
    )
    nothing_runs_off(page)


@pytest.mark.parametrize("last", [TIMES, ON_SCALE], ids=["times", "scale"])
def test_the_largest_letters_fit_on_the_smallest_phone(page: Page, chat: ScriptedChat, last: Message) -> None:
    everything(page, chat, last)
    before = letter_size(page)
    page.get_by_role("button", name="Menu").click()
    for _ in range(3):
        page.get_by_role("button", name="Større bogstaver").click()
    assert letter_size(page) > 1.7 * before
    nothing_runs_off(page)
    page.reload()
    expect(page.get_by_role("log").get_by_text(last["text"])).to_be_attached()
    assert letter_size(page) > 1.7 * before


def letter_size(page: Page) -> float:
    size = page.locator("digispor-chat .text").first.evaluate("element => getComputedStyle(element).fontSize")
    return float(size.removesuffix("px"))


def test_without_colours_everything_has_an_edge(page: Page, chat: ScriptedChat) -> None:
    page.emulate_media(forced_colors="active")
    everything(page, chat, ON_SCALE)
    edges = """selector => {
        const { shadowRoot } = document.querySelector('digispor-chat');
        const style = getComputedStyle(shadowRoot.querySelector(selector));
        return [style.borderTopStyle, parseFloat(style.borderTopWidth) >= 1, style.borderTopColor];
    }"""
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for selector in (".bubble", ".option", ".send", ".quick-reply", "textarea", ".panel", ".bar"):
        style, is_wide, colour = page.evaluate(edges, selector)
        assert (style, is_wide) == ("solid", True), selector
        assert colour != background, selector


def test_nothing_moves(page: Page, chat: ScriptedChat) -> None:
    page.emulate_media(reduced_motion="reduce")
    everything(page, chat)
    chat.typing(True)
    expect(page.get_by_text("Digispor skriver …")).to_be_visible()
    moving = """chat => chat.shadowRoot.getAnimations({ subtree: true })
        .filter(({ effect }) => effect.getComputedTiming().activeDuration > 0).length"""
    assert page.locator("digispor-chat").evaluate(moving) == 0


def test_arabic_is_read_from_the_right_and_by_an_arabic_voice(page: Page, chat: ScriptedChat) -> None:
    custom = {"type": "languages", "lines": ["ar", "en"]}
    open_chat(page, chat, {"text": ARABIC_AND_ENGLISH, "custom": custom}, RESULT)
    lines = page.locator("digispor-chat .text[lang]")
    read = "lines => lines.map((line) => [line.lang, getComputedStyle(line).direction])"
    assert lines.evaluate_all(read) == [["ar", "rtl"], ["en", "ltr"], ["da", "ltr"]]
    page.get_by_role("textbox").fill("مرحبا")
    direction = page.get_by_role("textbox").evaluate("element => getComputedStyle(element).direction")
    assert direction == "rtl"


def test_the_browsers_danish_voice_reads_what_was_said_and_what_can_be_answered(
    page: Page, chat: ScriptedChat
) -> None:
    page.add_init_script(A_DANISH_VOICE)
    open_chat(page, chat, ON_SCALE)
    page.get_by_role("button", name="Læs højt").click()
    assert page.evaluate("window.read") == [
        "Hvor godt kan du gemme et billede?",
        "Du kan vælge mellem de her svar:",
        "Det kan jeg ikke",
        "Med hjælp",
    ]


def test_a_message_is_announced_and_typing_is_announced_apart_from_it(page: Page, chat: ScriptedChat) -> None:
    open_chat(page, chat, RESULT)
    chat.typing(True)
    expect(page.get_by_role("status").filter(has_text="Digispor skriver …")).to_be_visible()
    expect(page.get_by_role("log")).not_to_contain_text("Digispor skriver …")
    expect(page.get_by_role("log")).to_have_attribute("aria-label", "Samtalen")


def test_the_conversation_is_printed_by_itself(page: Page, chat: ScriptedChat) -> None:
    page.add_init_script(PRINTS)
    everything(page, chat)
    write(page, "Tak for det")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Udskriv samtalen").click()
    printed = page.evaluate("window.printed")
    assert printed.startswith("Min samtale med Digispor")
    for words in ("Her er dit billede.", "sikkerhed: 40 %", "Din tid er booket.", "Tak for det"):
        assert words in printed
    assert "Prøveside" not in printed


def test_the_conversation_is_saved_as_a_file(page: Page, chat: ScriptedChat, tmp_path: Path) -> None:
    everything(page, chat)
    write(page, "Tak for det")
    page.get_by_role("button", name="Menu").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Gem samtalen som en fil").click()
    assert download.value.suggested_filename == "samtale-med-digispor.txt"
    download.value.save_as(tmp_path / "file")
    saved = (tmp_path / "file").read_text("utf-8-sig")
    assert re.search(r"\d{4} kl\. \d+\.\d\d\. Digispor skrev:\r?\nDin tid er booket\.", saved)
    assert saved.rstrip().endswith("Tak for det")
