"""Booking a time, or moving one: choose, give name and number, confirm.

Nothing counts until the backend has booked it; until then the chosen time is only held.
"""

from datetime import datetime, timezone
from math import ceil

from actions import satisfaction
from actions.appointments import coming_booking, coming_bookings, say_booking, sentence
from actions.backend_client import backend
from actions.backend_models import Booking, Hold
from actions.backend_requests import BackendRefused
from actions.booking_details import correct, take_name, take_phone, wants_correction
from actions.booking_memory import (
    ask_for_time_again,
    ask_next,
    forget_booking,
    held,
    moving_booking,
    offered_slots,
    remember_wish,
    said_of_time,
)
from actions.booking_questions import ask_for_yes, offer_times
from actions.citizens import citizen_id_of, citizen_of, has_questions_left
from actions.forms import OTHER_TOPICS, FormTurn, says_yes
from actions.leaving import leave
from actions.slot_choice import chosen_slot
from actions.turn import Turn

# The slot cannot be had: taken, gone, or (from a button of another day) no slot at all.
NOT_HELD = frozenset({"slot-taken", "not-found", "validation"})
NO_LONGER_HELD = frozenset({"slot-taken", "hold-expired", "not-found"})
# The citizen's bookings are not what the conversation thought.
OVERTAKEN = frozenset({"booking-exists", "version-conflict", "already-cancelled", "notice-period-passed"})

_PLAIN_QUESTIONS = {
    "citizen_name": "utter_name_question",
    "phone_number": "utter_phone_question",
    "correction": "utter_correction_question",
}


class BookingTurn(FormTurn):
    """Finds a time with the citizen and books it, or moves the booking they have."""

    form = "booking_form"
    begun_by = frozenset({"book_followup", "reschedule_booking", "more_slots"})

    async def begin(self, turn: Turn) -> None:
        """Looks for a booking to move or to remind of, and takes up what was left half done."""
        turn.attempting("utter_booking_unavailable")
        citizen = await citizen_of(turn)
        bookings = await coming_bookings(turn, citizen.id)
        resumed = turn.wanted == "resume_assessment"
        if not resumed:
            forget_booking(turn)
        turn.set("citizen_name", turn.slot("citizen_name") or citizen.name)
        turn.set("phone_number", turn.slot("phone_number") or citizen.phone)
        remember_wish(turn, said_of_time(turn))
        moving = turn.wanted == "reschedule_booking" or (resumed and turn.slot("moving_booking"))
        hold = held(turn)
        if not bookings:
            await self._begin_new(turn, wanted_to_move=bool(moving))
        elif hold is not None and bookings[0].slot.id == hold.slot.id:
            # It was done the time nobody knew.
            say_booking(turn, "utter_booking", bookings[0])
            self._finish(turn)
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
            ask_next(turn)

    @staticmethod
    def _begin_move(turn: Turn, booking: Booking) -> None:
        if not booking.can_change:
            turn.say("utter_too_late_to_move", time=booking.label, deadline=booking.deadline_label)
            turn.end_form()
            return
        turn.set("moving_booking", booking)
        turn.say("utter_moving", time=booking.label)
        ask_next(turn)

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes what was asked for, or goes a step back."""
        if turn.intent == "resume_assessment":
            turn.ask(asked)
            return True
        if turn.intent == "cancel_booking" and not turn.slot("moving_booking"):
            await leave(turn)
            turn.end_form()
            return True
        if asked == "booking_confirmed" and _agrees(turn):
            await self._book(turn)
            return True
        if turn.intent in self.begun_by and asked != "slot_choice":
            ask_for_time_again(turn)
            return True
        match asked:
            case "citizen_name":
                return take_name(turn)
            case "phone_number":
                return take_phone(turn)
            case "booking_confirmed":
                return await self._confirm(turn)
            case "correction":
                return correct(turn)
            case _:
                return await self._choose(turn)

    async def question(self, turn: Turn, slot: str) -> None:
        """Asks for a time, a name, a number, a yes, or what is wrong."""
        if slot == "slot_choice":
            await offer_times(turn)
        elif slot == "booking_confirmed":
            ask_for_yes(turn)
        else:
            turn.say(_PLAIN_QUESTIONS[slot])

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
        elif said or turn.intent in ("more_slots", "skip_question", "deny") or _wants_others(turn):
            remember_wish(turn, said or {"more": True})
            turn.ask("slot_choice")
        elif turn.intent == "previous_question":
            turn.set("time_wish", None)
            turn.ask("slot_choice")
        elif turn.intent == "affirm":
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
            if refusal.slug not in NOT_HELD:
                raise
            turn.say("utter_slot_taken")
            turn.ask("slot_choice")
            return
        turn.set("hold", hold)
        minutes = ceil((hold.expires_at - datetime.now(timezone.utc)).total_seconds() / 60)
        turn.say("utter_slot_held", time=sentence(hold.slot.label), minutes=minutes)
        ask_next(turn)

    # Yes or no

    async def _confirm(self, turn: Turn) -> bool:
        if wants_correction(turn):
            return correct(turn)
        if turn.intent == "previous_question":
            if turn.slot("moving_booking"):
                ask_for_time_again(turn)
            else:
                turn.ask("phone_number")
        elif turn.intent in ("deny", "skip_question"):
            self._decline(turn)
        else:
            return False
        return True

    def _decline(self, turn: Turn) -> None:
        if moving_booking(turn) is None:
            turn.ask("correction")
        else:
            turn.say("utter_not_moved")
            self._finish(turn)

    async def _book(self, turn: Turn) -> None:
        hold, moving = held(turn), moving_booking(turn)
        if hold is None:
            turn.ask("slot_choice")
            return
        # What was chosen is remembered, so a try that fails can be taken up again.
        turn.end_form()
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
        else:
            satisfaction.ask_once(turn)
        self._finish(turn)

    async def _not_booked(self, turn: Turn, hold: Hold, refusal: BackendRefused) -> None:
        if refusal.slug in NO_LONGER_HELD:
            turn.say("utter_hold_expired")
            ask_for_time_again(turn)
        elif refusal.slug in OVERTAKEN:
            await self._tell_what_stands(turn, hold)
        else:
            raise refusal

    async def _tell_what_stands(self, turn: Turn, hold: Hold) -> None:
        """Says what the backend has; an earlier try may have got through although its answer did not."""
        turn.attempting("utter_book_unknown")
        booking = await coming_booking(turn)
        if booking is None:
            turn.say("utter_no_booking")
        elif booking.slot.id == hold.slot.id:
            say_booking(turn, "utter_booked", booking)
        else:
            turn.say("utter_booking_stands", time=booking.label)
        self._finish(turn)

    @staticmethod
    def _finish(turn: Turn) -> None:
        turn.end_form()
        forget_booking(turn)


def _wants_others(turn: Turn) -> bool:
    """Whether "det passer ikke, er der andre?" is about the times that have just been offered."""
    return turn.intent == "reschedule_booking" and not turn.clicked


def _agrees(turn: Turn) -> bool:
    """Whether the answer to the summary is "ja, book den bare" rather than "ja, men find en anden"."""
    agrees = says_yes(turn, said_with=frozenset({"thank", "book_followup", "reschedule_booking"}))
    return agrees and not wants_correction(turn)
