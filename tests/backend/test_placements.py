import asyncio
from uuid import uuid4

import pytest

from backend.placements.repository import PlacementRepository
from backend.placements.service import PlacementService
from backend.problems import Invalid, NotFound, VersionConflict
from tests.backend.test_assessments import Talk


@pytest.fixture
async def talk(client, auth, make_citizen):
    return Talk(client, auth, (await make_citizen())["id"])


@pytest.fixture
async def placement(talk):
    """A proposal of the first track."""
    await talk.start(status=201)
    await talk.finish(1)
    return (await talk.result())["placement"]


@pytest.fixture
def decide(database, clock):
    async def decide(placement_id, **decision):
        async with database.write() as work:
            service = PlacementService(PlacementRepository(work.session), clock())
            placement = await service.decide(placement_id, **decision)
            await work.commit()
            return placement

    return decide


@pytest.fixture
def history(database, clock):
    async def history(placement_id):
        async with database.read() as work:
            events = await PlacementService(PlacementRepository(work.session), clock()).history(placement_id)
            return [(event.kind, event.track, event.actor, event.reason) for event in events]

    return history


async def test_a_citizens_placements_come_newest_first(talk, clock):
    ids = []
    for response in (1, 3):
        await talk.start(status=201)
        ids.insert(0, (await talk.finish(response))["placement_id"])
        clock.advance(days=1)
    found = await talk.get(f"/placements?citizen_id={talk.citizen_id}")
    assert [placement["id"] for placement in found["placements"]] == ids


async def test_a_citizen_without_placements_has_an_empty_list(talk):
    assert await talk.get(f"/placements?citizen_id={talk.citizen_id}") == {"placements": []}


async def test_a_citizen_can_disagree_and_the_proposal_stays(talk, placement, history):
    disputed = await talk.post(f"/placements/{placement['id']}/dispute", {"reason": "Jeg kan godt Excel"})
    assert disputed == placement | {"disputed": True, "dispute_reason": "Jeg kan godt Excel"}
    kinds = [(kind, actor, reason) for kind, _, actor, reason in await history(placement["id"])]
    assert kinds[1:] == [("disputed", "citizen", "Jeg kan godt Excel")]
    assert kinds[0][0] == "proposed"


async def test_an_unknown_placement_cannot_be_disputed(talk):
    await talk.post(f"/placements/{uuid4()}/dispute", {"reason": "nej"}, status=404)


async def test_a_caseworker_confirms_the_proposal(talk, placement, decide, history):
    await decide(placement["id"], track="foundation", decided_by="Karen", reason=None, version=1)
    found = (await talk.get(f"/placements?citizen_id={talk.citizen_id}"))["placements"][0]
    assert found == placement | {"status": "confirmed", "decided_by": "Karen"}
    assert (await history(placement["id"]))[-1] == ("confirmed", "foundation", "Karen", None)


async def test_a_caseworker_changes_the_track_with_a_reason_and_the_proposal_is_kept(
    talk, placement, decide, history
):
    reason = "Har arbejdet med regneark i ti år"
    await decide(placement["id"], track="employer_pilot", decided_by="Karen", reason=reason, version=1)
    found = (await talk.get(f"/placements?citizen_id={talk.citizen_id}"))["placements"][0]
    assert (found["track"], found["status"], found["decided_reason"]) == ("employer_pilot", "changed", reason)
    assert [(kind, track) for kind, track, _, _ in await history(placement["id"])] == [
        ("proposed", "foundation"),
        ("changed", "employer_pilot"),
    ]


async def test_who_comes_back_to_the_proposal_confirms_it(talk, placement, decide, history):
    await decide(placement["id"], track="employer_pilot", decided_by="Karen", reason="Regneark", version=1)
    await decide(placement["id"], track="foundation", decided_by="Karen", reason="Aftalt", version=2)
    found = (await talk.get(f"/placements?citizen_id={talk.citizen_id}"))["placements"][0]
    assert (found["track"], found["status"]) == ("foundation", "confirmed")
    assert [kind for kind, *_ in await history(placement["id"])] == ["proposed", "changed", "confirmed"]


@pytest.mark.parametrize("reason", [None, "", "  "])
async def test_a_change_needs_a_reason(placement, decide, history, reason):
    with pytest.raises(Invalid):
        await decide(placement["id"], track="employer_pilot", decided_by="Karen", reason=reason, version=1)
    assert len(await history(placement["id"])) == 1


async def test_of_two_caseworkers_who_decide_at_once_one_is_told_to_look_again(placement, decide, history):
    decisions = [
        decide(placement["id"], track="foundation", decided_by=name, reason=None, version=1)
        for name in ("Karen", "Yusuf")
    ]
    outcomes = await asyncio.gather(*decisions, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Placement", "VersionConflict"]
    assert len(await history(placement["id"])) == 2


async def test_a_decision_on_an_old_view_is_refused(talk, placement, decide):
    await talk.post(f"/placements/{placement['id']}/dispute", {"reason": "nej"})
    with pytest.raises(VersionConflict):
        await decide(placement["id"], track="foundation", decided_by="Karen", reason=None, version=1)


async def test_an_unknown_placement_cannot_be_decided(decide):
    with pytest.raises(NotFound):
        await decide(str(uuid4()), track="foundation", decided_by="Karen", reason=None, version=1)
