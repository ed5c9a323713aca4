"""Rasa component that notices who writes in another language than Danish."""

from __future__ import annotations

import unicodedata
from typing import Any

from lingua import Language, LanguageDetector, LanguageDetectorBuilder
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_CONFIDENCE,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

SPOKEN_LANGUAGE = "spoken_language"
ASK_LANGUAGE = "ask_language"
ANSWERED = {
    Language.ENGLISH: "en",
    Language.ARABIC: "ar",
    Language.PERSIAN: "fa",
    Language.POLISH: "pl",
    Language.SOMALI: "so",
    Language.TURKISH: "tr",
    Language.UKRAINIAN: "uk",
}
"""The languages that utter_language has a sentence in, by their ISO 639-1 code."""

# Close enough to be taken for one of those, or for Danish; told apart, and then left alone.
_NEIGHBOURS = (Language.DANISH, Language.SWEDISH, Language.GERMAN, Language.RUSSIAN, Language.URDU)
# A message the assistant would otherwise not act upon, or that asks about language.
_OPEN_TO_IT = frozenset({"out_of_scope", DEFAULT_NLU_FALLBACK_INTENT_NAME, ASK_LANGUAGE})
_SURE = 0.85
# In Latin letters two words are a name as often as not ("Piotr Kowalski").
_FEWEST_LATIN_WORDS = 3


def _is_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters)
    return 2 * latin >= len(letters)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ForeignLanguage(GraphComponent):
    """Reads a message in another language, if it is not understood anyway, as a wish for that language.

    It then has the intent `ask_language` and the language as entity `spoken_language`. Stands behind the
    fallback classifier.
    """

    def __init__(self) -> None:
        """Loads the languages' models."""
        self._detector: LanguageDetector = (
            LanguageDetectorBuilder.from_languages(*ANSWERED, *_NEIGHBOURS)
            .with_low_accuracy_mode()
            .with_preloaded_language_models()
            .build()
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ForeignLanguage:
        """Makes the component; it has no configuration."""
        return cls()

    def language_of(self, text: str) -> tuple[str, float] | None:
        """Gives code and confidence of the language of a text, if there is an answer in it; else None."""
        if not any(character.isalpha() for character in text):
            return None
        if _is_latin(text) and len(text.split()) < _FEWEST_LATIN_WORDS:
            return None
        likeliest = self._detector.compute_language_confidence_values(text)[0]
        if likeliest.value < _SURE or likeliest.language not in ANSWERED:
            return None
        return ANSWERED[likeliest.language], likeliest.value

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages; the reading of a foreign one stays behind in its ranking."""
        for message in messages:
            understood = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
            found = self.language_of(message.get(TEXT) or "") if understood in _OPEN_TO_IT else None
            if found:
                _note(message, *found)
        return messages


def _note(message: Message, code: str, confidence: float) -> None:
    wish = {INTENT_NAME_KEY: ASK_LANGUAGE, PREDICTED_CONFIDENCE_KEY: confidence}
    message.set(INTENT, wish, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [wish, *message.get(INTENT_RANKING_KEY, [])], add_to_output=True)
    entity = {
        ENTITY_ATTRIBUTE_TYPE: SPOKEN_LANGUAGE,
        ENTITY_ATTRIBUTE_VALUE: code,
        ENTITY_ATTRIBUTE_CONFIDENCE: confidence,
        "start": 0,
        "end": len(message.get(TEXT)),
    }
    message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
