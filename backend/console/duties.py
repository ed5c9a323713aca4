"""What somebody must do before they may do anything else: choose a password of their own, turn on codes."""

from collections.abc import Callable
from enum import StrEnum

from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.browser import lead_to
from backend.console.repository import AccountRepository
from backend.console.rights import Role, is_public
from backend.console.second_factor_repository import SecondFactorRepository
from backend.console.tables import ConsoleUser
from backend.settings import SecondFactorFor, Settings

_DESPITE = "console_despite_duties"


class Duty(StrEnum):
    """What comes first."""

    OWN_PASSWORD = "own_password"  # noqa: S105 - a name, no password
    """Somebody else has given the password."""
    SECOND_FACTOR = "second_factor"
    """Their account must ask for a code too, and does not."""


DUTY = web.RequestKey("duty", Duty)


async def duty_of(session: AsyncSession, settings: Settings, user_id: str) -> Duty | None:
    """What somebody who has signed in must do first.

    None when there is nothing, as for who signs in at the provider, which asks for what it wants.
    """
    user = await AccountRepository(session).user_by_id(user_id)
    if user is None or user.password_hash is None:
        return None
    if user.password_given_at is not None:
        return Duty.OWN_PASSWORD
    if _needs_codes(user, settings.demanded_second_factor) and not await SecondFactorRepository(
        session
    ).is_on(user.id):
        return Duty.SECOND_FACTOR
    return None


def despite(*duties: Duty) -> Callable[[Handler], Handler]:
    """Declares that a page or form is there for who has one of these to do first."""

    def declare(handler: Handler) -> Handler:
        setattr(handler, _DESPITE, frozenset(duties))
        return handler

    return declare


@web.middleware
async def put_duties_first(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Leads who has something to do first to where it is done, whatever they ask for."""
    duty = request.get(DUTY)
    is_open = is_public(request) or duty in getattr(request.match_info.handler, _DESPITE, ())
    if duty is not None and not is_open:
        raise lead_to(request, request.app.router["own_account"].url_for())
    return await handler(request)


def _needs_codes(user: ConsoleUser, demanded: SecondFactorFor) -> bool:
    if demanded is SecondFactorFor.ADMINISTRATORS:
        return any(role.role == Role.ADMINISTRATOR for role in user.roles)
    return demanded is SecondFactorFor.EVERYBODY
