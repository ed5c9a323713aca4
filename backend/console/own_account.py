"""The page about one's own account, and the second step of signing in that one turns on there."""

import io
from http import HTTPStatus

import segno
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console.accounts import MAX_ATTEMPTS, AccountService
from backend.console.administration import password_mark
from backend.console.browser import SESSION_COOKIE, caseworker_of, go_to
from backend.console.duties import DUTY, Duty, despite
from backend.console.page import render
from backend.console.passwords import SHORTEST
from backend.console.repository import AccountRepository
from backend.console.rights import Right, needs
from backend.console.second_factor_repository import SecondFactorRepository
from backend.console.second_factors import SecondFactors, app_address, turn_off
from backend.console.sign_in_words import PASSWORD_REFUSALS
from backend.console.tables import ConsoleSession
from backend.keys import CLOCK, DATABASE, MUNICIPALITY, SETTINGS
from backend.problems import NotFound

routes = web.RouteTableDef()

_LONGEST = 500


@routes.get("/me", name="own_account")
@needs(Right.SIGNED_IN)
@despite(*Duty)
async def show_own_account(request: web.Request) -> web.Response:
    """Who one is here, and whether a code is asked for."""
    return await account_page(request)


@routes.post("/me/second-factor", name="begin_second_factor")
@needs(Right.SIGNED_IN)
@despite(Duty.SECOND_FACTOR)
async def begin_second_factor(request: web.Request) -> web.Response:
    """Makes a secret for the app, which is asked for a first code before it counts."""
    async with request.config_dict[DATABASE].write() as work:
        user = await AccountRepository(work.session).user_by_id_for_change(caseworker_of(request).id)
        if user is None:
            raise NotFound
        await _second_factors(request, work.session).begin(user)
        await work.commit()
    return _back(request)


@routes.get("/me/second-factor/qr.svg", name="second_factor_picture")
@needs(Right.SIGNED_IN)
@despite(Duty.SECOND_FACTOR)
async def show_picture(request: web.Request) -> web.Response:
    """The secret as a picture that the app reads: a file of its own, as the policy of the pages asks."""
    async with request.config_dict[DATABASE].read() as work:
        secret = await _second_factors(request, work.session).beginning(caseworker_of(request).id)
    if secret is None:
        raise NotFound
    picture = io.BytesIO()
    segno.make(_app_address(request, secret), error="m", micro=False).save(
        picture, kind="svg", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return web.Response(body=picture.getvalue(), content_type="image/svg+xml")


@routes.post("/me/second-factor/confirm", name="confirm_second_factor")
@needs(Right.SIGNED_IN)
@despite(Duty.SECOND_FACTOR)
async def confirm_second_factor(request: web.Request) -> web.Response:
    """Turns codes on with the app's first one, and shows the recovery codes, this one time."""
    code = str((await request.post()).get("code", ""))[:_LONGEST]
    async with request.config_dict[DATABASE].write() as work:
        codes = await _second_factors(request, work.session).confirm(caseworker_of(request).id, code)
        if codes is not None:
            # Filled in before it is stored: were there no page, nobody would have the codes.
            page = render(request, "recovery_codes.html", {"codes": codes})
            await work.commit()
            return page
    return await account_page(request, refused="confirm")


@routes.post("/me/second-factor/remove", name="remove_second_factor")
@needs(Right.SIGNED_IN)
async def remove_second_factor(request: web.Request) -> web.Response:
    """Turns codes off, for who has both the password and a code."""
    form = await request.post()
    password, code = str(form.get("password", "")), str(form.get("code", ""))[:_LONGEST]
    shared = request.config_dict
    async with shared[DATABASE].read() as work:
        is_on = await SecondFactorRepository(work.session).is_on(caseworker_of(request).id)
    # The same form a second time has nothing left to do.
    if is_on and not await turn_off(
        shared[DATABASE], shared[SETTINGS], shared[CLOCK](), caseworker_of(request).id, password, code
    ):
        return await account_page(request, refused="remove")
    return _back(request)


async def account_page(
    request: web.Request, *, refused: str | None = None, password_refused: str | None = None
) -> web.Response:
    """The page.

    Args:
        request: Who asks.
        refused: The form about codes whose code or password did not fit.
        password_refused: Why a new password was not taken.
    """
    async with request.config_dict[DATABASE].read() as work:
        user = await AccountRepository(work.session).user_by_id(caseworker_of(request).id)
        if user is None:
            raise NotFound
        mark = password_mark(user.password_hash or "")
        factors = SecondFactorRepository(work.session)
        secret = await _second_factors(request, work.session).beginning(user.id)
        context = {
            "user": user,
            "is_on": await factors.is_on(user.id),
            "codes_left": await factors.recovery_codes_left(user.id),
            "secret": secret,
            "app_address": _app_address(request, secret) if secret else None,
            "refused": refused,
            "attempts": MAX_ATTEMPTS,
            "duty": request.get(DUTY),
            "password_refused": password_refused
            and PASSWORD_REFUSALS[password_refused].format(attempts=MAX_ATTEMPTS, shortest=SHORTEST),
            "has_changed": request.query.get("changed") == mark,
            "password_mark": mark,
            "shortest": SHORTEST,
            "others": await _other_sessions(request, work.session),
        }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused or password_refused else HTTPStatus.OK
    return render(request, "own_account.html", context, status=status)


async def _other_sessions(request: web.Request, session: AsyncSession) -> list[ConsoleSession]:
    service = AccountService(AccountRepository(session), request.config_dict[CLOCK]())
    return await service.other_sessions(caseworker_of(request).id, request.cookies[SESSION_COOKIE])


def _second_factors(request: web.Request, session: AsyncSession) -> SecondFactors:
    return SecondFactors(session, request.config_dict[SETTINGS], request.config_dict[CLOCK]())


def _app_address(request: web.Request, secret: str) -> str:
    name = request.config_dict[MUNICIPALITY].assistant_name
    return app_address(caseworker_of(request).login, secret, name)


def _back(request: web.Request) -> web.Response:
    return go_to(str(request.app.router["own_account"].url_for()))
