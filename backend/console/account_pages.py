"""The pages about accounts: who may sign in, and what they may do."""

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from backend.console import words
from backend.console.accounts import GIVEN_PASSWORD_LASTS, AccountService, fold_login, grants_of
from backend.console.administration import Administration, LoginTaken, new_password, password_mark
from backend.console.browser import caseworker_of, go_to
from backend.console.page import render
from backend.console.passwords import hash_password
from backend.console.repository import AccountRepository
from backend.console.rights import Grant, Right, Role, needs
from backend.console.second_factor_repository import SecondFactorRepository
from backend.console.subjects import Subject, is_about
from backend.console.tables import ConsoleUser
from backend.keys import CLOCK, DATABASE
from backend.teams.repository import TeamRepository

routes = web.RouteTableDef()

_LONGEST_LOGIN, _LONGEST_NAME = 100, 200


async def _new_account(request: web.Request, _: AsyncSession) -> Subject:
    login, _name = await _named(request)
    return Subject(about=fold_login(login))


async def _account(request: web.Request, session: AsyncSession) -> Subject:
    user = await AccountRepository(session).user_by_id(request.match_info["account_id"])
    return Subject(about=user.login if user else None)


async def _role(request: web.Request, session: AsyncSession) -> Subject:
    account = (await _account(request, session)).about
    grant = words.grant(await _grant(request, session), await _team_names(session))
    return Subject(about=f"{account}, {grant}" if account else None)


@routes.get("/accounts", name="accounts")
@needs(Right.ADMINISTER)
async def list_accounts(request: web.Request) -> web.Response:
    """Every account, and the form for another."""
    return await _list(request)


@routes.post("/accounts", name="add_account")
@needs(Right.ADMINISTER)
@is_about(_new_account)
async def add_account(request: web.Request) -> web.Response:
    """Adds an account and shows its first password, this one time."""
    login, name = await _named(request)
    password = new_password()
    password_hash = await hash_password(password)
    async with request.config_dict[DATABASE].write() as work:
        try:
            user = await _administration(request, work.session).add(login, name, password_hash)
        except LoginTaken:
            return await _list(request, taken=login)
        # Filled in before it is stored: were there no page, there would be no password to hand over.
        page = await _one(request, work.session, user.id, password=password)
        await work.commit()
    return page


@routes.get("/accounts/{account_id}", name="account")
@needs(Right.ADMINISTER)
async def show_account(request: web.Request) -> web.Response:
    """One account and its roles."""
    async with request.config_dict[DATABASE].read() as work:
        return await _one(request, work.session, request.match_info["account_id"])


@routes.post("/accounts/{account_id}/password", name="give_password")
@needs(Right.ADMINISTER)
@is_about(_account)
async def give_password(request: web.Request) -> web.Response:
    """Gives an account another password and shows it, this one time."""
    account_id = request.match_info["account_id"]
    instead_of = str((await request.post()).get("instead_of", ""))
    password = new_password()
    password_hash = await hash_password(password)
    async with request.config_dict[DATABASE].write() as work:
        await _administration(request, work.session).give_password(
            account_id, password_hash, instead_of=instead_of
        )
        page = await _one(request, work.session, account_id, password=password)
        await work.commit()
    return page


@routes.post("/accounts/{account_id}/unlock", name="unlock_account")
@needs(Right.ADMINISTER)
@is_about(_account)
async def unlock_account(request: web.Request) -> web.Response:
    """Lets somebody try to sign in again."""
    async with request.config_dict[DATABASE].write() as work:
        await _administration(request, work.session).unlock(request.match_info["account_id"])
        await work.commit()
    return _back(request)


@routes.post("/accounts/{account_id}/roles", name="give_role")
@needs(Right.ADMINISTER)
@is_about(_role)
async def give_role(request: web.Request) -> web.Response:
    """Gives a role, in one team or in all."""
    async with request.config_dict[DATABASE].write() as work:
        grant = await _grant(request, work.session)
        await _administration(request, work.session).give_role(request.match_info["account_id"], grant)
        await work.commit()
    return _back(request)


@routes.post("/accounts/{account_id}/roles/remove", name="take_role")
@needs(Right.ADMINISTER)
@is_about(_role)
async def take_role(request: web.Request) -> web.Response:
    """Takes a role."""
    async with request.config_dict[DATABASE].write() as work:
        grant = await _grant(request, work.session)
        await _administration(request, work.session).take_role(request.match_info["account_id"], grant)
        await work.commit()
    return _back(request)


@routes.post("/accounts/{account_id}/second-factor/remove", name="take_second_factor")
@needs(Right.ADMINISTER)
@is_about(_account)
async def take_second_factor(request: web.Request) -> web.Response:
    """Lets somebody sign in with the password alone, for who has lost both the phone and the codes."""
    async with request.config_dict[DATABASE].write() as work:
        await _administration(request, work.session).take_second_factor(request.match_info["account_id"])
        await work.commit()
    return _back(request)


@routes.post("/accounts/{account_id}/remove", name="remove_account")
@needs(Right.ADMINISTER)
@is_about(_account)
async def remove_account(request: web.Request) -> web.Response:
    """Removes an account."""
    async with request.config_dict[DATABASE].write() as work:
        await _administration(request, work.session).remove(request.match_info["account_id"])
        await work.commit()
    return go_to(str(request.app.router["accounts"].url_for()))


def _administration(request: web.Request, session: AsyncSession) -> Administration:
    accounts = AccountRepository(session)
    service = AccountService(accounts, request.config_dict[CLOCK]())
    return Administration(accounts, service, caseworker_of(request).id)


async def _named(request: web.Request) -> tuple[str, str]:
    form = await request.post()
    login, name = (str(form.get(field, "")).strip() for field in ("login", "name"))
    if not 0 < len(login) <= _LONGEST_LOGIN or not 0 < len(name) <= _LONGEST_NAME:
        raise web.HTTPBadRequest
    return login, name


async def _grant(request: web.Request, session: AsyncSession) -> Grant:
    form = await request.post()
    role, team = str(form.get("role", "")), str(form.get("team", ""))
    is_known_team = not team or await TeamRepository(session).get(team) is not None
    if role not in list(Role) or not is_known_team or (team and role == Role.ADMINISTRATOR):
        raise web.HTTPBadRequest
    return Grant(Role(role), team or None)


async def _list(request: web.Request, *, taken: str | None = None) -> web.Response:
    async with request.config_dict[DATABASE].read() as work:
        users = await AccountRepository(work.session).all()
        context = {
            "users": users,
            "grants": {user.id: _sorted(user) for user in users},
            "teams": await _team_names(work.session),
            "taken": taken,
            "now": request.config_dict[CLOCK](),
        }
    return render(request, "accounts.html", context, status=409 if taken else 200)


async def _one(
    request: web.Request, session: AsyncSession, account_id: str, *, password: str | None = None
) -> web.Response:
    user = await _administration(request, session).user(account_id)
    context = {
        "user": user,
        "grants": _sorted(user),
        "teams": await _team_names(session),
        "password": password,
        "is_own": user.id == caseworker_of(request).id,
        "days": GIVEN_PASSWORD_LASTS.days,
        "given_until": user.password_given_at and user.password_given_at + GIVEN_PASSWORD_LASTS,
        "has_second_factor": await SecondFactorRepository(session).is_on(user.id),
        "password_mark": password_mark(user.password_hash) if user.password_hash else None,
        "now": request.config_dict[CLOCK](),
    }
    return render(request, "account.html", context)


async def _team_names(session: AsyncSession) -> dict[str, str]:
    return {team.id: team.name for team in await TeamRepository(session).all()}


def _sorted(user: ConsoleUser) -> list[Grant]:
    return sorted(grants_of(user), key=lambda grant: (grant.role, grant.team_id or ""))


def _back(request: web.Request) -> web.Response:
    account_id = request.match_info["account_id"]
    return go_to(str(request.app.router["account"].url_for(account_id=account_id)))
