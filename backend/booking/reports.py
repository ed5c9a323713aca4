"""What citizens have told about a meeting by themselves, and nobody has seen yet, as SQL."""

from sqlalchemy import ColumnElement, and_

from backend.booking.tables import Booking, BookingChange


def is_unseen_report(booking: type[Booking] = Booking) -> ColumnElement[bool]:
    """The condition that a change is a citizen's cancellation, or says that they cannot come, and is unseen.

    Args:
        booking: What the change is joined to.
    """
    return and_(
        BookingChange.kind.in_(("cancelled", "absence")),
        BookingChange.actor == "citizen",
        BookingChange.version > booking.seen_version,
    )
