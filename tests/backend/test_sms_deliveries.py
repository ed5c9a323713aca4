"""How far an answer by SMS has come is told at its turn, in whatever order it is reported."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from backend.transcripts.deliveries import DeliveryState, together
from backend.transcripts.tables import Conversation, SmsDelivery
from tests.backend.story import START, Story
from tests.backend.visitor import Visitor, hire

PAGE = "/console/conversations/c1"


def story():
    told = Story("c1").user("hej").bot("Hej").bot("Spørgsmål 1").user("1").bot("Tak")
    told.events[0]["message_id"], told.events[3]["message_id"] = "m1", "m2"
    for event in told.events:
        if event["event"] == "user":
            event["input_channel"] = "sms"
    return told.events


def report(reference, state, *, answers=2, at=100):
    message_id = reference.partition("-")[0]
    event = {"event": "sms_delivery", "sender_id": "c1", "timestamp": START + at, "name": reference}
    return {**event, "message_id": message_id, "answers": answers, "state": state}


@pytest.fixture
async def caseworker(client, database, clock):
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    return visitor


async def page_text(caseworker):
    return (await caseworker.get(PAGE)).text


async def test_nothing_is_claimed_before_all_the_answers_are_known_to_be_sent(caseworker, archive):
    await archive.send(story())
    assert "Svaret på sms" not in await page_text(caseworker)
    await archive.send([report("m1-0", "delivered")])
    assert "Svaret på sms" not in await page_text(caseworker)
    await archive.send([report("m1-1", "sent")])
    assert "hej Svaret på sms: afsendt." in await page_text(caseworker)
    await archive.send([report("m1-1", "delivered", at=101)])
    text = await page_text(caseworker)
    assert "hej Svaret på sms: leveret." in text
    assert text.count("Svaret på sms") == 1


async def test_one_that_could_not_be_delivered_is_told_at_once(caseworker, archive):
    await archive.send([*story(), report("m2-0", "failed", answers=1)])
    assert "1 Svaret på sms: kunne ikke leveres." in await page_text(caseworker)


async def test_what_the_bot_said_unasked_tells_its_own(caseworker, archive):
    reminder = Story("c1").bot("Du har en tid i morgen")
    reminder.events[0]["metadata"] = {"utter_action": "utter_reminder_day", "notice_id": "n1"}
    await archive.send([*reminder.events, report("n1-0", "delivered", answers=1)])
    assert "Du har en tid i morgen Sms: leveret." in await page_text(caseworker)


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_order_of_reports_makes_no_difference_nor_does_a_repeat(archive, database, order):
    reports = [report("m1-0", "sent"), report("m1-0", "delivered", at=101), *story()[:1]]
    for number in order:
        await archive.send([reports[number]])
        await archive.send([reports[number]])
    async with database.read() as work:
        (state,) = await work.session.scalars(select(SmsDelivery.state))
    assert state == "delivered"


async def test_a_report_does_not_make_a_conversation_active(archive):
    await archive.send(story())
    before = await archive.page()
    await archive.send([report("m1-0", "delivered", at=50_000)])
    assert await archive.page() == before


async def test_a_report_of_a_later_version_is_kept_and_told_of_by_nothing(caseworker, archive, database):
    await archive.send([*story(), {**report("m1-0", "sent"), "state": "read", "answers": 1}])
    assert "Svaret på sms" not in await page_text(caseworker)


async def test_reports_go_with_their_conversation(archive, database):
    await archive.send([*story(), report("m1-0", "sent")])
    async with database.write() as work:
        await work.session.execute(delete(Conversation))
        await work.commit()
    async with database.read() as work:
        assert (await work.session.scalars(select(SmsDelivery))).all() == []


@given(st.lists(st.sampled_from(DeliveryState), max_size=4), st.integers(1, 4))
def test_answers_are_delivered_only_when_every_one_is(states, answers):
    state = together(states, answers)
    if state is DeliveryState.DELIVERED:
        assert len(states) >= answers
        assert set(states) == {DeliveryState.DELIVERED}
    assert (state is DeliveryState.FAILED) == (DeliveryState.FAILED in states)
