"""`python -m bot` is `rasa`, with log lines of ours instead of Rasa's, which can repeat what citizens say."""

from __future__ import annotations

import os
from typing import Any

import rasa.__main__
import rasa.utils.io
import structlog

from observability.logs import configure_logging


def main() -> None:
    """Runs a command of Rasa's."""
    # What it writes is about citizens: nobody else on the machine reads it.
    os.umask(0o077)
    # Rasa sets its own logging up through these two, at the last moment before the command.
    rasa.utils.io.configure_colored_logging = lambda _level: configure_logging("rasa")
    rasa.__main__.configure_structlog = lambda _level=None: _hand_on_events_only()
    rasa.__main__.main()


def _hand_on_events_only() -> None:
    """Lets Rasa's structured lines say what happened, without their fields: texts, slots and trackers."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _event_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _event_only(_: Any, method: str, event: Any) -> tuple[tuple[str], dict[str, Any]]:
    # The event_info is a sentence of Rasa's developers.
    told = event.get("event_info") or event["event"]
    return (str(told),), {"exc_info": event.get("exc_info") or method == "exception"}


if __name__ == "__main__":
    main()
