"""What citizens and staff are told of deletion is what is done, from one setting."""

import re
import subprocess
import sys
from datetime import datetime

import pytest
import yaml
from pydantic import ValidationError

from backend.console.rights import Grant, Role
from backend.municipality import load_municipality
from backend.privacy.tables import Erasure
from backend.retention import words
from backend.retention.activity import Obstacle
from backend.retention.conversations import ASSISTANT_AWAY, FILES_IN_USE
from backend.retention.policy import Kind, Policy
from backend.retention.run import FAULT, NOT_THE_OWNER
from backend.settings import PROJECT_ROOT
from tests.backend.privacy.conftest import WEB
from tests.backend.privacy.test_copies import link_of
from tests.backend.retention.test_conversations import rows, see_to_everything
from tests.backend.story import START, Story
from tests.backend.visitor import Visitor, hire

SETTING = {"retention": Kind.CONVERSATIONS, "case_retention": Kind.MEETINGS}


def test_what_the_assistant_says_is_the_period_that_is_deleted_by(settings):
    path = PROJECT_ROOT / "municipality.yml"
    municipality = load_municipality(path)
    # As the assistant reads it: every value that is plain text.
    said = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    policy = Policy.of(municipality, settings)
    assert {name: said[name] for name in SETTING} == {
        name: str(policy.period(kind)) for name, kind in SETTING.items()
    }


def test_no_text_for_citizens_names_a_period_of_its_own():
    responses = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text("utf-8"))["responses"]
    about = {variant["text"] for name in ("utter_welcome", "utter_privacy") for variant in responses[name]}
    assert len(about) == 4
    for text in about:
        assert "{municipality_retention}" in text
        assert not re.search(r"\d+ (måned|år|dag|uge)", text)
    assert all("{municipality_case_retention}" in one["text"] for one in responses["utter_privacy"])


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("retention: et halvt år", "retention.*6 måneder"),
        ("retention: 29 dage", "retention: must be at least 30 dage"),
        ("case_retention: 1 måned", "case_retention: 1 måned is shorter than retention, 6 måneder"),
        ("keep: {audit: 6 måneder}", "audit: must be at least 184 dage or 7 måneder, not 6 måneder"),
        ("keep: {reports: 100 dage}", "reports: must be at least"),
        ("keep: {transcripts: 1 år}", "keep.transcripts"),
    ],
)
def test_a_period_that_cannot_be_used_stops_the_start_with_its_reason(tmp_path, lines, reason):
    faulty = tmp_path / "municipality.yml"
    faulty.write_text((PROJECT_ROOT / "municipality.yml").read_text("utf-8") + f"\n{lines}\n", "utf-8")
    with pytest.raises(ValidationError, match=f"(?s){reason}"):
        load_municipality(faulty)


def test_every_kind_and_obstacle_and_error_has_its_words():
    assert set(words.KINDS) == set(Kind)
    assert set(words.OBSTACLES) == set(Obstacle)
    assert set(words.ERRORS) == {ASSISTANT_AWAY, FILES_IN_USE, NOT_THE_OWNER, FAULT}


@pytest.fixture
async def staff(client, database, clock):
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    return visitor


async def test_a_caseworker_sees_when_a_conversation_goes(archive, staff):
    await archive.send(Story("c1").user("hej").events)
    page = await staff.get("/console/conversations/c1")
    last = datetime.fromtimestamp(START)
    assert (last.month, last.day, last.year) == (11, 18, 2026)
    assert "Samtalen slettes 19. maj 2027, hvis der ikke sker mere i den." in page.text


async def test_a_caseworker_sees_what_keeps_it(person, staff, clock, archive):
    await person.arrive()
    await archive.flag(WEB, "crisis")
    await staff.sign_in()
    page = await staff.get(f"/console/conversations/{WEB}")
    assert "Den bliver dog gemt, så længe ingen har set" in page.text
    clock.advance(days=300)
    await staff.sign_in()
    page = await staff.get(f"/console/conversations/{WEB}")
    assert "Samtalen skulle være slettet 27. maj 2027, men bliver gemt, så længe ingen har set" in page.text


async def test_a_citizen_who_reads_their_data_sees_the_same_day(person, database, client):
    await person.arrive()
    link = await link_of(person, database)
    async with client.post(link) as response:
        page = await response.text()
    assert "De bliver slettet 6 måneder efter" in page
    assert "Sker der ikke mere, er det 27. maj 2027" in page
    assert "gemmer kommunen det i 5 år" in page


async def test_what_is_left_says_that_its_time_was_up_and_has_no_receipt(
    person, staff, clock, run, database, client
):
    await person.arrive()
    await see_to_everything(database)
    clock.advance(days=300)
    await run()
    await staff.sign_in()
    page = await staff.get(f"/console/conversations/{WEB}")
    assert "fordi der ikke var sket noget i 6 måneder" in page.text
    assert "Kvittering" not in page.text
    [erasure] = await rows(database, Erasure)
    async with client.get(f"/kvittering/{erasure.number}") as response:
        assert response.status == 404


async def test_an_administrator_sees_what_was_deleted_and_why(
    client, database, clock, run, make_citizen, assistant
):
    await make_citizen("alene")
    clock.advance(days=200)
    await hire(database, clock, grants=[Grant(Role.ADMINISTRATOR)])
    visitor = Visitor(client)
    await visitor.sign_in()
    assert "Der er ikke slettet noget endnu" in (await visitor.get("/console/deletion")).text
    await run()
    page = await visitor.get("/console/deletion")
    assert "6 måneder efter det sidste, der er sket i samtalen" in page.text
    assert "Den første gang" not in page.text
    await make_citizen("igen")
    clock.advance(days=200)
    assistant.is_down = True
    await run()
    await visitor.sign_in()
    page = await visitor.get("/console/deletion")
    assert "Robotten svarede ikke. Der bliver prøvet igen om en time." in page.text


def test_the_command_line_tells_what_would_go_and_deletes_only_when_told_to(
    settings, process_environment, client
):
    def command(*arguments):
        environment = process_environment(
            settings.data_path,
            DIGISPOR_DATABASE_URL=settings.database_url,
            DIGISPOR_MUNICIPALITY=str(settings.municipality),
            DIGISPOR_RASA_URL="http://127.0.0.1:9",
        )
        program = [sys.executable, "-m", "backend.retention", *arguments]
        return subprocess.run(program, env=environment, capture_output=True, text=True, check=False)

    told = command()
    assert (told.returncode, "intet er slettet" in told.stdout) == (1, True), told.stderr
    assert "(6 måneder) Robotten svarede ikke. Samtaler, som kun den har, er ikke talt med." in told.stdout
    done = command("--now")
    assert done.stdout.startswith("Slettet:")
    assert "Robotten svarede ikke. Der bliver prøvet igen om en time." in done.stdout
