"""Nobody but the citizen gets or erases anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.handover.repository import HandoverRepository
from backend.privacy.identity import Asker, IdentityService
from backend.privacy.keys import code_proof, identity_code, is_proof
from backend.privacy.service import a_month_after
from backend.privacy.tables import Identity, RequestKind
from backend.teams.scope import EVERY_TEAM
from tests.backend.privacy.conftest import CALL_PHONE, NAME, PHONE
from tests.backend.privacy.test_erasing import everything_stored


@pytest.fixture
def settings(settings):
    """With somebody who carries SMS."""
    return settings.model_copy(update={"sms_provider": "gatewayapi-rest"})


@pytest.fixture
def person(person):
    """Wants to be called on the number that they have booked with."""
    person.call_phone = PHONE
    return person


async def give(person, request, code, expect=200):
    proof = code_proof("a-signing-key-for-tests", person.conversation_id, code)
    answer = await person.desk.ask("POST", f"/rights-requests/{request['id']}/identity", {"proof": proof})
    assert answer.status == expect, answer.body
    return answer.body


async def books_again(person, phone):
    """Cancels the meeting and books another one, with a number that is told now."""
    about = {"version": person.booking["version"]}
    answer = await person.desk.ask("POST", f"/bookings/{person.booking['id']}/cancel", about)
    assert answer.status == 200, answer.body
    slot = await person.desk.slot("2026-11-27T10:00")
    answer = await person.desk.book(await person.desk.held(person.id, slot), NAME, phone)
    assert answer.status == 201, answer.body


async def wants_to_be_called(person, phone):
    async with person.database.write() as work:
        handovers = HandoverRepository(work.session, EVERY_TEAM)
        await handovers.add_call_request(person.conversation_id, phone, person.clock())
        await work.commit()


async def another(person, request, expect=201):
    path = f"/rights-requests/{request['id']}/codes"
    answer = await person.desk.ask("POST", path, {"channel": person.channel})
    assert answer.status == expect, answer.body
    return answer


@pytest.fixture
async def asked(person, worker, assistant):
    """A request of a citizen who has told their number, and the code they got."""
    await person.arrive()
    request = await person.asks()
    await worker.go_round()
    return request, assistant.codes[-1]["code"]


async def test_who_has_told_a_number_gets_a_code_there(person, assistant, asked):
    request, code = asked
    assert (request["identity"], request["is_identified"], request["sent_to"]) == ("code", False, "***19")
    assert assistant.codes[0]["phone"] == PHONE
    assert (await give(person, request, code))["answer"] == "right"
    assert (await person.asks())["is_identified"]


async def test_without_it_nothing_is_erased_and_no_link_is_given(person, asked):
    request, _ = asked
    await person.begins_erasure(request, "cancel", expect=409)
    export = await person.asks("export")
    answer = await person.desk.ask("POST", f"/rights-requests/{export['id']}/link", {})
    assert (answer.status, answer.slug) == (409, "identity-not-shown")


async def test_whoever_books_again_with_another_number_gets_no_code_there(person, worker, assistant):
    await person.arrive()
    await books_again(person, CALL_PHONE)
    for kind in ("export", "erasure"):
        request = await person.asks(kind)
        told = request["identity"], request["is_identified"], request["sent_to"]
        assert told == ("staff", False, None)
        await another(person, request, expect=409)
    await worker.go_round()
    assert assistant.codes == []


async def test_whoever_books_again_with_the_same_number_gets_a_code(person):
    await person.arrive()
    await books_again(person, PHONE)
    assert (await person.asks())["identity"] == "code"


async def test_another_number_to_call_is_another_number(person):
    await person.arrive()
    await wants_to_be_called(person, CALL_PHONE)
    assert (await person.asks())["identity"] == "staff"


async def test_a_number_to_call_is_a_number_that_was_told(person, worker, assistant):
    await person.arrive(tells_number=False)
    await wants_to_be_called(person, PHONE)
    assert (await person.asks())["sent_to"] == "***19"
    await worker.go_round()
    assert assistant.codes[0]["phone"] == PHONE


async def test_a_code_that_waits_is_not_sent_once_another_number_is_told(person, worker, assistant):
    await person.arrive()
    await person.asks()
    await books_again(person, CALL_PHONE)
    await worker.go_round()
    assert assistant.codes == []


async def test_what_a_code_has_shown_holds_no_more_once_another_number_is_told(person, asked):
    request, code = asked
    await give(person, request, code)
    await books_again(person, CALL_PHONE)
    assert not (await person.asks())["is_identified"]


@pytest.mark.parametrize(
    ("phone", "identity"),
    [
        pytest.param("+4532123456", "code", id="Denmark"),
        pytest.param("+299221234", "code", id="Greenland, mobile"),
        pytest.param("+298211234", "code", id="the Faroes, mobile"),
        pytest.param("+4590123456", "staff", id="Denmark, premium rate"),
        pytest.param("+4580123456", "staff", id="Denmark, free of charge"),
        pytest.param("+299321000", "staff", id="Greenland, fixed"),
        pytest.param("+46701234567", "staff", id="Sweden"),
        pytest.param("+447400123456", "staff", id="United Kingdom"),
    ],
)
async def test_a_code_goes_to_ordinary_phones_of_the_realm_alone(person, phone, identity):
    await person.arrive(tells_number=False)
    await wants_to_be_called(person, phone)
    assert (await person.asks())["identity"] == identity


async def test_a_code_is_sent_once(worker, assistant, asked):
    await worker.go_round()
    assert len(assistant.codes) == 1


async def test_asking_again_sends_no_other_code_while_one_is_good(person, worker, assistant, asked):
    await person.asks()
    await worker.go_round()
    assert len(assistant.codes) == 1


async def test_five_wrong_tries_end_a_code(person, asked):
    request, code = asked
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    answers = [await give(person, request, wrong) for _ in range(5)]
    assert [one["tries_left"] for one in answers] == [4, 3, 2, 1, 0]
    assert (await give(person, request, code))["answer"] == "expired"


async def test_a_code_ends_after_ten_minutes(person, clock, asked):
    request, code = asked
    clock.advance(minutes=10)
    assert (await give(person, request, code))["answer"] == "expired"


async def test_a_code_is_good_once(person, clock, asked):
    request, code = asked
    await give(person, request, code)
    assert (await give(person, request, code))["answer"] == "expired"


async def test_what_was_shown_holds_half_an_hour(person, clock, asked):
    request, code = asked
    await give(person, request, code)
    clock.advance(minutes=30)
    await person.begins_erasure(request, "cancel", expect=409)


async def test_a_new_code_ends_the_old_one(person, clock, worker, assistant, asked):
    request, old = asked
    clock.advance(seconds=1)
    await another(person, request)
    await worker.go_round()
    assert (await give(person, request, assistant.codes[-1]["code"]))["answer"] == "right"
    assert old != assistant.codes[-1]["code"]


async def test_a_number_gets_three_codes_in_an_hour_and_six_a_day(person, clock, asked):
    request, _ = asked
    for _ in range(2):
        clock.advance(seconds=1)
        await another(person, request)
    assert (await another(person, request, expect=409)).slug == "too-many-codes"
    for _ in range(3):
        clock.advance(hours=1, seconds=1)
        await another(person, request)
    clock.advance(hours=2)
    await another(person, request, expect=409)


async def test_a_conversation_gets_six_codes_a_day_whatever_the_numbers(person, clock):
    await person.arrive(tells_number=False)
    await wants_to_be_called(person, PHONE)
    request = await person.asks()
    for digit in range(5):
        await wants_to_be_called(person, f"+452617182{digit}")
        await another(person, request)
    await wants_to_be_called(person, CALL_PHONE)
    assert (await another(person, request, expect=409)).slug == "too-many-codes"
    clock.advance(days=1, seconds=1)
    await another(person, request)


@pytest.mark.parametrize("back", [{"minutes": -5}, {"hours": -3}])
async def test_when_the_clock_is_set_back_the_code_that_came_last_counts(
    person, clock, worker, assistant, asked, back
):
    request, old = asked
    clock.advance(**back)
    await another(person, request)
    await worker.go_round()
    assert (await give(person, request, old))["answer"] == "wrong"
    assert (await give(person, request, assistant.codes[-1]["code"]))["answer"] == "right"


async def test_no_code_and_nothing_shown_outlives_its_time_because_the_clock_is_set_back(
    person, clock, worker, assistant, asked
):
    request, code = asked
    clock.advance(hours=-3)
    assert (await give(person, request, code))["answer"] == "expired"
    await another(person, request)
    await worker.go_round()
    await give(person, request, assistant.codes[-1]["code"])
    assert (await person.asks())["is_identified"]
    clock.advance(hours=-3)
    assert not (await person.asks())["is_identified"]


async def test_codes_from_before_the_clock_was_set_back_are_not_counted(person, clock, asked):
    request, _ = asked
    await another(person, request)
    await another(person, request)
    await another(person, request, expect=409)
    clock.advance(hours=-3)
    await another(person, request)


async def test_no_code_stands_in_the_database(database, asked):
    _, code = asked
    assert code not in await everything_stored(database)


async def test_who_wants_a_copy_by_sms_is_known_by_the_number_it_goes_to(person_by_sms):
    await person_by_sms.arrive()
    request = await person_by_sms.asks("export")
    assert (request["identity"], request["is_identified"]) == ("channel", True)


async def test_who_wants_an_erasure_by_sms_shows_that_the_number_is_theirs(person_by_sms, worker, assistant):
    """The sender of an SMS can be forged; what is sent to the number is read by its owner."""
    await person_by_sms.arrive()
    request = await person_by_sms.asks()
    assert (request["identity"], request["is_identified"], request["sent_to"]) == ("code", False, None)
    await person_by_sms.begins_erasure(request, "cancel", expect=409)
    await worker.go_round()
    [sent] = assistant.codes
    assert sent["conversation_id"] == person_by_sms.conversation_id
    assert (await give(person_by_sms, request, sent["code"]))["answer"] == "right"
    await person_by_sms.begins_erasure(request, "cancel")


async def test_that_a_copy_was_given_shows_nothing_for_an_erasure(person_by_sms):
    await person_by_sms.arrive()
    await person_by_sms.asks("export")
    assert not (await person_by_sms.asks())["is_identified"]


async def test_who_reads_an_sms_conversation_on_the_web_gets_a_code_by_sms(person_by_sms, worker, assistant):
    await person_by_sms.arrive()
    request = await person_by_sms.asks(channel="web")
    await worker.go_round()
    assert (request["identity"], request["is_identified"]) == ("code", False)
    assert assistant.codes[0]["conversation_id"] == person_by_sms.conversation_id


async def test_where_no_number_was_told_the_chat_is_all_there_is(person):
    await person.arrive(tells_number=False)
    request = await person.asks()
    assert (request["identity"], request["is_identified"]) == ("session", True)


async def test_a_request_that_is_taken_back_is_closed(person, database):
    await person.arrive(tells_number=False)
    request = await person.asks()
    for _ in range(2):
        answer = await person.desk.ask("POST", f"/rights-requests/{request['id']}/withdrawal", {})
        assert answer.status == 204
    assert (await person.asks())["id"] != request["id"]


class TestWithoutSms:
    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"sms_provider": "off"})

    async def test_a_caseworker_finds_out_who_it_is(self, person):
        await person.arrive()
        request = await person.asks()
        assert (request["identity"], request["is_identified"]) == ("staff", False)
        await another(person, request, expect=409)


async def test_a_system_that_is_not_ours_leaves_it_to_the_staff():
    service = IdentityService(None, "secret", ["key"], None, sends_sms=True)
    assert service.way_for(Asker("abc", "rest", frozenset()), RequestKind.EXPORT) is Identity.STAFF


@given(st.uuids(), st.uuids())
def test_a_code_has_six_digits_and_its_proof_is_good_in_one_conversation(one, other):
    code = identity_code("secret", str(one))
    assert code.isdigit()
    assert len(code) == 6
    proof = code_proof("key", str(other), code)
    assert is_proof("key", str(other), code, proof)
    assert not is_proof("key", str(one), code, proof) or one == other
    assert not is_proof("another key", str(other), code, proof)


@given(st.datetimes())
def test_the_law_gives_a_month(moment):
    if (moment.year, moment.month) == (9999, 12):
        return
    due = a_month_after(moment)
    assert 28 <= (due - moment).days <= 31
    assert due.day <= moment.day
