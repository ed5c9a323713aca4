"""What is said of a booked time, and the citizen's question about it."""

from actions.backend_client import backend
from actions.backend_models import Booking
from actions.base import DialogueAction
from actions.citizens import citizen_id_of
from actions.outbox import outbox
from actions.turn import Turn


def sentence(label: str) -> str:
    """Gives a label with a capital first letter."""
    return label[:1].upper() + label[1:]


async def coming_bookings(turn: Turn, citizen_id: str) -> list[Booking]:
    """Gives the citizen's coming bookings, after what was cancelled here and could not be stored until now.

    Raises:
        BackendError: The backend could not be asked, or could not be told of a cancellation.
    """
    await outbox().settle(turn.conversation_id)
    return await backend().bookings(citizen_id)


async def coming_booking(turn: Turn) -> Booking | None:
    """Gives the citizen's coming booking, or None.

    Raises:
        BackendError: The backend could not be asked.
    """
    bookings = await coming_bookings(turn, await citizen_id_of(turn))
    return bookings[0] if bookings else None


def say_booking(turn: Turn, response: str, booking: Booking) -> None:
    """Says everything the citizen must be told about a booking, with a card that the widget can show.

    The response can use {time}, {type}, {title}, {description}, {consultant}, {consultant_title}, {changing}
    and {contact}.
    """
    turn.say(
        response,
        custom={
            "type": "booking",
            "label": booking.label,
            "starts_at": booking.starts_at.isoformat(),
            "ends_at": booking.ends_at.isoformat(),
            "meeting_form": booking.meeting_form,
            "place": booking.place,
            "consultant": booking.consultant.name,
            "calendar_url": booking.calendar_url,
        },
        time=sentence(booking.label),
        kind=booking.type,
        title=booking.title,
        description=booking.description,
        consultant=booking.consultant.name,
        consultant_title=booking.consultant.title,
        changing=_changing(booking),
        contact=booking.contact,
    )


def _changing(booking: Booking) -> str:
    if booking.absence_reported_at:
        return "Du har givet besked om, at du ikke kommer."
    if booking.can_change:
        return f"Du kan flytte eller aflyse til og med {booking.deadline_label}. Skriv bare her."
    return "Det er for sent at flytte eller aflyse her. Kan du ikke komme, så skriv det alligevel."


class ShowBooking(DialogueAction):
    """The citizen asks when and where the appointment is."""

    def name(self) -> str:
        """Gives the action's name."""
        return "action_show_booking"

    async def act(self, turn: Turn) -> None:
        """Says what the backend has stored."""
        turn.attempting("utter_bookings_unavailable")
        booking = await coming_booking(turn)
        if booking is None:
            turn.say("utter_no_booking")
        else:
            say_booking(turn, "utter_booking", booking)
