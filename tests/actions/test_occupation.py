"""The track with employers aims at one job, so the assistant asks which one, and takes no for an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.occupation import LONGEST, read_occupation

QUESTION = "Spor 2 er rettet mod et bestemt job. Hvilket job vil du gerne have?"


@pytest.fixture
async def asked(citizen, fake):
    fake.track = "employer_pilot"
    await citizen.says("start", "start_assessment")
    for _ in range(5):
        await citizen.clicks("Med hjælp")
    return citizen


def stored(fake):
    return [arguments[1] for method, arguments in fake.calls if method == "wish_occupation"]


async def test_the_job_is_asked_for_after_the_proposal_with_the_reason_for_asking(asked):
    assert asked.text.index("Mit forslag er Spor 2") < asked.text.index(QUESTION)
    assert await asked.form() == "occupation_form"


async def test_a_track_without_a_job_is_not_followed_by_the_question(citizen):
    await citizen.says("start", "start_assessment")
    for _ in range(5):
        await citizen.clicks("Med hjælp")
    assert "Mit forslag er Spor 1" in citizen.text
    assert QUESTION not in citizen.text


async def test_the_job_is_stored_before_it_is_confirmed_and_then_booking_is_offered(asked, fake):
    said = await asked.says("jeg vil gerne være buschauffør.", "inform")
    assert stored(fake) == ["buschauffør"]
    assert said.startswith("Tak. Jeg har gemt, hvilket job du gerne vil have: buschauffør.")
    assert await asked.form() is None
    assert "Hvilken passer dig?" in await asked.says("ja tak", "affirm")


async def test_what_is_confirmed_is_what_the_backend_stored(asked, fake, monkeypatch):
    async def shortening(citizen_id, occupation, key):
        return fake.known.copy(update={"wished_occupation": occupation[:3]})

    monkeypatch.setattr(fake, "wish_occupation", shortening)
    assert "gerne vil have: bus." in await asked.says("buschauffør", "inform")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("spring over", "skip_question"),
        ("ved ikke", "dont_know"),
        ("nej", "deny"),
        ("tilbage", "previous_question"),
        ("ikke noget bestemt", "answer_cannot"),
        ("jeg har ikke noget job i tankerne", "ask_jobs"),
    ],
)
async def test_no_answer_is_fine_and_stores_nothing(asked, fake, text, intent):
    said = await asked.says(text, intent)
    assert said.startswith("Det er helt i orden.")
    assert "Book en tid" in asked.buttons
    assert stored(fake) == []
    assert await asked.form() is None


async def test_the_button_skips(asked, fake):
    await asked.clicks("Spring over")
    assert stored(fake) == []
    assert await asked.form() is None


async def test_booking_is_one_click_away_and_leaves_the_question(asked, fake):
    assert "Hvilken passer dig?" in await asked.clicks("Book en tid")
    assert await asked.form() == "booking_form"
    assert stored(fake) == []
    said = await asked.says("pause", "pause_assessment")
    assert QUESTION not in said
    assert await asked.form() is None


async def test_so_is_disagreeing(asked, fake):
    await asked.clicks("Jeg er ikke enig")
    said = await asked.says("jeg vil hellere øve mig først", "inform")
    assert said.startswith("Tak. Jeg har gemt, at du ikke er enig, og hvorfor.")
    assert fake.disputed
    assert await asked.form() is None


async def test_why_it_is_asked_is_explained(asked):
    said = await asked.says("hvorfor spørger du om det?", "explain_question")
    assert said.startswith("Når din konsulent ved, hvilket job du gerne vil have")
    assert QUESTION in said


async def test_a_yes_alone_repeats_the_question(asked, fake):
    assert (await asked.says("ja", "affirm")).startswith(QUESTION)
    assert stored(fake) == []


# As NLU read them when they were tried: a job in a word is taken for almost anything.
@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("programmør", "answer_advanced", 0.78),
        ("sikkerhedsvagt", "ask_privacy", 0.75),
        ("dansklærer", "ask_language", 0.67),
        ("bud", "cancel_booking", 0.40),
        ("hjælpelærer", "answer_with_help", 0.31),
        ("lærer", "ask_courses", 0.41),
        ("jeg vil gerne arbejde i en børnehave", "ask_jobs", 0.76),
        ("kantine", "nlu_fallback", 0.30),
        ("advokat", "out_of_scope", 0.90),
        ("kok?", "inform", 0.86),
    ],
)
async def test_a_job_is_a_job_whatever_else_it_sounds_like(asked, fake, text, intent, confidence):
    await asked.says(text, intent, confidence=confidence)
    assert stored(fake) == [text.rstrip("?")]


@pytest.mark.parametrize("intent", ["help", "talk_to_human", "pause_assessment", "opt_out"])
async def test_the_ways_out_work_however_unsure_nlu_is(asked, fake, intent):
    await asked.says("øh hjælp", intent, confidence=0.31)
    assert stored(fake) == []


async def test_a_job_after_a_wish_is_a_job_even_when_nlu_is_sure_of_something_else(asked, fake):
    await asked.says("jeg vil gerne være tolk", "ask_language")
    await asked.clicks("Ret jobbet")
    await asked.says("måske kok", "dont_know", confidence=0.65)
    assert stored(fake) == ["tolk", "kok"]


@pytest.mark.parametrize("text", ["hvilke job er der", "har I job som kok?"])
async def test_a_question_is_answered_and_not_stored(asked, fake, text):
    said = await asked.says(text, "ask_jobs")
    assert "jobnet.dk" in said
    assert QUESTION in said
    assert stored(fake) == []


@pytest.mark.parametrize("text", ["jeg gider ikke mere", "jeg vil ikke leve mere", "jeg vil gerne være død"])
async def test_despair_is_never_a_job_nor_a_no(asked, fake, text):
    assert "Livslinien" in await asked.says(text, "crisis", confidence=0.31)
    assert stored(fake) == []


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "😀", "12345", "..."])
async def test_what_is_no_job_is_asked_for_again(asked, fake, text):
    said = await asked.says(text, "inform")
    assert said.startswith("Det kunne jeg ikke læse som et job.")
    assert QUESTION in said
    assert stored(fake) == []


async def test_the_job_can_be_put_right(asked, fake):
    await asked.says("kok", "inform")
    assert (await asked.clicks("Ret jobbet")).startswith(QUESTION)
    await asked.says("bager", "inform")
    assert stored(fake) == ["kok", "bager"]


async def test_a_job_that_cannot_be_stored_is_said_not_to_be_and_can_be_told_again(asked, fake):
    fake.away("wish_occupation")
    said = await asked.says("kok", "inform")
    assert said.startswith("Jeg kunne ikke gemme jobbet lige nu. Dine svar og dit forslag er gemt.")
    assert QUESTION in said
    fake.back()
    assert "Jeg har gemt" in await asked.says("kok", "inform")


async def test_when_nobody_knows_whether_it_was_stored_that_is_said(asked, fake):
    fake.lose_answer_of("wish_occupation")
    said = await asked.says("kok", "inform")
    assert said.startswith("Forbindelsen forsvandt, så jeg ved ikke, om jobbet blev gemt.")
    assert await asked.form() is None
    await asked.clicks("Skriv jobbet igen")
    assert "Jeg har gemt" in await asked.says("kok", "inform")


async def test_each_message_is_written_under_a_key_of_its_own(asked, fake):
    await asked.says("kok", "inform")
    await asked.clicks("Ret jobbet")
    await asked.says("kok", "inform")
    keys = [key for key in fake.keys if key.endswith(":occupation")]
    assert len(set(keys)) == 2


async def test_the_result_seen_again_asks_only_while_the_job_is_unknown(asked, fake):
    await asked.clicks("Spring over")
    assert QUESTION in await asked.says("resultat", "ask_result")
    await asked.says("kok", "inform")
    assert QUESTION not in await asked.says("resultat", "ask_result")


async def test_the_result_seen_in_the_middle_of_booking_goes_on_with_booking(asked):
    await asked.clicks("Book en tid")
    said = await asked.says("hvad var mit resultat", "ask_result")
    assert QUESTION not in said
    assert await asked.form() == "booking_form"


async def test_going_on_after_a_pause_goes_back_to_the_proposal(asked, fake):
    said = await asked.says("pause", "pause_assessment")
    assert said.startswith("Så stopper vi her. Dit forslag er gemt")
    calls = len(fake.calls)
    said = await asked.says("fortsæt", "resume_assessment")
    assert "Mit forslag er Spor 2" in said
    assert QUESTION in said
    assert "start_assessment" not in [method for method, _ in fake.calls[calls:]]


@pytest.mark.parametrize(
    ("text", "job"),
    [
        ("Jeg kunne godt tænke mig at være pædagog", "pædagog"),
        ("jeg vil  hellere arbejde som\nen kok!", "kok"),
        ("ja, måske som tjener", "tjener"),
        ("et lager", "lager"),
        ("noget med børn", "noget med børn"),
        ("jeg vil gerne være", "jeg vil gerne være"),
        ("æstetiker", "æstetiker"),
    ],
)
def test_the_job_is_kept_without_what_leads_to_it(text, job):
    assert read_occupation(text) == job


@given(st.text(max_size=300))
def test_a_job_is_short_has_letters_and_stays_the_same_when_read_again(text):
    job = read_occupation(text)
    if job is not None:
        assert 0 < len(job) <= LONGEST
        assert any(character.isalpha() for character in job)
        assert job == job.strip()
