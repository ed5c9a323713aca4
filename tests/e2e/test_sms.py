"""The main job by SMS, end to end, on a gateway that repeats and fails, with every process killed once."""

import re
import sqlite3
from collections.abc import Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.house import ACTIONS, BACKEND, RASA, House
from benchmarks.rest_citizen import rows
from benchmarks.sms_citizen import BOOKED, PATIENCE_SECONDS, SmsCitizen, measure, open_sms, settings_for
from tests.sms_gateway import FORMATS, Faults

MOST_PARTS = 22
# After how many messages which process is killed, in the middle of what the last one has begun.
KILLED_AFTER = {4: RASA, 6: ACTIONS, 8: BACKEND}


@pytest.fixture(scope="module")
def sms_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("sms"))
    house.prepare()
    try:
        house.start(BACKEND, ACTIONS)
        yield house
    finally:
        house.stop()


@pytest.fixture
def rasa_stopped(sms_house: House) -> Iterator[House]:
    """The house, whose Rasa the test starts with the gateway it wants."""
    yield sms_house
    sms_house.kill(RASA)


@pytest.mark.parametrize("provider", FORMATS)
def test_the_main_job_with_repeated_webhooks_failing_sends_and_each_process_killed(
    rasa_stopped: House, provider: str
) -> None:
    house = rasa_stopped
    with open_sms(house, provider, Faults(duplicates=0.3, failing=0.1)) as gateway:
        house.settings = settings_for(gateway)
        house.start(RASA)
        number = f"+452211000{list(FORMATS).index(provider)}"
        citizen = SmsCitizen(gateway, gateway.phone(number), name="Inge Bro", digits=cycle("101"))
        citizen.write("hej")
        while citizen.reply():
            process = KILLED_AFTER.get(len(citizen.written))
            if process:
                house.kill(process)
                house.start(process)
        assert gateway.refused == []
        received = list(citizen.phone.received)
    assert BOOKED in received[-1]

    [found] = [one for one in rows(house, "SELECT * FROM citizens") if one["phone"] == number]
    bookings = rows(house, "SELECT status FROM bookings WHERE citizen_id = ?", found["id"])
    assert bookings == [{"status": "booked"}]
    assert found["channel"] == "sms"
    assert number.lstrip("+") not in str(found["conversation_id"])

    heard = user_messages(house, str(found["conversation_id"]))
    assert len(heard) == len(citizen.written), "a message was lost or taken twice"
    assert in_order(heard, citizen.written)
    answers = "SELECT count(*) AS n FROM assessment_answers a JOIN assessments s ON s.id = a.assessment_id "
    [stored] = rows(house, answers + "WHERE s.citizen_id = ?", found["id"])
    last_question = max(int(n) for text in received for n in re.findall(r"Spm\. (\d+)", text))
    assert stored["n"] == last_question
    asked = [re.search(r"Spm\. \d+", text) for text in received]
    assert len({match[0] for match in asked if match}) == last_question, "a question was never put"


def test_the_main_job_takes_few_parts(rasa_stopped: House) -> None:
    assert measure(rasa_stopped).parts <= MOST_PARTS


def test_a_link_takes_the_conversation_to_the_web_once(rasa_stopped: House, browser: Browser) -> None:
    with open_sms(rasa_stopped, "gatewayapi-messaging") as gateway:
        rasa_stopped.settings = settings_for(gateway)
        rasa_stopped.start(RASA)
        citizen = SmsCitizen(gateway, gateway.phone("+4522110009"))
        citizen.write("hej")
        citizen.reply()
        assert gateway.wait_until(lambda: "Spm. 1" in citizen.phone.received[-1], PATIENCE_SECONDS)
        citizen.write("send mig et link")
        assert gateway.wait_until(lambda: "#l=" in citizen.phone.received[-1], PATIENCE_SECONDS)
        found = re.search(r"http\S+#l=\S+", citizen.phone.received[-1])
        assert found is not None
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(found[0])
            expect(page.get_by_text("Spm. 1")).to_be_visible(timeout=20_000)
            assert "#l=" not in page.url
            page.get_by_role("textbox").fill("det klarer jeg selv")
            page.keyboard.press("Enter")
            expect(page.get_by_role("log").get_by_text("Spørgsmål 2")).to_be_visible(timeout=20_000)
        # And back again: the phone goes on from there.
        citizen.write("spring over")
        assert gateway.wait_until(lambda: "Spm. 3" in citizen.phone.received[-1], PATIENCE_SECONDS)


def user_messages(house: House, conversation_id: str) -> list[str]:
    """What Rasa has heard: of a click the number is gone, so it stands as the button's title."""
    query = (
        "SELECT json_extract(data, '$.text'), json_extract(data, '$.metadata.button') FROM events "
        "WHERE sender_id = ? AND type_name = 'user' ORDER BY id"
    )
    with sqlite3.connect(f"file:{house.folder / 'rasa.db'}?mode=ro", uri=True) as connection:
        heard = connection.execute(query, (conversation_id,)).fetchall()
    return [button or text for text, button in heard if text != "/open_chat"]


def in_order(heard: list[str], written: list[str]) -> bool:
    """Whether what was heard is what was written, where a number may stand for a button."""
    return all(text == said or said.isdecimal() for text, said in zip(heard, written, strict=True))
