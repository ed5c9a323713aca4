"""Changes one's own password, and signs one out where one has not."""

from datetime import datetime
from enum import StrEnum

from aiohttp import web

from backend.console.accounts import AccountService
from backend.console.administration import password_mark
from backend.console.browser import SESSION_COOKIE, caseworker_of, go_to
from backend.console.duties import Duty, despite
from backend.console.entering import enter
from backend.console.own_account import account_page
from backend.console.passwords import Weakness, hash_password, is_password, weakness
from backend.console.repository import AccountRepository
from backend.console.rights import Caseworker, Right, needs
from backend.db import Database
from backend.keys import CLOCK, DATABASE, MUNICIPALITY
from backend.municipality import Municipality
from backend.problems import Conflict

routes = web.RouteTableDef()


class OwnPasswordChanged(Conflict):
    """The password was changed a moment ago, by the same form or elsewhere."""

    slug, title = "own-password-changed", "The password was changed a moment ago"


class Slip(StrEnum):
    """What else is wrong with a form for a new password."""

    NOT_ALIKE = "not_alike"
    """It was not typed the same both times."""
    AS_BEFORE = "as_before"
    WRONG = "wrong"
    """The present one does not fit."""


@routes.post("/me/password", name="change_own_password")
@needs(Right.SIGNED_IN)
@despite(Duty.OWN_PASSWORD)
async def change_own_password(request: web.Request) -> web.Response:
    """Takes a new password from who shows the present one, and signs them out everywhere but here."""
    form = await request.post()
    present, chosen, again, instead_of = (
        str(form.get(field, "")) for field in ("present", "chosen", "again", "instead_of")
    )
    shared, caseworker = request.config_dict, caseworker_of(request)
    refused = await _fault(present, chosen, again, caseworker, shared[MUNICIPALITY])
    if refused is not None:
        return await account_page(request, password_refused=refused)
    changed = await change_password(
        shared[DATABASE], shared[CLOCK](), caseworker.id, present, chosen, instead_of=instead_of
    )
    if changed is None:
        return await account_page(request, password_refused=Slip.WRONG)
    token, mark = changed
    # By its mark, so that no link of somebody else's tells that it was changed.
    return await enter(
        request, token, str(request.app.router["own_account"].url_for().with_query(changed=mark))
    )


@routes.post("/me/other-sessions/end", name="end_other_sessions")
@needs(Right.SIGNED_IN)
async def end_other_sessions(request: web.Request) -> web.Response:
    """Signs one out everywhere but here."""
    async with request.config_dict[DATABASE].write() as work:
        service = AccountService(AccountRepository(work.session), request.config_dict[CLOCK]())
        await service.end_other_sessions(caseworker_of(request).id, request.cookies[SESSION_COOKIE])
        await work.commit()
    return go_to(str(request.app.router["own_account"].url_for()))


async def change_password(
    database: Database, now: datetime, user_id: str, present: str, chosen: str, *, instead_of: str
) -> tuple[str, str] | None:
    """Changes somebody's password and ends all their sessions. A wrong present one counts as an attempt.

    Passwords are hashed between two transactions, so that a slow hash keeps nobody from writing.

    Args:
        database: Where accounts are.
        now: The time.
        user_id: Whose.
        present: What they say the password is.
        chosen: What it is to be, good enough.
        instead_of: The mark of the password that is replaced, so that a form sent twice changes it once.

    Returns:
        The token of a new session, and the mark of the new password; None when the present one does not fit,
        or the account is locked.

    Raises:
        OwnPasswordChanged: The account has another password by now.
    """
    async with database.write() as work:
        accounts = AccountRepository(work.session)
        known = await accounts.user_by_id_for_change(user_id)
        if known is None or password_mark(known.password_hash or "") != instead_of:
            raise OwnPasswordChanged
        user = await AccountService(accounts, now).admit_again(user_id)
        await work.commit()
    present_hash = user.password_hash if user else None
    if not await is_password(present, present_hash):
        return None
    chosen_hash = await hash_password(chosen)
    async with database.write() as work:
        accounts = AccountRepository(work.session)
        user = await accounts.user_by_id_for_change(user_id)
        if user is None or user.password_hash != present_hash:
            raise OwnPasswordChanged
        service = AccountService(accounts, now)
        await service.set_password(user, chosen_hash, is_given=False)
        token = await service.open_session(user_id)
        await work.commit()
    return (token, password_mark(chosen_hash)) if token else None


async def _fault(
    present: str, chosen: str, again: str, caseworker: Caseworker, municipality: Municipality
) -> Weakness | Slip | None:
    if chosen == present:
        return Slip.AS_BEFORE
    known = f"{caseworker.login} {caseworker.name} {municipality.name} {municipality.assistant_name}"
    fault = await weakness(chosen, known)
    if fault is None and chosen != again:
        return Slip.NOT_ALIKE
    return fault
