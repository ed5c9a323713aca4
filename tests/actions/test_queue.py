"""What a citizen who wants a person hears, when there is a queue to stand in."""

import json

import pytest
from fake_backend import queue

QUEUED = queue(
    "queued",
    2,
    wait="Det plejer at tage mellem 2 og 5 minutter.",
    passed_on="du gerne vil tale med et menneske",
)


async def wants_a_person(citizen):
    return await citizen.says("jeg vil tale med et menneske", "talk_to_human")


async def test_who_waits_hears_their_place_the_time_and_what_is_passed_on(citizen, fake):
    fake.standing_of_queue = QUEUED
    said = await wants_a_person(citizen)
    assert said.startswith("Du kan ringe på ")
    assert "Du er nummer 2 i køen" in said
    assert "Det plejer at tage mellem 2 og 5 minutter. Jeg har fortalt, at du gerne vil" in said
    assert fake.asked_for_person == ["asked"]
    assert fake.flags == ["human_requested"]


async def test_the_questions_go_on_while_waiting(citizen, fake):
    fake.standing_of_queue = QUEUED
    await citizen.says("start", "start_assessment")
    await wants_a_person(citizen)
    assert "Spørgsmål 1" in await citizen.clicks("Fortsæt imens")
    await citizen.says("2")
    assert fake.answers == [("item-1", 2)]


@pytest.mark.parametrize(
    ("standing", "heard"),
    [
        (queue("nobody"), "Der er ikke en medarbejder, der kan skrive med dig lige nu."),
        (queue("closed", opens="mandag kl. 9.00"), "Vi åbner igen mandag kl. 9.00."),
        (queue("closed"), "Der er ikke en medarbejder, der kan skrive med dig lige nu."),
    ],
)
async def test_where_nobody_is_there_it_is_said_at_once_with_what_can_be_done(citizen, fake, standing, heard):
    fake.standing_of_queue = standing
    said = await wants_a_person(citizen)
    assert heard in said
    assert "Jeg har også givet en medarbejder besked" in said
    assert "køen" not in said
    assert "Vælg en tid" in await citizen.clicks("Book en tid") or await citizen.form() == "booking_form"


async def test_why_a_person_is_wanted_is_told(citizen, fake):
    await citizen.says("du er ubrugelig", "feedback_negative")
    await citizen.says("ja", "affirm")
    for _ in range(2):
        await citizen.says("øøh")
    await citizen.clicks("Ja")
    assert fake.asked_for_person == ["annoyed", "not_understood"]


async def test_despair_goes_into_the_queue_and_nothing_is_said_of_it_where_nobody_is_there(citizen, fake):
    fake.standing_of_queue = queue("nobody")
    assert "kø" not in await citizen.says("jeg kan ikke mere", "crisis")
    fake.standing_of_queue = queue("queued", 1, wait="Jeg kan ikke sige, hvor længe det varer.")
    said = await citizen.says("jeg kan ikke mere", "crisis")
    assert "Ring til Livslinien" in said
    assert said.endswith("Du er nummer 1 i køen. Jeg kan ikke sige, hvor længe det varer.")
    assert fake.asked_for_person == ["crisis", "crisis"]


async def test_where_nobody_can_write_to_the_citizen_nobody_is_promised_to(citizen, fake):
    fake.standing_of_queue = QUEUED
    citizen.channel = "rest"
    for text, intent in (("jeg vil tale med et menneske", "talk_to_human"), ("jeg kan ikke mere", "crisis")):
        assert "kø" not in await citizen.says(text, intent)
    assert fake.asked_for_person == []
    assert fake.flags == ["human_requested", "crisis"]


async def test_a_wish_that_cannot_be_stored_is_kept_and_nothing_is_promised(citizen, fake, outbox_folder):
    fake.away("ask_for_person")
    said = await wants_a_person(citizen)
    assert "kø" not in said
    [kept] = [json.loads(file.read_text()) for file in outbox_folder.glob("*.json")]
    assert kept["path"] == "/conversations/conversation-1/handover"
    assert kept["body"]["reason"] == "asked"


async def test_who_waits_can_ask_how_long_and_leave(citizen, fake):
    fake.standing_of_queue = QUEUED
    await citizen.says("start", "start_assessment")
    await wants_a_person(citizen)
    assert (await citizen.clicks("Hvor lang tid endnu?")).startswith("Du er nummer 2 i køen.")
    assert (await citizen.clicks("Jeg vil ikke vente")).startswith("Du står ikke i køen længere.")
    assert "Spørgsmål 1" in await citizen.clicks("Fortsæt")


async def test_who_does_not_wait_is_offered_to(citizen, fake):
    fake.standing_of_queue = queue("none")
    assert "Du står ikke i kø" in await citizen.says("hvilken plads har jeg i køen", "ask_queue")
    assert (await citizen.says("ja", "affirm")).startswith("Du kan ringe på ")


async def test_nobody_leaves_when_a_person_is_on_their_way(citizen, fake):
    fake.refuse("leave_queue", "not-waiting")
    assert "på vej ind i samtalen" in await citizen.says("forlad køen", "leave_queue")


async def test_when_the_queue_cannot_be_seen_nothing_is_changed_and_it_is_said(citizen, fake):
    fake.away("standing", "leave_queue")
    for intent in ("ask_queue", "leave_queue"):
        assert "Jeg kan ikke se køen lige nu" in await citizen.says("?", intent)


async def test_a_number_to_call_is_taken_and_read_back(citizen, fake):
    fake.standing_of_queue = QUEUED
    await wants_a_person(citizen)
    assert await citizen.clicks("Ring til mig i stedet") == (
        "Hvilket nummer skal en medarbejder ringe til dig på?"
    )
    assert "kan jeg ikke læse" in await citizen.says("12", "inform")
    assert "ringes op på 20 30 40 50" in await citizen.says("20304050", "inform")
    assert fake.numbers_to_call == ["+4520304050"]
    assert await citizen.form() is None


@pytest.mark.parametrize("intent", ["previous_question", "deny", "pause_assessment"])
async def test_a_number_need_not_be_left(citizen, fake, intent):
    await citizen.says("ring til mig", "ask_call")
    assert "ikke gemt noget nummer" in await citizen.says("nej", intent)
    assert await citizen.form() is None
    assert fake.numbers_to_call == []


async def test_a_number_that_could_not_be_stored_is_not_said_to_be(citizen, fake):
    await citizen.says("ring til mig", "ask_call")
    fake.away("ask_for_call")
    assert "så det er ikke gemt" in await citizen.says("20304050", "inform")
    fake.back()
    fake.lose_answer_of("ask_for_call")
    assert "Jeg ved ikke, om dit nummer blev gemt" in await citizen.says("20304050", "inform")


async def test_another_topic_is_answered_while_a_number_is_asked_for(citizen):
    await citizen.says("ring til mig", "ask_call")
    said = await citizen.says("hvad gemmer I?", "ask_privacy")
    assert said.endswith("Hvilket nummer skal en medarbejder ringe til dig på?")
    assert "Skriv dit telefonnummer" in await citizen.says("hjælp", "help")


@pytest.mark.parametrize(("helped", "heard"), [("yes", "bedre."), ("no", "menneske igen.")])
async def test_whether_a_person_has_helped_is_stored(citizen, fake, helped, heard):
    said = await citizen.says(f'/rate_help{{"helped": "{helped}"}}', "rate_help", helped=helped)
    assert said.endswith(heard)
    assert fake.helped == [helped == "yes"]


async def test_a_word_about_help_that_is_not_stored_is_not_thanked_for(citizen, fake):
    fake.away("rate_help")
    said = await citizen.says('/rate_help{"helped": "yes"}', "rate_help", helped="yes")
    assert said.startswith("Jeg kunne ikke gemme dit svar")


async def test_a_word_about_help_that_is_neither_yes_nor_no_is_asked_about(citizen, fake):
    said = await citizen.says("jeg vil fortælle om medarbejderen", "rate_help")
    assert said == "Fik du den hjælp, du havde brug for, af medarbejderen?"
    assert fake.helped == []
    assert "bedre." in await citizen.says("ja", "affirm")
    assert fake.helped == [True]


async def test_a_no_to_whether_a_person_has_helped_is_stored_as_one(citizen, fake):
    await citizen.says("jeg vil fortælle om medarbejderen", "rate_help")
    assert "menneske igen" in await citizen.says("nej", "deny")
    assert fake.helped == [False]
