"""spaCy gives the readers Danish words, and does no work that nobody reads."""

import pytest
import spacy
from rasa.nlu.utils import spacy_utils
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.danish_words import SpacyNLP

TEXTS = ["Jeg kan ikke på d. 3. dec. kl. 14.30, fx.", "ka ik finde ud af de der nemid", "Hva' så?"]


@pytest.fixture(scope="module")
def model() -> spacy_utils.SpacyModel:
    return SpacyNLP.load_model("da_core_news_sm")


def test_no_trained_part_runs(model: spacy_utils.SpacyModel) -> None:
    assert model.model.pipe_names == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_has_the_words_that_the_whole_model_gives(model: spacy_utils.SpacyModel, text: str) -> None:
    component = SpacyNLP.create(
        {**SpacyNLP.get_default_config(), "model": "da_core_news_sm"}, None, None, None
    )
    message = Message({"text": text})

    component.process([message], model)

    words = [token.text for token in message.get("text_spacy_doc")]
    assert words == [token.text for token in spacy.load("da_core_news_sm")(text.lower())]
