"""Codes and receipts reach the citizen, and stand nowhere afterwards."""

import aiohttp
import pytest

from bot.channels.seal import Seal
from bot.channels.sms.messages import Outgoing
from bot.channels.sms.notes import Notes
from bot.channels.sms.numbers import NumberCipher
from bot.channels.sms.provider import NotNow, Unreadable
from bot.channels.sms.sending import Sending
from bot.channels.sms.store import SmsStore
from tests.bot.channels.test_sms_channel import desk

__all__ = ["desk"]

KEY = "n" * 43
PHONE = "+4520304050"
ID = NumberCipher(KEY).conversation_id(PHONE)


class Phone:
    """Stands for the provider and whoever reads what it carries."""

    def __init__(self):
        self.received = []
        self.is_away = False

    async def send(self, message: Outgoing, number):
        if self.is_away:
            raise NotNow("away")
        self.received.append((number, message.text))


@pytest.fixture
def store(tmp_path):
    opened = SmsStore(tmp_path / "sms.db")
    yield opened
    opened.close()


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture
def notes(store):
    return Notes(store, NumberCipher(KEY))


@pytest.fixture
def send(store, phone):
    return Sending(store, phone, NumberCipher(KEY)).send_all


def rows(store):
    return store._connection.execute("SELECT * FROM outgoing").fetchall()


@pytest.mark.parametrize("to", [f'"phone": "{PHONE}"', f'"conversation_id": "{ID}"'])
async def test_a_code_goes_to_the_number_and_is_forgotten(agent, notes, store, send, phone, to):
    body = f'{{"id": "c1", "code": "123456", {to}}}'.encode()
    for _ in range(2):
        await notes.take_code(body, agent)
    await send(ID)
    assert phone.received == [(PHONE, "Din kode er 123456.")]
    assert rows(store) == []


async def test_a_code_waits_for_a_provider_that_is_away(agent, notes, store, send, phone):
    phone.is_away = True
    await notes.take_code(b'{"id": "c1", "code": "123456", "phone": "%s"}' % PHONE.encode(), agent)
    await send(ID)
    assert len(rows(store)) == 1


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b'{"id": "c1", "code": "12 34", "phone": "+4520304050"}', b'{"id": "c1", "code": "1"}'],
)
async def test_what_is_no_code_is_refused(agent, notes, body):
    with pytest.raises(Unreadable):
        await notes.take_code(body, agent)


async def test_the_last_word_takes_everything_else_with_it(agent, notes, store, send, phone):
    store.say("m1-0", ID, "Jeg er gået i gang.", 1)
    body = b'{"id": "DAAA", "conversation_id": "%s", "receipt_url": "https://k.dk/kvittering/DAAA"}'
    await notes.take_receipt(body % ID.encode(), agent)
    await send(ID)
    assert phone.received[-1] == (PHONE, "Alt er slettet. https://k.dk/kvittering/DAAA")
    assert rows(store) == []


def test_a_link_gets_its_key_where_it_is_shown_and_nowhere_else():
    link = "https://k.dk/mine-data/3d2f6b1a-0000-4000-8000-00000000c0de."
    gives = {"utter_action": "utter_data_link"}
    shown = Seal("s" * 43).with_keys_in({"text": f"Her: {link}[key]", **gives})["text"]
    assert shown.startswith(f"Her: {link}")
    assert len(shown.rpartition(".")[2]) == 24
    assert Seal("s" * 43).with_keys_in({"text": "Skriv [key] her", **gives})["text"] == "Skriv [key] her"


async def test_the_channel_sends_a_code_for_the_backend_alone(agent, desk):
    async with desk.open(agent):
        address = f"http://127.0.0.1:{desk.port}/webhooks/sms/codes"
        body = {"id": "c1", "code": "123456", "phone": PHONE, "conversation_id": ""}
        statuses = []
        async with aiohttp.ClientSession() as session:
            for token in ("another", "a-service-token"):
                headers = {"Authorization": f"Bearer {token}"}
                async with session.post(address, json=body, headers=headers) as response:
                    statuses.append(response.status)
        assert statuses == [401, 202]
        assert await desk.heard(1) == ["Din kode er 123456."]
    tracker = await agent.tracker_store.retrieve(ID)
    assert tracker is None or not tracker.events
