"""Responses that can name the municipality."""

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot.municipality import municipality_path, municipality_texts


class MunicipalResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's own responses, with `{municipality_<key>}` for every plain value of municipality.yml.

    So the texts that matter most when something fails, such as a phone number, need no action server.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Creates the generator, as Rasa does for `nlg: type:` in endpoints.yml.

        Raises:
            OSError: The municipality's file cannot be read.
            ValueError: It is not a mapping.
        """
        super().__init__(domain.responses)
        self._municipality = municipality_texts(municipality_path())

    def generate_from_slots(
        self, utter_action: str, filled_slots: dict[str, Any], output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Generates a response from slots, the municipality's texts and the caller's own values."""
        values = {**filled_slots, **self._municipality}
        response: dict[str, Any] | None = super().generate_from_slots(
            utter_action, values, output_channel, **kwargs
        )
        return response
