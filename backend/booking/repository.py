"""Finds and stores consultants, slots, holds and bookings."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, selectinload

from backend.booking.reports import is_unseen_report
from backend.booking.tables import (
    Booking,
    BookingChange,
    BookingStatus,
    ChangeKind,
    Consultant,
    Hold,
    Slot,
    SlotClaim,
)
from backend.citizens.tables import Citizen
from backend.db import insert_if_absent
from backend.teams.scope import TeamScope
from backend.transcripts.tables import Conversation

# Enough for a page of free times without a wish; a rare wish reads on.
ROWS_AT_ONCE = 50


class BookingRepository:
    """The stored consultants, slots, holds and bookings."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def consultants(self) -> Sequence[Consultant]:
        """Every consultant, by name."""
        return (
            await self._session.scalars(select(Consultant).order_by(Consultant.name, Consultant.id))
        ).all()

    async def slot(self, slot_id: str) -> Slot | None:
        """The slot with an id."""
        return await self._session.get(Slot, slot_id)

    async def slots(self, slot_ids: Sequence[str]) -> Sequence[Slot]:
        """The slots with these ids; an id that no slot has is left out."""
        if not slot_ids:
            return []
        return (await self._session.scalars(select(Slot).where(Slot.id.in_(slot_ids)))).all()

    async def free_slots(self, earliest: datetime, now: datetime) -> AsyncGenerator[Slot, None]:
        """Unclaimed slots that start at a moment or later, by start; read as they are asked for."""
        claimed = (
            SlotClaim.slot_id == Slot.id,
            or_(SlotClaim.expires_at.is_(None), SlotClaim.expires_at > now),
        )
        rows = await self._session.stream_scalars(
            select(Slot)
            .where(Slot.starts_at >= earliest, ~select(SlotClaim).where(*claimed).exists())
            .order_by(Slot.starts_at, Slot.id)
            .execution_options(yield_per=ROWS_AT_ONCE)
        )
        try:
            async for slot in rows:
                yield slot
        finally:
            await rows.close()

    async def lock_citizen(self, citizen_id: str) -> bool:
        """Makes other changes of a citizen's holds and bookings wait until this transaction ends.

        Returns:
            Whether there is such a citizen.
        """
        # key_share: whoever only refers to the citizen, such as an assessment, need not wait.
        statement = select(Citizen.id).where(Citizen.id == citizen_id).with_for_update(key_share=True)
        return await self._session.scalar(statement) is not None

    async def citizen_of_hold(self, hold_id: str) -> str | None:
        """Whose hold it is."""
        return await self._session.scalar(select(Hold.citizen_id).where(Hold.id == hold_id))

    async def hold(self, hold_id: str) -> Hold | None:
        """The hold with an id."""
        return await self._session.get(Hold, hold_id)

    async def end_open_hold(self, citizen_id: str, now: datetime) -> None:
        """Ends the citizen's open hold, if there is one; its claim stands until `drop_ended_claims`."""
        await self._session.execute(
            update(Hold).where(Hold.citizen_id == citizen_id, Hold.ended_at.is_(None)).values(ended_at=now)
        )

    async def drop_ended_claims(self, citizen_id: str) -> None:
        """Frees the slots of the citizen's ended holds."""
        ended = select(Hold.id).where(Hold.citizen_id == citizen_id, Hold.ended_at.is_not(None))
        await self._session.execute(delete(SlotClaim).where(SlotClaim.hold_id.in_(ended)))

    async def free_booked_slot(self, booking: Booking) -> None:
        """Frees the slot of a booking."""
        await self._session.execute(delete(SlotClaim).where(SlotClaim.booking_id == booking.id))

    async def give_to_team_of(self, consultant: Consultant, citizen_id: str, now: datetime) -> None:
        """Lets a citizen's conversation, which may be ahead of its events, belong to a consultant's team."""
        of_citizen = select(Citizen.conversation_id).where(Citizen.id == citizen_id)
        conversation_id = await self._session.scalar(of_citizen)
        row = {"id": conversation_id, "started_at": now, "last_activity_at": now}
        await insert_if_absent(self._session, Conversation, row)
        await self._session.execute(
            update(Conversation).where(Conversation.id == conversation_id).values(team_id=consultant.team_id)
        )

    async def add(self, row: Hold | Booking | BookingChange) -> None:
        """Stores a new row."""
        self._session.add(row)
        await self._session.flush()

    async def claim(self, slot: Slot, claimant: Hold | Booking, now: datetime) -> bool:
        """Claims a slot, in place of an expired claim or of one by the same citizen's own hold.

        Returns:
            Whether it is claimed; False when someone else has it.
        """
        own_holds = select(Hold.id).where(Hold.citizen_id == claimant.citizen_id)
        outdated = or_(SlotClaim.expires_at <= now, SlotClaim.hold_id.in_(own_holds))
        await self._session.execute(delete(SlotClaim).where(SlotClaim.slot_id == slot.id, outdated))
        if isinstance(claimant, Hold):
            row = {"slot_id": slot.id, "hold_id": claimant.id, "expires_at": claimant.expires_at}
        else:
            row = {"slot_id": slot.id, "booking_id": claimant.id}
        return await insert_if_absent(self._session, SlotClaim, row)

    async def citizen_of_booking(self, booking_id: str) -> str | None:
        """Whose booking it is."""
        return await self._session.scalar(select(Booking.citizen_id).where(Booking.id == booking_id))

    async def booking(self, booking_id: str) -> Booking | None:
        """The booking with an id."""
        return await self._session.get(Booking, booking_id)

    async def changes_since(self, booking_id: str, version: int) -> set[ChangeKind]:
        """What has happened to a booking after a version."""
        after = select(BookingChange.kind).where(
            BookingChange.booking_id == booking_id, BookingChange.version > version
        )
        return set(await self._session.scalars(after))

    async def bookings(self, citizen_id: str, status: BookingStatus | None = None) -> Sequence[Booking]:
        """A citizen's bookings, by start."""
        statement = select(Booking).join(Booking.slot).where(Booking.citizen_id == citizen_id)
        if status:
            statement = statement.where(Booking.status == status)
        return (await self._session.scalars(statement.order_by(Slot.starts_at, Booking.id))).all()

    async def bookings_with_changes(self, citizen_id: str) -> Sequence[Booking]:
        """A citizen's bookings, latest start first, each with its history."""
        statement = (
            select(Booking)
            .join(Booking.slot)
            .where(Booking.citizen_id == citizen_id)
            .order_by(Slot.starts_at.desc(), Booking.id)
            .options(selectinload(Booking.changes))
        )
        return (await self._session.scalars(statement)).all()

    async def unseen_reports(self, scope: TeamScope) -> Sequence[tuple[Booking, str]]:
        """Bookings that a scope's citizens cancelled or cannot come to, unseen, with the conversation."""
        # From the reports, of which there are few, and not from all bookings there have been.
        any_booking = aliased(Booking)
        unseen = (
            select(BookingChange.booking_id)
            .join(any_booking, any_booking.id == BookingChange.booking_id)
            .where(is_unseen_report(any_booking))
        )
        found = self._with_conversation(scope).where(Booking.id.in_(unseen))
        statement = found.order_by(Slot.starts_at, Booking.id)
        return [(booking, conversation) for booking, conversation in await self._session.execute(statement)]

    async def meetings(
        self, begins: datetime, ends: datetime, scope: TeamScope
    ) -> Sequence[tuple[Booking, str]]:
        """Bookings of a scope's citizens that start from a moment until before another, by start.

        Cancelled ones are among them. Each comes with its conversation's id.
        """
        statement = (
            self._with_conversation(scope)
            .where(Slot.starts_at >= begins, Slot.starts_at < ends)
            .order_by(Slot.starts_at, Booking.id)
        )
        return [(booking, conversation) for booking, conversation in await self._session.execute(statement)]

    async def meeting(self, booking_id: str, scope: TeamScope) -> tuple[Booking, str] | None:
        """A booking of a scope's citizen with its conversation's id."""
        found = await self._session.execute(self._with_conversation(scope).where(Booking.id == booking_id))
        row = found.one_or_none()
        return (row[0], row[1]) if row else None

    def _with_conversation(self, scope: TeamScope) -> Select[Booking, str]:
        return (
            select(Booking, Citizen.conversation_id)
            .join(Booking.slot)
            .join(Citizen, Citizen.id == Booking.citizen_id)
            .join(Conversation, Conversation.id == Citizen.conversation_id)
            .where(scope.limits(Conversation.team_id))
        )
