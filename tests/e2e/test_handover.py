"""A person takes over: citizens on the web and by SMS, caseworkers at the desk, and all processes real.

Everything here shares one house, one gateway and two caseworkers; the citizens of a test are its own.
"""

import json
import re
import sqlite3
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

import holidays
import pytest
from playwright.sync_api import Browser, expect

from benchmarks.house import ACTIONS, BACKEND, RASA, House
from benchmarks.rest_citizen import rows
from benchmarks.sms_citizen import open_sms, settings_for
from benchmarks.staffed_house import PASSWORD, hire, keep_open
from tests.e2e.axe import violations
from tests.e2e.browser import Chat
from tests.e2e.console import picture
from tests.e2e.desk import Desk
from tests.sms_gateway import Gateway, Phone

pytestmark = pytest.mark.skipif(
    datetime.now(ZoneInfo("Europe/Copenhagen")).date() in holidays.country_holidays("DK"),
    reason="the desk is closed on public holidays, and these tests need it open",
)
KAREN, OLE = "Karen Holm", "Ole Bro"
PATIENCE_SECONDS = 90
# A browser that is gone for two minutes is given up; the queue is looked at every few seconds.
GIVEN_UP_MS = 150_000
RESTART_MS = 120_000
_numbers = count(1)


@dataclass
class Scene:
    """Where it all takes place."""

    house: House
    gateway: Gateway
    browser: Browser
    karen: Desk
    ole: Desk

    def on_the_web(self, name: str) -> "WebCitizen":
        """Somebody who has begun the assessment in the chat, and whose name the staff know."""
        chat = Chat(self.browser.new_context(locale="da-DK").new_page(), self.house)
        chat.open("/chat")
        chat.write("ja lad os komme i gang")
        chat.sees("Spørgsmål 1")
        return WebCitizen(chat, self.name_newest(name))

    def by_sms(self, name: str) -> "SmsCitizen":
        """Somebody with a phone, who has begun the assessment, and whose name the staff know."""
        citizen = SmsCitizen(self.gateway, self.gateway.phone(f"+452255{next(_numbers):04}"))
        citizen.write("hej")
        citizen.hears("1 Start")
        citizen.write("1")
        citizen.hears("Spm. 1")
        citizen.conversation_id = self.name_newest(name)
        return citizen

    def name_newest(self, name: str) -> str:
        """Gives the citizen who came last a name, and their conversation's id."""
        [newest] = rows(
            self.house, "SELECT id, conversation_id FROM citizens ORDER BY created_at DESC LIMIT 1"
        )
        address = f"{self.house.backend_url}/api/v1/citizens/{newest['id']}"
        headers = {
            "Authorization": f"Bearer {self.house.secrets['DIGISPOR_SERVICE_TOKEN']}",
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        told = urllib.request.Request(address, json.dumps({"name": name}).encode(), headers, method="PATCH")
        urllib.request.urlopen(told, timeout=30).close()
        return str(newest["conversation_id"])

    def tracked(self, conversation_id: str, kind: str) -> list[str]:
        """The texts that the assistant's tracker holds, in order."""
        query = (
            "SELECT json_extract(data, '$.text') FROM events "
            "WHERE sender_id = ? AND type_name = ? ORDER BY id"
        )
        address = f"file:{self.house.folder / 'rasa.db'}?mode=ro"
        with sqlite3.connect(address, uri=True) as connection:
            return [str(text) for (text,) in connection.execute(query, (conversation_id, kind))]

    def restart(self, process: str) -> None:
        """Kills a process as a crash would, and starts it again."""
        self.house.kill(process)
        self.house.start(process)


@dataclass
class WebCitizen:
    """A citizen in the chat."""

    chat: Chat
    conversation_id: str

    def hears_nothing_but(self, number: int) -> None:
        """Waits a moment; no more messages than these may stand there."""
        self.chat.page.wait_for_timeout(1_500)
        expect(self.chat.messages).to_have_count(number)

    def stands_once(self, text: str) -> None:
        """What was written or read stands there, and not twice."""
        expect(self.chat.messages.get_by_text(text, exact=True)).to_have_count(1, timeout=RESTART_MS)


@dataclass
class SmsCitizen:
    """A citizen with a phone."""

    gateway: Gateway
    phone: Phone
    conversation_id: str = ""

    def write(self, text: str) -> None:
        """Sends a text."""
        self.gateway.write(self.phone, text)

    def hears(self, text: str, times: int = 1) -> None:
        """Waits for texts."""
        came = self.gateway.wait_until(lambda: self.heard(text) >= times, PATIENCE_SECONDS)
        assert came, f"not {text!r}, but {self.phone.received}"

    def heard(self, text: str) -> int:
        """How many texts have said that."""
        return sum(text in received for received in self.phone.received)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Scene]:
    house = House(tmp_path_factory.mktemp("handover"))
    before = list(browser.contexts)
    keep_open(house)
    house.prepare()
    with open_sms(house, "gatewayapi-messaging") as gateway:
        house.settings |= settings_for(gateway)
        try:
            house.start()
            hire(house, {"karen": KAREN, "ole": OLE})
            karen = Desk(browser, house, KAREN, "karen", PASSWORD)
            ole = Desk(browser, house, OLE, "ole", PASSWORD)
            yield Scene(house, gateway, browser, karen, ole)
        finally:
            # Pages that look for a house that is gone would disturb what is measured later.
            for context in [one for one in browser.contexts if one not in before]:
                context.close()
            house.stop()


@pytest.fixture
def karen(scene: Scene) -> Desk:
    scene.karen.be_there(available=True)
    return scene.karen


@pytest.fixture
def ole(scene: Scene) -> Desk:
    scene.ole.be_there(available=True)
    return scene.ole


def test_where_nobody_is_there_it_is_said_at_once_and_a_number_can_be_left(scene: Scene) -> None:
    scene.karen.be_there(available=True)
    scene.karen.be_there(available=False)
    scene.ole.be_there(available=False)
    jens = scene.on_the_web("Jens Juul")
    jens.chat.write("må jeg tale med et menneske")
    jens.chat.sees("Der er ikke en medarbejder, der kan skrive med dig lige nu")
    jens.chat.press("Ring til mig")
    jens.chat.write("22 33 44 55")
    jens.chat.sees("Jeg har gemt, at du gerne vil ringes op på 22 33 44 55")
    desk = scene.karen.page
    expect(desk.get_by_role("heading", name="Vil ringes op (1)")).to_be_visible()
    assert violations(desk) == []
    desk.get_by_role("button", name="Har ringet til Jens Juul").click()
    expect(desk.get_by_role("heading", name=re.compile("Vil ringes op"))).to_have_count(0)


def test_five_citizens_and_two_caseworkers(scene: Scene, karen: Desk, ole: Desk) -> None:
    amina, eva, jens = (scene.on_the_web(name) for name in ("Amina Ali", "Eva Kold", "Jens Ask"))
    sofus, bo = scene.by_sms("Sofus Lind"), scene.by_sms("Bo Krag")

    amina.chat.write("det kan jeg med hjælp")
    amina.chat.write("må jeg tale med et menneske")
    amina.chat.sees(
        re.compile("Du er nummer 1 i køen.*Jeg har fortalt, at du gerne vil tale med et menneske")
    )
    amina.chat.press("Fortsæt imens")
    amina.chat.sees("Spørgsmål 2")
    sofus.write("sikke noget lort du er ubrugelig")
    # The question, not only the introduction: who answers before it is there is asked again.
    sofus.hears("Svar 1-2")
    sofus.write("ja tak")
    sofus.hears("Du er nr. 2 i køen")
    bo.write("bla bla bla")
    bo.hears("Spm. 1", times=2)
    bo.write("bla bla bla bla")
    bo.hears("Vil du hellere tale med et menneske?")
    bo.write("ja")
    bo.hears("Du er nr. 3 i køen")
    eva.chat.write("jeg kan ikke mere, jeg vil ikke leve")
    eva.chat.sees("Du er nummer 1 i køen")
    amina.chat.write("hvor lang tid endnu?")
    amina.chat.sees("Du er nummer 2 i køen")
    for desk in (karen, ole):
        expect(desk.queue).to_have_text(
            [
                re.compile(f"{place}.*{name}", re.DOTALL)
                for place, name in enumerate(
                    (
                        "Eva Kold.*Tegn på krise",
                        "Amina Ali",
                        "Sofus Lind.*utilfreds",
                        "Bo Krag.*ikke forstået",
                    ),
                    start=1,
                )
            ]
        )
    assert violations(karen.page) == []

    first, second = _only_one_gets(eva, karen, ole)
    _talk_whisper_transfer_and_hand_back(eva, first, second)
    _write_by_sms(sofus, ole)
    _leave(bo, ole)
    _write_to_somebody_who_is_offline(scene, amina, karen)
    _step_in(jens, ole)
    _end(scene, amina, karen)


def _only_one_gets(eva: WebCitizen, karen: Desk, ole: Desk) -> tuple[Desk, Desk]:
    """Both press in the same moment; gives who was first, and who was told so."""
    # The lists may have been renewed meanwhile, and this very button with them.
    at_once = """({ id }, moment) =>
        setTimeout(() => document.getElementById(id).click(), moment - Date.now())"""
    moment = (time.time() + 3) * 1000
    for desk in (karen, ole):
        desk.take_button("Eva Kold").evaluate(at_once, moment)
    for desk in (karen, ole):
        expect(desk.page.get_by_text(re.compile("Du har samtalen|var først"))).to_be_visible()
    first, second = sorted((karen, ole), key=lambda desk: desk.page.get_by_text("var først").count())
    expect(first.page.get_by_text("Du har samtalen. Digispor er stille.")).to_be_visible()
    expect(second.page.get_by_role("alert")).to_contain_text(f"{first.name} var først")
    eva.chat.sees(f"Nu er {first.first_name} fra kommunen her")
    return first, second


def _talk_whisper_transfer_and_hand_back(eva: WebCitizen, first: Desk, second: Desk) -> None:
    first.page.locator("summary", has_text="Brug et svar").click()
    first.page.get_by_role("link", name="Hilsen").click()
    expect(first.page.get_by_label("Skriv til borgeren")).to_have_value(re.compile("^Hej Eva Kold"))
    first.page.get_by_role("button", name="Send", exact=True).click()
    eva.chat.sees("Jeg er et menneske, og jeg har læst")
    first.page.get_by_label("Skriv til borgeren").press_sequentially("He")
    expect(eva.chat.page.get_by_text(f"{first.first_name} skriver")).to_be_visible()
    before = eva.chat.messages.count()
    # Longer than it takes until a sign of writing is given again.
    eva.chat.page.get_by_role("textbox").press_sequentially("tak, det hjælper at du er her", delay=150)
    expect(first.page.get_by_text("Borgeren skriver …")).to_be_visible()
    eva.chat.page.get_by_role("textbox").press("Enter")
    expect(first.said.last).to_have_text("tak, det hjælper at du er her")
    eva.hears_nothing_but(before + 1)
    first.page.locator("summary", has_text="Brug et svar").click()
    first.page.evaluate("scrollTo(0, 0)")
    picture(first.page, "console-desk")
    assert violations(first.page) == []
    first.whisper("Du kender krisevagten")
    first.give_to(second.name)
    eva.chat.sees(f"Samtalen er givet videre til {second.first_name}")
    second.open("Eva Kold")
    expect(second.page.locator("#ture")).to_contain_text("Du kender krisevagten")
    second.write("Jeg ringer til dig om fem minutter")
    eva.chat.sees("Jeg ringer til dig om fem minutter")
    second.give_back("Du hører fra mig i dag.")
    eva.chat.sees("Du hører fra mig i dag.")
    eva.chat.write("hjælp")
    expect(eva.chat.messages.get_by_text("krisevagten")).to_have_count(0)


def _write_by_sms(sofus: SmsCitizen, ole: Desk) -> None:
    ole.take("Sofus Lind")
    ole.page.get_by_label("Skriv til borgeren").fill("Hej Sofus")
    expect(ole.page.locator("#antal-sms")).to_have_text("1 sms")
    ole.write("Hej Sofus, hvad kan jeg gøre for dig?")
    sofus.hears(f"{ole.first_name} fra kommunen: Hej Sofus, hvad kan jeg gøre for dig?")
    expect(ole.states_of("hvad kan jeg gøre for dig").last).to_have_text("Leveret")
    sofus.write("jeg vil bare vide om I findes")
    expect(ole.said.last).to_have_text("jeg vil bare vide om I findes")


def _leave(bo: SmsCitizen, ole: Desk) -> None:
    bo.write("jeg vil ikke vente")
    bo.hears("Du står ikke i køen længere")
    expect(ole.take_button("Bo Krag")).to_have_count(0)


def _write_to_somebody_who_is_offline(scene: Scene, amina: WebCitizen, karen: Desk) -> None:
    context = amina.chat.page.context
    amina.chat.page.close()
    karen.page.get_by_role("link", name="Vagt", exact=True).click()
    karen.take("Amina Ali")
    karen.write("Hej Amina, jeg er her nu")
    karen.write("Skriv, når du er tilbage")
    amina.chat = Chat(context.new_page(), scene.house)
    amina.chat.page.goto(f"{scene.house.backend_url}/chat")
    for text in ("Hej Amina, jeg er her nu", "Skriv, når du er tilbage"):
        amina.stands_once(text)
    said = amina.chat.messages.all_inner_texts()
    first, second = (
        next(i for i, one in enumerate(said) if text in one) for text in ("her nu", "er tilbage")
    )
    assert first < second


def _step_in(jens: WebCitizen, ole: Desk) -> None:
    ole.open_by_id(jens.conversation_id)
    expect(ole.page.get_by_text("Digispor har samtalen.")).to_be_visible()
    ole.write("Hej Jens, jeg kan se, du sidder fast")
    jens.chat.sees("Hej Jens, jeg kan se, du sidder fast")
    expect(ole.page.get_by_text("Du har samtalen. Digispor er stille.")).to_be_visible()
    before = jens.chat.messages.count()
    jens.chat.type("ja, spørgsmålet er svært")
    expect(ole.said.last).to_have_text("ja, spørgsmålet er svært")
    jens.hears_nothing_but(before + 1)
    ole.end("Andet")
    jens.chat.sees("Nu er det mig, robotten, der svarer igen")


def _end(scene: Scene, amina: WebCitizen, karen: Desk) -> None:
    karen.end("Borgeren ville hellere tale med et menneske")
    amina.chat.sees("Fik du den hjælp, du havde brug for?")
    amina.chat.press("Ja, det gjorde jeg")
    amina.chat.sees("Tak, fordi du svarede")
    asked = amina.chat.messages.get_by_text("Fik du den hjælp, du havde brug for?")
    expect(asked).to_have_count(1)
    [stored] = rows(
        scene.house,
        "SELECT helped, cause, outcome FROM handovers WHERE conversation_id = ?",
        amina.conversation_id,
    )
    assert (stored["helped"], stored["cause"], stored["outcome"]) == (1, "wanted_person", "answered")
    karen.page.goto(f"{scene.house.backend_url}/console/conversations/{amina.conversation_id}")
    expect(karen.page.get_by_text(re.compile(f"{KAREN} skrev med borgeren i"))).to_have_count(1)
    karen.page.get_by_role("link", name="Tal", exact=True).click()
    assert violations(karen.page) == []
    karen.page.get_by_role("link", name="Vagt", exact=True).click()


def test_a_browser_that_dies_puts_the_citizen_in_front_and_says_so(
    scene: Scene, karen: Desk, browser: Browser
) -> None:
    lost = Desk(
        browser, scene.house, "Demo Medarbejder", "demo", scene.house.secrets["DIGISPOR_DEMO_PASSWORD"]
    )
    lost.be_there(available=True)
    first, second = scene.on_the_web("Nanna Falk"), scene.on_the_web("Viggo Toft")
    first.chat.write("må jeg tale med et menneske")
    lost.take("Nanna Falk")
    lost.write("Hej Nanna")
    lost.die()
    second.chat.write("må jeg tale med et menneske")
    second.chat.sees("Du er nummer 1 i køen")
    expect(first.chat.messages.get_by_text("Forbindelsen til Demo er desværre væk")).to_have_count(
        1, timeout=GIVEN_UP_MS
    )
    expect(karen.queue).to_have_text([re.compile("Nanna Falk"), re.compile("Viggo Toft")])
    expect(karen.queue.first).to_contain_text("Mistede forbindelsen til Demo Medarbejder")
    for name in ("Nanna Falk", "Viggo Toft"):
        karen.take(name)
        karen.end("Andet")


def test_each_process_killed_once_in_the_middle_loses_and_doubles_nothing(
    scene: Scene, karen: Desk, ole: Desk
) -> None:
    web, sms = scene.on_the_web("Ida Lund"), scene.by_sms("Per Dam")
    waiting = scene.on_the_web("Rosa Elm"), scene.on_the_web("Tage Friis")
    web.chat.write("må jeg tale med et menneske")
    sms.write("tal med et menneske")
    sms.hears("i køen")
    karen.take("Ida Lund")
    ole.take("Per Dam")
    for citizen in waiting:
        citizen.chat.write("må jeg tale med et menneske")
        citizen.chat.sees("i køen")
    said: dict[str, list[str]] = {"web": [], "sms": [], "desk-web": [], "desk-sms": []}
    for process in (RASA, BACKEND, ACTIONS):
        _speak(said, process, "før", web, sms, karen, ole)
        scene.restart(process)
        for desk in (karen, ole):
            expect(desk.page.locator("#vagt-forbindelse")).to_have_text("", timeout=RESTART_MS)
        _speak(said, process, "efter", web, sms, karen, ole)
        expect(karen.queue).to_have_text([re.compile("Rosa Elm"), re.compile("Tage Friis")])
    for text in said["desk-web"] + said["web"]:
        web.stands_once(text)
        expect(karen.said.get_by_text(text, exact=True)).to_have_count(1)
    for text in said["desk-sms"]:
        sms.hears(text)
        assert sms.heard(text) == 1, sms.phone.received
    for text in said["sms"]:
        expect(ole.said.get_by_text(text, exact=True)).to_have_count(1)
    assert not re.search("Traceback", scene.house.log(BACKEND)), "the backend failed"
    for citizen, channel in ((web, "web"), (sms, "sms")):
        heard = Counter(scene.tracked(citizen.conversation_id, "user"))
        assert [heard[text] for text in said[channel]] == [1] * len(said[channel])
        uttered = Counter(scene.tracked(citizen.conversation_id, "bot"))
        assert [uttered[text] for text in said[f"desk-{channel}"]] == [1] * len(said[f"desk-{channel}"])


def _speak(
    said: dict[str, list[str]],
    process: str,
    moment: str,
    web: WebCitizen,
    sms: SmsCitizen,
    karen: Desk,
    ole: Desk,
) -> None:
    """Everybody writes, and nobody waits for what becomes of it."""
    for source, write in (
        ("web", web.chat.type),
        ("sms", sms.write),
        ("desk-web", karen.send),
        ("desk-sms", ole.send),
    ):
        text = f"{source} {moment} {process}"
        said[source].append(text)
        write(text)
