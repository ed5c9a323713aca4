"""Writes down what happens to a booking."""

from datetime import datetime

from backend.booking.repository import BookingRepository
from backend.booking.tables import Actor, Booking, BookingChange, ChangeKind


class BookingHistory:
    """Gives a booking a new version with every change, and keeps who made it.

    Args:
        bookings: Where it is stored.
        now: The present moment.
        caseworker: The name of whoever makes the changes; None for the citizen.
    """

    def __init__(self, bookings: BookingRepository, now: datetime, caseworker: str | None) -> None:
        self._bookings = bookings
        self._now = now
        self._caseworker = caseworker

    async def record(self, booking: Booking, kind: ChangeKind, reason: str | None = None) -> None:
        """Notes a change that has been made to a booking in this transaction."""
        actor: Actor = "citizen" if self._caseworker is None else "caseworker"
        booking.version += 1
        booking.updated_at = self._now
        await self._bookings.add(
            BookingChange(
                booking_id=booking.id,
                version=booking.version,
                kind=kind,
                actor=actor,
                at=self._now,
                slot=booking.slot,
                reason=(reason or "").strip() or None,
                by=self._caseworker,
            )
        )
