"""An SMS gateway that is gone for an hour amid conversations. The clock of the house makes the hour pass."""

import asyncio
import random
import sqlite3
from collections.abc import Sequence
from itertools import cycle

from benchmarks.faults.clock import HouseClock
from benchmarks.faults.judge import Verdict
from benchmarks.faults.scenario import Report, come_to_rest
from benchmarks.house import House
from benchmarks.rest_citizen import rows
from benchmarks.sms_citizen import BOOKED, SmsCitizen
from tests.sms_gateway import Gateway

HOUR = 3600
# The longest pause between two tries to send.
STEP = 300
STEP_SECONDS = 2.0


async def hold(house: House, clock: HouseClock, gateway: Gateway, count: int, rng: random.Random) -> Report:
    """Lets citizens do the main job by SMS, takes the gateway away for an hour, and judges.

    Args:
        house: Where, with everything running and the gateway in use.
        clock: Its clock.
        gateway: The gateway.
        count: How many citizens.
        rng: Chooses their numbers and answers.
    """
    numbers = rng.sample(range(22110000, 22119999), count)
    citizens = [
        SmsCitizen(gateway, gateway.phone(f"+45{number}"), digits=cycle(rng.choices("0123", k=5)))
        for number in numbers
    ]
    talking = [asyncio.create_task(asyncio.to_thread(citizen.do_main_job)) for citizen in citizens]
    while sum(len(citizen.written) for citizen in citizens) < 3 * count:  # noqa: ASYNC110 - threads write
        await asyncio.sleep(0.1)
    gateway.faults.is_down = True
    for passed in range(STEP, HOUR + 1, STEP):
        clock.jump(passed)
        await asyncio.sleep(STEP_SECONDS)
    gateway.faults.is_down = False
    # What was tried just before is tried again after the longest pause.
    clock.jump(HOUR + 2 * STEP)
    ended = await asyncio.gather(*talking, return_exceptions=True)
    await come_to_rest(house)
    verdict = _judge(house, gateway, citizens)
    verdict.stuck += [str(error) for error in ended if isinstance(error, BaseException)]
    tried = f"{count} phones, an hour in steps of {STEP // 60} minutes"
    return Report("SMS gateway down for an hour", tried, verdict, [])


def _judge(house: House, gateway: Gateway, citizens: Sequence[SmsCitizen]) -> Verdict:
    """What was written is heard once, every answer has come once, and who is told so has a time."""
    verdict = Verdict(conversations=len(citizens))
    verdict.doubled += [f"SMS {reference} came twice" for reference, n in gateway.taken.items() if n > 1]
    with sqlite3.connect(f"file:{house.folder / 'sms.db'}?mode=ro", uri=True) as connection:
        states = connection.execute("SELECT reference, state FROM outgoing").fetchall()
    verdict.lost += [f"SMS {reference} is {state}" for reference, state in states if state not in _ARRIVED]
    known = rows(house, "SELECT id, conversation_id, phone FROM citizens")
    for citizen in citizens:
        verdict.messages += len(citizen.written)
        found = next((one for one in known if one["phone"] == citizen.phone.number), None)
        if found is None:
            verdict.lost.append(f"{citizen.phone.number} wrote {citizen.written}, and nobody knows them")
            continue
        heard = _heard(house, found["conversation_id"])
        if heard < len(citizen.written):
            verdict.lost.append(f"{citizen.phone.number} wrote {citizen.written}, {heard} were heard")
        elif heard > len(citizen.written):
            verdict.doubled.append(f"{citizen.phone.number} wrote {citizen.written}, {heard} were heard")
        verdict.claims += 1
        verdict.writes += 1
        booked = rows(house, "SELECT 1 FROM bookings WHERE citizen_id = ? AND status = 'booked'", found["id"])
        if (BOOKED in "\n".join(citizen.phone.received)) != (len(booked) == 1):
            verdict.false_claims.append(f"{citizen.phone.number}: {len(booked)} meetings")
    return verdict


_ARRIVED = ("sent", "delivered")


def _heard(house: House, conversation_id: str) -> int:
    query = (
        "SELECT COUNT(*) FROM events WHERE sender_id = ? AND type_name = 'user' "
        "AND json_extract(data, '$.text') != '/open_chat'"
    )
    with sqlite3.connect(f"file:{house.folder / 'rasa.db'}?mode=ro", uri=True) as connection:
        [(count,)] = connection.execute(query, (conversation_id,))
    return int(count)
