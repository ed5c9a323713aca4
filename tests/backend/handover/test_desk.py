"""What caseworkers do at the desk: take, write, give on, hand back, end; and what fails meanwhile."""

import asyncio
from datetime import timedelta

import pytest

from backend.handover.delivery import MOST_ATTEMPTS
from backend.handover.ownership import HandoverState, Outcome, Owner, Reason
from backend.handover.problems import AssistantUnreachable, ColleagueAway, NotOwned, OwnedByAnother
from backend.handover.tables import Cause, MessageState
from backend.outreach.occasions import Occasion, OutreachKind
from backend.outreach.repository import OutreachRepository
from backend.outreach.tables import OutreachChannel
from backend.problems import NotFound
from tests.backend.handover.conftest import ANNA, BO, ELSEWHERE, Office


@pytest.fixture
async def taken(office: Office) -> Office:
    """Anna has the conversation."""
    await office.there(ANNA, BO)
    await office.ask("c1")
    await office.desk.take(ANNA, "c1", key="take")
    return office


async def test_of_two_who_take_at_once_one_gets_it(office: Office) -> None:
    await office.there(ANNA, BO)
    await office.ask("c1")
    results = await asyncio.gather(
        office.desk.take(ANNA, "c1", key="a"), office.desk.take(BO, "c1", key="b"), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "OwnedByAnother"]
    [handover] = await office.handovers("c1")
    assert handover.owner in ("anna", "bo")


async def test_a_message_takes_the_conversation_and_silences_the_assistant_first(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    await office.desk.write(ANNA, "c1", "Hej, jeg er Anna.", key="k")
    assert "c1" in office.bot.silent
    assert await office.owner("c1") == (Owner.CASEWORKER, False)
    assert await office.heard("c1") == [("Anna Holm", "Hej, jeg er Anna.")]


async def test_a_caseworker_can_step_in_where_nobody_asked(taken: Office) -> None:
    async with taken.citizens() as service:
        await service.ask("other", Reason.ASKED, taken.clock())
        await service.leave("other")
    taken.clock.advance(seconds=1)
    await taken.desk.write(BO, "other", "Må jeg hjælpe?", key="k")
    assert [one.reason for one in await taken.handovers("other")] == [Reason.ASKED, Reason.STEPPED_IN]


async def test_a_conversation_that_is_not_there_or_not_for_the_team_cannot_be_taken(taken: Office) -> None:
    with pytest.raises(NotFound):
        await taken.desk.take(ANNA, "nowhere", key="k1")
    with pytest.raises(NotFound):
        await taken.desk.write(ELSEWHERE, "c1", "Hej", key="k2")
    async with taken.desk.reading(ELSEWHERE) as service:
        assert (await service.floor()).waiting == []
        assert list(await service.messages("c1")) == []
        assert list(await service.history("c1")) == []


async def test_what_another_has_cannot_be_written_in(taken: Office) -> None:
    with pytest.raises(OwnedByAnother):
        await taken.desk.write(BO, "c1", "Hej", key="k")
    assert [one.text for one in await taken.messages("c1")] == [None]


async def test_while_the_assistant_cannot_be_silenced_nothing_is_taken_or_written(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    office.bot.is_down = True
    with pytest.raises(AssistantUnreachable):
        await office.desk.write(ANNA, "c1", "Hej", key="k")
    assert await office.owner("c1") == (Owner.WAITING, True)
    office.bot.is_down = False
    await office.desk.write(ANNA, "c1", "Hej", key="k")
    assert await office.heard("c1") == [("Anna Holm", "Hej")]


async def test_a_reservation_that_a_crash_left_lapses_and_the_bot_goes_on(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    async with office.desk.changing(ANNA) as service:
        await service.reserve("c1")
    assert await office.owner("c1") == (Owner.WAITING, False)
    office.bot.heard("c1").append(("citizen", "?"))
    office.clock.advance(seconds=15)
    assert await office.owner("c1") == (Owner.WAITING, True)
    await office.delivery.keep_true()
    assert (await office.heard("c1"))[1:] == [("notice", "utter_person_not_here")]
    await office.there(BO)
    await office.desk.take(BO, "c1", key="k")


async def test_a_repeated_form_does_nothing_twice(taken: Office) -> None:
    for _ in range(2):
        await taken.desk.write(ANNA, "c1", "Hej", key="k")
    for _ in range(2):
        async with taken.desk.changing(ANNA) as service:
            await service.end("c1", Cause.NOT_COVERED, key="end")
    await taken.desk.take(ANNA, "c1", key="take")
    await taken.desk.write(ANNA, "c1", "Hej", key="k")
    assert await taken.heard("c1") == [
        ("notice", "utter_person_here"),
        ("Anna Holm", "Hej"),
        ("notice", "utter_person_ended"),
    ]
    [handover] = await taken.handovers("c1")
    assert (handover.outcome, handover.cause) == (Outcome.ANSWERED, Cause.NOT_COVERED)


async def test_a_form_that_is_sent_twice_at_once_does_nothing_twice(taken: Office) -> None:
    async def end() -> None:
        async with taken.desk.changing(ANNA) as service:
            await service.end("c1", None, key="end")

    await asyncio.gather(*(taken.desk.write(ANNA, "c1", "Hej", key="k") for _ in range(3)))
    await asyncio.gather(end(), end(), end())
    assert (await taken.heard("c1"))[1:] == [("Anna Holm", "Hej"), ("notice", "utter_person_ended")]


async def test_messages_are_said_in_order_and_once_although_answers_are_lost(taken: Office) -> None:
    await taken.heard("c1")
    taken.bot.loses_answers = True
    for number in range(4):
        await taken.desk.write(ANNA, "c1", str(number), key=f"k{number}")
    for _ in range(6):
        await taken.delivery.say_all()
        taken.clock.advance(seconds=1)
    taken.bot.loses_answers = False
    taken.clock.advance(minutes=1)
    heard = await taken.heard("c1")
    assert [text for _, text in heard[1:]] == ["0", "1", "2", "3"]


async def test_a_message_waits_for_the_assistant_and_then_fails_until_it_is_sent_again(taken: Office) -> None:
    await taken.heard("c1")
    taken.bot.is_down = True
    message = await taken.desk.write(ANNA, "c1", "Er du der?", key="k")
    for _ in range(MOST_ATTEMPTS):
        await taken.delivery.say_all()
        taken.clock.advance(seconds=30)
    assert [one.state for one in await taken.messages("c1")] == [MessageState.SENT, MessageState.FAILED]
    taken.bot.is_down = False
    async with taken.desk.changing(ANNA) as service:
        await service.retry(message.id)
        await service.retry(message.id)
    assert (await taken.heard("c1"))[1:] == [("Anna Holm", "Er du der?")]


async def test_what_the_channel_cannot_take_fails_at_once(taken: Office) -> None:
    taken.bot.takes_words = False
    await taken.delivery.say_all()
    assert [one.state for one in await taken.messages("c1")] == [MessageState.FAILED]


async def test_what_becomes_of_an_sms_is_asked_for(taken: Office) -> None:
    taken.bot.channel = "sms"
    await taken.heard("c1")
    [message] = await taken.messages("c1")
    taken.bot.reports[message.id] = "delivered"
    await taken.delivery.ask_for_reports()
    assert [one.state for one in await taken.messages("c1")] == [MessageState.DELIVERED]


async def test_a_lost_browser_puts_the_citizen_at_the_front_and_tells_them(taken: Office) -> None:
    await taken.ask("c2")
    await taken.heard("c1")
    taken.clock.advance(minutes=2)
    await taken.there(BO)
    for _ in range(2):
        await taken.delivery.keep_true()
    assert await taken.queue() == ["c1", "c2"]
    assert (await taken.heard("c1"))[1:] == [("notice", "utter_person_lost"), ("notice", "utter_queue_place")]
    assert await taken.owner("c1") == (Owner.WAITING, True)
    with pytest.raises(NotOwned):
        async with taken.desk.changing(ANNA) as service:
            await service.write("c1", "Er du der?", key="k")
    await taken.desk.take(BO, "c1", key="k2")


async def test_signs_of_life_keep_a_conversation(taken: Office) -> None:
    for _ in range(5):
        taken.clock.advance(minutes=1)
        async with taken.desk.changing(ANNA) as service:
            await service.give_sign_of_life()
        await taken.delivery.keep_true()
    assert await taken.owner("c1") == (Owner.CASEWORKER, False)


async def test_signs_of_life_keep_also_what_was_taken_by_who_is_not_available(office: Office) -> None:
    await office.there(BO)
    await office.ask("c1")
    await office.desk.take(ANNA, "c1", key="take")
    for _ in range(5):
        office.clock.advance(minutes=1)
        async with office.desk.changing(ANNA) as service:
            await service.give_sign_of_life()
            assert not await service.is_available()
        await office.delivery.keep_true()
    assert await office.owner("c1") == (Owner.CASEWORKER, False)


async def test_a_conversation_is_given_to_a_colleague_who_is_there(taken: Office) -> None:
    async with taken.desk.changing(ANNA) as service:
        assert [one.login for one in await service.colleagues()] == ["bo"]
        await service.transfer("c1", "bo", key="k")
    assert await taken.owner("c1") == (Owner.CASEWORKER, False)
    await taken.desk.write(BO, "c1", "Hej igen", key="k2")
    assert (await taken.heard("c1"))[1:] == [("notice", "utter_person_changed"), ("Bo Lind", "Hej igen")]
    async with taken.desk.changing(ANNA) as service:
        with pytest.raises(NotOwned):
            await service.end("c1", None, key="k3")


@pytest.mark.parametrize("colleague", ["nobody", "eva", "bo"])
async def test_a_conversation_is_not_given_to_who_is_not_there_for_it(taken: Office, colleague: str) -> None:
    await taken.there(ELSEWHERE)
    await taken.there(BO, available=False)
    async with taken.desk.changing(ANNA) as service:
        with pytest.raises(ColleagueAway):
            await service.transfer("c1", colleague, key="k")
    assert (await taken.handovers("c1"))[0].owner == "anna"


async def test_the_bot_goes_on_with_a_line_of_context(taken: Office) -> None:
    async with taken.desk.changing(ANNA) as service:
        await service.hand_back("c1", "Du kan nu booke en tid.", key="k")
    assert await taken.owner("c1") == (Owner.BOT, True)
    assert (await taken.heard("c1"))[-1] == ("notice", "utter_handed_back_with_word")
    assert (await taken.messages("c1"))[-1].values == {
        "person": "Anna",
        "word": "Du kan nu booke en tid.",
    }
    assert "c1" not in taken.bot.silent


async def test_a_whisper_is_for_colleagues_alone(taken: Office) -> None:
    async with taken.desk.changing(BO) as service:
        await service.whisper("c1", "Spørg om hans mail.", key="k")
        await service.whisper("c1", "Spørg om hans mail.", key="k")
    [handover] = await taken.handovers("c1")
    async with taken.desk.reading(ANNA) as service:
        whispers = [one for one in await service.events(handover.id) if one.kind == "whispered"]
    assert [(one.actor, one.note) for one in whispers] == [("bo", "Spørg om hans mail.")]
    assert all(text != "Spørg om hans mail." for _, text in await taken.heard("c1"))


async def test_what_there_is_to_measure_is_kept(taken: Office) -> None:
    taken.clock.advance(minutes=3)
    async with taken.desk.changing(ANNA) as service:
        assert [one.conversation_id for one in await service.mine()] == ["c1"]
        await service.end("c1", None, key="k")
        assert await service.mine() == []
    [handover] = await taken.handovers("c1")
    assert handover.state == HandoverState.CLOSED
    assert handover.taken_at is not None
    assert handover.closed_at is not None
    assert handover.closed_at - handover.taken_at == timedelta(minutes=3)


async def test_nothing_else_is_sent_to_a_citizen_who_writes_with_a_person(taken: Office) -> None:
    async def waiting() -> int:
        async with taken.database.read() as work:
            return len(await OutreachRepository(work.session).waiting(OutreachChannel.SMS, taken.clock(), 10))

    async with taken.database.write() as work:
        occasion = Occasion("key", OutreachKind.UNFINISHED, taken.clock(), "c1")
        await OutreachRepository(work.session).add_if_absent(occasion, taken.clock())
        await work.commit()
    assert await waiting() == 0
    async with taken.desk.changing(ANNA) as service:
        await service.end("c1", None, key="k")
    assert await waiting() == 1
