"""Who the simulated citizens are; their words stand in personalities.yml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

BANK = Path(__file__).with_name("personalities.yml")


@dataclass(frozen=True)
class Personality:
    """A kind of citizen.

    Attributes:
        name: What the measurement calls it.
        ability: The mean of the hidden ability, on the answer scale from 0 to 3.
        goals: What such citizens come for, in turn.
        says: What they write, by what they mean.
        asides: How often they say something else than what they are asked for.
        noise: How often a message is written with typing slips.
        changes: Whether they take answers back and look at other times.
        pauses: Whether they leave in the middle and come back.
    """

    name: str
    ability: float
    goals: tuple[str, ...]
    says: dict[str, list[str]]
    asides: float = 0.0
    noise: float = 0.0
    changes: bool = False
    pauses: bool = False


@cache
def personalities() -> tuple[Personality, ...]:
    """Reads the bank, in its order."""
    bank: dict[str, Any] = yaml.safe_load(BANK.read_text("utf-8"))
    return tuple(
        Personality(
            name=name,
            **{**kind, "goals": tuple(kind["goals"]), "says": {**bank["common"], **kind["says"]}},
        )
        for name, kind in bank["personalities"].items()
    )
