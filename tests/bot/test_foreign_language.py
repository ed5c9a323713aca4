"""Who writes in another language is answered in it, and nobody who writes Danish is taken for a foreigner."""

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.endpoints import EndpointConfig

from bot.municipality import municipality_path, municipality_texts
from bot.nlg import MunicipalResponses
from bot.nlu.foreign_language import ANSWERED, ForeignLanguage
from tests.nlu.training_data import held_out

COMPONENT = ForeignLanguage()
NOT_UNDERSTOOD = {"name": "nlu_fallback", "confidence": 0.3}


def read(text: str, intent: str = "nlu_fallback") -> Message:
    message = Message({"text": text, "intent": {"name": intent, "confidence": 0.3}})
    return COMPONENT.process([message])[0]


def language_in(message: Message) -> list[str]:
    return [e["value"] for e in message.get("entities", []) if e["entity"] == "spoken_language"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nie rozumiem po duńsku, czy ktoś mówi po polsku?", "pl"),
        ("dzien dobry szukam pracy", "pl"),
        ("ben danca bilmiyorum", "tr"),
        ("Türkçe bilen biri var mı?", "tr"),
        ("waxaan ku hadlaa soomaali", "so"),
        ("لا أفهم الدنماركية", "ar"),
        ("هل يمكن أن أتحدث مع شخص؟", "ar"),
        ("من دانمارکی بلد نیستم", "fa"),
        ("я не розумію данської", "uk"),
        ("can i get help in english please", "en"),
    ],
)
def test_a_sentence_in_another_language_is_a_wish_for_it(text: str, code: str) -> None:
    message = read(text)
    assert message.get("intent")["name"] == "ask_language"
    assert message.get("intent_ranking")[0]["name"] == "ask_language"
    assert language_in(message) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Piotr Kowalski",
        "Fatima Hassan",
        "mojn",
        "excel",
        "ok",
        "2",
        "👍",
        "",
        "kok",
        "я не понимаю по датски",
    ],
)
def test_names_single_words_and_other_languages_are_left_alone(text: str) -> None:
    message = read(text)
    assert message.get("intent") == NOT_UNDERSTOOD
    assert language_in(message) == []


@pytest.mark.parametrize("intent", ["inform", "talk_to_human", "crisis", "answer_cannot"])
def test_what_is_understood_stays_as_it_was_understood(intent: str) -> None:
    message = read("Nie rozumiem po duńsku, czy ktoś mówi po polsku?", intent)
    assert message.get("intent")["name"] == intent
    assert language_in(message) == []


def test_hardly_any_danish_message_is_taken_for_another_language() -> None:
    danish = [
        example.text for example in held_out() if example.intent not in ("ask_language", "out_of_scope")
    ]
    foreign = [text for text in danish if COMPONENT.language_of(text)]
    assert len(foreign) <= 0.01 * len(danish), foreign


async def answer_to(code: str | None) -> str:
    responses = MunicipalResponses(EndpointConfig(), Domain.load("domain.yml"))
    tracker = DialogueStateTracker("c1", [TextSlot("spoken_language", mappings=[{}], initial_value=code)])
    response = await responses.generate("utter_language", tracker, "web")
    assert response is not None
    return str(response["text"])


async def test_every_language_noticed_is_answered_in_it_and_in_english_with_the_phone_number() -> None:
    english = await answer_to(None)
    phone = municipality_texts(municipality_path())["municipality_phone"]
    assert await answer_to("en") == english
    others = [await answer_to(code) for code in ANSWERED.values() if code != "en"]
    assert len(set(others)) == len(others) == 6
    for text in others:
        own, in_english = text.splitlines()
        assert in_english == english
        assert phone in own
