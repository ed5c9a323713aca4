"""What a citizen who wants a person is told, and that it stays true."""

from datetime import timedelta

import pytest

from backend.handover.ownership import HandoverState, Outcome, Owner, Reason
from backend.handover.problems import NotWaiting
from backend.handover.service import StandingKind
from backend.problems import NotFound
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.repository import TranscriptRepository
from tests.backend.handover.conftest import ANNA, BO, ELSEWHERE, Office


def responses(heard: list[tuple[str, str]]) -> list[str]:
    return [text for who, text in heard if who == "notice"]


async def test_where_nobody_has_ever_been_available_nothing_happens(office: Office) -> None:
    await office.there(BO, available=False)
    assert (await office.ask("c1")).kind is StandingKind.OFF
    assert await office.handovers("c1") == []


async def test_to_step_in_opens_no_queue(office: Office) -> None:
    async with office.database.write() as work:
        await TranscriptRepository(work.session, EVERY_TEAM).ensure_conversation("c1", office.clock())
        await work.commit()
    await office.desk.take(ANNA, "c1", key="k")
    assert await office.owner("c1") == (Owner.CASEWORKER, False)
    assert (await office.ask("c2")).kind is StandingKind.OFF


async def test_who_was_available_once_has_opened_the_queue(office: Office) -> None:
    await office.there(ANNA)
    await office.there(ANNA, available=False)
    assert (await office.ask("c1")).kind is StandingKind.NOBODY


async def test_a_citizen_hears_their_place_and_what_the_staff_are_told(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    standing = await office.ask("c2", Reason.ANNOYED)
    assert (standing.kind, standing.position, standing.wait) == (StandingKind.QUEUED, 2, None)
    assert standing.passed_on == "jeg ikke hjalp dig godt nok, og at du gerne vil tale med et menneske"
    assert await office.owner("c2") == (Owner.WAITING, True)


async def test_who_asks_again_keeps_their_place(office: Office) -> None:
    await office.there(ANNA)
    for conversation in ("c1", "c2", "c1"):
        await office.ask(conversation)
    assert await office.queue() == ["c1", "c2"]
    assert len(await office.handovers("c1")) == 1


async def test_a_sign_of_crisis_goes_first(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    await office.ask("c2")
    assert (await office.ask("c2", Reason.CRISIS)).position == 1
    assert await office.queue() == ["c2", "c1"]


@pytest.mark.parametrize("hour", [-3, 10])
async def test_outside_the_opening_hours_nobody_waits_and_is_told_when_it_opens(
    office: Office, hour: int
) -> None:
    await office.there(ANNA)
    office.clock.advance(hours=hour)
    await office.there(ANNA)
    standing = await office.ask("c1")
    assert standing.kind is StandingKind.CLOSED
    assert standing.opens == ("i dag kl. 9.00" if hour < 0 else "onsdag den 25. november kl. 9.00")
    assert [one.outcome for one in await office.handovers("c1")] == [Outcome.NOBODY]


async def test_who_is_not_available_or_of_another_team_or_long_gone_is_not_there(office: Office) -> None:
    await office.there(ANNA, available=False)
    await office.there(ELSEWHERE)
    assert (await office.ask("c1")).kind is StandingKind.NOBODY
    await office.there(ANNA)
    office.clock.advance(minutes=2)
    assert (await office.ask("c1")).kind is StandingKind.NOBODY


async def test_those_who_wait_are_told_once_that_the_last_one_has_gone_and_when_one_is_back(
    office: Office,
) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    await office.there(ANNA, available=False)
    for _ in range(3):
        await office.delivery.keep_true()
    assert responses(await office.heard("c1")) == ["utter_queue_nobody"]
    office.clock.advance(minutes=4)
    await office.there(ANNA)
    for _ in range(3):
        await office.delivery.keep_true()
    assert responses(await office.heard("c1")) == ["utter_queue_nobody", "utter_queue_place"]


async def test_a_place_that_nobody_comes_for_is_given_up_when_it_closes(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    office.clock.advance(hours=8)
    await office.there(ANNA)
    await office.delivery.keep_true()
    [handover] = await office.handovers("c1")
    assert handover.outcome == Outcome.NOBODY
    assert responses(await office.heard("c1")) == ["utter_queue_closed"]


async def test_a_place_is_not_kept_for_ever_while_nobody_is_there(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    await office.there(ANNA, available=False)
    for _ in range(4):
        await office.delivery.keep_true()
        await office.delivery.say_all()
        office.clock.advance(minutes=10)
    assert responses(await office.heard("c1")) == ["utter_queue_nobody", "utter_queue_given_up"]
    assert await office.owner("c1") == (Owner.BOT, True)


async def test_that_it_takes_longer_than_was_said_is_said(office: Office) -> None:
    await office.there(ANNA)
    for number in range(5):
        await office.ask(f"before-{number}")
        office.clock.advance(minutes=1)
        await office.there(ANNA)
        await office.desk.take(ANNA, f"before-{number}", key=f"take-{number}")
    standing = await office.ask("c1")
    assert standing.wait is not None
    assert standing.wait.at_most == 1
    for _ in range(4):
        office.clock.advance(minutes=1)
        await office.there(ANNA)
        await office.delivery.keep_true()
    assert responses(await office.heard("c1")) == ["utter_queue_longer"]


async def test_a_much_better_place_is_told_and_a_little_better_one_is_not(office: Office) -> None:
    await office.there(ANNA)
    for number in range(5):
        await office.ask(f"c{number}")
    office.clock.advance(minutes=3)
    await office.there(ANNA)
    for number in range(3):
        async with office.citizens() as service:
            await service.leave(f"c{number}")
    await office.delivery.keep_true()
    assert responses(await office.heard("c4")) == ["utter_queue_place"]
    assert [one.values["position"] for one in await office.messages("c4")] == ["2"]
    async with office.citizens() as service:
        assert (await service.standing("c4")).position == 2


async def test_what_was_true_of_the_queue_is_not_said_when_a_person_has_come(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    await office.there(ANNA, available=False)
    await office.delivery.keep_true()
    await office.desk.take(ANNA, "c1", key="k1")
    assert responses(await office.heard("c1")) == ["utter_person_here"]
    assert [one.state for one in await office.messages("c1")] == ["dropped", "sent"]


async def test_a_citizen_can_leave_the_queue_and_ask_again(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    for _ in range(2):
        async with office.citizens() as service:
            assert (await service.leave("c1")).kind is StandingKind.NONE
    assert await office.owner("c1") == (Owner.BOT, True)
    await office.ask("c1")
    assert [one.state for one in await office.handovers("c1")] == [
        HandoverState.CLOSED,
        HandoverState.WAITING,
    ]


async def test_a_number_to_call_takes_the_citizen_out_of_the_queue(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    async with office.citizens() as service:
        await service.call_instead("c1", "+4520304050")
        await service.call_instead("c1", "+4520304051")
    [handover] = await office.handovers("c1")
    assert handover.outcome == Outcome.CALL_INSTEAD
    async with office.desk.changing(ANNA) as desk:
        [request] = await desk.call_requests()
        assert request.phone == "+4520304051"
        await desk.note_called(request.id)
        assert await desk.call_requests() == []
    async with office.desk.reading(ELSEWHERE) as desk:
        assert await desk.call_requests() == []


async def test_nobody_leaves_a_person_who_has_come(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    await office.desk.take(ANNA, "c1", key="k1")
    async with office.citizens() as service:
        with pytest.raises(NotWaiting):
            await service.leave("c1")
        assert (await service.standing("c1")).person == "Anna"


async def test_help_is_rated_once_and_only_where_there_was_some(office: Office) -> None:
    await office.there(ANNA)
    await office.ask("c1")
    async with office.citizens() as service:
        with pytest.raises(NotFound):
            await service.rate_help("c1", helped=True)
    await office.desk.take(ANNA, "c1", key="k1")
    async with office.desk.changing(ANNA) as desk:
        await desk.end("c1", None, key="k2")
    async with office.citizens() as service:
        assert await service.rate_help("c1", helped=False) is False
        assert await service.rate_help("c1", helped=True) is False


async def test_a_wish_that_arrives_late_has_its_place_and_is_told_of_it(office: Office) -> None:
    await office.there(ANNA, BO)
    await office.ask("c1")
    async with office.citizens() as service:
        await service.ask("late", Reason.ASKED, office.clock() - timedelta(minutes=5))
    assert await office.queue() == ["late", "c1"]
    await office.delivery.keep_true()
    assert responses(await office.heard("late")) == ["utter_queue_place"]
