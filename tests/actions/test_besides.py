"""A question in the same breath as an answer: the answer counts, and the question is answered."""

import pytest
from fake_backend import SLOTS

SECOND = "Spørgsmål 2 (højst 3 tilbage): Hvor godt kan du gøre ting nummer 2?"
NOTED = 'Tak, så skriver jeg "på egen hånd". Skriv "tilbage", hvis det ikke passer.'


@pytest.fixture
async def started(citizen):
    await citizen.says("lad os starte", "start_assessment")
    return citizen


def both(question, intent, answer="ja det kan jeg", answered="affirm"):
    return {answer: answered, question: intent}


@pytest.mark.parametrize(
    ("question", "intent", "answer"),
    [
        ("hvornår er min tid?", "ask_booking", "Her er din tid.\nTorsdag den 26. november"),
        ("hvad gemmer I om mig?", "ask_privacy", "Vi gemmer det, du skriver her"),
        ("hvad er spor 1?", "ask_tracks", "Spor 1: Digitalt løft."),
        ("kan jeg tale med en?", "talk_to_human", "Du kan ringe på"),
        ("hvad kan jeg skrive her?", "help", "Vi er i gang med spørgsmålene."),
    ],
)
@pytest.mark.parametrize("whole", ["answer_independent", "nlu_fallback", None])
async def test_the_answer_counts_and_the_question_is_answered(started, fake, question, intent, answer, whole):
    fake.booked(SLOTS[0])
    text = f"ja det kan jeg, men {question}"
    said = await started.says(text, whole or intent, clauses=both(question, intent))
    assert fake.answers == [("item-1", 2)]
    assert said.startswith(f"{NOTED}\n{answer}")
    assert said.endswith(SECOND)
    assert ("human_requested" in fake.flags) is (intent == "talk_to_human")


async def test_what_cannot_be_looked_up_does_not_undo_the_answer(started, fake):
    fake.away("bookings")
    clauses = both("hvornår er min tid?", "ask_booking")
    said = await started.says("ja det kan jeg, men hvornår er min tid?", "ask_booking", clauses=clauses)
    assert fake.answers == [("item-1", 2)]
    assert "kunne jeg ikke gemme" not in said
    assert said.startswith(f"{NOTED}\nJeg kan ikke se din tid lige nu.")
    assert said.endswith(SECOND)


async def test_an_answer_that_is_not_stored_is_not_said_to_be(started, fake):
    fake.away("answer")
    clauses = both("hvad gemmer I?", "ask_privacy")
    said = await started.says("ja det kan jeg, men hvad gemmer I?", "ask_privacy", clauses=clauses)
    assert said.startswith("Det kunne jeg ikke gemme lige nu")
    assert await started.form() == "assessment_form"


@pytest.mark.parametrize(
    "clauses",
    [
        {"jeg ved ikke hvad I gemmer": "dont_know", "hvem der ser det": "ask_privacy"},
        {"det ved jeg ikke": "dont_know", "hvad gemmer I?": "ask_privacy"},
        {"kan jeg det?": "answer_independent", "hvad gemmer I?": "ask_privacy"},
        {"tak": "thank", "hvad gemmer I?": "ask_privacy"},
    ],
)
async def test_without_a_plain_answer_only_the_question_is_answered(started, fake, clauses):
    said = await started.says(", men ".join(clauses), "ask_privacy", clauses=clauses)
    assert fake.answers == []
    assert said.startswith("Vi gemmer det, du skriver her")


@pytest.mark.parametrize("reservation", ["answer_with_help", "help"])
async def test_an_answer_with_a_reservation_is_one_answer(started, fake, reservation):
    clauses = {"jeg kan godt": "answer_independent", "jeg skal have hjælp": reservation}
    said = await started.says("jeg kan godt, men jeg skal have hjælp", "answer_with_help", clauses=clauses)
    assert fake.answers == [("item-1", 1)]
    assert said.endswith(SECOND)


@pytest.mark.parametrize("whole", ["crisis", "answer_independent"])
async def test_despair_is_never_passed_over_for_a_question(started, fake, whole):
    clauses = {"ja det kan jeg": "affirm", "jeg orker ikke mere": "crisis", "hvad gemmer I": "ask_privacy"}
    said = await started.says("ja det kan jeg. jeg orker ikke mere. hvad gemmer I", whole, clauses=clauses)
    assert "Vi gemmer det" not in said
