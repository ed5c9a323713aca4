"""One turn of a conversation: what the citizen just said, and what happens because of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.json import pydantic_encoder
from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

REQUESTED_SLOT = "requested_slot"

PLAUSIBLE = 0.1
"""A reading that NLU gives less than this is a guess at random among some fifty intents."""

OFFERS = {
    "start_assessment": "assessment_form",
    "resume_assessment": "action_resume",
    "book_followup": "booking_form",
    "reschedule_booking": "booking_form",
    "cancel_booking": "cancel_form",
    "dispute_track": "dispute_form",
    "ask_booking": "action_show_booking",
    "ask_result": "action_show_result",
    "ask_tracks": "action_show_tracks",
    "talk_to_human": "utter_talk_to_human",
    "restart": "action_restart",
    "export_data": "action_ask_about_data",
    "delete_data": "action_ask_about_data",
    "ask_call": "call_form",
    "rate_help": "action_rate_help",
}
"""What the assistant may offer with a button, and the action that a "ja" to it leads to."""

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Button:
    """A choice under a message. `payload` is what Rasa receives when it is clicked."""

    title: str
    payload: str


@dataclass(frozen=True)
class Clause:
    """A part of a message, and what it was understood as by itself."""

    text: str
    intent: str


@dataclass(frozen=True)
class Attempt:
    """What to tell the citizen when the backend call under way does not succeed.

    Attributes:
        failed: Response to say when nothing was changed.
        unknown: Response to say when nobody knows whether something was changed; None when nothing could have
            been.
    """

    failed: str
    unknown: str | None = None


class Turn:
    """Reads the tracker and collects messages and events.

    Args:
        dispatcher: Collects what is said.
        tracker: The conversation so far. Rasa's tracker is a bag of JSON, so everything is read with care:
            a field may be missing or have another type.
    """

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self.asked_before = tracker.slots.get(REQUESTED_SLOT)
        """What the form under way was waiting for when the citizen wrote."""
        self.events: list[EventType] = []
        self.attempt = Attempt("utter_backend_unavailable")

    # What was said

    @property
    def conversation_id(self) -> str:
        """The id of this conversation."""
        return str(self._tracker.sender_id)

    @property
    def channel(self) -> str:
        """The name of the channel that the citizen writes on."""
        return self._tracker.get_latest_input_channel() or "unknown"

    @property
    def text(self) -> str:
        """The message as it was written; a click's payload starts with a slash."""
        return str(self._message.get("text") or "")

    @property
    def clicked(self) -> bool:
        """Whether the message was a click on a button."""
        return self.text.startswith("/")

    @property
    def wants_easy_words(self) -> bool:
        """Whether the citizen has asked their channel for the easier wording of questions."""
        return bool((self._message.get("metadata") or {}).get("easy_words"))

    @property
    def code_proof(self) -> str:
        """What the channel has put in the place of a code that was asked for; "" when there is none."""
        return str((self._message.get("metadata") or {}).get("identity_code") or "")

    @property
    def intent(self) -> str:
        """The intent of the message, "" when there is none."""
        return _intent_of(self._message)

    @property
    def confidence(self) -> float:
        """How sure NLU is of the intent, 0 to 1; a click is sure."""
        return float((self._message.get("intent") or {}).get("confidence") or 0)

    @property
    def wanted(self) -> str:
        """The intent, where a "ja" to an offer counts as the intent that was offered."""
        return (self.offer if self.intent == "affirm" else None) or self.intent

    @property
    def answers_an_offer(self) -> bool:
        """Whether this is a "ja" or "nej" to something the assistant has just offered."""
        return self.intent in ("affirm", "deny") and self.offer is not None

    @property
    def likely_intents(self) -> list[str]:
        """The intents that the message may well have, likeliest first."""
        ranking = self._message.get("intent_ranking") or []
        plausible = [r for r in ranking if r.get("name") and (r.get("confidence") or 0) >= PLAUSIBLE]
        return [str(reading["name"]) for reading in plausible]

    @property
    def clauses(self) -> list["Clause"]:
        """The clauses of a message that has several, in their order."""
        return [
            Clause(str(clause.get("text") or ""), _intent_of(clause))
            for clause in self._message.get("clauses") or []
        ]

    def entity(self, name: str) -> Any:
        """Gives the value of the message's first entity of that kind, or None."""
        return next(iter(self.entities(name)), None)

    def entities(self, name: str) -> list[Any]:
        """Gives the values of all the message's entities of that kind."""
        found = self._message.get("entities") or []
        return [entity.get("value") for entity in found if entity.get("entity") == name]

    def slot(self, name: str) -> Any:
        """Gives a slot's value as of now, or None."""
        return self._tracker.slots.get(name)

    def key(self, operation: str) -> str:
        """Gives the idempotency key of a write that this message causes.

        The same message repeated (a retried webhook, a second click that arrives as the same message) gives
        the same key.
        """
        heard: Event = next((e for e in reversed(self._events) if e.get("event") == "user"), {})
        message_id = heard.get("message_id") or heard.get("timestamp") or "start"
        return f"{self.conversation_id}:{message_id}:{operation}"

    # What came before

    @property
    def active_form(self) -> str | None:
        """The form under way, or None."""
        name = self._tracker.active_loop_name
        return str(name) if name else None

    @property
    def last_form(self) -> str | None:
        """The form that was active last, also when it has ended."""
        names = (e.get("name") for e in reversed(self._events) if e.get("event") == "active_loop")
        return next((str(name) for name in names if name), None)

    @property
    def offer(self) -> str | None:
        """The intent that "ja" accepts: that of the first button last shown, if it is one of OFFERS."""
        intent = self._first_payload.lstrip("/").partition("{")[0]
        return intent if intent in OFFERS else None

    def was_offered(self, payload: str) -> bool:
        """Tells whether the assistant has just offered this very thing, with the first button last shown."""
        return self._first_payload == payload

    def accepts(self, payload: str) -> bool:
        """Tells whether the citizen clicked the button with this payload, or said yes to it."""
        return self.text == payload or (self.intent == "affirm" and self.was_offered(payload))

    @property
    def actions_this_turn(self) -> list[str]:
        """Names of the actions that ran since the citizen wrote, newest first."""
        return [str(e.get("name")) for e in self._back_to_user() if e.get("event") == "action"]

    @property
    def actions_last_turn(self) -> list[str]:
        """Names of the actions that answered the message before this one, newest first."""
        return [str(e.get("name")) for e in self._previous_turn() if e.get("event") == "action"]

    @property
    def loops_begun_this_turn(self) -> list[str]:
        """Names of the forms that began since the citizen wrote."""
        events = self._back_to_user()
        return [str(e["name"]) for e in events if e.get("event") == "active_loop" and e.get("name")]

    def has_said(self, response: str) -> bool:
        """Tells whether the assistant has said a response in this conversation."""
        spoken = (e.get("metadata") or {} for e in self._events if e.get("event") == "bot")
        return any(metadata.get("utter_action") == response for metadata in spoken)

    def times_said_since(self, intent: str, slot: str) -> int:
        """Counts the messages with an intent since a slot was last set, this message included."""
        if any(e.get("event") == "slot" and e.get("name") == slot for e in self.events):
            return 0
        count = 0
        for event in reversed(self._events):
            if event.get("event") == "slot" and event.get("name") == slot:
                break
            if event.get("event") == "user" and _intent_of(event.get("parse_data") or {}) == intent:
                count += 1
        return count

    # What happens

    def say(
        self,
        response: str,
        *,
        buttons: Sequence[Button] = (),
        custom: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        """Says a response of the domain, its variables filled with `values`."""
        shown = [{"title": button.title, "payload": button.payload} for button in buttons]
        payload = dict(custom) if custom else None
        self._dispatcher.utter_message(response=response, buttons=shown, json_message=payload, **values)

    def attempting(self, failed: str, unknown: str | None = None) -> None:
        """States what to say if the backend calls that follow do not succeed; see Attempt."""
        self.attempt = Attempt(failed, unknown)

    def set(self, slot: str, value: Any) -> None:
        """Sets a slot, at once and in the tracker; the backend's objects are stored as JSON."""
        stored = json.loads(json.dumps(value, default=pydantic_encoder))
        self._tracker.slots[slot] = stored
        self.events.append(SlotSet(slot, stored))

    def ask(self, slot: str) -> None:
        """Lets the form ask for a slot next."""
        self.set(slot, None)
        self._request(slot)

    def end_form(self) -> None:
        """Lets the form end after this turn; called from within the form."""
        asked = self.slot(REQUESTED_SLOT)
        if asked:
            # Rasa takes a form that sets no slot of its own for one that did not want the message.
            self.set(asked, None)
        self._request(None)

    @property
    def has_requested(self) -> bool:
        """Whether it is decided what the form does next."""
        return any(e.get("event") == "slot" and e.get("name") == REQUESTED_SLOT for e in self.events)

    def leave_form(self) -> None:
        """Ends whatever form is under way; called from outside the form."""
        self.events += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]

    def wait(self) -> None:
        """Lets the citizen speak next, and does not repeat the question of a form that is open."""
        if self.active_form:
            # A form that did not want the message counts as rejected until it begins anew.
            self.events.append(ActiveLoop(self.active_form))
        self.next_action("action_listen")

    def next_action(self, name: str) -> None:
        """Names the action that follows this one."""
        self.events.append(FollowupAction(name))

    # The tracker's events

    @property
    def _message(self) -> Mapping[str, Any]:
        return self._tracker.latest_message or {}

    @property
    def _events(self) -> list[dict[str, Any]]:
        return self._tracker.events or []

    @property
    def _first_payload(self) -> str:
        for event in self._previous_turn():
            buttons = (event.get("data") or {}).get("buttons") if event.get("event") == "bot" else None
            if buttons:
                return str(buttons[0].get("payload", ""))
        return ""

    def _request(self, slot: str | None) -> None:
        self.events = [
            e for e in self.events if not (e.get("event") == "slot" and e.get("name") == REQUESTED_SLOT)
        ]
        self.set(REQUESTED_SLOT, slot)

    def _back_to_user(self) -> Iterator[Event]:
        for event in reversed(self._events):
            if event.get("event") == "user":
                return
            yield event

    def _previous_turn(self) -> Iterator[Event]:
        messages_passed = 0
        for event in reversed(self._events):
            if event.get("event") == "user":
                messages_passed += 1
                if messages_passed == 2:
                    return
            elif messages_passed == 1:
                yield event


def _intent_of(message: Mapping[str, Any]) -> str:
    return str((message.get("intent") or {}).get("name") or "")
