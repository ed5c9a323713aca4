"""Rasa component that reads what a channel has done to a message before Rasa saw it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.channels.cpr import CPR_MARKER

SHARE_CPR = "share_cpr"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ChannelNotes(GraphComponent):
    """Gives a message from which a CPR number was removed the intent `share_cpr`.

    A rule and not a guess: whoever wrote a CPR number is told so every time. Stands last in the pipeline.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ChannelNotes:
        """Makes the component; it has no configuration."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages; the likelier readings of a masked one stay behind in its ranking."""
        for message in messages:
            if CPR_MARKER in (message.get(TEXT) or ""):
                certain = {INTENT_NAME_KEY: SHARE_CPR, PREDICTED_CONFIDENCE_KEY: 1.0}
                message.set(INTENT, certain, add_to_output=True)
                ranking = [certain, *message.get(INTENT_RANKING_KEY, [])]
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages
