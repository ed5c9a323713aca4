"""What may never be stored is in no file after a conversation, by the web and by SMS, in any spelling."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from benchmarks.house import House
from benchmarks.own_loop import run_in_own_loop
from benchmarks.rest_citizen import RestCitizen, rows
from benchmarks.sms_citizen import PATIENCE_SECONDS, open_sms, settings_for
from benchmarks.web_citizen import WebCitizen
from tests.e2e.waiting import wait_until
from tests.sms_gateway import Gateway, Phone

LEFT_ALONE = ["jeg glemmer altid min adgangskode", "ring på 20 30 40 50", "den 12. december kl. 10"]
# A phone that writes more than twenty times in a minute is asked to wait.
THINGS_A_PHONE = 6


@dataclass(frozen=True)
class Planted:
    """What somebody types, in one message or more, and what of it must be nowhere.

    Attributes:
        messages: The messages, in order.
        secret: Its letters and digits, without what stands between them.
    """

    messages: tuple[str, ...]
    secret: str


def _cpr(day: int, form: str) -> Planted:
    """A number with a date and last four digits that no other has, in some form."""
    date, last = f"{day:02d}0389", f"{9100 + 7 * day}"
    parts = {"d": date[:2], "m": date[2:4], "y": date[4:], "last": last, "date": date}
    return Planted(tuple(form.format(**parts).split("|")), date + last)


_FORMS = [
    "{date}{last}",
    "{date}-{last}",
    "{date} {last}",
    "{d}{m} {y} {last}",
    "{d}.{m}.{y}-{last}",
    "{d}/{m}/{y}/{last}",
    "{d}-{m}-{y} {last}",
    "mit cpr er {date}-{last}, og jeg vil gerne i gang",
    "CPR: {date}{last}",
    "cpr{date}-{last}nu",
    "{date}–{last}",
    "{date}\u2011{last}",
    "{d}\u200b{m}\u200d{y}\u2060{last}",
    "{date} og så {last}",
    "{date}, de sidste fire er {last}",
    "({date}) {last}",
    "{d}. marts 19{y}-{last}",
    "{d}{m}19{y}-{last}",
    "{date}|{last}",
    "mit cpr er {date}|{last}",
    "{d}{m}|{y}|{last}",
    "{d}.{m}.{y}|vent lidt|de sidste fire er {last}",
]
_SCRIPTS = ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩")
_SAID = [
    ("mit kort er 4111 1111 1111 1111", "4111111111111111"),
    ("5555-5555-5555-4444", "5555555555554444"),
    ("378282246310005", "378282246310005"),
    ("iban DK50 0040 0440 1162 43", "dk5000400440116243"),
    ("reg 8117 konto 7263549018", "7263549018"),
    ("kontonummer 8118 0074625381", "0074625381"),
    ("min adgangskode er hundekiks77", "hundekiks77"),
    ("password=Sommerfugl#9", "sommerfugl#9"),
    ("pinkode 73519826", "73519826"),
    ("kode: Ravnkilde", "ravnkilde"),
    ("mit MitID bruger-id er hanneravn88", "hanneravn88"),
    ("koden til min mail er gulerod44", "gulerod44"),
]


def planted() -> list[Planted]:
    """Everything that is typed, on each channel."""
    numbers = [_cpr(1 + place, form) for place, form in enumerate(_FORMS)]
    shown = _cpr(30, "{date}-{last}").messages[0]
    foreign = [
        Planted((shown.translate(str.maketrans("0123456789", digits)),), re.sub(r"\D", "", shown))
        for digits in _SCRIPTS
    ]
    return [*numbers, *foreign, *(Planted((text,), secret) for text, secret in _SAID)]


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("identifiers"))
    house.prepare()
    try:
        yield house
    finally:
        house.stop()


async def type_on_the_web(house: House, messages: list[str]) -> None:
    async with WebCitizen(house.chat_url) as citizen:
        for message in messages:
            await citizen.write(message)


def type_by_sms(gateway: Gateway, number: str, messages: list[str]) -> None:
    phone = gateway.phone(number)
    for message in messages:
        answered = len(phone.received)
        gateway.write(phone, message)
        assert gateway.wait_until(partial(has_more_than, phone, answered), PATIENCE_SECONDS), message


def has_more_than(phone: Phone, count: int) -> bool:
    return len(phone.received) > count


def bare(content: bytes) -> str:
    """Content with nothing between letters and digits, and digits of any script as our own.

    Rasa's times, seconds with a fraction, are left out: among thousands of them a short secret
    is found by chance.
    """
    text = re.sub(r"\b\d{10}\.\d+", " ", content.decode(errors="replace"))
    for digits in _SCRIPTS:
        text = text.translate(str.maketrans(digits, "0123456789"))
    # Rasa and the spool write what is not ASCII as an escape.
    text = re.sub(r"\\u[0-9a-fA-F]{4}", lambda escape: chr(int(escape[0][2:], 16)), text)
    return re.sub(r"[^\w#]|_", "", text).casefold()


def files_below(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_nothing_that_is_hidden_is_in_any_file(own_house: House) -> None:
    house, things = own_house, planted()
    assert 2 * len(things) >= 50
    messages = [*messages_of(things), *LEFT_ALONE]
    with open_sms(house, "gatewayapi-messaging") as gateway:
        house.settings = settings_for(gateway)
        house.start()
        run_in_own_loop(type_on_the_web(house, messages))
        for first in range(0, len(things), THINGS_A_PHONE):
            some = things[first : first + THINGS_A_PHONE]
            type_by_sms(gateway, f"+452211{4000 + first}", messages_of(some))
        type_by_sms(gateway, "+4522115000", LEFT_ALONE)
        citizen = RestCitizen(house)
        for message in messages:
            citizen.say(message)
        wait_until(lambda: len(said(house)) >= 3 * len(messages))
        # While all runs, so that the write-ahead logs are there, too.
        contents = {file: bare(file.read_bytes()) for file in files_below(house.folder)}
    found = [
        (file.name, thing) for file, text in contents.items() for thing in things if thing.secret in text
    ]
    assert found == []
    assert {"rasa.db", "rasa.log", "digispor.db", "sms.db", "events.db"} <= {file.name for file in contents}
    for text in LEFT_ALONE:
        assert said(house).count(text) == 3, text


def messages_of(things: Sequence[Planted]) -> list[str]:
    return [message for thing in things for message in thing.messages]


def said(house: House) -> list[str]:
    """What citizens have said, as the staff read it."""
    found = rows(house, "SELECT text FROM conversation_turns WHERE speaker = 'citizen'")
    return [str(row["text"]) for row in found]
