"""Chooses the conversations of a week's review. The same each time it is asked in the same week."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from backend.danish import local

SIZE = 40
# Of each channel's part, at most this much is chosen for either of the two signs; chance fills the rest.
_SHARE_OF_A_SIGN = 0.25
_LOOKED_BACK = timedelta(weeks=4)


class Ground(StrEnum):
    """Why a conversation was chosen."""

    NEGATIVE = "negative"
    """The citizen was discontent."""
    UNSURE = "unsure"
    """The assistant was not sure what was meant."""
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation that can be chosen, with the signs it gave before the week began."""

    conversation_id: str
    channel: str | None
    is_negative: bool
    is_unsure: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A conversation that was chosen, and why."""

    conversation_id: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class Week:
    """A week in Denmark: its name, its Monday at midnight, and from when conversations are chosen."""

    name: str
    begins: datetime
    looks_back_to: datetime

    @classmethod
    def of(cls, moment: datetime) -> "Week":
        """The week of a moment."""
        day = local(moment)
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
        monday = midnight - timedelta(days=day.weekday())
        year, number, _ = day.isocalendar()
        return cls(f"{year}-W{number:02d}", monday, monday - _LOOKED_BACK)


def draw(candidates: Sequence[Candidate], week: Week, size: int = SIZE) -> list[Drawn]:
    """Chooses `size` conversations, or a few more, so that each channel has at least its share."""
    by_channel: dict[str | None, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda one: _lot(one.conversation_id, week)):
        by_channel[candidate.channel].append(candidate)
    drawn = [
        one
        for of_channel in by_channel.values()
        for one in _from_channel(of_channel, _quota(len(of_channel), len(candidates), size))
    ]
    return sorted(drawn, key=lambda one: _lot(one.conversation_id, week))


def _quota(of_channel: int, of_all: int, size: int) -> int:
    # In whole numbers, so that no rounding adds one.
    return min(of_channel, -(-size * of_channel // of_all))


def _from_channel(shuffled: Sequence[Candidate], quota: int) -> list[Drawn]:
    grounds: dict[str, Ground] = {}
    of_a_sign = math.ceil(quota * _SHARE_OF_A_SIGN)
    negative = (one for one in shuffled if one.is_negative)
    grounds |= {one.conversation_id: Ground.NEGATIVE for one in islice(negative, of_a_sign)}
    unsure = (one for one in shuffled if one.is_unsure and one.conversation_id not in grounds)
    grounds |= {one.conversation_id: Ground.UNSURE for one in islice(unsure, of_a_sign)}
    others = [one for one in shuffled if one.conversation_id not in grounds]
    grounds |= {one.conversation_id: Ground.RANDOM for one in others}
    return [Drawn(id, ground) for id, ground in islice(grounds.items(), quota)]


def _lot(conversation_id: str, week: Week) -> bytes:
    return hashlib.sha256(f"{week.name} {conversation_id}".encode()).digest()
