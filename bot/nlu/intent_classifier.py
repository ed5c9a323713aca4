"""Rasa component that says what a citizen wants and how sure that is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from scipy.sparse import csr_matrix, vstack

from bot.nlu.two_readers import Examples, Settings, TwoReaders
from bot.nlu.typing_slips import ORIGINAL

_NAMES = "intents.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedIntentClassifier(IntentClassifier, GraphComponent):
    """Reads the sparse features (words, letters) and, where there are any, the dense ones (meaning).

    Rasa's own classifiers either take hours on two cores (DIET) or cannot weigh the two kinds against each
    other, and their confidence is not calibrated. The whole ranking is kept: the transcripts show it.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one in the pipeline."""
        return [SparseFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults, those of bot.nlu.two_readers.Settings."""
        return asdict(Settings())

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._settings = Settings(**{name: config[name] for name in asdict(Settings())})
        self._model_storage = model_storage
        self._resource = resource
        self._intents: list[str] = []
        self._readers: TwoReaders | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CalibratedIntentClassifier:
        """Makes an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CalibratedIntentClassifier:
        """Makes the component as it was trained."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._intents = read_json_file(folder / _NAMES)
            component._readers = TwoReaders.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all messages with an intent; gives where what was learnt is kept."""
        messages = [message for message in training_data.intent_examples if message.get(TEXT)]
        self._intents = sorted({message.get(INTENT) for message in messages})
        self._readers = TwoReaders.trained_on(_examples(messages, self._intents), self._settings)
        with self._model_storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / _NAMES, self._intents)
            self._readers.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages, each with its intent and the ranking of all intents."""
        for message in messages:
            if self._readers is None:
                continue
            sure = self._readers.confidences(_counts(message), _vector(message))[0]
            ranking = [
                {INTENT_NAME_KEY: self._intents[index], PREDICTED_CONFIDENCE_KEY: float(sure[index])}
                for index in np.argsort(-sure)
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _examples(messages: list[Message], intents: list[str]) -> Examples:
    numbers = {intent: number for number, intent in enumerate(intents)}
    originals: dict[str, int] = {}
    vectors = [_vector(message) for message in messages]
    known = [vector for vector in vectors if vector is not None]
    everyone = np.arange(len(messages))
    return Examples(
        counts=csr_matrix(vstack([_counts(message) for message in messages]), dtype=np.float32),
        vectors=np.vstack(known) if known else None,
        with_vector=np.flatnonzero([vector is not None for vector in vectors]) if known else everyone,
        classes=np.array([numbers[message.get(INTENT)] for message in messages]),
        groups=np.array(
            [originals.setdefault(m.get(ORIGINAL) or m.get(TEXT), len(originals)) for m in messages]
        ),
    )


def _counts(message: Message) -> csr_matrix:
    return message.get_sparse_features(TEXT)[1].features


def _vector(message: Message) -> NDArray[np.float32] | None:
    dense = message.get_dense_features(TEXT)[1]
    return None if dense is None else dense.features
