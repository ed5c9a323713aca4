import pytest
from rasa.core.channels.channel import CollectingOutputChannel


class Web(CollectingOutputChannel):
    """What the widget is sent."""

    @classmethod
    def name(cls):
        return "web"


class Sms(CollectingOutputChannel):
    """What a phone is sent."""

    @classmethod
    def name(cls):
        return "sms"


@pytest.fixture
async def finished(citizen, fake):
    await citizen.says("start", "start_assessment")
    for _ in range(5):
        await citizen.clicks("Med hjælp")
    return citizen


async def test_the_result_can_be_seen_again(finished):
    said = await finished.says("hvad var mit resultat", "ask_result")
    assert said.startswith("Her er dit billede:")
    assert "Mit forslag er Spor 1: Digitalt løft." in said


async def test_on_the_web_the_areas_stand_once_beside_the_text_and_also_in_words(finished):
    finished.output = Web
    said = await finished.says("hvad var mit resultat", "ask_result")
    assert said.startswith(
        "Her er dit billede. Du er stærkest i at kommunikere. "
        "Det, der er sværest lige nu, er at lave dokumenter.\n"
    )
    assert " %" not in said
    [profile] = finished.custom
    assert profile["areas"][0] == {"name": "informations- og datakendskab", "percent": 60}
    assert profile["text"].startswith(
        "Informations- og datakendskab: 60 %\nKommunikation og samarbejde: 80 %"
    )


async def test_on_the_web_too_few_answers_are_shown_beside_the_text(finished, fake):
    fake.enough_answers = False
    finished.output = Web
    assert (await finished.says("resultat", "ask_result")).startswith(
        "Her er dit billede.\nJeg har fået for få"
    )
    assert "Sikkerhed: ikke besvaret" in finished.custom[0]["text"]


@pytest.mark.parametrize("enough", [True, False])
async def test_by_sms_neither_answers_nor_reasons_are_sent(finished, fake, enough):
    fake.enough_answers = enough
    finished.output = Sms
    said = await finished.says("resultat", "ask_result")
    said += await finished.says("hvorfor det spor", "ask_why_track")
    assert "Dine svar sender vi ikke på sms." in said
    assert ("Mit forslag er Spor 1" in said) == enough
    for sensitive in ("%", "ikke besvaret", "hjælp til dokumenter", "stærkest", "sværest"):
        assert sensitive not in said


async def test_without_a_result_the_questions_are_offered(citizen):
    said = await citizen.says("hvad var mit resultat", "ask_result")
    assert said.startswith("Du har ikke et resultat endnu.")
    assert (await citizen.says("ja", "affirm")).startswith("Godt, så går vi i gang.")


async def test_asking_for_the_result_too_early_goes_on_with_the_question(citizen):
    await citizen.says("start", "start_assessment")
    said = await citizen.says("hvad er mit resultat", "ask_result")
    assert said.startswith("Dit resultat er ikke klar endnu.")
    assert "Spørgsmål 1" in said


async def test_the_reasons_can_be_asked_for(finished):
    said = await finished.says("hvorfor det spor", "ask_why_track")
    assert said.startswith("Du svarede, at du har brug for hjælp til dokumenter.")


async def test_who_asks_who_decides_before_there_is_a_result_is_told_that_a_person_does(citizen):
    said = await citizen.says("er det dig der bestemmer", "ask_why_track")
    assert said.startswith("Det er altid et menneske, der beslutter.")
    assert "Du har ikke et resultat endnu." in said


async def test_who_asks_who_decides_about_a_proposal_is_told_that_a_person_does(finished):
    said = await finished.says("er det dig der bestemmer", "ask_why_track")
    assert "Det er et menneske, der beslutter." in said


@pytest.mark.parametrize(
    ("status", "says", "gives_reasons"),
    [
        ("confirmed", "har besluttet, at du skal på Spor 1: Digitalt løft", True),
        ("changed", "Det var ikke det, jeg foreslog", False),
    ],
)
async def test_what_a_consultant_has_decided_is_explained_as_theirs(
    finished, fake, status, says, gives_reasons
):
    fake.status = status
    said = await finished.says("hvorfor det spor", "ask_why_track")
    assert says in said
    assert "kun et forslag" not in said
    assert ("hjælp til dokumenter" in said) == gives_reasons


async def test_the_reasons_of_a_decision_are_not_sent_by_sms_either(finished, fake):
    fake.status = "confirmed"
    finished.output = Sms
    assert "hjælp til dokumenter" not in await finished.says("hvorfor det spor", "ask_why_track")


async def test_too_few_answers_have_no_reasons(finished, fake):
    fake.enough_answers = False
    said = await finished.says("hvorfor", "ask_why_track")
    assert said.startswith("Jeg har fået for få svar")


async def test_a_track_a_consultant_has_decided_is_not_called_a_proposal(finished, fake):
    fake.status = "confirmed"
    said = await finished.says("resultat", "ask_result")
    assert "har besluttet, at du skal på Spor 1: Digitalt løft." in said
    assert "kun et forslag" not in said


async def test_a_track_that_was_chosen_without_a_proposal_is_told_as_that(finished, fake):
    fake.enough_answers, fake.status = False, "changed"
    assert "besluttet, at du skal på Spor 1" in await finished.says("resultat", "ask_result")
    assert "Jeg havde ikke selv et forslag." in await finished.says("hvorfor", "ask_why_track")


async def test_the_tracks_are_described(citizen):
    said = await citizen.says("hvad går sporene ud på", "ask_tracks")
    assert "Spor 1: Digitalt løft. Du øver dig" in said
    assert "Spor 2: Virksomhedsrettet pilotforløb. Du lærer" in said


async def test_disagreeing_is_stored_with_its_reason_before_it_is_confirmed(finished, fake):
    said = await finished.clicks("Jeg er ikke enig")
    assert said.startswith("Det er helt i orden at være uenig.")
    said = await finished.says("jeg er bedre til det end I tror", "answer_advanced")
    assert said.startswith("Tak. Jeg har gemt, at du ikke er enig, og hvorfor.")
    assert ("dispute", ("placement-1", "jeg er bedre til det end I tror")) in fake.calls
    assert await finished.form() is None


@pytest.mark.parametrize(("text", "intent"), [("spring over", "skip_question"), ("nej tak", "deny")])
async def test_disagreeing_needs_no_reason(finished, fake, text, intent):
    await finished.clicks("Jeg er ikke enig")
    said = await finished.says(text, intent)
    assert said.startswith("Tak. Jeg har gemt, at du ikke er enig. ")
    assert fake.disputed


async def test_a_question_while_disagreeing_is_answered_first(finished, fake):
    await finished.clicks("Jeg er ikke enig")
    said = await finished.says("hvad går sporene ud på?", "ask_tracks")
    assert said.endswith("Skriv det i én besked, så får din konsulent den.")
    assert not fake.disputed


async def test_a_reason_that_mentions_courses_is_a_reason(finished, fake):
    await finished.clicks("Jeg er ikke enig")
    await finished.says("jeg har ikke brug for flere kurser", "ask_courses")
    assert fake.disputed


async def test_a_disagreement_that_cannot_be_stored_is_said_not_to_be(finished, fake):
    await finished.clicks("Jeg er ikke enig")
    fake.away("dispute")
    said = await finished.says("det passer slet ikke", "deny")
    assert said.startswith("Jeg kunne ikke gemme det lige nu, så din konsulent kan ikke se det endnu.")
    assert await finished.form() == "dispute_form"


async def test_stopping_a_disagreement_stores_nothing(finished, fake):
    await finished.clicks("Jeg er ikke enig")
    said = await finished.says("pause", "pause_assessment")
    assert said.startswith("Så stopper vi her. Jeg har ikke gemt noget om, at du er uenig.")
    assert not fake.disputed


async def test_there_is_nothing_to_disagree_with_before_a_proposal(citizen):
    said = await citizen.says("jeg er ikke enig", "dispute_track")
    assert said.startswith("Du har ikke fået et forslag endnu")
    assert await citizen.form() is None


async def test_a_yes_after_the_result_books(finished):
    assert "Hvilken passer dig?" in await finished.says("ja tak", "affirm")
