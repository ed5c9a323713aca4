"""Rasa components that read a message of several clauses clause by clause, beside the message as a whole.

"Ja det kan jeg, men hvornår er min tid?" has one intent as a whole, and that loses the other half.
`SplitClauses` stands first and sends the clauses through the pipeline with the message; `JoinClauses` stands
last and puts their readings on the message, under `clauses`. How the message itself is read is not changed.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

CLAUSES = "clauses"
MOST_CLAUSES = 3

_BORDER = re.compile(r"(?<=[.!?;])\s+|\n+|,?\s+(?:men|og)\s+", re.IGNORECASE)


def clauses_of(text: str) -> list[str]:
    """Gives the clauses of a message, at most `MOST_CLAUSES`; [] when it is only one.

    What follows the first must be two words at least: "tirsdag og torsdag" is one thing said.
    """
    parts = [part.strip(" ,") for part in _BORDER.split(text, maxsplit=MOST_CLAUSES - 1)]
    first, *others = parts
    others = [other for other in others if len(other.split()) > 1]
    return [first, *others] if first and others else []


class _ClauseComponent(GraphComponent):
    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Makes the component; it has no configuration."""
        return cls()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SplitClauses(_ClauseComponent):
    """Lets the clauses of a message go through the pipeline behind it. Stands first."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives each message, followed by its clauses."""
        return [one for message in messages for one in (message, *_split(message))]


def _split(message: Message) -> list[Message]:
    text = message.get(TEXT) or ""
    if text.startswith(INTENT_MESSAGE_PREFIX):
        return []
    return [Message({TEXT: clause, CLAUSES: message}) for clause in clauses_of(text)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class JoinClauses(_ClauseComponent):
    """Puts what the clauses were understood as on their message. Stands last."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages without their clauses; those that had any have them under `clauses`."""
        whole = []
        for message in messages:
            belongs_to = message.get(CLAUSES)
            if isinstance(belongs_to, Message):
                reading = {TEXT: message.get(TEXT), INTENT: message.get(INTENT)}
                belongs_to.set(CLAUSES, [*belongs_to.get(CLAUSES, []), reading], add_to_output=True)
            else:
                whole.append(message)
        return whole
