"""Who has a password to choose or codes to turn on does that first, and reaches nothing else before."""

import pyotp
import pytest

from backend.console.application import CONSOLE_PREFIX
from backend.console.repository import AccountRepository
from backend.console.rights import Grant, Right, Role
from backend.console.tables import ConsoleRole
from backend.settings import SecondFactorFor, Settings
from tests.backend.test_console_access import ROUTES, ask
from tests.backend.test_console_second_factor import begin, code_at, confirm, secret_on
from tests.backend.test_settings import SECRETS
from tests.backend.visitor import LOGIN, PASSWORD, signed_in

ME, LIST, FIGURES = "/console/me", "/console/conversations", "/console/figures"
ASKED = "Med din konto skal du også bruge en kode"
# What is there for who has something to do first, besides the way in.
OPEN = {
    "own_account",
    "begin_second_factor",
    "second_factor_picture",
    "confirm_second_factor",
    "sign_out",
}
OF_CODES = {name for name in OPEN if "second_factor" in name}


@pytest.fixture
def demanded():
    """Whose accounts must ask for a code."""
    return SecondFactorFor.ADMINISTRATORS


@pytest.fixture
def settings(settings, demanded):
    return settings.model_copy(update={"second_factor_for": demanded})


@pytest.fixture
def sign_in(client, database, clock):
    """Signs somebody in with a role."""

    async def sign_in(role):
        return await signed_in(client, database, clock, grants=[Grant(role)])

    return sign_in


async def test_an_administrator_turns_codes_on_before_anything_else(sign_in, clock):
    karen = await sign_in(Role.ADMINISTRATOR)
    page = await karen.get(FIGURES)
    assert (page.url.path, ASKED in page.text) == (ME, True)
    assert "/console/accounts" not in page.links
    await confirm(karen, code_at(await begin(karen), clock))
    assert (await karen.get(FIGURES)).url.path == FIGURES
    assert ASKED not in (await karen.get(ME)).text


async def test_a_caseworker_is_not_asked_where_only_administrators_must(sign_in):
    karen = await sign_in(Role.CASEWORKER)
    assert (await karen.get(LIST)).url.path == LIST


@pytest.mark.parametrize("demanded", [SecondFactorFor.EVERYBODY])
async def test_everybody_is_asked_where_everybody_must(sign_in):
    karen = await sign_in(Role.CASEWORKER)
    assert (await karen.get(LIST)).url.path == ME


@pytest.mark.parametrize("demanded", [SecondFactorFor.NOBODY])
async def test_nobody_is_asked_where_nobody_must(sign_in):
    karen = await sign_in(Role.ADMINISTRATOR)
    assert (await karen.get(FIGURES)).url.path == FIGURES


async def test_who_becomes_an_administrator_is_asked_from_then_on(sign_in, database):
    karen = await sign_in(Role.BOT_TRAINER)
    assert (await karen.get(FIGURES)).url.path == FIGURES
    await make_administrator(database)
    assert (await karen.get(FIGURES)).url.path == ME


async def make_administrator(database):
    async with database.write() as work:
        user = await AccountRepository(work.session).user(LOGIN)
        user.roles.append(ConsoleRole(role=Role.ADMINISTRATOR, team_id=None))
        await work.commit()


async def test_turning_codes_off_asks_for_them_again(sign_in, clock):
    karen = await sign_in(Role.ADMINISTRATOR)
    secret = await begin(karen)
    await confirm(karen, code_at(secret, clock))
    clock.advance(minutes=2)
    page = await karen.get(ME)
    form = page.form("Slå totrinslogin fra")
    page = await karen.send(form, password=PASSWORD, code=pyotp.TOTP(secret).at(clock()))
    assert ASKED in page.text
    assert (await karen.get(FIGURES)).url.path == ME


async def test_a_password_of_ones_own_comes_before_codes(sign_in, database, clock):
    karen = await sign_in(Role.ADMINISTRATOR)
    async with database.write() as work:
        user = await AccountRepository(work.session).user(LOGIN)
        user.password_given_at = clock()
        await work.commit()
    page = await karen.get(ME)
    assert ("Vælg din egen adgangskode" in page.text, ASKED in page.text) == (True, False)
    assert "Slå totrinslogin til" not in page.text
    chosen = "hest batteri lampe sky"
    page = await karen.send(page.form("Skift adgangskode"), present=PASSWORD, chosen=chosen, again=chosen)
    assert ("Adgangskoden er skiftet" in page.text, ASKED in page.text) == (True, True)
    assert "Nuværende adgangskode" not in page.text
    assert secret_on(await karen.send(page.form("Slå totrinslogin til")))


async def test_nothing_else_is_reached_before(sign_in, app):
    karen = await sign_in(Role.ADMINISTRATOR)
    for resource in app.router.resources():
        if resource.canonical != CONSOLE_PREFIX:
            continue
        for route in resource:
            name = route.resource.name
            if route.method == "HEAD" or name in OPEN or ROUTES[route.method, name] is Right.PUBLIC:
                continue
            page = await ask(karen, route.method, route.resource.canonical)
            assert (page.status, page.headers.get("Location")) == (303, ME), name


async def test_who_must_choose_a_password_turns_no_codes_on_or_off_before(sign_in, app, database, clock):
    karen = await sign_in(Role.ADMINISTRATOR)
    async with database.write() as work:
        (await AccountRepository(work.session).user(LOGIN)).password_given_at = clock()
        await work.commit()
    for resource in app.router.resources():
        if resource.canonical == CONSOLE_PREFIX:
            for route in resource:
                if route.resource.name in OF_CODES and route.method != "HEAD":
                    page = await ask(karen, route.method, route.resource.canonical)
                    assert (page.status, page.headers.get("Location")) == (303, ME), route.resource.name


async def test_signing_out_is_always_possible(sign_in):
    karen = await sign_in(Role.ADMINISTRATOR)
    page = await karen.get(ME)
    assert (await karen.send(page.form("Log ud"))).url.path == "/console/sign-in"


async def test_a_part_of_a_page_that_is_open_leads_the_whole_page_there(sign_in):
    karen = await sign_in(Role.ADMINISTRATOR)
    page = await karen.get(FIGURES, headers={"HX-Request": "true"}, allow_redirects=False)
    assert (page.status, page.headers["HX-Redirect"]) == (204, ME)


@pytest.mark.parametrize(
    ("public_url", "said", "demanded"),
    [
        ("https://digispor.kommune.example", None, SecondFactorFor.ADMINISTRATORS),
        ("http://localhost:8080", None, SecondFactorFor.NOBODY),
        ("https://digispor.kommune.example", "nobody", SecondFactorFor.NOBODY),
        ("http://localhost:8080", "everybody", SecondFactorFor.EVERYBODY),
    ],
)
def test_administrators_must_where_people_come_by_https_unless_the_settings_say_otherwise(
    public_url, said, demanded
):
    told = Settings(_env_file=None, public_url=public_url, second_factor_for=said, **SECRETS)
    assert told.demanded_second_factor is demanded
