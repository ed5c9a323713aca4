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

from bot.channels.hiding import SHARED, TOLD_BEFORE
from identifiers import is_only_markers, kinds_in

# Who is in despair is answered to that; why something was hidden can be told another time.
_GOES_FIRST = "crisis"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ChannelNotes(GraphComponent):
    """Gives a message in which something was hidden the intent `share_cpr`.

    A rule and not a guess: whoever wrote a CPR number, or another secret, is told why it is gone. Once they
    have been, what else they wrote is read as usual. Stands last in the pipeline.
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
            if _is_to_be_told(message):
                certain = {INTENT_NAME_KEY: SHARED, PREDICTED_CONFIDENCE_KEY: 1.0}
                message.set(INTENT, certain, add_to_output=True)
                ranking = [certain, *message.get(INTENT_RANKING_KEY, [])]
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _is_to_be_told(message: Message) -> bool:
    text = message.get(TEXT) or ""
    if not kinds_in(text) or (message.get(INTENT) or {}).get(INTENT_NAME_KEY) == _GOES_FIRST:
        return False
    return is_only_markers(text) or not (message.get("metadata") or {}).get(TOLD_BEFORE)
