"""Cancelling a booking, or telling that one cannot come when it is too late to cancel.

Promise: nothing is said to be cancelled before the backend has stored it. What cannot be stored goes into the
outbox, which tries again, and the citizen is told exactly that.
"""

import logging

from pydantic import ValidationError

from actions.appointments import coming_booking
from actions.backend_client import backend
from actions.backend_models import Booking
from actions.backend_requests import BackendRefused, BackendUnavailable
from actions.forms import FormTurn, reads_as_question, says_yes
from actions.keeping import is_kept
from actions.outbox import OutboxRequest
from actions.turn import Turn

logger = logging.getLogger(__name__)

# What the staff read. Why the citizen cannot come, an illness for example, is not theirs to store.
REASON = "Borgeren har meldt afbud i chatten."


class CancelTurn(FormTurn):
    """Asks once, then cancels; after the notice period it reports the absence instead."""

    form = "cancel_form"
    begun_by = frozenset({"cancel_booking"})

    async def begin(self, turn: Turn) -> None:
        """Looks up the booking in question."""
        turn.attempting("utter_cancel_unavailable", "utter_cancel_unsure")
        self._ask_about(turn, await coming_booking(turn))

    async def answer(self, turn: Turn, asked: str) -> bool:
        """Takes the yes or no."""
        booking = booking_in_question(turn)
        if booking is None:
            await self.begin(turn)
        elif says_yes(turn) or _says_it_again(turn):
            await self._carry_out(turn, booking)
        elif turn.intent in ("deny", "skip_question", "previous_question"):
            turn.say("utter_left_cancelling")
            turn.end_form()
        elif turn.intent == "resume_assessment":
            turn.ask("cancel_confirmed")
        else:
            return False
        return True

    async def question(self, turn: Turn, slot: str) -> None:
        """Names the booking, says that it still stands, and asks."""
        booking = booking_in_question(turn)
        if booking is None:
            return
        if booking.can_change:
            turn.say("utter_confirm_cancel", time=booking.label)
        else:
            turn.say("utter_confirm_absence", time=booking.label, deadline=booking.deadline_label)

    async def _carry_out(self, turn: Turn, booking: Booking) -> None:
        try:
            if booking.can_change:
                await self._cancel(turn, booking)
            else:
                await self._report_absence(turn, booking)
        except BackendRefused as refusal:
            logger.info("The cancellation was refused: %s", refusal.slug)
            await self._look_again(turn, refusal)

    async def _cancel(self, turn: Turn, booking: Booking) -> None:
        turn.attempting("utter_cancel_failed", "utter_cancel_unsure")
        key = turn.key("cancel")
        try:
            await backend().cancel(booking.id, booking.version, REASON, key)
        except BackendUnavailable as error:
            if not await is_kept(OutboxRequest.cancellation(booking.id, booking.version, REASON, key)):
                raise
            unknown = error.outcome_unknown
            turn.say("utter_cancel_unknown" if unknown else "utter_cancel_kept", time=booking.label)
        else:
            turn.say("utter_cancelled", time=booking.label)
        self._finish(turn)

    async def _report_absence(self, turn: Turn, booking: Booking) -> None:
        turn.attempting("utter_absence_failed", "utter_cancel_unsure")
        key = turn.key("absence")
        try:
            await backend().report_absence(booking.id, booking.version, REASON, key)
        except BackendUnavailable as error:
            if not await is_kept(OutboxRequest.absence(booking.id, booking.version, REASON, key)):
                raise
            unknown = error.outcome_unknown
            turn.say("utter_absence_unknown" if unknown else "utter_absence_kept", time=booking.label)
        else:
            turn.say("utter_absence_reported", time=booking.label)
        self._finish(turn)

    async def _look_again(self, turn: Turn, refusal: BackendRefused) -> None:
        """The booking is not what it was: says what it is now, and asks again if there is still something."""
        turn.attempting("utter_cancel_unsure")
        booking = await coming_booking(turn)
        if booking is None and refusal.slug == "already-cancelled":
            turn.say("utter_already_cancelled")
            self._finish(turn)
        else:
            is_late = refusal.slug == "notice-period-passed"
            turn.say("utter_notice_passed" if is_late else "utter_booking_changed")
            self._ask_about(turn, booking)

    @staticmethod
    def _ask_about(turn: Turn, booking: Booking | None) -> None:
        if booking is None:
            turn.say("utter_nothing_to_cancel")
            turn.end_form()
        elif booking.absence_reported_at:
            turn.say("utter_absence_known", time=booking.label)
            turn.end_form()
        else:
            turn.set("cancelling_booking", booking)
            turn.ask("cancel_confirmed")

    @staticmethod
    def _finish(turn: Turn) -> None:
        turn.end_form()
        turn.set("cancelling_booking", None)


def _says_it_again(turn: Turn) -> bool:
    """Whether the answer is "aflys den" rather than "kan den aflyses senere?" or an old button."""
    return turn.intent == "cancel_booking" and not turn.clicked and not reads_as_question(turn.text)


def booking_in_question(turn: Turn) -> Booking | None:
    """Gives the booking that the citizen was asked about, or None."""
    try:
        return Booking.parse_obj(turn.slot("cancelling_booking"))
    except ValidationError:
        return None
