"""Rasa component that lets the model learn how messages look when they are typed in a hurry."""

from __future__ import annotations

import random
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.noise import noisy

ORIGINAL = "original"
"""On a copy with slips: the text it was made from."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class TypingSlips(GraphComponent):
    """Adds copies of the training messages with typing slips (bot/nlu/noise.py); does nothing to real ones.

    Stands before whatever is to learn from the copies. The held-out messages get
    their slips from another seed.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults: how many copies, and where the slips are drawn from."""
        return {"copies": 1, "seed": 100}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

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
        seed = self._config["seed"]
        copies = [
            Message(
                {
                    # Seeded by the text, so that a message added elsewhere changes no other one's slips.
                    TEXT: noisy(message.get(TEXT), random.Random(f"{seed} {copy} {message.get(TEXT)}")),  # noqa: S311
                    INTENT: message.get(INTENT),
                    ORIGINAL: message.get(TEXT),
                }
            )
            for copy in range(self._config["copies"])
            for message in training_data.intent_examples
        ]
        return training_data.merge(TrainingData(copies))

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages as they are."""
        return messages
