"""Booking a time, or moving one: choose, give name and number, confirm.

Nothing counts until the backend has booked it; until then the chosen time is only held.
"""

import re
from datetime import datetime, timezone
from math import ceil

from actions.appointments import say_booking, sentence
from actions.backend_client import BackendRefused, backend
from actions.backend_models import Booking, Hold
from actions.booking_memory import (
    forget_booking,
    held,
    moving_booking,
    offered_slots,
    remember_wish,
    said_of_time,
)
from actions.citizens import citizen_id_of, citizen_of, has_questions_left
from actions.contact import (
    introduced_name,
    is_surely_name,
    read_name,
    read_phone,
    seems_phone,
)
from actions.forms import OTHER_TOPICS, FormTurn, reads_as_question
from actions.leaving import leave
from actions.slot_choice import chosen_slot
from actions.turn import Turn

# The slot cannot be had: taken, gone, or no slot at all.
GONE = frozenset({"slot-taken", "hold-expired", "not-found", "validation"})

_ABOUT_NAME = re.compile(r"\bnavn\w*\b")
_ABOUT_PHONE = re.compile(r"\b(?:telefon\w*|tlf|mobil\w*|nummer\w*)\b")
_ABOUT_TIME = re.compile(r"\b(?:tid\w*|tidspunkt\w*|dag\w*|dato\w*|klokke\w*)\b")
_CORRECTS = re.compile(r"\b(?:ret|rette?|ændre?|forkert|skift\w*|lav om|en anden)\b")


class BookingTurn(FormTurn):
    """Finds a time with the citizen and books it, or moves the booking they have."""

    form = "booking_form"

    async def begin(self, turn: Turn) -> None:
        """Looks for a booking to move or to remind of, and takes up what was left half done."""
        turn.attempting("utter_booking_unavailable")
        citizen = await citizen_of(turn)
        bookings = await backend().bookings(citizen.id)
        resumed = turn.wanted == "resume_assessment"
        if not resumed:
            forget_booking(turn)
        turn.set("citizen_name", turn.slot("citizen_name") or citizen.name)
        turn.set("phone_number", turn.slot("phone_number") or citizen.phone)
        remember_wish(turn, said_of_time(turn))
        moving = turn.wanted == "reschedule_booking" or (resumed and turn.slot("moving_booking"))
        if not bookings:
            await self._begin_new(turn, wanted_to_move=bool(moving))
        elif moving:
            self._begin_move(turn, bookings[0])
        else:
            turn.say("utter_booking_exists", time=bookings[0].label)
            turn.end_form()

    async def _begin_new(self, turn: Turn, *, wanted_to_move: bool) -> None:
        turn.set("moving_booking", None)
        if wanted_to_move:
            turn.say("utter_no_booking_to_move")
        slot_id = turn.entity("slot_choice")
        if slot_id:
            await self._hold(turn, str(slot_id))
        else:
            _ask_next(turn)

    @staticmethod
    def _begin_move(turn: Turn, booking: Booking) -> None:
        if not booking.can_change:
            turn.say("utter_too_late_to_move", time=booking.label, deadline=booking.deadline_label)
            turn.end_form()
            return
        turn.set("moving_booking", booking)
        turn.say("utter_moving", time=booking.label)
        _ask_next(turn)

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes what was asked for, or goes a step back."""
        if turn.intent == "resume_assessment":
            turn.ask(asked)
            return True
        if turn.intent == "cancel_booking" and not turn.slot("moving_booking"):
            await leave(turn)
            turn.end_form()
            return True
        step = {
            "slot_choice": self._choose,
            "citizen_name": self._take_name,
            "phone_number": self._take_phone,
            "booking_confirmed": self._confirm,
            "correction": self._correct,
        }[asked]
        return await step(turn)

    # Which time

    async def _choose(self, turn: Turn) -> bool:
        if turn.entity("slot_choice"):
            await self._hold(turn, str(turn.entity("slot_choice")))
            return True
        if turn.intent in OTHER_TOPICS:
            return False
        offered, said = offered_slots(turn), said_of_time(turn)
        slot = chosen_slot(turn.text, said, offered, agrees=turn.intent == "affirm")
        if slot is not None:
            await self._hold(turn, slot.id)
        elif said or turn.intent in ("more_slots", "skip_question", "deny"):
            remember_wish(turn, said or {"later": True})
            turn.ask("slot_choice")
        elif turn.intent == "previous_question":
            turn.set("time_wish", None)
            turn.ask("slot_choice")
        elif turn.intent in ("affirm", "book_followup", "reschedule_booking"):
            turn.ask("slot_choice")
        else:
            return False
        return True

    @staticmethod
    async def _hold(turn: Turn, slot_id: str) -> None:
        turn.attempting("utter_hold_failed")
        citizen_id = await citizen_id_of(turn)
        try:
            hold = await backend().hold(citizen_id, slot_id, turn.key("hold"))
        except BackendRefused as refusal:
            if refusal.slug not in GONE:
                raise
            turn.say("utter_slot_taken")
            turn.ask("slot_choice")
            return
        turn.set("hold", hold)
        minutes = ceil((hold.expires_at - datetime.now(timezone.utc)).total_seconds() / 60)
        turn.say("utter_slot_held", time=sentence(hold.slot.label), minutes=minutes)
        _ask_next(turn)

    # Who comes

    async def _take_name(self, turn: Turn) -> bool:
        if turn.intent == "previous_question":
            _ask_for_time_again(turn)
            return True
        if turn.intent in ("skip_question", "deny", "dont_know", "affirm"):
            turn.say("utter_name_needed")
            turn.ask("citizen_name")
            return True
        surely = introduced_name(turn.text) or is_surely_name(turn.text)
        if turn.clicked or (turn.intent in OTHER_TOPICS and not surely):
            return False
        name = read_name(turn.text)
        if name is None and reads_as_question(turn.text) and turn.intent != "inform":
            return False
        if name is None:
            turn.say("utter_name_not_understood")
            turn.ask("citizen_name")
            return True
        turn.set("citizen_name", name)
        turn.set("phone_number", read_phone(turn.text) or turn.slot("phone_number"))
        _ask_next(turn)
        return True

    async def _take_phone(self, turn: Turn) -> bool:
        phone = read_phone(turn.text)
        if phone is not None:
            turn.set("phone_number", phone)
            _ask_next(turn)
        elif turn.intent == "previous_question":
            turn.ask("citizen_name")
        elif turn.intent in ("skip_question", "deny", "dont_know"):
            turn.say("utter_phone_needed")
            turn.ask("phone_number")
        elif seems_phone(turn.text) or turn.intent == "inform":
            turn.say("utter_phone_invalid")
            turn.ask("phone_number")
        else:
            return False
        return True

    # Yes or no

    async def _confirm(self, turn: Turn) -> bool:
        if _wants_correction(turn):
            return await self._correct(turn)
        if turn.intent == "affirm":
            await self._book(turn)
        elif turn.intent == "previous_question":
            if turn.slot("moving_booking"):
                _ask_for_time_again(turn)
            else:
                turn.ask("phone_number")
        elif turn.intent in ("deny", "skip_question"):
            turn.ask("correction")
        else:
            return False
        return True

    async def _correct(self, turn: Turn) -> bool:
        """Puts right what the citizen points at, or asks what it is."""
        text, subject = turn.text.casefold(), turn.entity("correction")
        name, phone, said = introduced_name(turn.text), read_phone(turn.text), said_of_time(turn)
        moving = bool(turn.slot("moving_booking"))
        if phone and not moving:
            turn.set("phone_number", phone)
            _ask_next(turn)
        elif name and not moving:
            turn.set("citizen_name", name)
            _ask_next(turn)
        elif not moving and (subject == "name" or _ABOUT_NAME.search(text)):
            turn.ask("citizen_name")
        elif not moving and (subject == "phone" or _ABOUT_PHONE.search(text)):
            turn.ask("phone_number")
        elif moving or subject == "time" or said or _ABOUT_TIME.search(text):
            _ask_for_time_again(turn)
        elif turn.intent in ("affirm", "previous_question"):
            turn.ask("booking_confirmed")
        elif turn.intent in OTHER_TOPICS or turn.intent in ("nlu_fallback", "out_of_scope"):
            return False
        else:
            turn.ask("correction")
        return True

    async def _book(self, turn: Turn) -> None:
        hold, moving = held(turn), moving_booking(turn)
        if hold is None:
            turn.ask("slot_choice")
            return
        try:
            if moving is not None:
                turn.attempting("utter_move_failed", "utter_move_unknown")
                key = turn.key("move")
                booking = await backend().move(moving.id, hold.id, moving.version, key)
                done = "utter_booking_moved"
            else:
                turn.attempting("utter_book_failed", "utter_book_unknown")
                name, phone = turn.slot("citizen_name"), turn.slot("phone_number")
                booking = await backend().book(hold.id, name, phone, turn.key("book"))
                done = "utter_booked"
        except BackendRefused as refusal:
            await self._not_booked(turn, hold, refusal)
            return
        say_booking(turn, done, booking)
        if has_questions_left(turn):
            turn.say("utter_questions_left")
        self._finish(turn)

    async def _not_booked(self, turn: Turn, hold: Hold, refusal: BackendRefused) -> None:
        if refusal.slug in GONE:
            turn.say("utter_hold_expired")
            _ask_for_time_again(turn)
        elif refusal.slug in (
            "booking-exists",
            "version-conflict",
            "already-cancelled",
            "notice-period-passed",
        ):
            await self._tell_what_stands(turn, hold)
        else:
            raise refusal

    async def _tell_what_stands(self, turn: Turn, hold: Hold) -> None:
        """Says what the backend has, when it is not what the conversation thought."""
        bookings = await backend().bookings(await citizen_id_of(turn))
        if bookings and bookings[0].slot.id == hold.slot.id:
            # An earlier try got through although its answer did not.
            say_booking(turn, "utter_booked", bookings[0])
        elif bookings:
            turn.say("utter_booking_stands", time=bookings[0].label)
        else:
            turn.say("utter_no_booking")
        self._finish(turn)

    @staticmethod
    def _finish(turn: Turn) -> None:
        turn.end_form()
        forget_booking(turn)


def _ask_next(turn: Turn) -> None:
    """Asks for the first thing that is missing."""
    if held(turn) is None:
        turn.ask("slot_choice")
    elif turn.slot("moving_booking"):
        turn.ask("booking_confirmed")
    elif not turn.slot("citizen_name"):
        turn.ask("citizen_name")
    elif not turn.slot("phone_number"):
        turn.ask("phone_number")
    else:
        turn.ask("booking_confirmed")


def _ask_for_time_again(turn: Turn) -> None:
    remember_wish(turn, said_of_time(turn))
    turn.set("hold", None)
    turn.ask("slot_choice")


def _wants_correction(turn: Turn) -> bool:
    if turn.entity("correction") or read_phone(turn.text) or introduced_name(turn.text):
        return True
    if turn.intent in OTHER_TOPICS or turn.intent == "affirm":
        return False
    return bool(_CORRECTS.search(turn.text.casefold()) or said_of_time(turn))
