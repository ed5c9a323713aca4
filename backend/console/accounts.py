"""Who may sign in, and who has: accounts that lock, and sessions that run out."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.console.passwords import hash_password, is_password
from backend.console.repository import AccountRepository
from backend.console.rights import Caseworker, Grant, Role
from backend.console.second_factor_repository import SecondFactorRepository
from backend.console.tables import ConsoleRole, ConsoleSession, ConsoleUser
from backend.db import Database
from backend.problems import Conflict
from backend.settings import Settings

MAX_ATTEMPTS = 5
LOCKED = timedelta(minutes=15)
GIVEN_PASSWORD_LASTS = timedelta(days=7)
LONGEST_SESSION = timedelta(hours=10)
LONGEST_SILENCE = timedelta(hours=1)
# A session's last sign of life need not be exact, and a page need not wait for a write.
_SEEN_EVERY = timedelta(minutes=1)


def fold_login(login: str) -> str:
    """A login as it is stored: without case, and without space around it."""
    return login.strip().casefold()


class CodeNeeded(Exception):
    """The password fits; a code is asked for besides.

    Attributes:
        user: The account.
    """

    def __init__(self, user: ConsoleUser) -> None:
        super().__init__()
        self.user = user


class PasswordRunOut(Exception):
    """The password fits; somebody else gave it, too long ago."""


class AccountOfProvider(Conflict):
    """The account is the provider's: its name and roles come from there, and it has no password."""

    slug, title = "account-of-provider", "The account belongs to the OpenID provider"


class AccountService:
    """Accounts and sessions within one transaction. Passwords are checked outside it, see `sign_in`."""

    def __init__(self, accounts: AccountRepository, now: datetime) -> None:
        self._accounts = accounts
        self._now = now

    async def save(
        self, login: str, name: str, password_hash: str, grants: Collection[Grant], *, is_given: bool
    ) -> ConsoleUser:
        """Adds an account, or gives the one with that login new name, password and roles and opens its lock.

        Whoever is signed in with it is signed out, and asked for no code.

        Args:
            login: What they sign in with.
            name: What they are called.
            password_hash: Their password.
            grants: What they may do.
            is_given: Whether somebody else knows the password, so that they must choose another.

        Raises:
            AccountOfProvider: The login is that of somebody who signs in at the provider.
        """
        user = await self._accounts.user_for_change(fold_login(login))
        if user is None:
            user = ConsoleUser(login=fold_login(login), created_at=self._now, roles=[])
        elif user.issuer is not None:
            raise AccountOfProvider
        user.name = name
        await self.set_password(user, password_hash, is_given=is_given)
        await self._accounts.replace_roles(user, [role_of(grant) for grant in grants])
        await self._accounts.remove_second_factor(user.id)
        return user

    async def set_password(self, user: ConsoleUser, password_hash: str, *, is_given: bool) -> None:
        """Gives an account another password, opens its lock and signs it out everywhere.

        Args:
            user: The account.
            password_hash: Its password.
            is_given: Whether somebody else knows it, so that its owner must choose another.
        """
        user.password_hash = password_hash
        user.password_given_at = self._now if is_given else None
        user.unlock()
        await self._accounts.add(user)
        await self._accounts.end_sessions_of(user.id)

    async def find(self, login: str) -> ConsoleUser | None:
        """The account with a login."""
        return await self._accounts.user(fold_login(login))

    async def remove(self, login: str) -> bool:
        """Removes an account and its sessions; tells whether there was one."""
        user = await self.find(login)
        if user is None:
            return False
        await self._accounts.end_sessions_of(user.id)
        await self._accounts.remove_user(user)
        return True

    async def admit(self, login: str) -> ConsoleUser | None:
        """Counts an attempt to sign in, before the password is looked at, so that no attempt is for free.

        Returns:
            The account to try the password of; None when there is none, it has none, or it is locked.
        """
        return self._counted(await self._accounts.user_for_change(fold_login(login)))

    async def admit_again(self, user_id: str) -> ConsoleUser | None:
        """Counts an attempt at what else somebody is asked for, as `admit` does; None as there."""
        return self._counted(await self._accounts.user_by_id_for_change(user_id))

    async def open_session(
        self, user_id: str, *, provider_session: str | None = None, id_token: str | None = None
    ) -> str | None:
        """Signs a user in who has shown who they are, and forgets earlier failures.

        Args:
            user_id: The user.
            provider_session: The session at the provider that this one hangs on.
            id_token: The provider's word for who it is, sealed.

        Returns:
            The session's token, new each time; None when the account has gone meanwhile.
        """
        user = await self._accounts.user_by_id(user_id)
        if user is None:
            return None
        user.unlock()
        await self._accounts.drop_old_sessions(
            created_before=self._now - LONGEST_SESSION, seen_before=self._now - LONGEST_SILENCE
        )
        token = secrets.token_urlsafe(32)
        await self._accounts.add(
            ConsoleSession(
                id=_digest(token),
                user_id=user.id,
                created_at=self._now,
                last_seen_at=self._now,
                provider_session=provider_session,
                id_token=id_token,
            )
        )
        return token

    async def caseworker(self, token: str) -> tuple[Caseworker | None, bool]:
        """Who a session's token belongs to, if it has not run out, and whether it is time to renew it."""
        session = await self._accounts.session(_digest(token))
        if session is None or self._has_run_out(session):
            return None, False
        user = session.user
        return _caseworker(user), self._now - session.last_seen_at > _SEEN_EVERY

    async def renew_session(self, token: str) -> None:
        """Notes that the session is in use."""
        session = await self._accounts.session(_digest(token))
        if session:
            session.last_seen_at = self._now

    async def other_sessions(self, user_id: str, token: str) -> list[ConsoleSession]:
        """Where else somebody is signed in, the one that was used last first."""
        sessions = await self._accounts.sessions_of(user_id)
        return [one for one in sessions if one.id != _digest(token) and not self._has_run_out(one)]

    async def end_other_sessions(self, user_id: str, token: str) -> None:
        """Signs somebody out everywhere else."""
        await self._accounts.end_sessions_of(user_id, except_for=_digest(token))

    async def end_session(self, token: str) -> str | None:
        """Signs out.

        Returns:
            The provider's word that the session was opened on, sealed; None when there was none.
        """
        session = await self._accounts.session(_digest(token))
        await self._accounts.end_session(_digest(token))
        return session.id_token if session else None

    def _counted(self, user: ConsoleUser | None) -> ConsoleUser | None:
        if user is None or user.password_hash is None:
            return None
        if user.locked_until is not None:
            if user.locked_until > self._now:
                return None
            user.unlock()
        user.failed_attempts += 1
        if user.failed_attempts >= MAX_ATTEMPTS:
            user.locked_until = self._now + LOCKED
        return user

    def _has_run_out(self, session: ConsoleSession) -> bool:
        return (
            self._now - session.created_at > LONGEST_SESSION
            or self._now - session.last_seen_at > LONGEST_SILENCE
        )


async def sign_in(
    database: Database, settings: Settings, now: datetime, login: str, password: str
) -> str | None:
    """Signs someone in.

    The password is hashed between two transactions, so that a slow hash keeps nobody from writing.

    Returns:
        The token of a new session; None when login or password do not fit, or the account is locked.

    Raises:
        CodeNeeded: They fit, and the account asks for a code too. There is no session yet.
        PasswordRunOut: They fit, and the password was given too long ago.
    """
    async with database.write() as work:
        user = await AccountService(AccountRepository(work.session), now).admit(login)
        await work.commit()
    tried_hash = user.password_hash if user else None
    fits = await is_password(password, tried_hash)
    async with database.write() as work:
        token, needs_code, has_run_out = None, False, False
        accounts = AccountRepository(work.session)
        user = await accounts.user_by_id_for_change(user.id) if user and fits else None
        # One that was replaced meanwhile leads nowhere.
        if user is not None and user.password_hash == tried_hash:
            has_run_out = _has_password_run_out(user, now)
            needs_code = not has_run_out and await SecondFactorRepository(work.session).is_on(user.id)
            if has_run_out:
                # Who has it does not guess.
                user.unlock()
            elif not needs_code:
                token = await AccountService(accounts, now).open_session(user.id)
        await AuditLog(work.session, settings, now).note(
            # What fits no account may be a password in the wrong field.
            actor=await _known_login(work.session, login),
            action="sign_in",
            outcome=AuditOutcome.ATTEMPTED if token or needs_code else AuditOutcome.REFUSED,
        )
        await work.commit()
    if has_run_out:
        raise PasswordRunOut
    if user is not None and needs_code:
        raise CodeNeeded(user)
    return token


def _has_password_run_out(user: ConsoleUser, now: datetime) -> bool:
    return user.password_given_at is not None and now - user.password_given_at > GIVEN_PASSWORD_LASTS


async def _known_login(session: AsyncSession, login: str) -> str:
    user = await AccountRepository(session).user(fold_login(login))
    return user.login if user else ""


async def save_account(
    database: Database,
    now: datetime,
    *,
    login: str,
    name: str,
    password: str,
    grants: Collection[Grant],
    is_given: bool = False,
) -> None:
    """Adds an account, or gives it a new name, password and roles; see `AccountService.save`."""
    password_hash = await hash_password(password)
    async with database.write() as work:
        service = AccountService(AccountRepository(work.session), now)
        await service.save(login, name, password_hash, grants, is_given=is_given)
        await work.commit()


async def ensure_account(
    database: Database, now: datetime, *, login: str, name: str, password: str, grants: Collection[Grant]
) -> None:
    """Sees to it that someone can sign in; an account that has password and roles already stays as it is."""
    async with database.read() as work:
        user = await AccountService(AccountRepository(work.session), now).find(login)
    is_there = user is not None and grants_of(user) == frozenset(grants)
    if user is None or not is_there or not await is_password(password, user.password_hash):
        await save_account(database, now, login=login, name=name, password=password, grants=grants)


def grants_of(user: ConsoleUser) -> frozenset[Grant]:
    """The roles of an account."""
    return frozenset(Grant(Role(role.role), role.team_id) for role in user.roles)


def role_of(grant: Grant) -> ConsoleRole:
    """A role as it is stored."""
    return ConsoleRole(role=grant.role, team_id=grant.team_id)


def _caseworker(user: ConsoleUser) -> Caseworker:
    return Caseworker(user.id, user.login, user.name, grants_of(user))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
