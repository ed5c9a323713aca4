"""From every point of every form: help, skip, back, pause, stop, a person; and questions are answered."""

import pytest
from fake_backend import SLOTS

FORMS = ["assessment_form", "booking_form", "cancel_form", "dispute_form", "occupation_form", "rights_form"]


async def _question(citizen, fake):
    await citizen.says("start", "start_assessment")
    await citizen.clicks("Med hjælp")


async def _slot(citizen, fake):
    await citizen.says("book", "book_followup")


async def _name(citizen, fake):
    await _slot(citizen, fake)
    await citizen.says("den anden", "inform")


async def _phone(citizen, fake):
    await _name(citizen, fake)
    await citizen.says("Anna Jensen", "inform")


async def _confirm(citizen, fake):
    await _phone(citizen, fake)
    await citizen.says("20304050", "inform")


async def _correction(citizen, fake):
    await _confirm(citizen, fake)
    await citizen.clicks("Ret noget")


async def _move(citizen, fake):
    fake.booked(SLOTS[0])
    await citizen.says("flyt", "reschedule_booking")
    await citizen.says("den anden", "inform")


async def _cancel(citizen, fake):
    fake.booked(SLOTS[0])
    await citizen.says("aflys", "cancel_booking")


async def _dispute(citizen, fake):
    await citizen.says("start", "start_assessment")
    for _ in range(5):
        await citizen.clicks("Med hjælp")
    await citizen.clicks("Jeg er ikke enig")


async def _occupation(citizen, fake):
    fake.track = "employer_pilot"
    await citizen.says("start", "start_assessment")
    for _ in range(5):
        await citizen.clicks("Med hjælp")


async def _code(citizen, fake):
    fake.right.update(identity="code", is_identified=False, sent_to="***19")
    await citizen.says("slet mine data", "delete_data")


async def _meeting(citizen, fake):
    fake.right["meeting"] = {"id": "booking-1", "version": 1, "label": SLOTS[0].label, "can_cancel": True}
    await citizen.says("slet mine data", "delete_data")


async def _erasure(citizen, fake):
    await citizen.says("slet mine data", "delete_data")


OTHERS = [_question, _slot, _name, _phone, _confirm, _correction, _move, _cancel]
# Any words are a reason to disagree or a job to wish for.
OF_ANY_WORDS = [_dispute, _occupation]
OF_RIGHTS = [_code, _meeting, _erasure]
POINTS = [*OTHERS, *OF_ANY_WORDS, *OF_RIGHTS]

QUESTIONS = {
    "ask_privacy": "Vi gemmer det, du skriver her",
    "ask_tracks": "Spor 1: Digitalt løft",
    "ask_benefits": "dagpenge",
    "ask_courses": "Hvilke kurser",
    "ask_jobs": "jobnet.dk",
    "ask_language": "I mostly speak Danish.",
    "bot_challenge": "Jeg er en robot",
    "thank": "Selv tak.",
    "share_cpr": "Jeg har fjernet dit CPR-nummer.",
    "empty_message": "Der stod ikke noget i din besked",
    "out_of_scope": "Det kan jeg desværre ikke hjælpe med.",
    "help": "menneske",
}


def state(fake):
    """What must not change by asking or leaving."""
    booked = [b.label for b in fake.bookings_made]
    return (list(fake.answers), booked, fake.disputed, fake.known.wished_occupation)


@pytest.fixture(params=POINTS, ids=lambda point: point.__name__[1:])
async def at_point(request, citizen, fake):
    await request.param(citizen, fake)
    citizen.question = citizen.last_text
    assert await citizen.form() in FORMS
    return citizen


async def test_questions_are_answered_and_the_form_goes_on(at_point, fake):
    before, form = state(fake), await at_point.form()
    for intent, answer in QUESTIONS.items():
        assert answer in await at_point.says("hvad med det?", intent), intent
        assert at_point.last_text == at_point.question, intent
    assert await at_point.form() == form
    assert state(fake) == before


@pytest.mark.parametrize("intent", ["pause_assessment", "opt_out", "goodbye"])
async def test_leaving_changes_nothing(at_point, fake, intent):
    before = state(fake)
    said = await at_point.says("stop", intent)
    assert said
    assert await at_point.form() is None
    assert state(fake) == before


async def test_a_person_can_be_asked_for(at_point, fake):
    before, form = state(fake), await at_point.form()
    assert (await at_point.says("et menneske tak", "talk_to_human")).startswith("Du kan ringe på ")
    assert await at_point.form() == form
    assert state(fake) == before
    await at_point.says("hvad gemmer I?", "ask_privacy")
    assert at_point.last_text == at_point.question


async def test_despair_ends_the_form(at_point, fake):
    before = state(fake)
    assert "Livslinien" in await at_point.says("jeg vil ikke leve mere", "crisis")
    assert await at_point.form() is None
    assert state(fake) == before


@pytest.mark.parametrize("intent", ["skip_question", "previous_question"])
async def test_skip_and_back_are_understood(at_point, intent):
    said = await at_point.says("spring over" if intent == "skip_question" else "tilbage", intent)
    assert said
    assert "fik jeg ikke helt fat i" not in said
    assert "Der gik noget galt" not in said


@pytest.mark.parametrize("at_point", [*OTHERS, *OF_RIGHTS], indirect=True)
async def test_odd_input_is_met_with_words_and_changes_nothing(at_point, fake):
    before = state(fake)
    for text in ["", "😀", "x" * 10_000, "<b>x</b>", "\u202eabc1", "/restart", "'; DROP TABLE", "{name}"]:
        assert await at_point.says(text, "nlu_fallback"), text
    assert state(fake) == before


async def test_going_on_repeats_the_question(at_point):
    await at_point.says("fortsæt", "resume_assessment")
    assert at_point.last_text == at_point.question


async def test_a_wish_to_begin_again_is_asked_about_and_no_goes_on_where_it_was(at_point, fake):
    before, form, calls = state(fake), await at_point.form(), list(fake.calls)
    said = await at_point.says("restart", "restart")
    assert said.startswith("Vil du begynde forfra med spørgsmålene?")
    assert fake.calls == calls
    await at_point.says("nej", "deny")
    assert at_point.last_text == at_point.question
    assert await at_point.form() == form
    assert state(fake) == before


@pytest.mark.parametrize("at_point", [*OTHERS, *OF_ANY_WORDS], indirect=True)
@pytest.mark.parametrize("intent", ["export_data", "delete_data"])
async def test_a_wish_about_ones_data_is_asked_about_and_no_goes_on_where_it_was(at_point, fake, intent):
    before, form, calls = state(fake), await at_point.form(), list(fake.calls)
    assert "Vil du have" in await at_point.says("mine data", intent)
    assert fake.calls == calls
    await at_point.says("nej", "deny")
    assert at_point.last_text == at_point.question
    assert await at_point.form() == form
    assert state(fake) == before


OWN_INTENTS = {
    "assessment_form": "start_assessment",
    "booking_form": "book_followup",
    "cancel_form": "cancel_booking",
    "dispute_form": "dispute_track",
    "occupation_form": "ask_result",
    "rights_form": "delete_data",
}


async def test_asking_for_what_is_under_way_is_understood(at_point):
    form = await at_point.form()
    said = await at_point.says("kan vi gøre det nu?", OWN_INTENTS[form])
    assert "fik jeg ikke helt fat i" not in said
