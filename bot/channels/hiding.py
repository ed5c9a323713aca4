"""What is hidden in a conversation: what a message would complete, and what the citizen has heard of it."""

from collections.abc import Sequence

from rasa.shared.core.events import Event, UserUttered

from identifiers import Kind, kinds_in, mask_continued

SHARED = "share_cpr"
"""The intent of a message from which something was hidden: a CPR number, or anything else of its kinds."""

TOLD_BEFORE = "hidden_told_before"
"""Notes beside a message that the citizen has heard before why such a thing is hidden."""


def without_second_half(text: str, events: Sequence[Event], message_id: str | None) -> str:
    """Gives a typed text without what completes a CPR number that the citizen began in an earlier message.

    Args:
        text: The text, masked by itself.
        events: The conversation's, oldest first; the message may be among them already.
        message_id: The message's own id.
    """
    typed = []
    for event in events:
        if isinstance(event, UserUttered):
            if message_id is not None and event.message_id == message_id:
                break
            if event.text and not event.text.startswith("/"):
                typed.append(event.text)
    return mask_continued(typed, text)


def is_told_of(text: str, events: Sequence[Event]) -> bool:
    """Tells whether something is hidden in a text, and the citizen has heard why for each kind of it."""
    kinds = kinds_in(text)
    return bool(kinds) and told(events).issuperset(kinds)


def told(events: Sequence[Event]) -> set[Kind]:
    """The kinds of which the citizen has heard why they are hidden."""
    heard = (event for event in events if isinstance(event, UserUttered) and event.intent_name == SHARED)
    return {kind for event in heard for kind in kinds_in(event.text or "")}


def named(text: str) -> str:
    """What is hidden in a text, as the citizen is told: "dit CPR-nummer og din adgangskode"."""
    *others, last = [kind.words for kind in kinds_in(text) or [Kind.CPR]]
    return f"{', '.join(others)} og {last}" if others else last
