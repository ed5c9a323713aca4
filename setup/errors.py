"""What setup says when something cannot be done."""

from __future__ import annotations


class SetupError(Exception):
    """A step that could not be done; the text says in plain Danish what is missing and how to get it."""
