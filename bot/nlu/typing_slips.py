"""Rasa component that lets the model learn how messages look when they are typed in a hurry."""

from __future__ import annotations

import random
import uuid
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.noise import noisy

ORIGINAL = "original"
"""On a copy with slips: the text it was made from."""


class _WithCopies(TrainingData):
    """Training data that goes by a name given once instead of by a hash of what it holds.

    Rasa hashes its training data, every feature of every message included, before and after each component,
    to find in its cache what it trained before. Set-up looks at all the sources itself and then trains
    everything (setup/rasa_model.py), so the hashes, a sixth of the training, would be for nothing.
    """

    def __init__(self, messages: list[Message], *others: Any) -> None:
        self._name = uuid.uuid4().hex
        super().__init__(messages, *others)

    def fingerprint(self) -> str:
        """Gives a name that no other training data has."""
        return self._name

    @staticmethod
    def sanitize_examples(examples: list[Message]) -> list[Message]:
        """Gives the messages: they were looked through when they were read, and no copy is like another."""
        return examples


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TypingSlips(GraphComponent):
    """Adds copies of the training messages with typing slips (bot/nlu/noise.py); does nothing to real ones.

    Stands behind the tokenizer and before whatever is to learn from the copies. Their tokens follow the same
    Danish rules as the others', without the rest of spaCy's pipeline, which takes long and which nothing that
    learns from copies reads. The held-out messages get their slips from another seed.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults: how many copies, and where the slips are drawn from."""
        return {"copies": 1, "seed": 100}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self._tokenizer = spacy.blank("da").tokenizer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TypingSlips:
        """Makes the component."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Gives the training data with the copies."""
        copies = [
            self._copy(message, number)
            for number in range(self._config["copies"])
            for message in training_data.intent_examples
        ]
        return _WithCopies(
            [*training_data.training_examples, *copies],
            training_data.entity_synonyms,
            training_data.regex_features,
            training_data.lookup_tables,
            training_data.responses,
        )

    def _copy(self, message: Message, number: int) -> Message:
        original = message.get(TEXT)
        # Seeded by the text, so that a message added elsewhere changes no other one's slips.
        text = noisy(original, random.Random(f"{self._config['seed']} {number} {original}"))  # noqa: S311
        tokens = [Token(each.text, each.idx) for each in self._tokenizer(text)]
        return Message(
            {TEXT: text, TOKENS_NAMES[TEXT]: tokens, INTENT: message.get(INTENT), ORIGINAL: original}
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages as they are."""
        return messages
