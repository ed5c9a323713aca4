"""The classifier learns, is as sure as it is right, survives saving, and works without an encoder too."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.nlu.intent_classifier import CalibratedIntentClassifier
from bot.nlu.typing_slips import ORIGINAL

INTENTS = ("affirm", "deny", "greet")
CONTEXT = ExecutionContext(GraphSchema({}), node_name="classifier")
CONFIG = {**CalibratedIntentClassifier.get_default_config(), "hidden": 16}


def messages(count: int, seed: int, *, dense: bool, doubt: float = 0.0) -> list[Message]:
    """Messages whose features point at their intent, but for a share of them that says nothing true."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        meant = number % len(INTENTS)
        shown = rng.integers(len(INTENTS)) if rng.random() < doubt else meant
        message = Message({TEXT: f"besked {seed} {number}", INTENT: INTENTS[meant]})
        counts = csr_matrix(np.eye(len(INTENTS))[[shown]] + rng.random((1, 3)) * 0.1, dtype=np.float32)
        message.add_features(Features(counts, "sentence", TEXT, "ngrams"))
        if dense:
            vector = np.eye(5)[[shown]] + rng.normal(0, 0.3, (1, 5))
            message.add_features(Features(vector.astype(np.float32), "sentence", TEXT, "meaning"))
        made.append(message)
    return made


def trained(storage: LocalModelStorage, learnt: list[Message]) -> CalibratedIntentClassifier:
    classifier = CalibratedIntentClassifier.create(CONFIG, storage, Resource("classifier"), CONTEXT)
    classifier.train(TrainingData(learnt))
    return classifier


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


@pytest.mark.parametrize("dense", [True, False])
def test_it_reads_what_is_meant_and_ranks_every_intent(storage: LocalModelStorage, dense: bool) -> None:
    classifier = trained(storage, messages(300, 1, dense=dense))
    for message in classifier.process(messages(30, 2, dense=dense)):
        meant = INTENTS[int(message.get(TEXT).split()[-1]) % 3]
        ranking = message.get("intent_ranking")
        assert message.get(INTENT) == ranking[0]
        assert ranking[0]["name"] == meant
        assert {reading["name"] for reading in ranking} == set(INTENTS)
        assert sum(reading["confidence"] for reading in ranking) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("dense", [True, False])
def test_it_is_as_sure_as_it_is_right(storage: LocalModelStorage, dense: bool) -> None:
    classifier = trained(storage, messages(900, 1, dense=dense, doubt=0.45))
    read = classifier.process(messages(3000, 2, dense=dense, doubt=0.45))
    right = np.mean([m.get(INTENT)["name"] == INTENTS[n % 3] for n, m in enumerate(read)])
    sure = np.mean([m.get(INTENT)["confidence"] for m in read])
    assert sure == pytest.approx(right, abs=0.08)
    assert 0.6 < right < 0.8


def test_some_messages_may_lack_a_vector(storage: LocalModelStorage) -> None:
    learnt = messages(300, 1, dense=True)
    for copy in messages(300, 3, dense=False):
        copy.set(ORIGINAL, copy.get(TEXT).replace("besked 3", "besked 1"))
        learnt.append(copy)
    read = trained(storage, learnt).process(messages(30, 2, dense=True))
    assert [m.get(INTENT)["name"] for m in read] == [INTENTS[n % 3] for n in range(30)]


@pytest.mark.parametrize("dense", [True, False])
def test_a_saved_classifier_reads_as_the_one_that_was_trained(
    storage: LocalModelStorage, dense: bool
) -> None:
    before = trained(storage, messages(300, 1, dense=dense)).process(messages(30, 2, dense=dense))
    loaded = CalibratedIntentClassifier.load(CONFIG, storage, Resource("classifier"), CONTEXT)
    after = loaded.process(messages(30, 2, dense=dense))
    for one, other in zip(before, after, strict=True):
        assert one.get(INTENT) == other.get(INTENT)
