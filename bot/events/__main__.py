"""`python -m bot.events list` and `resend [ID ...]`: the events that the backend would not take."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.events.spool import RefusedEvent, Spool

_PROJECT = Path(__file__).resolve().parents[2]


def _spool_path() -> Path:
    return _PROJECT / os.environ.get("DIGISPOR_DATA_DIR", "var") / "events.db"


def _line(refused: RefusedEvent) -> str:
    """What there is to know of an event, without what was said in it."""
    body = json.loads(refused.event.body)
    at = datetime.fromtimestamp(refused.at).astimezone().isoformat(" ", "seconds")
    return (
        f"{refused.event.event_id[:12]}  {at}  {body['event'].get('event', '?')}  "
        f"{body['conversation_id']}  {refused.reason}"
    )


def _list(spool: Spool) -> str:
    refused = spool.refused()
    count = f"{len(refused)} hændelser er lagt til side, {spool.count()} venter på at blive sendt."
    return "\n".join([*map(_line, refused), count])


def _resend(spool: Spool, ids: Sequence[str]) -> str:
    refused = spool.refused()
    unknown = [id for id in ids if not any(one.event.event_id.startswith(id) for one in refused)]
    if unknown:
        sys.exit(f"Ingen hændelse, der er lagt til side, begynder med {unknown[0]}.")
    events = [one.event for one in refused if one.event.event_id.startswith(tuple(ids or [""]))]
    spool.take_back(events)
    return (
        f"{len(events)} hændelser bliver sendt igen, mens Digispor kører. "
        "Dem, der afvises, lægges til side igen."
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Lists the events set aside, or puts them back in the queue of the spool."""
    parser = argparse.ArgumentParser(prog="python -m bot.events")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="vis de hændelser, som backenden ikke ville have")
    resend = commands.add_parser("resend", help="send dem igen, alle eller nogle")
    resend.add_argument("ids", nargs="*", metavar="ID", help="begyndelsen af en hændelses id")
    chosen = parser.parse_args(arguments)
    path = _spool_path()
    if not path.is_file():
        sys.exit(f"Der er ingen kø i {path}. Sæt DIGISPOR_DATA_DIR, hvis data ligger et andet sted.")
    spool = Spool(path)
    try:
        print(_list(spool) if chosen.command == "list" else _resend(spool, chosen.ids))
    finally:
        spool.close()


if __name__ == "__main__":
    main()
