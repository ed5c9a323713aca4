import re

from backend.settings import Settings
from setup.layout import ROOT
from setup.secrets_file import GENERATED

SOURCES = ("actions", "bot", "backend", "setup", "benchmarks")
FILES = ("Procfile", "credentials.yml", "endpoints.yml")
NAME = re.compile(r"DIGISPOR_[A-Z][A-Z_]*[A-Z]")
# What a person may set; a variable that must be there is handed from one test process to another.
READ_BY_TESTS = re.compile(r"os\.environ\.get\(\"(DIGISPOR_\w+)\"")


def used() -> set[str]:
    files = [ROOT / name for name in FILES]
    files += [file for folder in SOURCES for file in (ROOT / folder).rglob("*.py")]
    names = {name for file in files for name in NAME.findall(file.read_text("utf-8"))}
    tests = (file.read_text("utf-8") for file in (ROOT / "tests").rglob("*.py"))
    names |= {name for text in tests for name in READ_BY_TESTS.findall(text)}
    return names | {f"DIGISPOR_{field.upper()}" for field in Settings.model_fields}


def documented() -> set[str]:
    rows = re.findall(
        r"^\| `(DIGISPOR_\w+)` \|", (ROOT / "docs/operations.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(rows) == len(set(rows))
    return set(rows)


def test_every_setting_is_documented() -> None:
    assert used() - documented() == set()


def test_every_documented_setting_is_one() -> None:
    assert documented() - used() == set()


def test_every_secret_of_the_backend_is_generated() -> None:
    needed = {
        f"DIGISPOR_{name.upper()}" for name, field in Settings.model_fields.items() if field.is_required()
    }
    assert needed <= set(GENERATED)


def test_every_make_target_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()) - {"help"}
    operations = (ROOT / "docs/operations.md").read_text("utf-8")
    assert {target for target in targets if f"`make {target}" not in operations} == set()
