"""What the documents say is so in the code, and what they name and link to is there."""

import re

import pytest

from backend.db import Base
from backend.municipality import Municipality
from backend.privacy.holdings import TABLES
from benchmarks.description import DESCRIPTION, figures, taught
from benchmarks.report import ROOT, read_tables

NAMING_FILES = (
    "docs/privacy.md",
    "docs/konsekvensanalyse.md",
    "docs/ai-system.md",
    "docs/security.md",
    "docs/operations.md",
    "docs/architecture.md",
    "docs/console.md",
    "CHANGELOG.md",
)
LINKING = (*NAMING_FILES, "docs/embedding.md", "README.md")
# A file of the project, and behind `::` what stands in it.
EVIDENCE = re.compile(r"`([\w.-]+(?:/[\w.-]+)+)(?:::(\w+))?`")
# Made by set-up, by what runs, and by what measures.
MADE_HERE = re.compile(r"^(?:\.venv|models|results|var)/")
# Made only where a municipality has corrected something, or measured its questions.
MADE_LATER = {"data/nlu/corrections.yml", "backend/assessment/parameters/VERSION.yaml"}


def read(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def citizens_tables() -> set[str]:
    """The tables that name a citizen or a conversation, or belong to one that does."""
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    naming = {
        name
        for name, table in tables.items()
        if {"citizen_id", "conversation_id"} & set(table.columns.keys())
    }
    naming |= {*TABLES, "citizens", "conversations"}
    while True:
        belonging = {
            name
            for name, table in tables.items()
            if any(key.column.table.name in naming for key in table.foreign_keys)
        }
        if belonging <= naming:
            return naming
        naming |= belonging


def test_every_table_with_citizens_data_is_told_of():
    section = read("docs/privacy.md").split("### I databasen")[1].split("### I filer")[0]
    told = {
        name for row in re.findall(r"^\|.*?\|(.*?)\|", section, re.M) for name in re.findall(r"`(\w+)`", row)
    }
    assert citizens_tables() <= told
    assert told <= set(Base.metadata.tables)


def test_every_file_of_a_running_installation_is_told_of():
    kept = set(re.findall(r"^\| `(var/[^`]+)`", read("docs/operations.md"), re.M))
    assert kept <= set(re.findall(r"`(var/[^`]+)`", read("docs/privacy.md")))


@pytest.mark.parametrize("document", NAMING_FILES)
def test_every_evidence_exists(document):
    evidence = EVIDENCE.findall(read(document))
    assert evidence
    for path, name in evidence:
        if MADE_HERE.match(path) or path in MADE_LATER:
            continue
        file = ROOT / path
        assert file.exists(), path
        assert not name or re.search(rf"^ *(?:async )?def {name}\(", file.read_text("utf-8"), re.M), name


@pytest.mark.parametrize("document", LINKING)
def test_every_link_leads_somewhere(document):
    text, here = read(document), ROOT / document
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert len(targets) == text.count("](")
    for target in targets:
        path, _, heading = target.partition("#")
        file = here.parent / path if path else here
        assert file.exists(), target
        assert not heading or heading in anchors(file.read_text("utf-8")), target


def anchors(text: str) -> set[str]:
    """The headings of a page as GitHub makes links of them."""
    headings = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_text_for_the_municipalitys_page_names_what_stands_in_its_file():
    text = read("docs/privacy.md").split("## Tekst til kommunens hjemmeside")[1]
    named = set(re.findall(r"{(\w+)}", text))
    assert named
    assert named <= set(Municipality.model_fields)


def test_every_answer_that_is_named_is_in_the_domain():
    named = set(re.findall(r"`(utter_\w+)`", read("docs/privacy.md")))
    domain = (ROOT / "domain.yml").read_text("utf-8")
    assert named
    assert {name for name in named if f"\n  {name}:\n" not in domain} == set()


def test_every_risk_is_weighed_and_told_of():
    text = read("docs/konsekvensanalyse.md")
    weighed = re.findall(r"^\| (R\d+) \|.*?\| (\d) × (\d) = (\d+) \| (\d) × (\d) = (\d+) \|", text, re.M)
    assert [row[0] for row in weighed] == re.findall(r"^### (R\d+)\.", text, re.M)
    for _, *numbers in weighed:
        before, times, product, after, severity, rest = map(int, numbers)
        assert (before * times, after * severity) == (product, rest)
        assert rest <= product


def test_the_figures_of_the_description_are_those_that_were_measured():
    assert figures() in DESCRIPTION.read_text("utf-8"), "make describe"


def test_examples_are_counted_as_they_stand(tmp_path):
    written = """nlu:
  - intent: a
    examples: |
      - ja
      - nej
  - lookup: b
    examples: |
      - c
"""
    (tmp_path / "one.yml").write_text(written, "utf-8")
    [one] = taught(tmp_path)
    assert (one.file, one.messages, one.intents) == ("one.yml", 2, 1)


def test_a_measurement_that_was_never_made_is_missed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Nothing\n", "utf-8")
    with pytest.raises(ValueError, match="no section 'understanding'"):
        read_tables("understanding", page)
