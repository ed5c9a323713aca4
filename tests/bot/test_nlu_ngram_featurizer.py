"""Messages become features that do not depend on spelling, survive saving, and are never missing."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.ngram_featurizer import NgramFeaturizer

CONFIG = {**NgramFeaturizer.get_default_config(), "in_messages": 1}
SENTENCES = [
    "jeg kan ikke finde ud af det",
    "min søn hjælper mig",
    "hvornår er min tid",
    "jeg vil flytte min tid",
    "tirsdag klokken 10",
]


def message(text: str) -> Message:
    words, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        words.append(Token(word, start))
    return Message({TEXT: text, TOKENS_NAMES[TEXT]: words})


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage(Path(tmp_path_factory.mktemp("model")))


@pytest.fixture(scope="module")
def trained(storage: LocalModelStorage) -> NgramFeaturizer:
    context = ExecutionContext(GraphSchema({}), node_name="ngrams")
    featurizer = NgramFeaturizer.create(CONFIG, storage, Resource("ngrams"), context)
    featurizer.train(TrainingData([message(sentence) for sentence in SENTENCES]))
    return featurizer


def features(featurizer: NgramFeaturizer, text: str) -> np.ndarray:
    seen = featurizer.process([message(text)])[0]
    return seen.get_sparse_features(TEXT)[1].features.toarray()[0]


@pytest.mark.parametrize("typed", ["Min søn hjælper mig", "min soen hjaelper mig", "min søn HJÆÆLPER mig"])
def test_spelling_does_not_change_the_features(trained: NgramFeaturizer, typed: str) -> None:
    assert features(trained, typed) == pytest.approx(features(trained, "min søn hjælper mig"))


def test_all_numbers_are_alike(trained: NgramFeaturizer) -> None:
    assert features(trained, "tirsdag klokken 9") == pytest.approx(features(trained, "tirsdag klokken 10"))


def test_the_order_of_words_counts(trained: NgramFeaturizer) -> None:
    assert features(trained, "ikke kan jeg") != pytest.approx(features(trained, "jeg kan ikke"))


def test_a_rare_word_weighs_more_than_a_common_one(trained: NgramFeaturizer) -> None:
    rare, common = features(trained, "hvornår min"), features(trained, "min")
    assert common.max() > 0
    assert np.count_nonzero(rare) > np.count_nonzero(common)
    assert rare[common > 0].max() < common.max()


@pytest.mark.parametrize("text", ["", "þþþ", "👍"])
def test_an_empty_or_unknown_message_has_features_of_the_same_width(
    trained: NgramFeaturizer, text: str
) -> None:
    assert features(trained, text).shape == features(trained, SENTENCES[0]).shape
    assert not features(trained, text).any()


def test_a_forgotten_space_leaves_something_in_common(trained: NgramFeaturizer) -> None:
    common = features(trained, "flyttemin tid") * features(trained, "flytte min tid")
    elsewhere = features(trained, "flyttemin tid") * features(trained, "min søn hjælper")
    assert common.sum() > 2 * elsewhere.sum()


def test_a_saved_featurizer_reads_as_the_one_that_was_trained(
    storage: LocalModelStorage, trained: NgramFeaturizer
) -> None:
    context = ExecutionContext(GraphSchema({}), node_name="ngrams")
    loaded = NgramFeaturizer.load(CONFIG, storage, Resource("ngrams"), context)
    for text in [*SENTENCES, "jeg vil ikke flytte", "👍", ""]:
        assert features(loaded, text) == pytest.approx(features(trained, text))


@pytest.mark.parametrize("shortest", ["shortest_piece", "shortest_stretch"])
def test_pieces_that_cannot_be_are_refused(storage: LocalModelStorage, shortest: str) -> None:
    context = ExecutionContext(GraphSchema({}), node_name="ngrams")
    with pytest.raises(InvalidConfigException, match=shortest):
        NgramFeaturizer.create({**CONFIG, shortest: 9}, storage, Resource("other"), context)
