import json

import pytest

from actions.outbox import Outbox


async def test_the_introduction_says_what_it_is_what_is_stored_and_how_to_reach_a_person(citizen):
    said = await citizen._send("/open_chat", None)
    for promised in (
        "en robot",
        "ikke et menneske",
        "bliver gemt i 6 måneder",
        "et menneske, der beslutter",
        "ring på",
    ):
        assert promised in said
    assert citizen.buttons == ["Ja, lad os starte", "Hvad gemmer I?", "Tal med et menneske"]


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("open_chat", "en robot"),
        ("greet", "Hej, jeg hedder Digispor. Jeg er en robot"),
        ("thank", "Selv tak."),
        ("bot_challenge", "ikke et menneske"),
        ("help", "Jeg kan hjælpe dig med tre ting"),
        ("ask_privacy", "6 måneder"),
        ("ask_language", "I mostly speak Danish."),
        ("ask_jobs", "jobnet.dk"),
        ("ask_courses", "Hvilke kurser"),
        ("ask_benefits", "a-kasse"),
        ("out_of_scope", "Det kan jeg desværre ikke hjælpe med."),
        ("share_cpr", "Jeg har fjernet dit CPR-nummer."),
        ("empty_message", "Der stod ikke noget"),
        ("talk_to_human", "Du kan ringe på"),
        ("crisis", "70 201 201"),
        ("feedback_negative", "Det er jeg ked af."),
    ],
)
async def test_what_needs_no_backend_is_answered_when_the_actions_are_down(citizen, intent, words):
    citizen.actions.down = True
    assert words in await citizen.says("hvad med det", intent)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mit cpr er [CPR-nummer fjernet]", "Jeg har fjernet dit CPR-nummer. "),
        ("kode: [adgangskode fjernet]", "Jeg har fjernet din adgangskode. "),
        ("[kortnummer fjernet] [pinkode fjernet]", "Jeg har fjernet dit kortnummer og din pinkode. "),
    ],
)
async def test_what_was_hidden_is_named(citizen, text, told):
    assert (await citizen.says(text, "share_cpr")).startswith(told)


async def test_who_asks_in_english_hears_the_phone_hours_in_english(citizen):
    assert await citizen.says("do you speak english", "ask_language") == (
        "I mostly speak Danish. You can call 12 34 56 78 (weekdays 9 am to 3 pm), "
        "and a person will help you in English."
    )


async def test_a_greeting_is_met_with_the_introduction_only_when_they_have_not_met(citizen):
    assert (await citizen.says("hej", "greet")).startswith("Hej, jeg hedder Digispor.")
    assert (await citizen.says("hej igen", "greet")).startswith("Hej! Skal vi")


async def test_a_greeting_after_the_introduction_is_returned(citizen):
    await citizen._send("/open_chat", None)
    assert (await citizen.says("hej", "greet")).startswith("Hej! Skal vi")


async def test_ja_to_the_introduction_begins(citizen):
    await citizen._send("/open_chat", None)
    assert (await citizen.says("ok", "affirm")).startswith("Godt, så går vi i gang.")


async def test_nej_to_the_introduction_is_all_right(citizen, fake):
    await citizen._send("/open_chat", None)
    assert (await citizen.says("ikke nu", "deny")).startswith("Det er helt i orden.")
    assert fake.calls == []


async def test_ja_to_nothing_asks_what_is_wanted(citizen):
    await citizen.says("tak", "thank")
    assert (await citizen.says("ja", "affirm")).startswith("Godt. Hvad vil du gerne?")


async def test_stop_without_anything_under_way_promises_silence(citizen, fake):
    said = await citizen.says("stop", "opt_out")
    assert said.startswith("Jeg skriver ikke til dig, medmindre du selv skriver først.")
    assert [call[0] for call in fake.calls] == ["stop_contact"]


async def test_a_stop_that_cannot_be_stored_is_kept_and_not_promised(citizen, fake, outbox_folder):
    fake.away("stop_contact")
    said = await citizen.says("stop", "opt_out")
    assert said.startswith("Jeg kunne ikke gemme lige nu, at du ikke vil have beskeder")
    [kept] = [json.loads(file.read_text("utf-8")) for file in outbox_folder.glob("*.json")]
    assert kept["path"].endswith("/contact-wish")
    assert kept["body"]["wanted"] is False


async def test_a_stop_that_cannot_be_kept_either_is_to_be_said_again(citizen, fake, monkeypatch):
    async def no_room(self, request):
        raise OSError("no room")

    fake.away("stop_contact")
    monkeypatch.setattr(Outbox, "keep", no_room)
    said = await citizen.says("stop", "opt_out")
    assert 'Skriv "stop" igen om lidt' in said


async def test_a_pause_without_anything_under_way_is_fine(citizen):
    assert (await citizen.says("vent", "pause_assessment")).startswith("Det er helt fint.")
