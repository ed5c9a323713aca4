"""Several things at once, each in a transaction of its own."""

import asyncio

from backend.problems import Conflict
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
    assert all(result is None or isinstance(result, Conflict) for result in results), results
    for conversation in conversations:
        [handover] = await office.handovers(conversation)
        assert handover.state == "taken" or conversation in conversations[:3]
        takings = [one for one in await _events(office, handover.id) if one == "taken"]
        assert len(takings) == (handover.taken_at is not None)


async def _events(office: Office, handover_id: str) -> list[str]:
    async with office.desk.reading(ANNA) as service:
        return [one.kind for one in await service.events(handover_id)]
