"""Rasa component that finds when a person wants to meet and puts it on the message as the entity `time`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.danish_time import understand_time

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DanishTimeExtractor(GraphComponent):
    """Adds the entity `time`, whose value is `TimeWish.as_filters()`, to messages that speak of time."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DanishTimeExtractor:
        """Makes the component; it has no configuration."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages, each with its `time` entity if it has one."""
        now = datetime.now(COPENHAGEN)
        for message in messages:
            text = message.get(TEXT) or ""
            wish = understand_time(text, now)
            if wish:
                entity = {
                    "entity": "time",
                    "value": wish.as_filters(),
                    "start": 0,
                    "end": len(text),
                    "extractor": type(self).__name__,
                }
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages
