"""What the bot and the citizen said, in the form the widget shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.shared.core.constants import IS_EXTERNAL
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels.history import AUTHOR
from bot.channels.seal import Seal
from bot.channels.sms.numbers import PREFIX

Message = dict[str, Any]

# Enough to scroll back through a whole assessment; the caseworker has the rest.
HISTORY_LENGTH = 200


def bot_message(conversation_id: str, utterance: dict[str, Any], seal: Seal) -> Message:
    """Gives the widget's form of what Rasa's output channels are handed, with its buttons signed."""
    utterance = seal.with_keys_in(utterance)
    at = utterance["timestamp"]
    # Rasa gives an utterance no id, but stores the very time that it was sent with.
    message: Message = {
        "from": "bot",
        "text": utterance.get("text") or "",
        "at": at,
        "id": f"b-{at:.6f}",
    }
    buttons = utterance.get("buttons") or utterance.get("quick_replies")
    if buttons:
        message["buttons"] = [
            seal.signed_button(conversation_id, button["title"], button.get("payload") or button["title"])
            for button in buttons
        ]
    if utterance.get("custom"):
        message["custom"] = utterance["custom"]
    if utterance.get(AUTHOR):
        message["author"] = utterance[AUTHOR]
    return message


def citizen_message(text: str, at: float, id: str | None) -> Message:
    """Gives the widget's form of what the citizen wrote or clicked."""
    message: Message = {"from": "citizen", "text": text, "at": at}
    return {**message, "id": id} if id else message


def history(conversation_id: str, events: Iterable[Event], seal: Seal) -> list[Message]:
    """Gives the messages of a conversation, oldest first. Only the last can still have buttons.

    One by SMS is shown without links to the citizen's data. Who can read it here need not have the phone that
    they went to, and the SMS that asked for them can be forged.
    """
    messages = [message for event in events if (message := _message(conversation_id, event, seal))]
    for message in messages[:-1]:
        message.pop("buttons", None)
    return messages


def behind(messages: list[Message], after: object) -> list[Message] | None:
    """Gives the messages behind the one with the id `after`, None when it is not among them."""
    ids = [message.get("id") for message in messages]
    return messages[ids.index(after) + 1 :] if isinstance(after, str) and after in ids else None


def _message(conversation_id: str, event: Event, seal: Seal) -> Message | None:
    if isinstance(event, BotUttered):
        said = event.message()
        is_by_sms = conversation_id.startswith(PREFIX)
        return bot_message(conversation_id, seal.without_link(said) if is_by_sms else said, seal)
    if isinstance(event, UserUttered):
        text = _words(event)
        return citizen_message(text, event.timestamp, event.message_id) if text else None
    return None


def _words(event: UserUttered) -> str | None:
    """What the citizen said: typed text or a button's title. None for what the channel itself sent."""
    if event.metadata.get("button"):
        return str(event.metadata["button"])
    if event.metadata.get(IS_EXTERNAL) or not event.text or event.text.startswith("/"):
        return None
    return str(event.text)
