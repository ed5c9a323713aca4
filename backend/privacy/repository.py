"""Finds and stores citizens' requests, codes, links and erasures."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.booking.tables import Booking
from backend.citizens.tables import Citizen
from backend.db import insert_if_absent, new_id
from backend.handover.tables import CallRequest
from backend.outreach.occasions import NOTICES
from backend.outreach.tables import OutreachMessage, OutreachState
from backend.privacy.keys import digest
from backend.privacy.tables import (
    ErasedConversation,
    Erasure,
    ExportLink,
    Identity,
    IdentityCode,
    RequestKind,
    RightsRequest,
)
from backend.privacy.tombstones import STUB
from backend.teams.scope import TeamScope
from backend.transcripts.tables import Conversation, ConversationFlag, FlagKind


class RightsRepository:
    """The stored requests, and the codes and links that belong to them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open_request(
        self, conversation_id: str, kind: RequestKind, made_at: datetime, due_at: datetime
    ) -> RightsRequest:
        """The open request of a kind, locked; a new one where there was none."""
        row = {
            "id": new_id(),
            "kind": kind,
            "conversation_id": conversation_id,
            "identity": Identity.STAFF,
            "made_at": made_at,
            "due_at": due_at,
        }
        await insert_if_absent(self._session, RightsRequest, row)
        found = select(RightsRequest).where(
            RightsRequest.conversation_id == conversation_id,
            RightsRequest.kind == kind,
            RightsRequest.closed_at.is_(None),
        )
        return (await self._session.scalars(found.with_for_update())).one()

    async def request(self, request_id: str) -> RightsRequest | None:
        """The request with an id, locked."""
        found = select(RightsRequest).where(RightsRequest.id == request_id)
        return await self._session.scalar(found.with_for_update())

    async def open_requests(
        self, scope: TeamScope, limit: int
    ) -> Sequence[tuple[RightsRequest, Erasure | None, str]]:
        """A scope's open requests, the one that is due first first.

        Each comes with the erasure that has begun, and with the id of the conversation or of what is left.
        """
        found = self._open_in(scope).order_by(RightsRequest.due_at, RightsRequest.id)
        rows = await self._session.execute(found.limit(limit))
        return [(request, erasure, conversation_id) for request, erasure, conversation_id in rows]

    async def open_request_in(self, scope: TeamScope, request_id: str) -> RightsRequest | None:
        """The open request with an id, locked; None when it is not of this scope's citizens."""
        found = self._open_in(scope).where(RightsRequest.id == request_id)
        row = (await self._session.execute(found.with_for_update(of=RightsRequest))).first()
        return row[0] if row else None

    @staticmethod
    def _open_in(scope: TeamScope) -> Select[RightsRequest, Erasure, str]:
        where = case(
            (Erasure.rows_erased_at.is_not(None), STUB + Erasure.number), else_=RightsRequest.conversation_id
        )
        return (
            select(RightsRequest, Erasure, Conversation.id)
            .outerjoin(Erasure, Erasure.request_id == RightsRequest.id)
            .join(Conversation, Conversation.id == where)
            .where(RightsRequest.closed_at.is_(None), scope.limits(Conversation.team_id))
        )

    async def add(self, row: IdentityCode | ExportLink | Erasure) -> None:
        """Stores a new row."""
        self._session.add(row)
        await self._session.flush()

    async def open_code(self, request_id: str) -> IdentityCode | None:
        """The code of a request that was neither used nor followed by another, locked."""
        found = select(IdentityCode).where(
            IdentityCode.request_id == request_id, IdentityCode.used_at.is_(None)
        )
        newest = found.order_by(IdentityCode.made_at.desc(), IdentityCode.id).limit(1)
        return await self._session.scalar(newest.with_for_update())

    async def count_codes(self, address: str, since: datetime, until: datetime) -> int:
        """How many codes have been made for an address between two moments."""
        found = select(func.count()).where(
            IdentityCode.address == address, IdentityCode.made_at.between(since, until)
        )
        return await self._session.scalar(found) or 0

    async def count_codes_in(self, conversation_id: str, since: datetime, until: datetime) -> int:
        """How many codes have been made in a conversation between two moments, wherever they went."""
        found = (
            select(func.count())
            .select_from(IdentityCode)
            .join(RightsRequest, RightsRequest.id == IdentityCode.request_id)
            .where(
                RightsRequest.conversation_id == conversation_id,
                IdentityCode.made_at.between(since, until),
            )
        )
        return await self._session.scalar(found) or 0

    async def numbers_told(self, conversation_id: str) -> frozenset[str]:
        """Every number that is known in a conversation, also of meetings that are over or cancelled."""
        of_citizen = Citizen.conversation_id == conversation_id
        bookings = select(Booking.citizen_phone).join(Citizen, Citizen.id == Booking.citizen_id)
        told = (
            select(Citizen.phone).where(of_citizen),
            bookings.where(of_citizen),
            select(CallRequest.phone).where(CallRequest.conversation_id == conversation_id),
        )
        # Each column is sealed by itself: they can be compared only when they are opened.
        return frozenset([phone for query in told for phone in await self._session.scalars(query) if phone])

    async def end_codes(self, request_id: str, now: datetime) -> None:
        """Ends the codes of a request that were not used: another takes their place."""
        is_open = IdentityCode.request_id == request_id, IdentityCode.used_at.is_(None)
        await self._session.execute(update(IdentityCode).where(*is_open).values(used_at=now))

    async def unsent_codes(
        self, since: datetime, until: datetime
    ) -> Sequence[tuple[IdentityCode, RightsRequest]]:
        """Codes made between two moments that are to be sent, with the requests they are for."""
        found = (
            select(IdentityCode, RightsRequest)
            .join(RightsRequest, RightsRequest.id == IdentityCode.request_id)
            .where(
                IdentityCode.sent_at.is_(None),
                IdentityCode.used_at.is_(None),
                IdentityCode.made_at.between(since, until),
            )
        )
        return [(code, request) for code, request in await self._session.execute(found)]

    async def code_for_change(self, code_id: str) -> IdentityCode | None:
        """The code with an id, locked."""
        return await self._session.scalar(
            select(IdentityCode).where(IdentityCode.id == code_id).with_for_update()
        )

    async def open_link(self, link_id: str, browser: str, now: datetime) -> str | None:
        """The conversation that a link leads to, for the browser that has opened it first.

        Args:
            link_id: The link.
            browser: A digest of what the browser is known by.
            now: The present moment.
        """
        link = await self._session.scalar(
            select(ExportLink).where(ExportLink.id == link_id).with_for_update()
        )
        if link is None or link.expires_at <= now or link.browser not in (None, browser):
            return None
        link.browser = browser
        request = await self._session.get(RightsRequest, link.request_id)
        return request.conversation_id if request else None

    async def forget_old(self, before: datetime) -> None:
        """Forgets codes and links that have been of no use since a moment."""
        await self._session.execute(delete(IdentityCode).where(IdentityCode.made_at < before))
        await self._session.execute(delete(ExportLink).where(ExportLink.expires_at < before))


class ErasureRepository:
    """The stored erasures, and what is left of the ids of erased conversations."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, number: str) -> Erasure | None:
        """The erasure with a number, locked."""
        return await self._session.scalar(select(Erasure).where(Erasure.number == number).with_for_update())

    async def find(self, number: str) -> Erasure | None:
        """The erasure with a number, to read."""
        return await self._session.get(Erasure, number)

    async def of_request(self, request_id: str) -> Erasure | None:
        """The erasure that a request has led to."""
        return await self._session.scalar(select(Erasure).where(Erasure.request_id == request_id))

    async def unfinished(self) -> Sequence[Erasure]:
        """Erasures that citizens asked for and that something is left to do for, oldest first."""
        found = select(Erasure).where(Erasure.told_at.is_(None), Erasure.request_id.is_not(None))
        return (await self._session.scalars(found.order_by(Erasure.begun_at))).all()

    async def is_begun(self, conversation_id: str) -> bool:
        """Whether a conversation is to be erased, as its citizen has asked, and is still there."""
        begun = select(Erasure.number).where(
            Erasure.conversation_id == conversation_id,
            Erasure.rows_erased_at.is_(None),
            Erasure.request_id.is_not(None),
        )
        return await self._session.scalar(begun.limit(1)) is not None

    async def is_crisis_unseen(self, conversation_id: str) -> bool:
        """Whether a conversation holds a sign of crisis that nobody of the staff has seen."""
        unseen = select(ConversationFlag.id).where(
            ConversationFlag.conversation_id == conversation_id,
            ConversationFlag.kind == FlagKind.CRISIS,
            ConversationFlag.acknowledged_at.is_(None),
        )
        return await self._session.scalar(unseen.limit(1)) is not None

    async def is_notice_unsaid(self, conversation_id: str, since: datetime) -> bool:
        """Whether a notice of what the staff have done since a moment is still to be sent."""
        unsaid = select(OutreachMessage.id).where(
            OutreachMessage.conversation_id == conversation_id,
            OutreachMessage.kind.in_(NOTICES),
            OutreachMessage.state.in_([OutreachState.WAITING, OutreachState.HANDED_OVER]),
            OutreachMessage.created_at > since,
        )
        return await self._session.scalar(unsaid.limit(1)) is not None

    async def of_conversation(self, conversation_id: str) -> Erasure | None:
        """The latest erasure of a conversation, by the id it had."""
        found = select(Erasure).join(ErasedConversation, ErasedConversation.number == Erasure.number)
        return await self._session.scalar(found.where(ErasedConversation.digest == digest(conversation_id)))
