"""LIX against texts counted by hand."""

import pytest

from tests.backend.readability import lix


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("Du går hjem.", 3.0),  # 3 words, 1 sentence, no long word
        ("Køreplan.", 101.0),  # 1 word, and it is long
        ("Du ser en film. Vi taler.", 3.0),  # 6 words, 2 sentences
        ("Du finder en adresse på nettet", 6 + 100 / 6),  # adresse has 7 letters, nettet 6
        ("Åbner du? Ja! Godt.", 4 / 3),
        ("Det koster 12.500 kr. i alt", 5 / 1),  # figures are no words, "kr." ends a sentence
        ("e-Boks", 1.0),  # a hyphen is no letter: five letters
    ],
)
def test_lix_is_what_a_person_counts(text: str, index: float) -> None:
    assert lix(text) == pytest.approx(index)


def test_harder_texts_have_a_higher_index() -> None:
    easy = "Du har fået et brev. Du kan læse det nu."
    hard = "Kommunalbestyrelsen meddeler herved, at beskæftigelsesindsatsen revideres i indeværende kvartal."
    assert lix(easy) < 25 < 55 < lix(hard)


@pytest.mark.parametrize("text", ["", "123 ...", "\n"])
def test_a_text_without_words_has_no_index(text: str) -> None:
    with pytest.raises(ValueError, match="no readability"):
        lix(text)
