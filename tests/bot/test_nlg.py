"""Responses name the municipality, and otherwise are Rasa's own."""

import pytest
from rasa.core.agent import Agent
from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.municipality import municipality_path, municipality_texts
from bot.nlg import MunicipalResponses

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    responses:
      utter_call:
        - text: "Ring til {municipality_name} på {municipality_phone}, {citizen_name}."
          buttons:
            - {title: "Ring {municipality_phone}", payload: /call}
          custom: {type: contact, phone: "{municipality_phone}"}
        - text: "Ring {municipality_phone}"
          channel: sms
      utter_hours:
        - text: "{municipality_opening_hours}"
      utter_thanks:
        - text: "Selv tak."
        - text: "Det var så lidt."
      utter_kwargs:
        - text: "{municipality_name}: {label}"
    """
)


@pytest.fixture
def generator(tmp_path, monkeypatch):
    path = tmp_path / "municipality.yml"
    path.write_text(
        "name: Ærø Kommune\nphone: 63525000\nopening_hours:\n  mon: ['09:00', '15:00']\n", "utf-8"
    )
    monkeypatch.setenv("DIGISPOR_MUNICIPALITY", str(path))
    return NaturalLanguageGenerator.create(EndpointConfig(type="bot.nlg.MunicipalResponses"), DOMAIN)


@pytest.fixture
def tracker():
    slot = TextSlot("citizen_name", mappings=[{}], initial_value="Bo")
    return DialogueStateTracker("c1", [slot])


async def test_a_response_names_the_municipality_in_every_part(generator, tracker):
    response = await generator.generate("utter_call", tracker, "web")
    assert response == {
        "text": "Ring til Ærø Kommune på 63525000, Bo.",
        "buttons": [{"title": "Ring 63525000", "payload": "/call"}],
        "custom": {"type": "contact", "phone": "63525000"},
    }


async def test_a_channel_has_its_own_response(generator, tracker):
    response = await generator.generate("utter_call", tracker, "sms")
    assert response["text"] == "Ring 63525000"


async def test_an_action_can_add_its_own_values(generator, tracker):
    response = await generator.generate("utter_kwargs", tracker, "web", label="fredag kl. 10")
    assert response["text"] == "Ærø Kommune: fredag kl. 10"


async def test_the_wordings_of_a_response_take_turns(generator, tracker):
    said = []
    for _ in range(3):
        response = await generator.generate("utter_thanks", tracker, "web")
        said.append(response["text"])
        tracker.update(BotUttered(response["text"], metadata={"utter_action": "utter_thanks"}))
        tracker.update(BotUttered("Åbent.", metadata={"utter_action": "utter_hours"}))
    assert said == ["Selv tak.", "Det var så lidt.", "Selv tak."]


async def test_a_response_that_does_not_exist_is_none(generator, tracker):
    assert await generator.generate("utter_nothing", tracker, "web") is None


async def test_only_plain_values_are_texts(generator, tracker):
    assert set(municipality_texts(municipality_path())) == {"municipality_name", "municipality_phone"}


def test_rasa_gives_it_the_responses_of_a_loaded_model(generator):
    assert isinstance(generator, MunicipalResponses)
    # Agent.load_model replaces the responses of this class and its subclasses only.
    assert isinstance(Agent(generator=generator).nlg, TemplatedNaturalLanguageGenerator)


def test_the_municipality_s_file_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert municipality_texts(municipality_path({}))["municipality_assistant_name"]


def test_a_file_that_says_nothing_is_refused(tmp_path):
    (tmp_path / "empty.yml").touch()
    with pytest.raises(ValueError, match="key: value"):
        municipality_texts(tmp_path / "empty.yml")
