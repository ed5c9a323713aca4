"""A citizen gets a copy of everything and has it erased, by each channel; then it is in no file."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.house import House
from benchmarks.rest_citizen import RestCitizen, rows
from benchmarks.sms_citizen import PATIENCE_SECONDS, SmsCitizen, open_sms, settings_for
from tests.e2e.browser import Chat
from tests.e2e.waiting import wait_until
from tests.sms_gateway import Gateway, Phone

ON_THE_WEB, BY_SMS, ELSEWHERE = "22617181", "22617182", "22617183"
# What fails in passing is tried again half a minute later.
ERASED_SECONDS = 90
CODE = re.compile(r"(\d{6}) er din kode")


@pytest.fixture(scope="module")
def gateway_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Gateway]]:
    house = House(tmp_path_factory.mktemp("erasure"))
    house.prepare()
    with open_sms(house, "gatewayapi-messaging") as gateway:
        house.settings = settings_for(gateway)
        try:
            house.start()
            yield house, gateway
        finally:
            house.stop()


def test_who_writes_in_the_chat_gets_a_copy_and_is_erased(
    gateway_of: tuple[House, Gateway], browser: Browser
) -> None:
    house, gateway = gateway_of
    secret = "zyxkvark"
    phone = gateway.phone(f"+45{ON_THE_WEB}")
    with browser.new_context(locale="da-DK", timezone_id="Europe/Copenhagen") as context:
        chat = Chat(context.new_page(), house)
        chat.open()
        chat.write(f"jeg leder efter noget med {secret}")
        chat.write("jeg vil gerne have en tid hos en konsulent")
        chat.write("den anden")
        chat.write(f"Ane {secret.title()}")
        chat.write(ON_THE_WEB)
        chat.write("ja tak")
        chat.sees(re.compile("booket"))
        chat.write("jeg vil gerne have en kopi af mine data")
        first_code = code_sent_to(gateway, phone, after=0)
        heard = len(phone.received)
        chat.write(first_code)
        with context.expect_page() as opened:
            chat.page.get_by_role("link", name="Se mine oplysninger").click()
        copy = opened.value
        copy.get_by_role("button", name="Vis mine oplysninger").click()
        expect(copy.get_by_role("heading", name="Dine oplysninger", exact=True)).to_be_visible()
        expect(copy.get_by_text(secret).first).to_be_visible()
        assert files_with(house, secret)
        chat.write("slet mine oplysninger")
        # Erasing cannot be undone, so who asks shows once more who it is.
        second_code = code_sent_to(gateway, phone, after=heard)
        chat.write(second_code)
        chat.press("Ja, aflys tiden")
        chat.press("Ja, slet det")
        told = chat.page.get_by_role("log").get_by_text("Nu er det slettet").last
        expect(told).to_be_visible(timeout=ERASED_SECONDS * 1000)
        assert chat.page.get_by_text(secret).count() == 0
        # Who locks the telephone, or comes back another day, is told the same and meets no stranger.
        chat.page.reload()
        expect(chat.messages).to_have_count(1)
        expect(told).to_be_visible()
        expect(chat.page.get_by_role("link", name="Se kvitteringen")).to_be_visible()
    for trace in (secret, ON_THE_WEB, first_code, second_code):
        assert files_with(house, trace) == [], trace
    [meeting] = rows(house, "SELECT status, citizen_name FROM bookings WHERE status = 'cancelled'")
    assert meeting["citizen_name"] == "Slettet af borgeren"


def test_who_writes_by_sms_is_erased(gateway_of: tuple[House, Gateway]) -> None:
    house, gateway = gateway_of
    secret = "vyxkvalk"
    citizen = SmsCitizen(gateway, gateway.phone(f"+45{BY_SMS}"), name=f"Ane {secret.title()}")
    citizen.do_main_job()
    assert files_with(house, secret)
    heard = len(citizen.phone.received)
    citizen.write("slet mine oplysninger")
    # Anybody can forge who an SMS is from; its owner alone reads what is sent there.
    code = code_sent_to(gateway, citizen.phone, after=heard)
    for message, answer in (
        (code, "Skal jeg aflyse den"),
        ("ja", "Skal jeg slette"),
        ("ja", "Nu er det slettet"),
    ):
        heard = len(citizen.phone.received)
        citizen.write(message)
        assert gateway.wait_until(
            lambda heard=heard, answer=answer: answer in " ".join(citizen.phone.received[heard:]),
            PATIENCE_SECONDS,
        ), citizen.phone.received[heard:]
    for trace in (secret, BY_SMS, code):
        assert files_with(house, trace) == [], trace


def test_who_writes_through_another_system_gets_a_copy_and_is_erased(
    gateway_of: tuple[House, Gateway],
) -> None:
    house, gateway = gateway_of
    secret = "wyxklark"
    phone = gateway.phone(f"+45{ELSEWHERE}")
    citizen = RestCitizen(house)
    for text in ("jeg vil gerne have en tid hos en konsulent", "den første", f"Ane {secret.title()}"):
        citizen.say(text)
    citizen.say(ELSEWHERE)
    assert "booket" in citizen.say("ja tak")
    citizen.say("jeg vil gerne have en kopi af mine data")
    link = re.search(r"http\S+/mine-data/\S+", citizen.say(code_sent_to(gateway, phone, after=0)))
    assert link is not None
    with urlopen(link[0]) as page:
        assert "Vis mine oplysninger" in page.read().decode()
    heard = len(phone.received)
    citizen.say("slet mine oplysninger")
    assert "Skal jeg aflyse den?" in citizen.say(code_sent_to(gateway, phone, after=heard))
    assert "Skal jeg slette det nu?" in citizen.say("ja")
    begun = citizen.say("ja")
    # Nobody can be written to there, so nothing of the kind is promised.
    assert "Jeg skriver til dig" not in begun
    receipt = re.search(r"http\S+/kvittering/\S+", begun)
    assert receipt is not None

    def is_done() -> bool:
        with urlopen(receipt[0]) as page:
            return "er slettet.</strong>" in page.read().decode()

    wait_until(is_done)
    for trace in (secret, ELSEWHERE):
        assert files_with(house, trace) == [], trace


def code_sent_to(gateway: Gateway, phone: Phone, after: int) -> str:
    """The code among the messages that a phone has got after the first ones."""

    def codes() -> list[str]:
        return [found[1] for text in phone.received[after:] if (found := CODE.search(text))]

    assert gateway.wait_until(lambda: bool(codes()), PATIENCE_SECONDS)
    [code] = codes()
    return code


def files_with(house: House, words: str) -> list[str]:
    """The files of the house, logs and queues included, that hold some words however they are written."""
    traces = words.encode(), words.encode("utf-16-le")
    return sorted(
        path.name
        for path in files_below(house.folder)
        if any(one in path.read_bytes().lower() for one in traces)
    )


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
