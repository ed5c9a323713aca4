"""Finds and stores caseworkers and their sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.tables import ConsoleRole, ConsoleSecondFactor, ConsoleSession, ConsoleUser
from backend.db import insert_if_absent


class AccountRepository:
    """The stored accounts and sessions."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def user(self, login: str) -> ConsoleUser | None:
        """The user with a login."""
        return await self._session.scalar(_with_login(login))

    async def user_for_change(self, login: str) -> ConsoleUser | None:
        """The user with a login, so that nobody else changes it before the transaction ends."""
        return await self._session.scalar(_with_login(login).with_for_update())

    async def user_by_id(self, user_id: str) -> ConsoleUser | None:
        """The user with an id."""
        return await self._session.get(ConsoleUser, user_id)

    async def user_by_id_for_change(self, user_id: str) -> ConsoleUser | None:
        """The user with an id, so that nobody else changes it before the transaction ends."""
        return await self._session.get(ConsoleUser, user_id, with_for_update=True)

    async def user_of_provider(self, issuer: str, subject: str) -> ConsoleUser | None:
        """The user that a provider knows by a subject, so that nobody else changes it meanwhile."""
        query = select(ConsoleUser).where(ConsoleUser.issuer == issuer, ConsoleUser.subject == subject)
        return await self._session.scalar(query.with_for_update())

    async def add_if_absent(self, user: Mapping[str, Any]) -> bool:
        """Adds a user unless there is one with the login or the subject, and tells whether it did."""
        return await insert_if_absent(self._session, ConsoleUser, user)

    async def all(self) -> list[ConsoleUser]:
        """Every user, by name."""
        return list(await self._session.scalars(select(ConsoleUser).order_by(ConsoleUser.name)))

    async def administrators_for_change(self) -> set[str]:
        """Ids of those who administer everything, so that none of them stops before the transaction ends."""
        administers = (ConsoleRole.role == "administrator") & ConsoleRole.team_id.is_(None)
        return set(
            await self._session.scalars(select(ConsoleRole.user_id).where(administers).with_for_update())
        )

    async def add(self, row: ConsoleUser | ConsoleSession) -> None:
        """Stores a user or session."""
        self._session.add(row)
        await self._session.flush()

    async def replace_roles(self, user: ConsoleUser, roles: Sequence[ConsoleRole]) -> None:
        """Takes all roles of a user and gives others."""
        user.roles.clear()
        await self._session.flush()
        user.roles.extend(roles)
        await self._session.flush()

    async def remove_user(self, user: ConsoleUser) -> None:
        """Removes a user."""
        await self._session.delete(user)

    async def session(self, session_id: str) -> ConsoleSession | None:
        """The session with an id."""
        return await self._session.get(ConsoleSession, session_id)

    async def end_session(self, session_id: str) -> None:
        """Removes a session, if it is there."""
        await self._session.execute(delete(ConsoleSession).where(ConsoleSession.id == session_id))

    async def remove_second_factor(self, user_id: str) -> None:
        """Removes what a user is asked for besides the password."""
        await self._session.execute(delete(ConsoleSecondFactor).where(ConsoleSecondFactor.user_id == user_id))

    async def sessions_of(self, user_id: str) -> list[ConsoleSession]:
        """Every session of a user, the one that was used last first."""
        query = select(ConsoleSession).where(ConsoleSession.user_id == user_id)
        return list(await self._session.scalars(query.order_by(ConsoleSession.last_seen_at.desc())))

    async def end_sessions_of(self, user_id: str, *, except_for: str | None = None) -> None:
        """Removes the sessions of a user, all or all but one."""
        theirs = delete(ConsoleSession).where(ConsoleSession.user_id == user_id)
        if except_for is not None:
            theirs = theirs.where(ConsoleSession.id != except_for)
        await self._session.execute(theirs)

    async def end_provider_sessions(
        self, issuer: str, subject: str | None, provider_session: str | None
    ) -> list[str]:
        """Removes the sessions that hang on one at the provider, or all of somebody; gives their logins."""
        query = select(ConsoleSession).join(ConsoleSession.user).where(ConsoleUser.issuer == issuer)
        if provider_session is not None:
            query = query.where(ConsoleSession.provider_session == provider_session)
        if subject is not None:
            query = query.where(ConsoleUser.subject == subject)
        sessions = (await self._session.scalars(query)).all()
        for session in sessions:
            await self.end_session(session.id)
        return sorted({session.user.login for session in sessions})

    async def drop_old_sessions(self, *, created_before: datetime, seen_before: datetime) -> None:
        """Removes sessions that have run out."""
        old = or_(ConsoleSession.created_at < created_before, ConsoleSession.last_seen_at < seen_before)
        await self._session.execute(delete(ConsoleSession).where(old))


def _with_login(login: str) -> Select[ConsoleUser]:
    return select(ConsoleUser).where(ConsoleUser.login == login)
