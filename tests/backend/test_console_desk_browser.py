"""The desk in a real browser: live, by keyboard alone, with what is written kept."""

import asyncio
import importlib.util
import random
import re

import pytest
from playwright.sync_api import expect

from backend.keys import PACE, READERS
from backend.live.readers import Readers, TooManyStreams
from backend.live.watch import Pace
from benchmarks.house import ROOT
from tests.backend.desk_house import Citizens, FakeBot, until
from tests.backend.test_console_browser import PHONE, WIDE, fits, in_browser, sign_in
from tests.backend.visitor import LOGIN, NAME, hire
from tests.e2e.axe import violations


def assistants_rule():
    """What the assistant knows of SMS, without the environment that it runs in."""
    spec = importlib.util.spec_from_file_location("gsm", ROOT / "bot/channels/sms/gsm.py")
    gsm = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gsm)
    return gsm


@pytest.fixture
async def app(app):
    app[PACE] = Pace(retry=0.2)
    return app


@pytest.fixture
def bot(monkeypatch):
    return FakeBot(monkeypatch)


@pytest.fixture
async def citizens(client, clock, archive, bot, database, make_citizen):
    await hire(database, clock)
    citizens = Citizens(client, clock, archive)
    await citizens.name((await make_citizen("c1"))["id"], "Amina")
    await citizens.name((await make_citizen("c2"))["id"], "Jens")
    return citizens


@pytest.fixture
def console(client, citizens):
    return str(client.make_url("/console"))


@pytest.fixture
async def do():
    """Lets something happen on the server while a browser looks from its own thread."""
    loop = asyncio.get_running_loop()
    return lambda work: asyncio.run_coroutine_threadsafe(work, loop).result()


def go_on_duty(page, console):
    sign_in(page)
    page.goto(f"{console}/desk")
    page.get_by_role("switch", name="Jeg tager imod samtaler").press("Enter")
    expect(page.get_by_role("switch")).to_have_attribute("aria-checked", "true")


def turns(page):
    return page.locator("#ture .turn-text")


def field(page):
    return page.get_by_label("Skriv til borgeren")


async def test_by_keyboard_alone_a_conversation_is_taken_written_in_and_ended(console, citizens, do, bot):
    def look(page):
        go_on_duty(page, console)
        do(citizens.ask("c1"))
        take = page.get_by_role("button", name="Tag samtalen med Amina")
        expect(take).to_be_visible()
        for _ in range(40):
            page.keyboard.press("Tab")
            if take.evaluate("element => element === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_text("Du har samtalen.")).to_be_visible()
        for _ in range(60):
            page.keyboard.press("Tab")
            if field(page).evaluate("element => element === document.activeElement"):
                break
        page.keyboard.type("Hej Amina")
        page.keyboard.press("Control+Enter")
        expect(turns(page).last).to_have_text("Hej Amina")
        expect(page.locator(".desk-state").last).to_have_text("Sendt")
        expect(field(page)).to_have_value("")
        expect(field(page)).to_be_focused()
        page.locator("#afslut summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Hvorfor var Digispor ikke nok?")).to_be_focused()
        page.keyboard.type("Andet")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Du har ingen samtaler.")).to_be_visible()

    await in_browser(look, console, WIDE)
    assert bot.words("c1").count("Hej Amina") == 1


async def test_each_sees_that_the_other_is_writing(console, citizens, do, bot):
    def look(page):
        go_on_duty(page, console)
        do(citizens.ask("c1"))
        page.get_by_role("button", name="Tag samtalen med Amina").click()
        writing = page.get_by_text("Borgeren skriver …")
        expect(page.get_by_text("Du har samtalen.")).to_be_visible()
        expect(writing).to_be_hidden()
        do(citizens.type("c1"))
        expect(writing).to_be_visible()
        expect(writing).to_be_hidden(timeout=15_000)
        do(citizens.write("c1", "jeg har en mere"))
        expect(turns(page).last).to_have_text("jeg har en mere")
        # Closed before the answer has come, the browser may take the question back.
        with page.expect_response(re.compile("typing")):
            field(page).press_sequentially("Hej Amina, jeg")
        expect(field(page)).to_have_value("Hej Amina, jeg")

    await in_browser(look, console, WIDE)
    assert set(bot.typing) == {("c1", "Karen")}
    assert len(bot.typing) < len("Hej Amina, jeg")


async def test_that_the_citizen_is_writing_goes_away_with_their_turn_and_with_no_other_news(
    console, citizens, do
):
    def typing_lasts(route):
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace("TYPING_LASTS = 6000", "TYPING_LASTS = 600000")
        )

    def look(page):
        page.route("**/desk.js", typing_lasts)
        go_on_duty(page, console)
        do(citizens.ask("c1"))
        page.get_by_role("button", name="Tag samtalen med Amina").click()
        page.wait_for_load_state()
        writing = page.get_by_text("Borgeren skriver …")
        do(citizens.type("c1"))
        expect(writing).to_be_visible()
        field(page).fill("Hej Amina")
        field(page).press("Control+Enter")
        expect(page.locator(".desk-state").last).to_have_text("Sendt")
        expect(writing).to_be_visible()
        do(citizens.write("c1", "jeg har en mere"))
        expect(turns(page).last).to_have_text("jeg har en mere")
        expect(writing).to_be_hidden()

    await in_browser(look, console, WIDE)


async def test_two_conversations_stand_side_by_side_and_stay_true(console, citizens, do):
    def look(page):
        go_on_duty(page, console)
        for id, name in (("c1", "Amina"), ("c2", "Jens")):
            do(citizens.ask(id))
            page.get_by_role("button", name=f"Tag samtalen med {name}").click()
            expect(page.get_by_role("heading", name=name)).to_be_visible()
        field(page).press_sequentially("jeg er i gang med at")
        do(citizens.write("c2", "er du der"))
        expect(turns(page).last).to_have_text("er du der")
        do(citizens.write("c1", "og mig?"))
        expect(page.get_by_role("link", name="Amina")).to_contain_text("1 ubesvaret besked")
        expect(page.get_by_role("link", name="Jens")).to_contain_text("1 ubesvaret besked")
        expect(field(page)).to_have_value("jeg er i gang med at")
        expect(field(page)).to_be_focused()
        assert violations(page) == []
        page.get_by_role("link", name="Amina").click()
        expect(turns(page).last).to_have_text("og mig?")
        expect(field(page)).to_have_value("")
        page.get_by_role("link", name="Jens").click()
        expect(field(page)).to_have_value("jeg er i gang med at")
        field(page).press("Control+Enter")
        expect(turns(page)).to_have_text(["må jeg tale med et menneske", "er du der", "jeg er i gang med at"])

    await in_browser(look, console, WIDE)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
async def test_axe_finds_nothing_and_everything_fits(console, citizens, do, size, bot):
    def look(page):
        go_on_duty(page, console)
        do(citizens.ask("c2", "crisis"))
        do(citizens.leave_number("c3"))
        do(citizens.ask("c1", channel="sms"))
        page.get_by_role("button", name="Tag samtalen med Amina").click()
        expect(page.get_by_text("Du har samtalen.")).to_be_visible()
        bot.takes_words = False
        field(page).fill("Hej")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("button", name="Send igen")).to_be_visible()
        for summary in page.locator(".desk summary").all():
            summary.click()
        page.get_by_label("Kun for kolleger").fill("Hun virker ked af det")
        page.get_by_role("button", name="Hvisk").click()
        expect(page.locator(".whisper")).to_contain_text("Kun for kolleger: dig")
        assert violations(page) == []
        assert fits(page)
        page.goto(f"{console}/desk/conversations/c2")
        assert violations(page) == []
        assert fits(page)

    await in_browser(look, console, size)


async def test_who_steps_in_by_writing_can_whisper_give_on_and_end_at_once(console, citizens, do):
    def look(page):
        go_on_duty(page, console)
        do(citizens.write("c1", "jeg sidder fast"))
        page.goto(f"{console}/desk/conversations/c1")
        expect(page.get_by_text("Digispor har samtalen.")).to_be_visible()
        field(page).fill("Hej")
        field(page).press("Control+Enter")
        expect(page.get_by_text("Du har samtalen.")).to_be_visible()
        page.locator("summary", has_text="Hvisk til en kollega").click()
        page.get_by_label("Kun for kolleger").fill("Jeg tager den")
        page.get_by_role("button", name="Hvisk").click()
        expect(page.locator(".whisper")).to_have_count(1)
        assert violations(page) == []
        page.locator("summary", has_text="Afslut samtalen").click()
        page.get_by_label("Hvorfor var Digispor ikke nok?").select_option("Andet")
        page.get_by_role("button", name="Afslut", exact=True).click()
        expect(page.get_by_text("Du har ingen samtaler.")).to_be_visible()

    await in_browser(look, console, WIDE)


async def test_a_message_that_could_not_be_sent_is_sent_again_from_where_it_stands(
    console, citizens, do, bot
):
    def look(page):
        go_on_duty(page, console)
        do(citizens.ask("c1"))
        page.get_by_role("button", name="Tag samtalen med Amina").click()
        # A key that is pressed before the script listens is lost.
        page.wait_for_load_state()
        bot.takes_words = False
        field(page).fill("Hej")
        field(page).press("Control+Enter")
        again = page.get_by_role("button", name="Send igen")
        expect(again).to_be_visible()
        bot.takes_words = True
        field(page).fill("en kladde")
        again.click()
        expect(page.locator(".desk-state").last).to_have_text("Sendt")
        expect(turns(page)).to_have_text(["må jeg tale med et menneske", "Hej"])
        expect(field(page)).to_have_value("en kladde")

    await in_browser(look, console, WIDE)


async def test_what_cannot_be_sent_stays_in_the_field_and_it_is_said_why(console, citizens, do, bot):
    def look(page):
        go_on_duty(page, console)
        do(citizens.write("c1", "hej"))
        bot.is_down = True
        page.goto(f"{console}/desk/conversations/c1")
        field(page).fill("Må jeg hjælpe?")
        field(page).press("Control+Enter")
        expect(page.get_by_role("alert")).to_contain_text("Samtalen er som før")
        expect(field(page)).to_have_value("Må jeg hjælpe?")
        bot.is_down = False
        field(page).press("Control+Enter")
        expect(turns(page)).to_have_text(["hej", "Må jeg hjælpe?"])
        expect(page.get_by_text("Du har samtalen.")).to_be_visible()
        expect(page.get_by_role("alert")).to_be_hidden()

    await in_browser(look, console, WIDE)


async def test_a_lost_connection_is_said_and_nothing_is_missed_when_it_is_back(
    console, citizens, do, app, monkeypatch
):
    def nobody(*_):
        raise TooManyStreams

    async def open_streams():
        streams = app[READERS]._streams[LOGIN]
        return [one for one in streams if one.is_open and one._request.path.endswith("/live/desk/c1")]

    async def cut_streams():
        for stream in await open_streams():
            stream._request.transport.abort()

    def look(page):
        go_on_duty(page, console)
        do(citizens.ask("c1"))
        page.get_by_role("button", name="Tag samtalen med Amina").click()
        expect(page.get_by_text("Du har samtalen.")).to_be_visible()
        field(page).fill("en kladde")
        # The page is there before its stream is, and what was never open cannot be cut.
        do(until(open_streams, tries=2000))
        with monkeypatch.context() as away:
            away.setattr(Readers, "admit", nobody)
            do(cut_streams())
            do(citizens.write("c1", "første"))
            do(citizens.write("c1", "anden"))
            expect(page.locator("#vagt-forbindelse")).to_contain_text("Forbindelsen er væk", timeout=20_000)
            expect(turns(page)).to_have_count(1)
        expect(turns(page)).to_have_text(["må jeg tale med et menneske", "første", "anden"], timeout=20_000)
        expect(page.locator("#vagt-forbindelse")).to_have_text("")
        expect(field(page)).to_have_value("en kladde")

    await in_browser(look, console, WIDE)


async def test_two_tabs_show_the_same_and_send_nothing_twice(console, citizens, do, bot):
    def look(page):
        go_on_duty(page, console)
        do(citizens.ask("c1"))
        page.get_by_role("button", name="Tag samtalen med Amina").click()
        expect(page.get_by_text("Du har samtalen.")).to_be_visible()
        other = page.context.browser.new_context(storage_state=page.context.storage_state()).new_page()
        other.goto(page.url)
        for number, tab in enumerate((page, other, page)):
            field(tab).fill(f"besked {number}")
            tab.get_by_role("button", name="Send", exact=True).dblclick()
            for each in (page, other):
                expect(turns(each).last).to_have_text(f"besked {number}")
        said = ["må jeg tale med et menneske", "besked 0", "besked 1", "besked 2"]
        for each in (page, other):
            expect(turns(each)).to_have_text(said)
        page.go_back()
        page.go_forward()
        expect(turns(page)).to_have_text(said)

    await in_browser(look, console, WIDE)
    assert [words for words in bot.words("c1") if words.startswith("besked")] == [
        "besked 0",
        "besked 1",
        "besked 2",
    ]


async def test_a_ready_answer_is_put_behind_what_is_written(console, citizens, do):
    def look(page):
        go_on_duty(page, console)
        do(citizens.write("c1", "hej"))
        page.goto(f"{console}/desk/conversations/c1")
        field(page).fill("Godmorgen.")
        page.get_by_text("Brug et svar").click()
        page.get_by_role("link", name="Er der mere?").click()
        expect(field(page)).to_have_value("Godmorgen. Er der andet, jeg kan hjælpe dig med, Amina?")
        expect(field(page)).to_be_focused()

    await in_browser(look, console, WIDE)


async def test_sms_are_counted_as_the_assistant_sends_them(console, citizens, do):
    chance = random.Random(7)
    common, rare = "aaaaaaaaeeee  .,!?\næøåÅ", "€{^~—“…😀Ž-"
    texts = [
        "".join(chance.choice(rare if chance.random() < share else common) for _ in range(length))
        for length in (1, 60, 71, 130, 150, 161, 300, 320, 500, 900)
        for share in (0, 0.002, 0.2)
        for _ in range(10)
    ]
    gsm = assistants_rule()

    def sent(text):
        return sum(gsm.parts(one) for one in gsm.split(gsm.plain(f"{NAME.split()[0]} fra kommunen: {text}")))

    def look(page):
        sign_in(page)
        do(citizens.write("c1", "hej", channel="sms"))
        page.goto(f"{console}/desk/conversations/c1")
        prefixed = [f"{field(page).get_attribute('data-sms-prefix')}{text}" for text in texts]
        counted = page.evaluate("texts => texts.map(smsParts)", prefixed)
        assert counted == [sent(text) for text in texts]
        field(page).press_sequentially("a" * 10)
        expect(page.locator("#antal-sms")).to_have_text("1 sms")
        field(page).fill("a" * 150)
        expect(page.locator("#antal-sms")).to_have_text("2 sms'er")

    await in_browser(look, console, WIDE)


async def test_sound_and_messages_come_only_to_who_asked_and_does_not_look(console, citizens, do):
    def look(page):
        page.add_init_script(
            """window.told = [];
            window.Notification = class extends EventTarget {
              static permission = "default";
              static async requestPermission() { return (Notification.permission = "granted"); }
              constructor(text) { super(); window.told.push(text); }
            };"""
        )
        hide = "Object.defineProperty(document, 'hidden', {value: true, configurable: true})"
        go_on_duty(page, console)
        page.evaluate(hide)
        do(citizens.ask("c1"))
        expect(page.get_by_role("button", name="Tag samtalen med Amina")).to_be_visible()
        assert page.evaluate("told") == []
        page.get_by_role("button", name="Giv lyd og besked").click()
        expect(page.locator("#vagt-besked")).to_have_attribute("aria-pressed", "true")
        page.reload()
        expect(page.locator("#vagt-besked")).to_have_attribute("aria-pressed", "true")
        page.evaluate(f"Notification.permission = 'granted'; {hide}")
        do(citizens.ask("c2"))
        expect(page.get_by_role("button", name="Tag samtalen med Jens")).to_be_visible()
        # It is told a moment after it is shown.
        page.wait_for_function("told.length > 0")
        assert page.evaluate("told") == ["En borger venter på vagten."]

    await in_browser(look, console, WIDE)


async def test_the_lists_renew_themselves_under_the_focus(console, citizens, do):
    def look(page):
        go_on_duty(page, console)
        do(citizens.ask("c1"))
        take = page.get_by_role("button", name="Tag samtalen med Amina")
        take.focus()
        do(citizens.ask("c2"))
        expect(page.get_by_role("button", name="Tag samtalen med Jens")).to_be_visible()
        expect(take).to_be_focused()

    await in_browser(look, console, WIDE)
