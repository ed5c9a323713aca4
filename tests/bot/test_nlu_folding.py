"""However a word is typed, it folds to one form, and folding a folded text changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.folding import fold


@pytest.mark.parametrize(
    ("typed", "also_typed"),
    [
        ("hjælp", "hjaelp"),
        ("hjælp", "HJÆLP"),
        ("hjælp", "hjalp"),
        ("hjælp", "hjæælp"),
        ("føler", "foeler"),
        ("føler", "foler"),
        ("på", "paa"),
        ("på", "pa"),
        ("én", "en"),
        ("jaaaa", "ja"),
        ("stoppp", "stop"),
        ("Søren", "sören"),
        ("hja\u0308lp", "hjælp"),
    ],
)
def test_spellings_of_one_word_fold_alike(typed: str, also_typed: str) -> None:
    assert fold(typed) == fold(also_typed)


@pytest.mark.parametrize(("one", "other"), [("ja", "nej"), ("kan", "kun"), ("22", "2"), ("dag", "bog")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["مرحبا", "я не розумію", "👍", "", "2000 kr."])
def test_other_scripts_digits_and_signs_keep_their_meaning(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert bool(fold(text)) == bool(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøåéABCÆØÅ 0123456789", max_size=40))
def test_folding_ignores_capitals(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())
