"""The faults for which the house's clock is set: in a house of its own, with an SMS gateway."""

import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults import gateway_down, scenario
from benchmarks.faults.clock import BEFORE_SUMMER, BEFORE_WINTER, JUMPS, HouseClock, jump_about, live_through
from benchmarks.faults.crowd import Crowd
from benchmarks.faults.scenario import Fault, Report
from benchmarks.faults.suite import Size
from benchmarks.house import House
from benchmarks.sms_citizen import open_sms, settings_for
from tests.sms_gateway import Gateway

PHONES = 4
Held = Callable[[int], Awaitable[Report]]


@dataclass(frozen=True)
class ClockStage:
    """A house whose clock can be set, and the gateway it sends SMS with."""

    house: House
    clock: HouseClock
    gateway: Gateway


@contextmanager
def clock_stage() -> Iterator[ClockStage]:
    """Starts the house, and stops it.

    Raises:
        NotHere: The clock cannot be set on this machine.
    """
    with ExitStack() as stack:
        house = House(Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))))
        clock = HouseClock(house)
        gateway = stack.enter_context(open_sms(house, "gatewayapi-messaging"))
        house.settings |= settings_for(gateway)
        house.prepare()
        stack.callback(house.stop)
        house.start()
        yield ClockStage(house, clock, gateway)


def clock_faults(stage: ClockStage, size: Size) -> dict[str, Held]:
    """Gives every fault of the clock's by its name; each is held with a seed."""

    async def gateway_gone(seed: int) -> Report:
        rng = random.Random(seed)
        return await gateway_down.hold(stage.house, stage.clock, stage.gateway, PHONES, rng)

    async def crowd(name: str, fault: Fault, seed: int) -> Report:
        people = Crowd(stage.house, stage.gateway, size.citizens, seed, size.pace_seconds)
        try:
            # The citizens' clock is the true one.
            return await scenario.hold(stage.house, name, people, fault, clocks_agree=False)
        finally:
            stage.clock.jump(0)

    async def change(name: str, moment: datetime, seed: int) -> Report:
        # The free times of those weeks.
        stage.clock.set(moment)
        stage.house.prepare()
        stage.clock.set(moment)
        return await crowd(name, lambda: live_through(moment, size.seconds), seed)

    def jumps() -> Awaitable[str]:
        return jump_about(stage.clock, JUMPS, size.seconds)

    return {
        "SMS gateway down": gateway_gone,
        "clock jumps": lambda seed: crowd("clock jumps", jumps, seed),
        "summer time begins": partial(change, "summer time begins", BEFORE_SUMMER),
        "summer time ends": partial(change, "summer time ends", BEFORE_WINTER),
    }
