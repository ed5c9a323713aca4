"""Several things at once, each in a transaction of its own."""

import asyncio

from backend.problems import Conflict, NotFound
from tests.backend.handover.conftest import ANNA, BO, Office


async def test_a_queue_that_everybody_pulls_at_stays_whole(office: Office) -> None:
    await office.there(ANNA, BO)
    conversations = [f"c{number}" for number in range(6)]
    for conversation in conversations:
        await office.ask(conversation)

    async def leave(conversation: str) -> None:
        async with office.citizens() as service:
            await service.leave(conversation)

    doings = [
        office.desk.take(who, one, key=f"{who.login}-{one}") for one in conversations for who in (ANNA, BO)
    ]
    doings += [leave(one) for one in conversations[:3]]
    doings += [office.delivery.keep_true() for _ in range(3)]
    results = await asyncio.gather(*doings, return_exceptions=True)
    # Who has left before they were taken is not there to be taken.
    assert all(result is None or isinstance(result, Conflict | NotFound) for result in results), results
    for conversation in conversations:
        # Who has left may be written to all the same: then a caseworker steps in.
        handovers = await office.handovers(conversation)
        assert len([one for one in handovers if one.state != "closed"]) <= 1
        assert any(one.state == "taken" for one in handovers) or conversation in conversations[:3]
        for handover in handovers:
            takings = [kind for kind in await _events(office, handover.id) if kind == "taken"]
            assert len(takings) == (handover.taken_at is not None)


async def _events(office: Office, handover_id: str) -> list[str]:
    async with office.desk.reading(ANNA) as service:
        return [one.kind for one in await service.events(handover_id)]
