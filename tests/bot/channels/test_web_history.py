"""What the chat shows of what was said before."""

import pytest
from rasa.shared.core.events import BotUttered
from rasa.shared.utils.io import read_yaml_file

from bot.channels.seal import Seal
from bot.channels.web.messages import history
from tests.bot.test_domain import ROOT

SEAL = Seal("a signing key long enough for tests")
LINK = "https://k.dk/mine-data/3d2f6b1a-0000-4000-8000-00000000c0de.[key]"
WORDINGS = read_yaml_file(ROOT / "domain.yml")["responses"]["utter_data_link"]


def shown(conversation_id, text, utter_action="utter_data_link"):
    """The one message that is left of an answer with a link, as the page that opens the chat gets it."""
    data = {"custom": {"type": "link", "title": "Se mine oplysninger", "url": LINK}}
    said = BotUttered(text.replace("{url}", LINK), data, {"utter_action": utter_action}, 1.0)
    [message] = history(conversation_id, [said], SEAL)
    return message


def test_a_link_to_a_citizens_data_can_be_followed_again_in_the_chat_it_was_given_in():
    message = shown("c1", "Her: {url}")
    assert message["text"].startswith("Her: https://k.dk/mine-data/")
    assert message["text"].endswith(message["custom"]["url"])
    assert "[key]" not in message["text"]


@pytest.mark.parametrize("wording", [one["text"] for one in WORDINGS], ids=lambda text: f"{len(text)} signs")
def test_one_in_a_conversation_by_sms_is_for_the_phone_alone(wording):
    message = shown("sms.kdl4mYQ", wording)
    assert "custom" not in message
    assert message["text"].startswith("Her er alt, hvad vi har gemt om dig.")
    assert "mine-data" not in message["text"]


def test_what_is_said_besides_is_shown_as_it_was():
    message = shown("sms.kdl4mYQ", "Du skrev {url}", utter_action="utter_erasure_begun")
    assert (message["text"], message["custom"]["url"]) == (f"Du skrev {LINK}", LINK)
