"""The accounts of those who sign in at the municipality's OpenID provider.

Such an account is known by issuer and subject, never by name or login, and what it may do is what the
provider said at the latest sign-in.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.console.accounts import AccountService, fold_login, role_of
from backend.console.administration import LoginTaken
from backend.console.claimed_roles import claimed_grants
from backend.console.repository import AccountRepository
from backend.console.rights import Grant
from backend.console.tables import ConsoleUser
from backend.db import Database, new_id
from backend.identity.provider import Identity
from backend.identity.tokens import Ended
from backend.settings import Settings
from backend.teams.repository import TeamRepository

_LONGEST_LOGIN, _LONGEST_NAME = 80, 200


@dataclass(frozen=True, slots=True)
class Person:
    """What the console keeps of an identity.

    Attributes:
        issuer: The provider.
        subject: What it knows them by.
        login: What the audit log calls them.
        name: What colleagues call them.
    """

    issuer: str
    subject: str
    login: str
    name: str

    @classmethod
    def of(cls, identity: Identity, settings: Settings) -> "Person":
        """Reads the claims that the settings name.

        The login ends in a piece of a digest: a provider may give one person the name that another had, and
        the audit log must not take them for one another, nor for an account of the console's own.
        """
        known_by = hashlib.sha256(f"{identity.issuer} {identity.subject}".encode()).hexdigest()[:10]
        called = fold_login(_text(identity, settings.oidc_login_claim))[:_LONGEST_LOGIN]
        name = _text(identity, settings.oidc_name_claim)[:_LONGEST_NAME]
        login = f"{called or 'login'}~{known_by}"
        return cls(identity.issuer, identity.subject, login, name or called or login)


async def sign_in_from_provider(
    database: Database, now: datetime, settings: Settings, identity: Identity, sealed_id_token: str
) -> str | None:
    """Signs somebody in whom the provider has let in, with the roles that it gives them now.

    Returns:
        The token of a new session; None when it gives them no role, and then they have none left here either.
    """
    person = Person.of(identity, settings)
    async with database.write() as work:
        teams = {
            team.organisation: team.id
            for team in await TeamRepository(work.session).all()
            if team.organisation
        }
        grants = claimed_grants(identity.claims.get(settings.oidc_roles_claim), teams)
        accounts = AccountRepository(work.session)
        service = ProviderAccounts(accounts, now)
        user = await service.keep(person, grants)
        token = None
        if user is not None and grants:
            token = await AccountService(accounts, now).open_session(
                user.id, provider_session=identity.session_id, id_token=sealed_id_token
            )
        await AuditLog(work.session, settings, now).note(
            actor=user.login if user else person.login,
            action="sign_in",
            outcome=AuditOutcome.ATTEMPTED if token else AuditOutcome.REFUSED,
        )
        await work.commit()
    return token


async def sign_out_by_provider(
    database: Database, now: datetime, settings: Settings, issuer: str, ended: Ended
) -> None:
    """Ends the sessions that the provider says have ended."""
    async with database.write() as work:
        logins = await AccountRepository(work.session).end_provider_sessions(
            issuer, ended.subject, ended.session_id
        )
        for login in logins:
            await AuditLog(work.session, settings, now).note(
                actor=login, action="provider_sign_out", outcome=AuditOutcome.ATTEMPTED
            )
        await work.commit()


class ProviderAccounts:
    """The provider's accounts within one transaction."""

    def __init__(self, accounts: AccountRepository, now: datetime) -> None:
        self._accounts = accounts
        self._now = now

    async def keep(self, person: Person, grants: Collection[Grant]) -> ConsoleUser | None:
        """Gives somebody's account exactly the roles that the provider gives, and makes it if there is none.

        Returns:
            The account; None for somebody without roles who had none before either.
        """
        user = await self._accounts.user_of_provider(person.issuer, person.subject)
        if user is None:
            if not grants:
                return None
            user = await self._add(person)
        user.name = person.name
        await self._accounts.replace_roles(user, [role_of(grant) for grant in grants])
        if not grants:
            await self._accounts.end_sessions_of(user.id)
        return user

    async def _add(self, person: Person) -> ConsoleUser:
        # Two tabs may sign somebody in for the first time at the same moment.
        await self._accounts.add_if_absent(
            {
                "id": new_id(),
                "login": person.login,
                "name": person.name,
                "issuer": person.issuer,
                "subject": person.subject,
                "failed_attempts": 0,
                "created_at": self._now,
            }
        )
        user = await self._accounts.user_of_provider(person.issuer, person.subject)
        if user is None:
            raise LoginTaken
        return user


def _text(identity: Identity, claim: str) -> str:
    value = identity.claims.get(claim)
    return "".join(filter(str.isprintable, value)).strip() if isinstance(value, str) else ""
