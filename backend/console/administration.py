"""Gives and takes accounts and roles, so that there is always somebody left who can."""

import hashlib
import secrets
from collections.abc import Collection

from backend.console.accounts import AccountOfProvider, AccountService
from backend.console.repository import AccountRepository
from backend.console.rights import Grant, Role
from backend.console.tables import ConsoleRole, ConsoleUser
from backend.problems import Conflict, NotFound

ADMINISTRATOR = Grant(Role.ADMINISTRATOR)
_PASSWORD_BYTES = 15


class LoginTaken(Conflict):
    """Somebody else has the login."""

    slug, title = "login-taken", "Somebody else has the login"


class PasswordChanged(Conflict):
    """The account has had another password since."""

    slug, title = "password-changed", "The account has had another password since"


class LastAdministrator(Conflict):
    """Nobody would be left to give accounts and roles."""

    slug, title = "last-administrator", "Nobody would be left to give accounts and roles"


class OwnAdministration(Conflict):
    """Administrators do not shut themselves out."""

    slug, title = "own-administration", "An administrator cannot give up their own administration"


class OwnAccess(Conflict):
    """Whoever sits at an open browser could take an account over; its owner has the password to show."""

    slug, title = "own-access", "Your own password and codes are changed on the page of your account"


def new_password() -> str:
    """A password that nobody can guess, to be handed over once."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def password_mark(password_hash: str) -> str:
    """Tells one password of an account from the next, and nothing else about it."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]


class Administration:
    """What administrators do with accounts, within one transaction.

    Args:
        accounts: The stored accounts.
        service: What else there is to do with an account.
        actor_id: The account of the administrator who does it.
    """

    def __init__(self, accounts: AccountRepository, service: AccountService, actor_id: str) -> None:
        self._accounts = accounts
        self._service = service
        self._actor_id = actor_id

    async def add(self, login: str, name: str, password_hash: str) -> ConsoleUser:
        """Adds an account without any role.

        Raises:
            LoginTaken: There is one with that login.
        """
        if await self._service.find(login):
            raise LoginTaken
        return await self._service.save(login, name, password_hash, [], is_given=True)

    async def user(self, user_id: str) -> ConsoleUser:
        """An account.

        Raises:
            NotFound: There is none with that id.
        """
        user = await self._accounts.user_by_id(user_id)
        if user is None:
            raise NotFound
        return user

    async def give_password(self, user_id: str, password_hash: str, *, instead_of: str) -> ConsoleUser:
        """Gives somebody else's account another password, opens its lock and signs it out.

        Its owner chooses one of their own at the next sign-in, or it runs out.

        Args:
            user_id: The account.
            password_hash: The new password.
            instead_of: The mark of the password that is replaced, so that a form sent twice gives one.

        Raises:
            NotFound: There is no such account.
            OwnAccess: It is the administrator's own.
            AccountOfProvider: It has no password.
            PasswordChanged: It has another password by now.
        """
        user = await self._accounts.user_by_id_for_change(user_id)
        if user is None:
            raise NotFound
        self._must_be_anothers(user)
        if user.password_hash is None:
            raise AccountOfProvider
        if password_mark(user.password_hash) != instead_of:
            raise PasswordChanged
        await self._service.set_password(user, password_hash, is_given=True)
        return user

    async def take_second_factor(self, user_id: str) -> None:
        """Lets somebody else sign in with the password alone.

        Raises:
            NotFound: There is no such account.
            OwnAccess: It is the administrator's own.
        """
        user = await self.user(user_id)
        self._must_be_anothers(user)
        await self._accounts.remove_second_factor(user.id)

    async def unlock(self, user_id: str) -> None:
        """Lets somebody try again who has tried too often.

        Raises:
            NotFound: There is no such account.
        """
        user = await self.user(user_id)
        user.unlock()

    async def give_role(self, user_id: str, grant: Grant) -> None:
        """Gives a role, unless the account has it.

        Raises:
            NotFound: There is no such account.
            AccountOfProvider: Its roles come from the provider.
        """
        user = await self._own_user(user_id)
        if not _roles(user, {grant}):
            user.roles.append(ConsoleRole(role=grant.role, team_id=grant.team_id))

    async def take_role(self, user_id: str, grant: Grant) -> None:
        """Takes a role, if the account has it.

        Raises:
            NotFound: There is no such account.
            AccountOfProvider: Its roles come from the provider.
            OwnAdministration: It is what the administrator administers with.
            LastAdministrator: Nobody would be left.
        """
        user = await self._own_user(user_id)
        if grant == ADMINISTRATOR:
            await self._keep_administrator(user)
        for role in _roles(user, {grant}):
            user.roles.remove(role)

    async def remove(self, user_id: str) -> None:
        """Removes an account and its sessions.

        Raises:
            NotFound: There is no such account.
            OwnAdministration: It is the administrator's own.
            LastAdministrator: Nobody would be left.
        """
        user = await self.user(user_id)
        await self._keep_administrator(user)
        await self._accounts.end_sessions_of(user.id)
        await self._accounts.remove_user(user)

    def _must_be_anothers(self, user: ConsoleUser) -> None:
        if user.id == self._actor_id:
            raise OwnAccess

    async def _own_user(self, user_id: str) -> ConsoleUser:
        user = await self.user(user_id)
        if user.issuer is not None:
            raise AccountOfProvider
        return user

    async def _keep_administrator(self, user: ConsoleUser) -> None:
        administrators = await self._accounts.administrators_for_change()
        if user.id not in administrators:
            return
        if len(administrators) == 1:
            raise LastAdministrator
        if user.id == self._actor_id:
            raise OwnAdministration


def _roles(user: ConsoleUser, grants: Collection[Grant]) -> list[ConsoleRole]:
    return [role for role in user.roles if Grant(Role(role.role), role.team_id) in grants]
