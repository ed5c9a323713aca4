"""Older secrets are accepted, and only the newest is shown."""

import pytest

from bot.rotation import accepted, newest, shows_token


def test_the_newest_of_several_stands_first():
    assert accepted(" new , old,") == ["new", "old"]
    assert newest("new,old") == "new"


@pytest.mark.parametrize("token", ["new", "old"])
def test_each_accepted_token_lets_in(token):
    assert shows_token(f"Bearer {token}", "new,old")


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer new,old", "Bearer other", "new", "Bearer \udcff"])
def test_nothing_else_does(shown):
    assert not shows_token(shown, "new,old")
    assert not shows_token(shown, "")
