"""A small assistant, trained once, for all tests of what runs inside Rasa."""

import pytest

from tests.bot.rasa_server import Listener, load_agent, train_small_assistant


@pytest.fixture(scope="session")
def small_model(tmp_path_factory):
    return train_small_assistant(tmp_path_factory.mktemp("model"))


@pytest.fixture
def agent(small_model, tmp_path):
    return load_agent(small_model, tmp_path / "rasa.db")


@pytest.fixture
def listener():
    return Listener()
