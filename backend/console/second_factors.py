"""A code beside the password, from an app on a phone: time-based (RFC 6238), each good once."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy.ext.asyncio import AsyncSession

from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.console.accounts import AccountOfProvider, AccountService
from backend.console.administration import password_mark
from backend.console.passwords import is_password
from backend.console.repository import AccountRepository
from backend.console.sealing import Seal
from backend.console.second_factor_repository import SecondFactorRepository
from backend.console.tables import ConsoleSecondFactor, ConsoleUser
from backend.db import Database
from backend.problems import Conflict
from backend.sealing import key_id
from backend.settings import Settings

RECOVERY_CODES = 10
# What somebody else has left open must not become one's own secret.
LONGEST_BEGINNING = timedelta(minutes=15)
_STEP_SECONDS = 30
# A phone's clock, and the time it takes to type.
_STEPS_AROUND = 1
_RECOVERY_BYTES = 10
_NEVER = -1


class SecondFactorOn(Conflict):
    """It is on already."""

    slug, title = "second-factor-on", "The account asks for a code already"


class SecondFactors:
    """Second factors within one transaction.

    Args:
        session: The transaction.
        settings: Where the key of the stored secrets comes from.
        now: The time.
    """

    def __init__(self, session: AsyncSession, settings: Settings, now: datetime) -> None:
        self._factors = SecondFactorRepository(session)
        self._seal = Seal(settings, "second factor")
        self._now = now

    async def begin(self, user: ConsoleUser) -> None:
        """Makes a secret for somebody's app; one that was made a moment ago stays.

        Args:
            user: Whose, so that nobody else changes it meanwhile.

        Raises:
            AccountOfProvider: The provider asks for what it wants.
            SecondFactorOn: There is one in use.
        """
        if user.password_hash is None:
            raise AccountOfProvider
        if await self._factors.is_on(user.id):
            raise SecondFactorOn
        if await self.beginning(user.id) is None:
            sealed = self._seal.close(pyotp.random_base32(), about=user.id)
            await self._factors.put(
                ConsoleSecondFactor(
                    user_id=user.id, secret=sealed, begun_at=self._now, confirmed_at=None, last_step=_NEVER
                )
            )

    async def beginning(self, user_id: str) -> str | None:
        """The secret that waits for its first code; None when there is none, or it has waited too long."""
        factor = await self._factors.of(user_id)
        return self._fresh_secret(factor) if factor else None

    async def confirm(self, user_id: str, code: str) -> list[str] | None:
        """Takes the first code, from which on codes are asked for.

        Returns:
            The recovery codes, which nobody can read again; None when the code does not fit.

        Raises:
            SecondFactorOn: It has been confirmed already.
        """
        factor = await self._factors.for_change(user_id)
        if factor is None:
            return None
        if factor.confirmed_at is not None:
            raise SecondFactorOn
        if self._fresh_secret(factor) is None or not self._is_new_code(factor, code):
            return None
        factor.confirmed_at = self._now
        codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
        await self._factors.add_recovery_codes(user_id, [_digest(code) for code in codes])
        return codes

    async def fits(self, user_id: str, code: str) -> bool:
        """Whether a code is one of the app's or a recovery code, and was not used before; then it is now."""
        factor = await self._factors.for_change(user_id)
        if factor is None or factor.confirmed_at is None:
            return False
        return self._is_new_code(factor, code) or await self._factors.use_recovery_code(
            user_id, _digest(code)
        )

    def _fresh_secret(self, factor: ConsoleSecondFactor) -> str | None:
        is_waiting = factor.confirmed_at is None and self._now - factor.begun_at <= LONGEST_BEGINNING
        return self._seal.open(factor.secret, about=factor.user_id) if is_waiting else None

    def _is_new_code(self, factor: ConsoleSecondFactor, code: str) -> bool:
        secret = self._seal.open(factor.secret, about=factor.user_id)
        if secret is None:
            return False
        typed = "".join(code.split()).encode()
        this_step = int(self._now.timestamp()) // _STEP_SECONDS
        for step in range(this_step - _STEPS_AROUND, this_step + _STEPS_AROUND + 1):
            fits = hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), typed)
            if fits and step > factor.last_step:
                factor.last_step = step
                if key_id(factor.secret) != self._seal.newest_id:
                    factor.secret = self._seal.close(secret, about=factor.user_id)
                return True
        return False


async def sign_in_with_code(
    database: Database, settings: Settings, now: datetime, user_id: str, mark: str, code: str
) -> str | None:
    """Takes the second step of a sign-in.

    Args:
        database: Where accounts are.
        settings: Where the key of the stored secrets comes from.
        now: The time.
        user_id: Whose password fitted.
        mark: The mark of that password, so that one that was replaced meanwhile leads nowhere.
        code: What they typed.

    Returns:
        The token of a new session; None when the code does not fit, or the account is locked.
    """
    async with database.write() as work:
        service = AccountService(AccountRepository(work.session), now)
        user = await service.admit_again(user_id)
        is_same = user is not None and password_mark(user.password_hash or "") == mark
        fits = is_same and await SecondFactors(work.session, settings, now).fits(user_id, code)
        token = await service.open_session(user_id) if fits else None
        known = await AccountRepository(work.session).user_by_id(user_id)
        await AuditLog(work.session, settings, now).note(
            actor=known.login if known else "",
            action="sign_in_code",
            outcome=AuditOutcome.ATTEMPTED if token else AuditOutcome.REFUSED,
        )
        await work.commit()
    return token


async def turn_off(
    database: Database, settings: Settings, now: datetime, user_id: str, password: str, code: str
) -> bool:
    """Asks for no codes any more, once somebody has shown that they have both.

    A wrong one counts as an attempt to sign in.
    """
    async with database.write() as work:
        user = await AccountService(AccountRepository(work.session), now).admit_again(user_id)
        await work.commit()
    has_password = await is_password(password, user.password_hash if user else None)
    async with database.write() as work:
        accounts = AccountRepository(work.session)
        user = await accounts.user_by_id_for_change(user_id)
        fits = has_password and await SecondFactors(work.session, settings, now).fits(user_id, code)
        if fits and user is not None:
            user.unlock()
            await accounts.remove_second_factor(user_id)
        await work.commit()
    return fits


def app_address(login: str, secret: str, issuer: str) -> str:
    """What an app reads from the picture: the secret, and what to call it."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def _new_recovery_code() -> str:
    digits = secrets.token_hex(_RECOVERY_BYTES)
    return "-".join(digits[start : start + 5] for start in range(0, len(digits), 5))


def _digest(code: str) -> str:
    """A recovery code as it is stored. It has 80 random bits, so nobody finds it by trying."""
    typed = "".join(character for character in code.lower() if character.isalnum())
    return hashlib.sha256(typed.encode()).hexdigest()
