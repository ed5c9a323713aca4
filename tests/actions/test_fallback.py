import pytest


async def test_the_first_time_two_readings_are_offered(citizen):
    said = await citizen.says(
        "øh noget med tid og svar", "nlu_fallback", "book_followup", "ask_result", "ask_jobs"
    )
    assert said == "Det fik jeg ikke helt fat i. Mener du noget af det her?"
    assert citizen.buttons == ["Book en tid", "Se mit resultat", "Noget andet"]


async def test_a_reading_can_be_clicked(citizen):
    await citizen.says("øh", "nlu_fallback", "book_followup", "ask_result")
    assert "Hvilken passer dig?" in await citizen.clicks("Book en tid")


async def test_the_second_time_in_a_row_a_person_is_offered_and_the_staff_are_told(citizen, fake):
    await citizen.says("øh", "nlu_fallback", "book_followup")
    said = await citizen.says("ææh", "nlu_fallback", "book_followup")
    assert said.startswith("Jeg forstår det stadig ikke, og det er min fejl.")
    assert citizen.buttons == ["Ja", "Prøv igen"]
    assert fake.flags == ["low_understanding"]
    assert (await citizen.says("ja", "affirm")).startswith("Du kan ringe på ")


async def test_being_understood_in_between_starts_over(citizen):
    await citizen.says("øh", "nlu_fallback", "book_followup")
    await citizen.says("tak", "thank")
    await citizen.says("ææh", "nlu_fallback", "book_followup")
    assert citizen.buttons == ["Book en tid", "Noget andet"]


async def test_a_message_with_no_plausible_reading_asks_for_other_words(citizen):
    assert (await citizen.says("😀", "nlu_fallback")).startswith(
        "Det fik jeg ikke helt fat i. Kan du skrive det"
    )


async def test_readings_that_need_an_open_question_are_not_guessed_without_one(citizen):
    await citizen.says("øh", "nlu_fallback", "answer_cannot", "affirm", "book_followup")
    assert citizen.buttons == ["Book en tid", "Noget andet"]


async def test_in_a_question_the_readings_answer_it(citizen, fake):
    await citizen.says("start", "start_assessment")
    said = await citizen.says("øh", "nlu_fallback", "answer_with_help", "answer_cannot")
    assert said == "Det fik jeg ikke helt fat i. Mener du noget af det her?"
    await citizen.clicks("Med hjælp")
    assert fake.answers == [("item-1", 1)]


async def test_something_else_repeats_the_open_question(citizen):
    await citizen.says("start", "start_assessment")
    await citizen.says("øh", "nlu_fallback", "answer_with_help", "answer_cannot")
    assert "Spørgsmål 1" in await citizen.clicks("Noget andet")


async def test_an_answer_typed_after_a_failure_is_taken(citizen, fake):
    await citizen.says("start", "start_assessment")
    await citizen.says("øh", "nlu_fallback", "answer_with_help")
    await citizen.says("1")
    assert fake.answers == [("item-1", 1)]


async def test_a_number_without_a_question_offers_the_questions(citizen):
    assert (await citizen.says("2")).startswith("Vi er ikke i gang med spørgsmålene lige nu.")


async def test_a_hesitant_yes_to_the_introduction_begins_gently(citizen):
    await citizen._send("/open_chat", None)
    said = await citizen.says("ok men jeg er ikk god til det der", "answer_cannot")
    assert said.startswith("Det er helt fint. Der er ingen forkerte svar")
    assert "Spørgsmål 1" in said


async def test_an_unknown_mistake_of_ours_is_apologised_for(citizen, fake, monkeypatch):
    async def broken(*_, **__):
        raise KeyError("a mistake")

    monkeypatch.setattr(fake, "tracks", broken)
    assert (await citizen.says("hvad er sporene", "ask_tracks")).startswith("Der gik noget galt hos mig.")


@pytest.mark.parametrize("first", ["out_of_scope", "nlu_fallback"])
async def test_also_what_this_is_not_for_counts_and_a_person_is_offered(citizen, fake, first):
    await citizen.says("hmm", first)
    assert fake.flags == []
    said = await citizen.says("regner det i Aarhus", "out_of_scope")
    assert said.endswith("Vil du hellere tale med et menneske?")
    assert citizen.buttons[-2:] == ["Ja", "Prøv igen"]
    assert fake.flags == ["low_understanding"]


async def test_in_a_question_a_person_is_offered_beside_it(citizen, fake):
    await citizen.says("start", "start_assessment")
    await citizen.says("regner det", "out_of_scope")
    said = await citizen.says("bla bla", "out_of_scope")
    assert "Vil du hellere tale med et menneske?" in said
    await citizen.says("1")
    assert fake.answers == [("item-1", 1)]
