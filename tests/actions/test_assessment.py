import pytest

BEGUN = (
    "Godt, så går vi i gang. Der er ingen forkerte svar, "
    "og du kan altid springe over, gå tilbage eller holde pause."
)
FIRST = "Spørgsmål 1 (højst 4 tilbage): Hvor godt kan du gøre ting nummer 1?"
SECOND = "Spørgsmål 2 (højst 3 tilbage): Hvor godt kan du gøre ting nummer 2?"


@pytest.fixture
async def started(citizen):
    await citizen.says("lad os starte", "start_assessment")
    return citizen


async def answer_all(citizen, button="På egen hånd"):
    for _ in range(5):
        await citizen.clicks(button)


async def test_the_first_question_comes_with_the_four_answers(citizen):
    assert await citizen.says("lad os starte", "start_assessment") == f"{BEGUN}\n{FIRST}"
    assert citizen.buttons == ["Det kan jeg ikke", "Med hjælp", "På egen hånd", "Sikkert, jeg kan vise andre"]


@pytest.mark.parametrize(
    ("button", "response"),
    [("Det kan jeg ikke", 0), ("Med hjælp", 1), ("På egen hånd", 2), ("Sikkert, jeg kan vise andre", 3)],
)
async def test_an_answer_by_button_is_stored_and_the_next_question_comes(started, fake, button, response):
    assert await started.clicks(button) == SECOND
    assert fake.answers == [("item-1", response)]


@pytest.mark.parametrize(
    ("text", "intent", "response", "wording"),
    [
        ("min søn viser mig det", "answer_with_help", 1, "med hjælp"),
        ("det aner jeg ikke noget om", "answer_cannot", 0, "det kan jeg ikke"),
        ("det gør jeg selv", "answer_independent", 2, "på egen hånd"),
        ("det lærer jeg andre", "answer_advanced", 3, "sikkert, jeg kan vise andre"),
        ("2", "nlu_fallback", 2, "på egen hånd"),
        ("nr. 1", "inform", 1, "med hjælp"),
        ("to", "nlu_fallback", 2, "på egen hånd"),
        ("ja", "affirm", 2, "på egen hånd"),
        ("pyt, kan jeg helt sikkert", "affirm", 3, "sikkert, jeg kan vise andre"),
        ("okay, det kan jeg godt", "affirm", 2, "på egen hånd"),
        ("nej", "deny", 0, "det kan jeg ikke"),
        ("lidt", "nlu_fallback", 1, "med hjælp"),
        ("det ved jeg ikke rigtigt", "dont_know", None, "ved ikke"),
    ],
)
async def test_an_answer_in_own_words_is_stored_and_repeated(started, fake, text, intent, response, wording):
    said = await started.says(text, intent)
    assert said == f'Tak, så skriver jeg "{wording}". Skriv "tilbage", hvis det ikke passer.\n{SECOND}'
    assert fake.answers == [("item-1", response)]


async def test_a_channel_can_show_how_far_the_questions_are(started):
    assert started.custom == [{"type": "question", "number": 1, "left": 4}]
    await started.clicks("Med hjælp")
    assert started.custom == [{"type": "question", "number": 2, "left": 3}]


async def test_who_has_asked_for_easier_words_gets_them(citizen):
    citizen.metadata = {"easy_words": True}
    said = await citizen.says("lad os starte", "start_assessment")
    assert said.endswith("Spørgsmål 1 (højst 4 tilbage): Hvor godt kan du gøre ting 1 på en let måde?")


async def test_a_question_can_be_skipped(started, fake):
    said = await started.says("spring over", "skip_question")
    assert said == f"Helt i orden, vi springer det over.\n{SECOND}"
    assert fake.answers == [None]


async def test_going_back_withdraws_the_answer(started, fake):
    await started.clicks("Med hjælp")
    said = await started.says("tilbage", "previous_question")
    assert said == f"Så går vi et spørgsmål tilbage. Du kan bare svare igen.\n{FIRST}"
    assert fake.answers == []


async def test_saying_that_the_repeated_answer_is_wrong_goes_back(started, fake):
    await started.says("min søn gør det", "answer_with_help")
    await started.says("nej det er forkert", "deny")
    assert fake.answers == []


async def test_there_is_nothing_before_the_first_question(started):
    said = await started.says("tilbage", "previous_question")
    assert said == f"Det er det første spørgsmål, så der er ikke noget at gå tilbage til.\n{FIRST}"


async def test_a_word_of_the_question_is_explained(started):
    said = await started.says("hvad er vedhæftet?", "explain_question")
    assert said == "at der følger en fil med.\nSå: Hvor godt kan du gøre ting 1 på en let måde?"


async def test_a_question_is_explained_from_daily_life_first_and_then_from_work(started):
    assert "Du gør ting 1 derhjemme." in await started.says("forklar", "explain_question")
    assert "Du gør ting 1 på et lager." in await started.says("det forstår jeg ikke", "explain_question")
    await started.clicks("Med hjælp")
    assert "Du gør ting 2 derhjemme." in await started.says("forklar", "explain_question")


async def test_a_question_taken_up_again_is_put_in_full(started):
    await started.says("forklar", "explain_question")
    await started.says("pause", "pause_assessment")
    assert (await started.says("fortsæt", "resume_assessment")).endswith(FIRST)


async def test_why_a_question_is_asked_is_answered(started):
    assert "Jeg spørger, fordi" in await started.says("hvorfor spørger du om det", "explain_question")


async def test_a_number_off_the_scale_brings_the_scale(started, fake):
    said = await started.says("7", "nlu_fallback")
    assert "0: Det kan jeg ikke." in said
    assert said.endswith(FIRST)
    assert fake.answers == []


async def test_okay_is_not_an_answer(started, fake):
    assert await started.says("ok", "affirm") == FIRST
    assert fake.answers == []


async def test_a_second_okay_brings_the_scale(started, fake):
    await started.says("ok", "affirm")
    said = await started.says("jaok", "affirm")
    assert "0: Det kan jeg ikke." in said
    assert said.endswith(FIRST)
    assert fake.answers == []


async def test_after_two_okays_another_wish_is_still_heard(started):
    await started.says("ok", "affirm")
    await started.says("jaok", "affirm")
    assert "0: Det kan jeg ikke." not in await started.says("hvad gemmer I", "ask_privacy")


@pytest.mark.parametrize("text", ["okay, det kan jeg ikke", "fint, jeg kan godt ikke", "okay, jeg kan ik"])
async def test_what_a_citizen_says_they_cannot_is_never_stored_as_can(started, fake, text):
    await started.says(text, "affirm")
    assert fake.answers == []


async def test_an_okay_to_each_of_two_questions_is_the_first_to_each(started):
    await started.says("ok", "affirm")
    second = await started.clicks("Med hjælp")
    assert await started.says("ok", "affirm") == second


async def test_a_pause_is_marked_and_the_assessment_goes_on_later(started, fake):
    await started.clicks("Med hjælp")
    said = await started.says("pause", "pause_assessment")
    assert "Dine svar er gemt" in said
    assert fake.paused
    assert await started.form() is None
    assert await started.says("fortsæt", "resume_assessment") == (
        f"Vi fortsætter, hvor vi slap. Dine svar er gemt.\n{SECOND}"
    )


async def test_not_now_is_a_pause(started):
    await started.says("ikke lige nu", "deny")
    assert await started.form() is None


async def test_beginning_again_asks_before_answers_are_thrown_away(started, fake):
    await started.clicks("Med hjælp")
    said = await started.says("forfra", "restart")
    assert said == (
        "Vil du begynde forfra med spørgsmålene? Svar, du har givet indtil nu, tæller så ikke længere med."
    )
    assert fake.answers == [("item-1", 1)]
    assert await started.clicks("Ja, begynd forfra") == f"Så begynder vi forfra.\n{FIRST}"
    assert fake.answers == []


async def test_yes_in_own_words_begins_again(started, fake):
    await started.clicks("Med hjælp")
    await started.says("forfra", "restart")
    assert await started.says("ja", "affirm") == f"Så begynder vi forfra.\n{FIRST}"
    assert fake.answers == []


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("nej", "deny", "Det er helt i orden."),
        ("tilbage", "previous_question", "Fint, så fortsætter vi, hvor vi var. Dine svar er der stadig."),
        ("spring over", "skip_question", "Fint, så fortsætter vi, hvor vi var. Dine svar er der stadig."),
        ("fortsæt", "resume_assessment", "Fint, så fortsætter vi, hvor vi var. Dine svar er der stadig."),
    ],
)
async def test_beginning_again_can_be_regretted(started, fake, text, intent, said):
    await started.clicks("Med hjælp")
    await started.says("forfra", "restart")
    assert await started.says(text, intent) == f"{said}\n{SECOND}"
    assert fake.answers == [("item-1", 1)]


async def test_beginning_again_in_a_fresh_chat_asks_before_anything_begins(citizen, fake):
    said = await citizen.says("restart", "restart")
    assert said.startswith("Vil du begynde forfra med spørgsmålene?")
    assert fake.calls == []
    assert await citizen.form() is None
    assert (await citizen.says("nej", "deny")).startswith("Det er helt i orden.")
    assert fake.calls == []


async def test_saying_it_again_asks_again(started, fake):
    await started.clicks("Med hjælp")
    for _ in range(2):
        assert (await started.says("forfra", "restart")).startswith("Vil du begynde forfra")
    assert fake.answers == [("item-1", 1)]


@pytest.mark.parametrize("answer", ["click", "yes"])
async def test_a_guess_that_it_is_wished_to_begin_again_is_not_a_yes(started, fake, answer):
    await started.clicks("Med hjælp")
    await started.says("fra en ende af", "nlu_fallback", "restart")
    assert started.buttons[0] == "Begynd forfra"
    said = await (started.clicks("Begynd forfra") if answer == "click" else started.says("ja", "affirm"))
    assert said.startswith("Vil du begynde forfra")
    assert fake.answers == [("item-1", 1)]


async def test_an_answer_after_the_question_whether_to_begin_again_counts_for_the_open_one(started, fake):
    await started.clicks("Med hjælp")
    await started.says("forfra", "restart")
    await started.says("2")
    assert fake.answers == [("item-1", 1), ("item-2", 2)]


@pytest.mark.parametrize(
    ("fail", "said"),
    [
        (lambda fake: fake.away("start_assessment"), "Jeg kunne ikke begynde forfra lige nu."),
        (lambda fake: fake.lose_answer_of("start_assessment"), "Forbindelsen forsvandt, så jeg ved ikke, om"),
    ],
)
async def test_beginning_again_that_fails_is_told_and_can_be_gone_on_from(started, fake, fail, said):
    await started.says("forfra", "restart")
    fail(fake)
    assert (await started.says("ja", "affirm")).startswith(said)
    fake.back()
    assert (await started.clicks("Fortsæt")).endswith(FIRST)


async def test_the_last_question_is_said_to_be_the_last(started):
    for _ in range(4):
        said = await started.clicks("Med hjælp")
    assert said == "Spørgsmål 5 (det sidste): Hvor godt kan du gøre ting nummer 5?"


async def test_the_last_answer_brings_profile_proposal_and_reasons(started):
    await answer_all(started)
    assert started.text == (
        "Tak, nu har jeg nok.\n"
        "Her er dit billede:\n"
        "Informations- og datakendskab: 60 %\n"
        "Kommunikation og samarbejde: 80 %\n"
        "Skabelse af digitalt indhold: 20 %\n"
        "Sikkerhed: ikke besvaret\n"
        "Problemløsning: 40 %\n"
        "Du er stærkest i at kommunikere. Det, der er sværest lige nu, er at lave dokumenter.\n"
        "Mit forslag er Spor 1: Digitalt løft. Du øver dig i et værksted sammen med en eMentor.\n"
        "Hvorfor? Du svarede, at du har brug for hjælp til dokumenter. "
        "Med to svar mere på egen hånd havde jeg foreslået Spor 2.\n"
        "Det er kun et forslag. Din konsulent ser på det sammen med dig."
    )
    assert started.buttons == ["Book en tid", "Jeg er ikke enig", "Hvad går sporene ud på?"]
    assert await started.form() is None


async def test_the_profile_is_in_the_same_message_as_its_text(started):
    await answer_all(started)
    [shown] = started.custom
    assert shown["type"] == "profile"
    assert shown["areas"][1] == {"name": "kommunikation og samarbejde", "percent": 80}
    assert shown["areas"][3]["percent"] is None


async def test_too_few_answers_are_said_honestly(started, fake):
    fake.enough_answers = False
    for _ in range(5):
        await started.says("spring over", "skip_question")
    assert "for få svar til at foreslå et spor" in started.text
    assert "Mit forslag" not in started.text
    assert started.buttons == ["Book en tid", "Svar på flere"]


async def test_an_answer_that_cannot_be_stored_is_said_not_to_count(started, fake):
    fake.away("answer")
    said = await started.clicks("Med hjælp")
    assert said.startswith("Det kunne jeg ikke gemme lige nu, så det tæller ikke med endnu.")
    assert said.endswith(FIRST)
    fake.back()
    assert await started.clicks("Med hjælp") == SECOND


async def test_an_answer_whose_fate_is_unknown_is_found_again(started, fake):
    fake.lose_answer_of("answer")
    said = await started.clicks("Med hjælp")
    assert "jeg ved ikke, om det nåede at blive gemt" in said
    assert await started.form() is None
    assert (await started.says("fortsæt", "resume_assessment")).endswith(SECOND)
    assert fake.answers == [("item-1", 1)]


async def test_an_answer_given_elsewhere_is_not_overwritten(started, fake):
    fake.answers.append(("item-1", 3))
    said = await started.clicks("Med hjælp")
    assert said.startswith("Det spørgsmål er allerede besvaret")
    assert said.endswith(SECOND)
    assert fake.answers == [("item-1", 3)]


async def test_an_answer_is_not_denied_when_it_cannot_be_looked_up(started, fake):
    fake.answers.append(("item-1", 3))
    fake.away("assessment")
    assert (await started.clicks("Med hjælp")).startswith("Forbindelsen forsvandt, så jeg ved ikke")
    assert await started.form() is None


async def test_an_assessment_that_is_gone_is_begun_anew(started, fake):
    fake.refuse("answer", "not-found")
    assert (await started.clicks("Med hjælp")).endswith(FIRST)


async def test_a_start_that_fails_says_so_and_leaves_no_question_open(citizen, fake):
    fake.away("start_assessment")
    said = await citizen.says("start", "start_assessment")
    assert said.startswith("Jeg kan ikke starte spørgsmålene lige nu.")
    assert await citizen.form() is None
    fake.back()
    assert (await citizen.clicks("Prøv igen")).endswith(FIRST)


async def test_a_result_that_cannot_be_shown_does_not_lose_the_answers(started, fake):
    fake.away("result")
    await answer_all(started)
    assert "Dine svar er gemt, men jeg kan ikke vise resultatet lige nu." in started.text
    fake.back()
    assert "Mit forslag er Spor 1" in await started.clicks("Vis mit resultat")


async def test_every_write_has_a_key_of_its_own_message(started, fake):
    await started.clicks("Med hjælp")
    await started.says("spring over", "skip_question")
    assert "conversation-1:message-2:answer" in fake.keys
    assert "conversation-1:message-3:skip" in fake.keys
    assert len(set(fake.keys)) == len(fake.keys)


@pytest.mark.parametrize(
    "text",
    ["", "😀😀", "x" * 10_000, "<b>hej</b>", "'; drop table", "{item_answer}", "\u202eabc", "/restart"],
)
async def test_odd_input_leaves_the_question_open(started, fake, text):
    await started.says(text, "nlu_fallback")
    assert fake.answers == []
    assert await started.form() == "assessment_form"
    assert (await started.says("1")).endswith(SECOND)


async def test_a_typed_answer_after_the_form_was_left_changes_nothing(citizen, fake):
    said = await citizen.says("med hjælp", "answer_with_help")
    assert said.startswith("Vi er ikke i gang med spørgsmålene lige nu.")
    assert fake.answers == []
