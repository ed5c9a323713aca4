"""Responses that can name the municipality, and that are not said in the same words each time."""

import copy
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.channels.hiding import named
from bot.municipality import municipality_path, municipality_texts


class MunicipalResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's own responses, with `{municipality_<key>}` for every plain value of municipality.yml.

    And with `{hidden}` for what the channel has hidden in the citizen's message.

    So the texts that matter most when something fails, such as a phone number, need no action server.

    Where a response has several wordings, they take turns in the order of domain.yml. Rasa draws one by
    chance, and chance says "Det fik jeg ikke helt fat i" twice in a row.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Creates the generator, as Rasa does for `nlg: type:` in endpoints.yml.

        Raises:
            OSError: The municipality's file cannot be read.
            ValueError: It is not a mapping.
        """
        super().__init__(domain.responses)
        self._municipality = municipality_texts(municipality_path())

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Gives a response, filled from slots, the municipality's texts and the caller's own values."""
        hidden = {"hidden": named(getattr(tracker.latest_message, "text", None) or "")}
        values = {**tracker.current_slot_values(), **self._municipality, **hidden}
        wordings = self._wordings(utter_action, output_channel, values)
        if not wordings:
            return None
        wording = copy.deepcopy(wordings[_times_said(utter_action, tracker) % len(wordings)])
        response: dict[str, Any] = self._fill_response(wording, values, **kwargs)
        return response

    def _wordings(
        self, utter_action: str, output_channel: str, values: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if utter_action not in self.responses:
            return []
        fitting = ResponseVariationFilter(self.responses)
        return list(fitting.responses_for_utter_action(utter_action, output_channel, values))


def _times_said(utter_action: str, tracker: DialogueStateTracker) -> int:
    said = (event for event in tracker.events if isinstance(event, BotUttered))
    return sum(event.metadata.get("utter_action") == utter_action for event in said)
