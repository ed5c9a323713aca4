"""`python -m backend.console add LOGIN NAME` and `remove LOGIN`: who may sign in to the console."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Collection

from backend.audit.log import AuditLog
from backend.audit.tables import AuditOutcome
from backend.clock import utc_now
from backend.console import words
from backend.console.accounts import AccountOfProvider, AccountService, fold_login, save_account
from backend.console.passwords import SHORTEST, weakness
from backend.console.repository import AccountRepository
from backend.console.rights import Grant, Role
from backend.console.sign_in_words import PASSWORD_REFUSALS
from backend.db import Database
from backend.settings import Settings, load_settings

# No login is written with a capital letter.
_ACTOR = "Kommandolinjen"


def _ask_for_password(login: str, name: str) -> str:
    password = getpass.getpass("Adgangskode: ")
    fault = asyncio.run(weakness(password, f"{login} {name}"))
    if fault:
        sys.exit(PASSWORD_REFUSALS[fault].format(shortest=SHORTEST))
    if getpass.getpass("Adgangskoden igen: ") != password:
        sys.exit("De to adgangskoder er ikke ens.")
    return password


async def _note(database: Database, settings: Settings, action: str, about: str) -> None:
    async with database.write() as work:
        await AuditLog(work.session, settings, utc_now()).note(
            actor=_ACTOR, action=action, outcome=AuditOutcome.ATTEMPTED, about=about
        )
        await work.commit()


async def _add(database: Database, login: str, name: str, password: str, grants: Collection[Grant]) -> str:
    try:
        # Who types it here is seldom who is to use it.
        await save_account(
            database, utc_now(), login=login, name=name, password=password, grants=grants, is_given=True
        )
    except AccountOfProvider:
        return f"{login} logger ind med kommunens login. Der er ikke ændret noget."
    return f"{name} kan nu logge ind som {login} og skal vælge sin egen adgangskode første gang."


async def _remove(database: Database, login: str) -> str:
    async with database.write() as work:
        removed = await AccountService(AccountRepository(work.session), utc_now()).remove(login)
        await work.commit()
    return f"{login} kan ikke længere logge ind." if removed else f"Der er ingen, der hedder {login}."


async def _run(arguments: argparse.Namespace, password: str) -> str:
    settings = load_settings()
    database = Database.of(settings)
    login = fold_login(arguments.login)
    try:
        if arguments.command == "add":
            grants = [Grant(Role(role), arguments.team) for role in arguments.role or [Role.CASEWORKER]]
            about = ", ".join([login, *(words.grant(given, {}) for given in grants)])
            await _note(database, settings, "add_account", about)
            return await _add(database, arguments.login, arguments.name, password, grants)
        await _note(database, settings, "remove_account", login)
        return await _remove(database, arguments.login)
    finally:
        await database.dispose()


def main() -> None:
    """Adds an account (or gives it a new password), or removes one."""
    parser = argparse.ArgumentParser(prog="python -m backend.console")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="ny medarbejder, eller ny adgangskode til en, der er der")
    add.add_argument("login")
    add.add_argument("name")
    add.add_argument("--role", action="append", choices=list(Role), help="kan gentages; ellers sagsbehandler")
    add.add_argument("--team", help="id på det ene team, rollen gælder for; ellers dem alle")
    remove = commands.add_parser("remove", help="fjern en medarbejder")
    remove.add_argument("login")
    arguments = parser.parse_args()
    password = _ask_for_password(arguments.login, arguments.name) if arguments.command == "add" else ""
    print(asyncio.run(_run(arguments, password)))


if __name__ == "__main__":
    main()
