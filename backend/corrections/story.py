"""A conversation as an end-to-end test in Rasa's format, without personal data."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.corrections.export import VERSION, marked
from backend.corrections.masking import training_text
from backend.corrections.tables import Correction, CorrectionStatus
from backend.corrections.yaml_text import Block, write_yaml
from backend.transcripts.rasa_events import NOT_UNDERSTOOD
from backend.transcripts.tables import ConversationEvent, ConversationTurn

Step = dict[str, Any]
# Rasa does these by itself, and no test names them.
_SILENT = frozenset({"action_listen", "action_session_start", "action_extract_slots"})


def write_story(
    events: Iterable[ConversationEvent],
    turns: Mapping[int, ConversationTurn],
    corrections: Mapping[int, Correction],
    names: Sequence[str],
) -> str:
    """Makes the test. What has been corrected is expected as it was corrected.

    Args:
        events: What happened, oldest first.
        turns: What was said, by position.
        corrections: The corrections, by the position of their turn.
        names: Names that the citizen has told.
    """
    steps = [
        step
        for event in events
        if (step := _step(event, turns.get(event.position), corrections.get(event.position), names))
    ]
    return write_yaml({"version": VERSION, "stories": [{"story": "from a conversation", "steps": steps}]})


def _step(
    event: ConversationEvent,
    turn: ConversationTurn | None,
    correction: Correction | None,
    names: Sequence[str],
) -> Step | None:
    data = json.loads(event.data)
    match event.kind:
        case "user":
            return _said(turn, correction, names) if turn else _unsaid(data)
        case "action" if event.name not in _SILENT:
            return {"action": event.name}
        case "active_loop":
            return {"active_loop": event.name}
        # Which question comes next; what other slots hold is the citizen's.
        case "slot" if event.name == "requested_slot":
            return {"slot_was_set": [{"requested_slot": data.get("value")}]}
    return None


def _said(turn: ConversationTurn, correction: Correction | None, names: Sequence[str]) -> Step:
    if correction and correction.status != CorrectionStatus.REJECTED:
        return {"user": Block(marked(correction.text, correction.marks) + "\n"), "intent": correction.intent}
    intent = turn.intent or NOT_UNDERSTOOD
    text = "" if turn.button else training_text(turn.text, names)
    return {"user": Block(f"{text}\n"), "intent": intent} if text else {"intent": intent}


def _unsaid(data: Mapping[str, Any]) -> Step | None:
    intent = ((data.get("parse_data") or {}).get("intent") or {}).get("name")
    return {"intent": intent} if intent else None
