"""A citizen with a plain phone, who answers with a digit wherever there is one."""

import re
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle

from benchmarks.house import House
from tests.sms_gateway import FORMATS, Faults, Gateway, Phone
from tests.sms_gateway.formats import ACCOUNT, SECRET, SENDER, TOKEN

WEBHOOK_PATH = "/webhooks/sms/webhook"
PATIENCE_SECONDS = 120
MINUTE_SECONDS = 60

BOOKED = "Din tid er booket"
_TOO_FAST = re.compile(r"har ikke læst de sidste. Vent et minut, og skriv dem så igen.\Z")


def open_sms(house: House, format_name: str, faults: Faults | None = None) -> Gateway:
    """Gives a gateway for the house; the house's Rasa finds it once both are started.

    Args:
        house: A house whose Rasa does not run yet.
        format_name: The provider, as in credentials.yml.
        faults: How the gateway misbehaves.
    """
    return Gateway(FORMATS[format_name](), house.chat_url + WEBHOOK_PATH, faults)


def settings_for(gateway: Gateway) -> dict[str, str]:
    """The environment with which Rasa uses a gateway that is open."""
    return {
        "DIGISPOR_SMS_PROVIDER": gateway.format.name,
        "DIGISPOR_SMS_API_URL": gateway.url,
        "DIGISPOR_SMS_SENDER": SENDER,
        "DIGISPOR_SMS_ACCOUNT": ACCOUNT,
        "DIGISPOR_SMS_TOKEN": TOKEN,
        "DIGISPOR_SMS_WEBHOOK_SECRET": SECRET,
    }


def parts_sent(house: House) -> int:
    """How many parts have gone out by SMS in all, those included that are on their way."""
    with sqlite3.connect(f"file:{house.folder / 'sms.db'}?mode=ro", uri=True) as connection:
        # A phone has a message before the provider has told us so.
        [(count,)] = connection.execute("SELECT SUM(parts) FROM outgoing WHERE state != 'failed'")
    return int(count or 0)


@dataclass
class SmsCitizen:
    """Does the whole main job by SMS, one message at a time.

    Attributes:
        gateway: Whose network the phone is on.
        phone: The phone.
        name: What they are called.
        digits: Their answers to the questions.
        written: What they have written, in order, but what they were told that nobody has read.
    """

    gateway: Gateway
    phone: Phone
    name: str = "Grethe Bay"
    digits: Iterator[str] = field(default_factory=lambda: cycle("110"))
    written: list[str] = field(default_factory=list)
    _read: int = 0

    def write(self, text: str) -> None:
        """Sends a message."""
        self.written.append(text)
        self.gateway.write(self.phone, text)

    def reply(self) -> bool:
        """Reads what has come and answers it, if it asks for an answer; tells whether the main job goes on.

        Raises:
            TimeoutError: Nothing that asks for an answer came in time.
        """
        news = ""

        def asked() -> bool:
            nonlocal news
            news = "\n".join(self.phone.received[self._read :])
            return BOOKED in news or bool(_TOO_FAST.search(news)) or self._answer_to(news) is not None

        if not self.gateway.wait_until(asked, PATIENCE_SECONDS):
            raise TimeoutError(f"{self.phone.number} wrote {self.written[-1]!r} and heard only {news!r}")
        self._read = len(self.phone.received)
        if BOOKED in news:
            return False
        if _TOO_FAST.search(news):
            time.sleep(MINUTE_SECONDS)
            self.write(self.written.pop())
            return True
        answer = self._answer_to(news)
        self.write(next(self.digits) if answer == "digit" else str(answer))
        return True

    def do_main_job(self) -> None:
        """From the first message to the booked time."""
        self.write("hej")
        while self.reply():
            pass

    def _answer_to(self, news: str) -> str | None:
        answers = {
            r"Svar 0-3\Z": "digit",
            r"Hvad hedder du\?\Z": self.name,
            r"Hvilket telefonnummer .*\Z": self.phone.number.removeprefix("+45"),
            r"Svar \d(-\d)?\Z": "1",
            r"Skriv \"fortsæt\" om lidt": "fortsæt",
            # What else fails is followed by a question or a choice, at times in a message of its own.
            r"gik noget galt": self.written[-1],
        }
        return next((answer for asked, answer in answers.items() if re.search(asked, news)), None)


@dataclass(frozen=True)
class MainJob:
    """What the main job by SMS came to.

    Attributes:
        parts: How many parts went out to the citizen.
        webhook_seconds: How long each webhook took to be answered.
    """

    parts: int
    webhook_seconds: list[float]


def measure(house: House) -> MainJob:
    """Lets one citizen do the main job, with digits, on a gateway without faults.

    Args:
        house: A house whose Rasa does not run; it runs afterwards.
    """
    with open_sms(house, "gatewayapi-messaging") as gateway:
        house.settings = settings_for(gateway)
        house.start("rasa")
        before = parts_sent(house)
        citizen = SmsCitizen(gateway, gateway.phone("+4522334455"))
        citizen.do_main_job()
        return MainJob(parts_sent(house) - before, gateway.webhook_seconds)
