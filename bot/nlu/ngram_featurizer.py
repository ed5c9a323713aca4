"""Rasa component that turns a message into weighted counts of its words and of pieces of it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.constants import DOCS_URL_COMPONENTS
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.folding import fold

_NUMBER = re.compile(r"\b[0-9]+\b")
_ANY_NUMBER = "__number__"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Counts words, pairs of words and pieces of text, in folded text, weighted by how rare they are.

    Rasa's CountVectorsFeaturizer counts without weights and without folding; both pay (docs/evaluation.md).
    Every message gets features, an empty or wholly unknown one gets zeros, so that the classifier always has
    something of the right width to read.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Components that must stand before this one in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their defaults.

        `folded` says whether spellings are made alike first (bot/nlu/folding.py). `longest_phrase` is the
        most words counted as one, `shortest_piece` and `longest_piece` the letters of the pieces of a word,
        `shortest_stretch` and `longest_stretch` those of the pieces that may run from one word into the next
        (a forgotten space changes few of them). What occurs in fewer than `in_messages` training messages,
        their copies with slips included, is not counted: it halves the model and loses nothing.
        """
        return {
            **SparseFeaturizer.get_default_config(),
            "folded": True,
            "longest_phrase": 2,
            "shortest_piece": 2,
            "longest_piece": 4,
            "in_messages": 3,
            "shortest_stretch": 3,
            "longest_stretch": 5,
        }

    def __init__(
        self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource
    ) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._vectorizers = {
            "words": TfidfVectorizer(
                tokenizer=str.split,
                token_pattern=None,
                ngram_range=(1, config["longest_phrase"]),
                min_df=config["in_messages"],
                sublinear_tf=True,
            ),
            "pieces": TfidfVectorizer(
                analyzer="char_wb",
                ngram_range=(config["shortest_piece"], config["longest_piece"]),
                min_df=config["in_messages"],
                sublinear_tf=True,
            ),
            "stretches": TfidfVectorizer(
                analyzer="char",
                ngram_range=(config["shortest_stretch"], config["longest_stretch"]),
                min_df=config["in_messages"],
                sublinear_tf=True,
            ),
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        """Makes an untrained component."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        """Makes the component as it was trained."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            for name, vectorizer in component._vectorizers.items():
                learnt = read_json_file(folder / f"{name}.json")
                vectorizer.vocabulary_ = {term: index for index, term in enumerate(learnt["terms"])}
                vectorizer.idf_ = np.array(learnt["weights"])
        return component

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Checks the settings.

        Raises:
            InvalidConfigException: if the shortest piece or stretch is longer than the longest.
        """
        for kind in ("piece", "stretch"):
            if config[f"shortest_{kind}"] > config[f"longest_{kind}"]:
                raise InvalidConfigException(
                    f"shortest_{kind} must not exceed longest_{kind}, see {DOCS_URL_COMPONENTS}."
                )

    def train(self, training_data: TrainingData) -> Resource:
        """Learns which words and pieces there are and how rare each is; gives where that is kept."""
        texts = [self._comparable(each) for each in training_data.training_examples if each.get(TEXT)]
        with self._model_storage.write_to(self._resource) as folder:
            for name, vectorizer in self._vectorizers.items():
                vectorizer.fit(texts)
                terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
                dump_obj_as_json_to_file(
                    folder / f"{name}.json", {"terms": terms, "weights": vectorizer.idf_.tolist()}
                )
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Gives the training data, each message with its features."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives the messages, each with its features."""
        texts = [self._comparable(message) for message in messages]
        if texts:
            counts = [vectorizer.transform(texts) for vectorizer in self._vectorizers.values()]
            for message, row in zip(messages, csr_matrix(hstack(counts)), strict=True):
                self.add_features_to_message(None, row, TEXT, message)
        return messages

    def _comparable(self, message: Message) -> str:
        """The message's tokens with a blank between them and all numbers alike."""
        text = " ".join(token.text for token in message.get(TOKENS_NAMES[TEXT]) or [])
        return _NUMBER.sub(_ANY_NUMBER, fold(text) if self._config["folded"] else text.lower())
