"""A small assistant, trained once, for all tests of the channels."""

from pathlib import Path

import pytest
import rasa

from tests.bot.rasa_server import Listener, load_agent

SMALL_ASSISTANT = Path(__file__).parent / "small_assistant"


@pytest.fixture(scope="session")
def small_model(tmp_path_factory):
    """The path of a model trained on a handful of rules and keywords."""
    result = rasa.train(
        domain=str(SMALL_ASSISTANT / "domain.yml"),
        config=str(SMALL_ASSISTANT / "config.yml"),
        training_files=[str(SMALL_ASSISTANT / "data.yml")],
        output=str(tmp_path_factory.mktemp("model")),
    )
    return result.model


@pytest.fixture
def agent(small_model, tmp_path):
    return load_agent(small_model, tmp_path / "rasa.db")


@pytest.fixture
def listener():
    return Listener()
