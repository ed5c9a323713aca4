"""What the conversation remembers while a time is being found, and what is still missing.

Slots hold JSON, which is read here with care.
"""

from pydantic import ValidationError, parse_obj_as

from actions.backend_models import Booking, Hold, Slot
from actions.time_wish import Wish, said_besides, together
from actions.turn import Turn

OWN_SLOTS = (
    "slot_choice",
    "citizen_name",
    "phone_number",
    "booking_confirmed",
    "correction",
    "hold",
    "offered_slots",
    "time_wish",
    "moving_booking",
)


def forget_booking(turn: Turn) -> None:
    """Empties every slot of the booking."""
    for slot in OWN_SLOTS:
        turn.set(slot, None)


def said_of_time(turn: Turn) -> Wish:
    """Gives what the message says about when and how to meet."""
    said = turn.entity("time")
    return {**(said if isinstance(said, dict) else {}), **said_besides(turn.text)}


def time_wish(turn: Turn) -> Wish:
    """Gives the wish until now."""
    wish = turn.slot("time_wish")
    return wish if isinstance(wish, dict) else {}


def remember_wish(turn: Turn, said: Wish) -> None:
    """Adds what was said to the wish."""
    hold = held(turn)
    on_the_table = [hold.slot] if hold else offered_slots(turn)
    turn.set("time_wish", together(time_wish(turn), said, on_the_table))


def offered_slots(turn: Turn) -> list[Slot]:
    """Gives the times last offered, in the order they were shown."""
    try:
        return parse_obj_as(list[Slot], turn.slot("offered_slots") or [])
    except ValidationError:
        return []


def held(turn: Turn) -> Hold | None:
    """Gives the hold on the chosen time, or None."""
    try:
        return Hold.parse_obj(turn.slot("hold"))
    except ValidationError:
        return None


def moving_booking(turn: Turn) -> Booking | None:
    """Gives the booking that is being moved, or None."""
    try:
        return Booking.parse_obj(turn.slot("moving_booking"))
    except ValidationError:
        return None


def ask_next(turn: Turn) -> None:
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


def ask_for_time_again(turn: Turn) -> None:
    """Lets the citizen choose anew; the name and the number stay."""
    remember_wish(turn, said_of_time(turn))
    turn.set("hold", None)
    turn.ask("slot_choice")
