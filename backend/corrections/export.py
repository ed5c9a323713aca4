"""Approved corrections as training data in Rasa's format."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.corrections.known import DATA, OWN_FILE, Example, Known, plain, read_examples, read_known
from backend.corrections.tables import Correction, Mark
from backend.corrections.yaml_text import Block, write_yaml

VERSION = "3.1"


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export.

    Attributes:
        written: How many examples the file has now.
        left_out: Approved texts that stand elsewhere in the training data already.
    """

    written: int
    left_out: list[str]


def marked(text: str, marks: Sequence[Mark]) -> str:
    """A text with its entities marked: "på [fredag](time)"."""
    parts, copied_to = [], 0
    for mark in sorted(marks, key=lambda one: one["start"]):
        parts += [text[copied_to : mark["start"]], f"[{text[mark['start'] : mark['end']]}]({mark['entity']})"]
        copied_to = mark["end"]
    return "".join([*parts, text[copied_to:]])


def new_examples(corrections: Iterable[Correction], known: Known) -> list[Example]:
    """The corrections as examples, each wording once, without those that are known; the newest stands."""
    by_words = {
        plain(correction.text): Example(marked(correction.text, correction.marks), correction.intent)
        for correction in corrections
        if correction.text not in known
    }
    return list(by_words.values())


def as_training_data(examples: Iterable[Example]) -> str:
    """Examples as a file that Rasa reads."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(example.text)
    blocks = [
        {"intent": intent, "examples": Block("".join(f"- {text}\n" for text in by_intent[intent]))}
        for intent in sorted(by_intent)
    ]
    return write_yaml({"version": VERSION, "nlu": blocks})


def write_corrections(corrections: Sequence[Correction], directory: Path = DATA) -> Exported:
    """Puts approved corrections into the file of corrections, beside what it has already."""
    known = read_known(directory, without=OWN_FILE)
    path = directory / OWN_FILE
    approved = new_examples(corrections, known)
    told_anew = {plain(example.text) for example in approved}
    before = read_examples(path) if path.exists() else []
    kept = [
        example for example in before if example.text not in known and plain(example.text) not in told_anew
    ]
    examples = [*kept, *approved]
    if examples or before:
        path.write_text(as_training_data(examples), "utf-8")
    left_out = [correction.text for correction in corrections if correction.text in known]
    return Exported(len(examples), left_out)
