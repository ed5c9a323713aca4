"""`python -m backend.retention` tells what would be deleted now; with `--now` it is."""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime

from backend.audit.repository import AuditRepository
from backend.clock import utc_now
from backend.db import Database
from backend.municipality import load_municipality
from backend.outreach.gateway import ChannelUnavailable
from backend.privacy.assistant import ErasureChannel
from backend.problems import DatabaseUnavailable
from backend.retention import words
from backend.retention.conversations import ASSISTANT_AWAY
from backend.retention.ledger import Done, LeaseLost
from backend.retention.policy import Kind, Policy
from backend.retention.repository import DueConversations
from backend.retention.run import Run
from backend.retention.sweeps import sweeps
from backend.settings import Settings, load_settings


async def foresee(
    database: Database, policy: Policy, assistant: ErasureChannel, now: datetime
) -> dict[Kind, Done]:
    """What a run would do now to each kind, without doing it."""
    cutoff = policy.cutoff(Kind.CONVERSATIONS, now)
    silent: list[Sequence[str]] = []
    error = None
    try:
        async for some in assistant.silent_since(cutoff):
            silent.append(some)
    except ChannelUnavailable:
        error = ASSISTANT_AWAY
    async with database.read() as work:
        session = work.session
        due = DueConversations(session, cutoff, now)
        ids = set(await due.due())
        for some in silent:
            ids.update(await due.due(some))
        found = {Kind.CONVERSATIONS: Done(len(ids), len(await due.held()), error=error)}
        audit = AuditRepository(session)
        found[Kind.AUDIT] = Done(await audit.count_before(policy.cutoff(Kind.AUDIT, now)))
        for kind, sweep in sweeps(policy, now).items():
            found[kind] = Done(await sweep.count(session))
    return found


async def _do(settings: Settings, policy: Policy, *, is_meant: bool) -> Mapping[Kind, Done]:
    database = Database.of(settings)
    assistant = ErasureChannel(settings.rasa_url, settings.service_token.newest)
    try:
        if is_meant:
            return await Run(database, settings, policy, assistant, utc_now).go()
        return await foresee(database, policy, assistant, utc_now())
    finally:
        await database.dispose()


def main() -> None:
    """Tells or deletes, and says in Danish what came of it."""
    # What it writes is about citizens: nobody else on the machine reads it.
    os.umask(0o077)
    parser = argparse.ArgumentParser(prog="python -m backend.retention", description=__doc__)
    parser.add_argument("--now", action="store_true", help="delete it, instead of telling what would go")
    is_meant = parser.parse_args().now
    settings = load_settings()
    policy = Policy.of(load_municipality(settings.municipality_path), settings)
    try:
        done = asyncio.run(_do(settings, policy, is_meant=is_meant))
    except LeaseLost:
        sys.exit("Der bliver slettet af en anden proces lige nu. Prøv igen om lidt.")
    except DatabaseUnavailable:
        sys.exit("Databasen kan ikke nås. Det, der nåede at blive slettet, er slettet. Resten er der endnu.")
    print("Slettet:" if is_meant else "Ville blive slettet nu (intet er slettet; brug --now for at slette):")
    errors = words.ERRORS if is_meant else words.UNFORESEEN
    for kind in Kind:
        print(f"  {words.KINDS[kind].title:<26}{_told(policy, kind, done[kind], errors)}")
    if any(one.error for one in done.values()):
        sys.exit(1)


def _told(policy: Policy, kind: Kind, one: Done, errors: Mapping[str, str]) -> str:
    held = f", {one.held} holdt tilbage" if one.held else ""
    error = f" {errors[one.error]}" if one.error else ""
    return f"{one.deleted:>7}{held}  ({words.how_long(policy, kind)}){error}"


if __name__ == "__main__":
    main()
