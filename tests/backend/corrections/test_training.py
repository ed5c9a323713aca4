"""What is approved in the console is what the assistant has learnt after `make train`."""

import asyncio
import json
import shutil
import subprocess
import sys

import pytest

from backend.corrections.export import as_training_data
from backend.corrections.known import DATA, OWN_FILE, Example, read_examples
from backend.settings import PROJECT_ROOT
from tests.backend.corrections.conftest import to_correct
from tests.backend.story import Story

# Of each intent so many examples; the whole data takes minutes.
EXAMPLES_EACH = 12
# The model without the correction takes it for something else.
SAID = "skyd mig lige ind i kikkerten på fredag"
NEEDED = (
    "setup",
    "bot",
    "identifiers",
    "requirements",
    "data/stories",
    "models/spacy",
    "config.yml",
    "domain.yml",
)
ENVIRONMENTS = ("bot", "backend", "tools")
READ = """
import asyncio, json, sys
from rasa.core.agent import Agent
read = asyncio.run(Agent.load("models/digispor.tar.gz").parse_message(sys.argv[1]))
print(json.dumps([read["intent"]["name"], read["intent"]["confidence"]]))
"""


@pytest.fixture
def project(tmp_path):
    """A copy of the project with few examples; it shares the environments, and nothing else."""
    copy = tmp_path / "project"
    for name in NEEDED:
        source, target = PROJECT_ROOT / name, copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (copy / ".venv").mkdir()
    for name in ENVIRONMENTS:
        if (PROJECT_ROOT / ".venv" / name).exists():
            (copy / ".venv" / name).symlink_to(PROJECT_ROOT / ".venv" / name)
    nlu = copy / "data" / "nlu"
    nlu.mkdir()
    for file in DATA.glob("*.yml"):
        if file.name != OWN_FILE:
            (nlu / file.name).write_text(as_training_data(_few(read_examples(file))), "utf-8")
    return copy


def _few(examples):
    taken = {}
    for example in examples:
        taken.setdefault(example.intent, []).append(example)
    return [example for same in taken.values() for example in same[:EXAMPLES_EACH]]


async def run(command, project, environment=None):
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_an_approved_correction_is_understood_after_training(
    sign_in, archive, settings, process_environment, project
):
    await archive.send(Story("c1").user(SAID, "greet").events)
    visitor = await sign_in()
    path = "/console/conversations/c1"
    await visitor.send(
        (await to_correct(visitor, path)).form("Gem, hvad borgeren mente"), intent="book_followup"
    )
    await visitor.send((await to_correct(visitor, path)).form("Marker ordene"), words="fredag", entity="time")
    await visitor.send((await visitor.get("/console/training")).form("Godkend"), status="approved")

    nlu = project / "data" / "nlu"
    environment = process_environment(settings.data_path, DIGISPOR_DATABASE_URL=settings.database_url)
    export = [sys.executable, "-m", "backend.corrections", "export", "--directory", nlu]
    await run(export, PROJECT_ROOT, environment)
    marked = SAID.replace("fredag", "[fredag](time)")
    assert read_examples(nlu / OWN_FILE) == [Example(marked, "book_followup")]

    # As `make train` does.
    said = await run([sys.executable, "-m", "setup", "train"], project)
    assert "trænet" in said
    assert (project / "models" / "digispor.tar.gz").is_file()
    bot = project / ".venv" / "bot" / "bin" / "python"
    intent, confidence = json.loads((await run([bot, "-c", READ, SAID], project)).splitlines()[-1])
    assert intent == "book_followup"
    assert confidence > 0.3
    assert "på plads" in await run([sys.executable, "-m", "setup", "train"], project)
