"""What is taken out is valid for Rasa itself, holds no utterance twice, and no personal data."""

import asyncio
import json
import subprocess
import sys

import pytest
import yaml

from backend.corrections.export import as_training_data, marked, write_corrections
from backend.corrections.known import Example, Known, read_examples, read_known
from backend.corrections.tables import Correction
from backend.settings import PROJECT_ROOT
from tests.backend.corrections.conftest import to_correct
from tests.backend.story import Story

BOT = PROJECT_ROOT / ".venv" / "bot" / "bin" / "python"
READ_NLU = """
import json, sys
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
data = RasaYAMLReader().reads(sys.stdin.read())
print(json.dumps([[e.get("intent"), e.get("text"), e.get("entities") or []] for e in data.training_examples]))
"""
READ_STORY = """
import json, sys
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
reader = YAMLStoryReader(Domain.load("domain.yml"))
steps = reader.read_from_string(sys.stdin.read())
told = [event.as_dict() for event in steps[0].events]
print(json.dumps([[event["event"], event.get("text") or event.get("name")] for event in told]))
"""


def rasa_reads(script, text):
    """What Rasa's own reader, in the assistant's environment, makes of a text; it must not complain."""
    command = [str(BOT), "-W", "error::UserWarning:rasa.shared.utils.io", "-c", script]
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=PROJECT_ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "Issue found" not in done.stderr, done.stderr
    return json.loads(done.stdout)


def correction(text, intent="book_followup", marks=()):
    return Correction(text=text, intent=intent, marks=list(marks))


@pytest.fixture
def data(tmp_path):
    """A directory of training data with one file."""
    (tmp_path / "booking.yml").write_text(
        as_training_data([Example("book en tid", "book_followup")]), "utf-8"
    )
    return tmp_path


def test_rasa_reads_texts_and_entities_as_they_were_meant():
    text = "kan jeg komme: fredag kl. 10 - eller #torsdag?"
    time = {"entity": "time", "start": text.index("fredag"), "end": text.index(" -")}
    other = {"entity": "time", "start": text.index("torsdag"), "end": text.index("?")}
    examples = [
        Example(marked(text, [other, time]), "book_followup"),
        Example("- 'ja' \"nej\" & *måske* 😀: ~", "deny"),
        Example("(a)(time)", "deny"),
    ]
    written = as_training_data(examples)
    assert yaml.safe_load(written)["version"] == "3.1"
    read = {text: (intent, entities) for intent, text, entities in rasa_reads(READ_NLU, written)}
    assert set(read) == {text, "- 'ja' \"nej\" & *måske* 😀: ~", "(a)(time)"}
    intent, entities = read[text]
    assert intent == "book_followup"
    found = [text[entity["start"] : entity["end"]] for entity in entities]
    assert found == ["fredag kl. 10", "torsdag"]


def test_writing_twice_gives_the_same_file_and_no_utterance_twice(data):
    approved = [
        correction("Hej, en tid tak"),
        correction("hej en tid TAK!", "cancel_booking"),
        correction("Book en tid."),
    ]
    exported = write_corrections(approved, data)
    assert (exported.written, exported.left_out) == (1, ["Book en tid."])
    first = (data / "corrections.yml").read_text("utf-8")
    write_corrections(approved, data)
    assert (data / "corrections.yml").read_text("utf-8") == first
    assert read_examples(data / "corrections.yml") == [Example("hej en tid TAK!", "cancel_booking")]


def test_what_was_written_before_stays_until_it_is_told_anew_or_moved(data):
    write_corrections([correction("en tid tak"), correction("aflys den", "deny")], data)
    (data / "other.yml").write_text(as_training_data([Example("aflys den", "cancel_booking")]), "utf-8")
    write_corrections([correction("En tid, tak", "more_slots")], data)
    assert read_examples(data / "corrections.yml") == [Example("En tid, tak", "more_slots")]
    assert write_corrections([], data).written == 1


def test_nothing_is_written_when_there_is_nothing(data):
    assert write_corrections([], data).written == 0
    assert not (data / "corrections.yml").exists()


def test_how_an_example_fits_in():
    known = Known([Example("jeg vil booke en [tid](time)", "book_followup"), Example("nej tak", "deny")])
    same = known.fit("Jeg vil booke en tid!", "book_followup")
    assert (same.same, same.conflicts, same.alike) == (True, [], [])
    conflict = known.fit("nej tak", "affirm")
    assert (conflict.same, conflict.conflicts) == (False, [Example("nej tak", "deny")])
    assert known.fit("jeg vil boke en tid", "deny").alike == [known.examples[0]]
    assert known.fit("hvad koster det", "deny").alike == []


def test_the_assistants_own_training_data_can_be_read():
    assert read_known().count_by_intent()["book_followup"] > 50
    assert read_known() is read_known()


async def approve(visitor, path, intent):
    form = (await to_correct(visitor, path)).form("Gem, hvad borgeren mente")
    await visitor.send(form, intent=intent)
    await visitor.send((await visitor.get("/console/training")).form("Godkend"), status="approved")


async def test_the_download_and_the_command_give_what_was_approved(
    sign_in, archive, name_citizen, settings, process_environment, data
):
    await archive.send(Story("c1").user("Åse Ærø her 22334455, gi mig lige en aftale", "greet").events)
    await name_citizen("c1", "Åse Ærø")
    visitor = await sign_in()
    await approve(visitor, "/console/conversations/c1", "book_followup")
    page = await visitor.get("/console/training/export")
    assert "corrections.yml" in page.headers["Content-Disposition"]
    expected = [["book_followup", "NAVN her NUMMER, gi mig lige en aftale", []]]
    assert rasa_reads(READ_NLU, page.source) == expected
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "backend.corrections", "export", "--directory", str(data)],
        env=process_environment(settings.data_path, DIGISPOR_DATABASE_URL=settings.database_url),
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "corrections.yml: 1 eksempler" in done.stdout
    assert read_examples(data / "corrections.yml") == [Example(expected[0][1], "book_followup")]


async def test_a_conversation_becomes_a_test_that_rasa_reads(sign_in, archive, name_citizen):
    story = Story("c1").user("", "open_chat").action("utter_introduction").listen()
    story.user("/start_assessment", "start_assessment", button="Ja").action("assessment_form")
    story.other("active_loop", name="assessment_form").other(
        "slot", name="requested_slot", value="item_answer"
    )
    story.other("slot", name="citizen_name", value="Åse Ærø")
    story.user("jeg hedder Åse, må jeg få en aftale fredag", "greet").action("booking_form")
    story.other("active_loop", name=None)
    await archive.send(story.events)
    await name_citizen("c1", "Åse Ærø")
    visitor = await sign_in()
    path = "/console/conversations/c1"
    await visitor.send(
        (await to_correct(visitor, path)).form("Gem, hvad borgeren mente"), intent="book_followup"
    )
    await visitor.send((await to_correct(visitor, path)).form("Marker ordene"), words="fredag", entity="time")
    page = await visitor.get(f"{path}/test-story")
    assert "Åse" not in page.source
    (told,) = yaml.safe_load(page.source)["stories"]
    assert told["steps"] == [
        {"intent": "open_chat"},
        {"action": "utter_introduction"},
        {"intent": "start_assessment"},
        {"action": "assessment_form"},
        {"active_loop": "assessment_form"},
        {"slot_was_set": [{"requested_slot": "item_answer"}]},
        {"user": "jeg hedder NAVN, må jeg få en aftale [fredag](time)\n", "intent": "book_followup"},
        {"action": "booking_form"},
        {"active_loop": None},
    ]
    read = rasa_reads(READ_STORY, page.source)
    assert ["user", "jeg hedder NAVN, må jeg få en aftale fredag"] in read
    assert ["action", "booking_form"] in read
