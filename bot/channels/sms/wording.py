"""The assistant's messages as SMS, and an SMS as a choice among what was offered.

Buttons become numbered lines, so that a plain phone can answer with one digit. The scale of the
self-assessment keeps its own numbers, which begin with 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.sms.gsm import fits, plain, split
from bot.numerals import read_number

Button = Mapping[str, Any]
Utterance = Mapping[str, Any]

# The first button of the scale; its digits mean the same on every channel.
_FIRST_ON_SCALE = "/answer_cannot"
_YES_OR_NO = frozenset("ja jo jep jeps yes ok okay nej nix no".split())


def messages(utterances: Sequence[Utterance]) -> list[str]:
    """Gives what a turn said as the fewest SMS that each fit.

    Args:
        utterances: What the assistant said, in order, in the form output channels take.
    """
    offering = _last_with_buttons(utterances)
    texts = [_text(utterance, numbered=utterance is offering) for utterance in utterances]
    packed: list[str] = []
    for text in (plain(text) for text in texts if text):
        together = f"{packed[-1]}\n{text}" if packed else text
        if packed and fits(together):
            packed[-1] = together
        else:
            packed += split(text)
    return packed


def chosen(text: str, utterances: Sequence[Utterance]) -> Button | None:
    """Gives the button that a text means among those last offered: its number or its very words.

    Args:
        text: What the citizen wrote.
        utterances: What the assistant said in its latest turn.
    """
    offering = _last_with_buttons(utterances)
    buttons = _buttons(offering) if offering else []
    number = read_number(text)
    if number is not None:
        position = number - _first_number(buttons)
        return buttons[position] if buttons and 0 <= position < len(buttons) else None
    words = _words(text)
    return next((button for button in buttons if words and _words(button["title"]) == words), None)


def seems_choice(text: str, utterances: Sequence[Utterance]) -> bool:
    """Tells whether a text may choose among what was offered: a number, a button's words, a yes or a no."""
    words = _words(text).split()
    is_yes_or_no = bool(words) and words[0] in _YES_OR_NO
    return is_yes_or_no or read_number(text) is not None or chosen(text, utterances) is not None


def _last_with_buttons(utterances: Sequence[Utterance]) -> Utterance | None:
    return next((utterance for utterance in reversed(utterances) if _buttons(utterance)), None)


def _buttons(utterance: Utterance) -> Sequence[Button]:
    return utterance.get("buttons") or []


def _text(utterance: Utterance, *, numbered: bool) -> str:
    lines = [str(utterance.get("text") or "")]
    buttons = _buttons(utterance) if numbered else []
    if buttons:
        first = _first_number(buttons)
        last = first + len(buttons) - 1
        lines += [f"{number} {button['title']}" for number, button in enumerate(buttons, first)]
        lines.append(f"Svar {first}-{last}" if last > first else f"Svar {first}")
    return "\n".join(line for line in lines if line)


def _first_number(buttons: Sequence[Button]) -> int:
    return 0 if buttons and buttons[0].get("payload") == _FIRST_ON_SCALE else 1


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
