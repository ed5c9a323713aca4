"""Trains the Rasa model when what it is trained from has changed."""

from __future__ import annotations

from setup import danish_model, stamps
from setup.commands import run_quietly
from setup.environments import BOT
from setup.layout import MODELS, ROOT
from setup.settings import QUIET_RASA

NAME = "digispor"
MODEL = MODELS / f"{NAME}.tar.gz"
STAMP = MODELS / f"{NAME}.stamp"
# The custom components are code, but decide what a trained model holds.
SOURCES = ("config.yml", "domain.yml", "data", "bot/nlu")


def fingerprint() -> str:
    """A hash over everything that decides what training gives."""
    return stamps.fingerprint(
        *(ROOT / source for source in SOURCES),
        f"rasa {BOT.installed_version('rasa')}",
        f"da_core_news_sm {danish_model.installed_version()}",
    )


def ensure() -> str:
    """Trains unless the model at hand comes from the same sources.

    Raises:
        SetupError: Rasa could not train; the text ends with what Rasa said.
    """
    wanted = fingerprint()
    if MODEL.is_file() and stamps.is_current(STAMP, wanted):
        return "på plads"
    # Rasa's own cache knows less than the fingerprint: it takes up what was trained with other code, or for
    # another place in the pipeline, under a name that the component does not find again.
    # `make test` validates the data, more strictly than a training would, and once is enough.
    how = ["--force", "--skip-validation", "--fixed-model-name", NAME]
    run_quietly(
        [BOT.python, "-m", "rasa", "train", *how, "--out", MODELS],
        "train",
        "Rasa-modellen kunne ikke trænes.",
        env=QUIET_RASA,
    )
    stamps.write(STAMP, wanted)
    return "trænet"
