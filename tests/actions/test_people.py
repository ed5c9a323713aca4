import json

import pytest


async def test_a_citizen_who_wants_a_person_gets_the_number_and_the_staff_are_told(citizen, fake):
    said = await citizen.says("jeg vil tale med et menneske", "talk_to_human")
    assert said.startswith("Du kan ringe på ")
    assert "Jeg har også givet en medarbejder besked" in said
    assert fake.flags == ["human_requested"]


async def test_the_staff_are_not_said_to_be_told_when_they_are_not(citizen, fake, outbox_folder):
    fake.away("flag")
    said = await citizen.says("jeg vil tale med et menneske", "talk_to_human")
    assert said.startswith("Du kan ringe på ")
    assert "besked" not in said
    [file] = outbox_folder.glob("*.json")
    assert json.loads(file.read_text())["body"]["kind"] == "human_requested"


async def test_asking_for_a_person_leaves_the_question_open_without_repeating_it(citizen, fake):
    await citizen.says("start", "start_assessment")
    said = await citizen.says("jeg vil tale med et menneske", "talk_to_human")
    assert "Spørgsmål" not in said
    await citizen.says("2")
    assert fake.answers == [("item-1", 2)]


async def test_despair_is_met_with_the_numbers_to_call_and_the_staff_are_told(citizen, fake):
    said = await citizen.says("jeg kan ikke mere", "crisis")
    assert "Ring til Livslinien på 70 201 201" in said
    assert "ring 112" in said
    assert said.endswith("Vi lader spørgsmålene ligge. Du kan altid skrive igen.")
    assert fake.flags == ["crisis"]


async def test_despair_ends_the_questions(citizen):
    await citizen.says("start", "start_assessment")
    said = await citizen.says("jeg kan ikke mere", "crisis")
    assert "Spørgsmål 1" not in said
    assert await citizen.form() is None


async def test_in_despair_nobody_is_said_to_be_told_before_they_are(citizen, fake, outbox_folder):
    fake.away("flag")
    said = await citizen.says("jeg kan ikke mere", "crisis")
    assert "Jeg kunne ikke give en medarbejder besked lige nu, men jeg bliver ved med at prøve." in said
    assert len(list(outbox_folder.glob("*.json"))) == 1


async def test_in_despair_nothing_is_promised_that_nobody_will_do(citizen, fake, monkeypatch):
    fake.away("flag")

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr("actions.outbox.Outbox._write", full)
    said = await citizen.says("jeg kan ikke mere", "crisis")
    assert "bliver ved med" not in said
    assert "Ring til Livslinien" in said


async def test_despair_is_answered_when_the_actions_are_down(citizen):
    citizen.actions.down = True
    assert "Ring til Livslinien på 70 201 201" in await citizen.says("jeg kan ikke mere", "crisis")


async def test_a_person_can_be_reached_when_the_actions_are_down(citizen):
    citizen.actions.down = True
    said = await citizen.says("jeg vil tale med et menneske", "talk_to_human")
    assert said.startswith("Du kan ringe på ")


async def test_annoyance_is_met_with_an_apology_and_an_offer(citizen, fake):
    said = await citizen.says("du er ubrugelig", "feedback_negative")
    assert said == "Det er jeg ked af. Skal jeg finde et menneske til dig?"
    assert fake.flags == ["negative_feedback"]
    assert (await citizen.says("ja", "affirm")).startswith("Du kan ringe på ")


@pytest.mark.parametrize("answer", ["ja", "nej"])
async def test_an_answer_to_the_offer_is_not_an_answer_to_the_open_question(citizen, fake, answer):
    await citizen.says("start", "start_assessment")
    await citizen.says("du er ubrugelig", "feedback_negative")
    await citizen.says(answer, "affirm" if answer == "ja" else "deny")
    assert fake.answers == []
    assert await citizen.form() == "assessment_form"
