"""The Danish model in use, official or stand-in, does for Danish what config.yml counts on."""

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 96

# Sentence with its tokens set apart by spaces, and (lemma, part of speech) of some of its words.
SENTENCES = [
    (
        "Min søn hjælper mig med computeren .",
        {"hjælper": ("hjælpe", "VERB"), "computeren": ("computer", "NOUN")},
    ),
    ("Kan du sende en e-mail med en fil ?", {"sende": ("sende", "VERB"), "fil": ("fil", "NOUN")}),
    ("Hun læser avisen hver morgen .", {"læser": ("læse", "VERB"), "avisen": ("avis", "NOUN")}),
    ("Vi mødes på biblioteket på tirsdag .", {"biblioteket": ("bibliotek", "NOUN"), "på": ("på", "ADP")}),
    ("De ældre borgere fik nye telefoner .", {"fik": ("få", "VERB"), "telefoner": ("telefon", "NOUN")}),
    ("Han kunne ikke finde adressen .", {"ikke": ("ikke", "ADV"), "adressen": ("adresse", "NOUN")}),
    (
        "Kommunen tilbyder et kursus i København .",
        {"kursus": ("kursus", "NOUN"), "København": ("København", "PROPN")},
    ),
    ("Det er svært at huske koderne .", {"er": ("være", "AUX"), "huske": ("huske", "VERB")}),
    ("Konsulenten ringer klokken 13.30 .", {"ringer": ("ringe", "VERB"), "13.30": ("13.30", "NUM")}),
    ("Bøgerne ligger på bordet .", {"ligger": ("ligge", "VERB"), "bordet": ("bord", "NOUN")}),
]


@pytest.fixture(scope="module")
def danish() -> Language:
    return spacy.load("da_core_news_sm")


@pytest.mark.parametrize(("spaced", "words"), SENTENCES, ids=[spaced for spaced, _ in SENTENCES])
def test_a_sentence_is_read(danish: Language, spaced: str, words: dict[str, tuple[str, str]]) -> None:
    tokens = spaced.split()
    read = danish(" ".join(tokens[:-1]) + tokens[-1])
    assert [token.text for token in read] == tokens
    assert {token.text: (token.lemma_, token.pos_) for token in read if token.text in words} == words
    assert read.vector.shape == (WIDTH,)
    assert {token.vector.shape for token in read} == {(WIDTH,)}


def test_what_is_said_to_be_in_use_is_what_is_loaded(danish: Language) -> None:
    in_use = json.loads((ROOT / "models/spacy/in-use.json").read_text("utf-8"))
    assert in_use["version"] == danish.meta["version"]
    assert in_use["name"] == f"{danish.meta['lang']}_{danish.meta['name']}"
