"""Which faults there are, how hard they strike, and what came of them."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.faults import disk
from benchmarks.faults.crowd import Crowd
from benchmarks.faults.disk import NotHere, SmallDisk
from benchmarks.faults.illness import let_ail
from benchmarks.faults.judge import Verdict
from benchmarks.faults.kills import kill_at_random
from benchmarks.faults.scenario import Fault, Report, hold
from benchmarks.house import BACKEND, House, free_port
from benchmarks.sms_citizen import open_sms, settings_for
from tests.e2e.fault_proxy import Ailment, FaultProxy
from tests.sms_gateway import Gateway

COLUMNS = ("conversations", "messages", "writes", "claims", "lost", "doubled", "false", "stuck", "traces")


@dataclass(frozen=True)
class Size:
    """How hard it is made for the house.

    Attributes:
        citizens: How many conversations go on at once.
        pace_seconds: How long a citizen thinks at most before they write.
        kills: How many processes are killed.
        bad_answers: How often the backend answers badly, in each way.
        seconds: How long the database is out of reach, in each way.
        disk_megabytes: How large the disk is that runs full.
    """

    citizens: int
    pace_seconds: float
    kills: int
    bad_answers: int
    seconds: float
    disk_megabytes: int


SHORT = Size(citizens=10, pace_seconds=0.5, kills=4, bad_answers=10, seconds=6, disk_megabytes=512)
WHOLE = Size(citizens=50, pace_seconds=4, kills=200, bad_answers=150, seconds=30, disk_megabytes=4096)


@dataclass(frozen=True)
class Stage:
    """A house in which everything can be broken.

    Attributes:
        house: All processes, running.
        proxy: Between the actions and the backend.
        gateway: Sends SMS.
        small_disk: The disk with the data; None where it cannot run full, and then `why_not` says why.
    """

    house: House
    proxy: FaultProxy
    gateway: Gateway
    small_disk: SmallDisk | None
    why_not: str = ""


@contextmanager
def stage(size: Size) -> Iterator[Stage]:
    """Starts a house, on a disk of its own where that can be had, and stops it."""
    with ExitStack() as stack:
        small_disk, why_not = None, ""
        try:
            small_disk = stack.enter_context(disk.small_disk(size.disk_megabytes))
            folder = small_disk.folder
        except NotHere as reason:
            why_not = str(reason)
            folder = Path(stack.enter_context(TemporaryDirectory()))
        port = free_port()
        house = House(folder, actions_reach_backend_at=port)
        gateway = stack.enter_context(open_sms(house, "gatewayapi-messaging"))
        house.settings |= settings_for(gateway)
        house.prepare()
        proxy = stack.enter_context(FaultProxy(port, house.backend_url, lambda: house.kill(BACKEND)))
        stack.callback(house.stop)
        house.start()
        yield Stage(house, proxy, gateway, small_disk, why_not)


def faults(stage: Stage, size: Size, rng: random.Random, progress: Callable[[str], None]) -> dict[str, Fault]:
    """Gives every fault by its name. One that cannot be made on this machine raises NotHere."""

    async def kills() -> str:
        killed = await kill_at_random(stage.house, size.kills, rng, progress)
        return f"{killed.total()} kills: " + ", ".join(f"{name} {count}" for name, count in killed.items())

    def ailing(ailment: Ailment) -> Fault:
        async def ail() -> str:
            return await let_ail(stage.proxy, ailment, size.bad_answers, rng, progress)

        return ail

    async def full() -> str:
        if stage.small_disk is None:
            raise NotHere(stage.why_not)
        return await stage.small_disk.run_full(size.seconds)

    async def read_only() -> str:
        return await disk.make_read_only(stage.house, size.seconds)

    async def locked() -> str:
        return await disk.lock(stage.house, size.seconds)

    return {
        "kills": kills,
        **{f"backend {ailment.value}": ailing(ailment) for ailment in Ailment},
        "database locked": locked,
        "database read-only": read_only,
        "disk full": full,
    }


def in_a_row(those: dict[str, Fault]) -> Fault:
    """Gives a fault that is all of them, one after another; what cannot be made here is said."""

    async def each() -> str:
        struck = []
        for name, fault in those.items():
            try:
                struck.append(f"{name} ({await fault()})")
            except NotHere as reason:
                struck.append(f"{name} skipped ({reason})")
        return "; ".join(struck)

    return each


async def run(stage: Stage, size: Size, name: str, fault: Fault, seed: int) -> Report:
    """Lets one fault strike a crowd.

    Raises:
        NotHere: The fault cannot be made on this machine.
    """
    crowd = Crowd(stage.house, stage.gateway, size.citizens, seed, size.pace_seconds)
    return await hold(stage.house, name, crowd, fault)


def counts(verdict: Verdict) -> tuple[int, ...]:
    """Gives the figures of a verdict, in the order of COLUMNS."""
    found = (verdict.lost, verdict.doubled, verdict.false_claims, verdict.stuck, verdict.traces)
    return (verdict.conversations, verdict.messages, verdict.writes, verdict.claims, *map(len, found))


def told(report: Report) -> str:
    """Says in a few lines how a scenario went."""
    figures = ", ".join(
        f"{count} {column}" for column, count in zip(COLUMNS, counts(report.verdict), strict=True)
    )
    return "\n".join([f"{report.name}: {report.struck}", f"  {figures}", *report.verdict.findings()])
