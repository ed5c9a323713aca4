"""Taking identifiers out of a text."""

import datetime
import re
from collections.abc import Iterator, Sequence

from identifiers import bank, cpr, secrets
from identifiers.digits import plain_digits
from identifiers.kinds import Kind

Found = tuple[int, int, Kind]

_MARKERS = re.compile("|".join(re.escape(kind.marker) for kind in Kind))
# Stands for a marker while a text is searched: no word, no digit, no separator.
_FILLER = "\ue000"
EARLIER = 3
"""Over how many messages is looked back for what one now completes."""


def mask(text: str, today: datetime.date | None = None) -> str:
    """The text with every identifier replaced by the marker of its kind.

    Phone numbers, times and dates are left alone, and what people write about passwords.

    Args:
        text: What a person wrote.
        today: The day it was written, by which a date is one to meet on or one of birth. Now, unless told.
    """
    searched = _searched(text)
    return _replaced(text, _found(searched, today or _today()))


def mask_continued(earlier: Sequence[str], text: str, today: datetime.date | None = None) -> str:
    """The masked text, without what completes a CPR number that an earlier message began.

    Args:
        earlier: What the same person wrote before, oldest first; the last `EARLIER` count.
        text: What they write now.
        today: The day it was written; now, unless told.
    """
    masked, today = mask(text, today), today or _today()
    before = [_searched(message) for message in list(earlier)[-EARLIER:]]
    spans = cpr.continued_spans(before, _searched(masked), today)
    return _replaced(masked, ((start, end, Kind.CPR) for start, end in spans))


def holds_identifier(text: str) -> bool:
    """Tells whether anything in the text would be masked."""
    return next(_found(_searched(text), _today()), None) is not None


def kinds_in(text: str) -> list[Kind]:
    """The kinds of what has been masked in a text, in their order there, each once."""
    by_marker = {kind.marker: kind for kind in Kind}
    return list(dict.fromkeys(by_marker[marker] for marker in _MARKERS.findall(text)))


def is_only_markers(text: str) -> bool:
    """Tells whether nothing that has a meaning is left beside the markers."""
    return _MARKERS.search(text) is not None and re.search(r"\w", _MARKERS.sub("", text)) is None


def _today() -> datetime.date:
    return datetime.date.today()


def _searched(text: str) -> str:
    return plain_digits(_MARKERS.sub(lambda marker: _FILLER * len(marker[0]), text))


def _found(text: str, today: datetime.date) -> Iterator[Found]:
    """What is found, the kinds that hold others' digits first."""
    yield from ((*span, Kind.IBAN) for span in bank.iban_spans(text))
    yield from ((*span, Kind.CARD) for span in bank.card_spans(text))
    yield from ((*span, Kind.CPR) for span in cpr.cpr_spans(text, today))
    yield from ((*span, Kind.ACCOUNT) for span in bank.account_spans(text))
    yield from ((*span, kind) for span, kind in secrets.secret_spans(text))


def _replaced(text: str, found: Iterator[Found]) -> str:
    """The text with markers; of what overlaps, the first found names the kind and all of it goes."""
    chosen: list[Found] = []
    for start, end, kind in found:
        overlapping = [one for one in chosen if one[0] < end and start < one[1]]
        for one in overlapping:
            chosen.remove(one)
        kind = overlapping[0][2] if overlapping else kind
        edges = [(start, end), *(one[:2] for one in overlapping)]
        chosen.append((min(edge[0] for edge in edges), max(edge[1] for edge in edges), kind))
    parts, copied_to = [], 0
    for start, end, kind in sorted(chosen, key=lambda one: one[0]):
        parts += [text[copied_to:start], kind.marker]
        copied_to = end
    return "".join([*parts, text[copied_to:]])
