"""Accounts are made and removed on the command line, and the demo has one."""

import subprocess
import sys

import pytest

from backend.audit.repository import AuditFilter, AuditRepository
from backend.console import __main__ as command
from backend.console.accounts import AccountService, grants_of, sign_in
from backend.console.repository import AccountRepository
from backend.console.rights import Grant, Role
from backend.demo import seed

PASSWORD = "en lang adgangskode"


@pytest.fixture
def run(settings, process_environment):
    """Runs `python -m backend.console` without a terminal, so that passwords are read from its input."""

    def run(*arguments, typed=""):
        environment = process_environment(settings.data_path, DIGISPOR_DATABASE_URL=settings.database_url)
        return subprocess.run(
            [sys.executable, "-m", "backend.console", *arguments],
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )

    return run


async def may_enter(database, settings, clock, login, password):
    return await sign_in(database, settings, clock(), login, password) is not None


async def test_an_account_is_added_given_a_new_password_and_removed(run, database, settings, clock):
    added = run("add", "Karen", "Karen Holm", typed=f"{PASSWORD}\n{PASSWORD}\n")
    told = "Karen Holm kan nu logge ind som Karen og skal vælge sin egen adgangskode første gang."
    assert added.stdout.strip().endswith(told)
    assert await may_enter(database, settings, clock, "karen", PASSWORD)
    async with database.read() as work:
        assert (await AccountRepository(work.session).user("karen")).password_given_at

    run("add", "karen", "Karen Holm", typed="en anden adgangskode\nen anden adgangskode\n")
    assert not await may_enter(database, settings, clock, "karen", PASSWORD)
    assert await may_enter(database, settings, clock, "karen", "en anden adgangskode")

    assert "kan ikke længere logge ind" in run("remove", "karen").stdout
    assert not await may_enter(database, settings, clock, "karen", "en anden adgangskode")
    assert "Der er ingen, der hedder karen." in run("remove", "karen").stdout


@pytest.mark.parametrize(
    ("typed", "told"),
    [("kort\nkort\n", "mindst 12 tegn"), (f"{PASSWORD}\nnoget helt andet\n", "ikke ens")],
)
async def test_a_password_that_is_short_or_mistyped_makes_no_account(
    run, database, settings, clock, typed, told
):
    refused = run("add", "karen", "Karen Holm", typed=typed)
    assert refused.returncode == 1
    assert told in refused.stderr
    assert not await may_enter(database, settings, clock, "karen", typed.splitlines()[0])


async def test_an_account_is_given_its_roles_for_one_team_on_the_command_line(run, database, clock):
    roles = ("--role", "caseworker", "--role", "team_leader", "--team", "intake")
    assert run("add", "karen", "Karen Holm", *roles, typed=f"{PASSWORD}\n{PASSWORD}\n").returncode == 0
    async with database.read() as work:
        user = await AccountService(AccountRepository(work.session), clock()).find("karen")
        assert grants_of(user) == {Grant(Role.CASEWORKER, "intake"), Grant(Role.TEAM_LEADER, "intake")}


async def test_what_is_done_on_the_command_line_stands_in_the_log(run, database):
    run("add", "Karen", "Karen Holm", "--team", "intake", typed=f"{PASSWORD}\n{PASSWORD}\n")
    run("remove", "Karen")
    async with database.read() as work:
        entries = await AuditRepository(work.session).find(AuditFilter(actor="Kommandolinjen"), None, 9)
    assert [(entry.action, entry.about) for entry in entries] == [
        ("remove_account", "karen"),
        ("add_account", "karen, Sagsbehandler i intake"),
    ]


def test_the_password_is_never_an_argument(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["backend.console", "add", "karen", "Karen Holm", PASSWORD])
    with pytest.raises(SystemExit):
        command.main()


async def test_the_demo_has_a_caseworker_with_the_password_of_the_settings(database, settings, clock):
    password = settings.demo_password.get_secret_value()
    await seed(database, settings, clock())
    assert await may_enter(database, settings, clock, settings.demo_login, password)

    changed = settings.model_copy(
        update={"demo_password": type(settings.demo_password)("en helt ny adgangskode")}
    )
    await seed(database, changed, clock())
    assert not await may_enter(database, settings, clock, settings.demo_login, password)
    assert await may_enter(database, settings, clock, settings.demo_login, "en helt ny adgangskode")


async def test_seeding_again_signs_nobody_out(database, settings, clock, client):
    await seed(database, settings, clock())
    token = await sign_in(
        database, settings, clock(), settings.demo_login, settings.demo_password.get_secret_value()
    )
    await seed(database, settings, clock())
    client.session.cookie_jar.update_cookies(
        {"digispor_console": token}, response_url=client.make_url("/console/")
    )
    async with client.get("/console/conversations") as response:
        assert "Demo Medarbejder" in await response.text()


async def test_without_a_demo_password_there_is_no_demo_account(database, settings, clock):
    await seed(database, settings.model_copy(update={"demo_password": None}), clock())
    assert not await may_enter(database, settings, clock, settings.demo_login, "")
