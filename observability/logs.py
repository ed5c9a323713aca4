"""Log lines as JSON, one object a line, without anything about who said what.

What is logged is written without personal data in the first place. Here is the last line of defence, for what
a library or an error puts into a message: numbers that identify somebody, tokens and a database's parameters.
"""

import json
import logging
import re
import sys
import traceback
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from identifiers import mask, mask_phones
from observability.correlation import METADATA, current

# Ids that are drawn by lot hold digits too, and without them no line can be followed.
_DRAWN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{32,64}(?![0-9a-f])")
_TOKEN = re.compile(r"(?i)\b(bearer|basic)\s+[^\s'\",]+")
# SQLAlchemy repeats a refused row: what a citizen wrote.
_PARAMETERS = re.compile(r"\[parameters: .*?(?=\n\(Background|\Z)", re.DOTALL)


# Nearly all lines are of a few kinds, and a line is written in the middle of somebody's turn.
@lru_cache(maxsize=1024)
def cleaned(text: str) -> str:
    """Gives a text without numbers that identify somebody, tokens, and what was to be stored."""
    text = _TOKEN.sub(r"\1 [fjernet]", _PARAMETERS.sub("[parameters: fjernet]", text))
    parts, copied_to = [], 0
    for drawn in _DRAWN.finditer(text):
        parts += [_masked(text[copied_to : drawn.start()]), drawn.group()]
        copied_to = drawn.end()
    return "".join([*parts, _masked(text[copied_to:])])


def _masked(text: str) -> str:
    return mask_phones(mask(text))


class JsonFormatter(logging.Formatter):
    """Writes a log record as one JSON object.

    Args:
        process: Name of the process, as the Procfile has it.
    """

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of JSON; `extra={"fields": {...}}` gives it fields of its own."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": cleaned(record.getMessage()),
        }
        if current():
            entry[METADATA] = current()
        fields = getattr(record, "fields", {})
        entry |= {name: cleaned(one) if isinstance(one, str) else one for name, one in fields.items()}
        if record.exc_info:
            entry["exception"] = cleaned(_told(record.exc_info[1]))
        return json.dumps(entry, ensure_ascii=False, default=repr)


def _told(error: BaseException | None) -> str:
    """Where an error came from, and what caused it, the newest first."""
    told: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told += [_named(error), "Traceback:\n", *traceback.format_tb(error.__traceback__)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(told)


def _named(error: BaseException) -> str:
    # Those two kinds quote the value that they are about, which may be what somebody has written.
    quotes = isinstance(error, ValueError | LookupError)
    return f"{type(error).__qualname__}\n" if quotes else f"{type(error).__qualname__}: {error}\n"


def configure_logging(process: str) -> None:
    """Sends every log line of this process to standard error as JSON. Below "info" nothing is logged."""
    handler = logging.StreamHandler(sys.stderr)
    # Libraries' debug lines repeat what citizens say, whatever level somebody asks for.
    handler.setLevel(logging.INFO)
    handler.setFormatter(JsonFormatter(process))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # Rasa keeps web server and Socket.IO from handing lines on; their warnings then come here.
    logging.lastResort = handler
    # What libraries tell their developers about old names is nothing to act on.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
