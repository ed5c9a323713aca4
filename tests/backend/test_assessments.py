import asyncio
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.assessment.item_bank import load_item_bank
from backend.assessment.tables import Assessment, AssessmentAnswer

BANK = load_item_bank()


class Talk:
    """A citizen at the assessment, through the API."""

    def __init__(self, client, auth, citizen_id):
        self.client = client
        self.auth = auth
        self.citizen_id = citizen_id
        self.id = ""

    async def post(self, path, body, status=200, headers=None):
        async with self.client.post(f"/api/v1{path}", json=body, headers=headers or self.auth()) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def get(self, path):
        async with self.client.get(f"/api/v1{path}", headers=self.auth()) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def start(self, status=200, restart=False):
        body = {"citizen_id": self.citizen_id, "restart": restart}
        assessment = await self.post("/assessments", body, status)
        self.id = assessment["id"]
        return assessment

    async def answer(self, item_id, response, status=200, headers=None):
        body = {"item_id": item_id, "response": response}
        return await self.post(f"/assessments/{self.id}/answers", body, status, headers)

    async def skip(self, item_id, status=200):
        return await self.post(f"/assessments/{self.id}/skips", {"item_id": item_id}, status)

    async def undo(self, status=200):
        return await self.post(f"/assessments/{self.id}/undo", {}, status)

    async def pause(self, status=200):
        return await self.post(f"/assessments/{self.id}/pause", {}, status)

    async def result(self):
        return await self.get(f"/assessments/{self.id}/result")

    async def finish(self, response):
        """Answers every item the same until the assessment ends."""
        assessment = await self.get(f"/assessments/{self.id}")
        while assessment["current_item"]:
            assessment = await self.answer(assessment["current_item"]["id"], response)
        return assessment


@pytest.fixture
async def talk(client, auth, make_citizen):
    citizen = await make_citizen()
    return Talk(client, auth, citizen["id"])


def slug(problem):
    return problem["type"].rsplit("/", 1)[1]


async def test_a_new_assessment_begins_with_an_easy_item(talk):
    assessment = await talk.start(status=201)
    assert assessment["status"] == "active"
    assert (assessment["number"], assessment["answered"], assessment["placement_id"]) == (1, 0, None)
    first = BANK.item(assessment["current_item"]["id"])
    assert first.level == "basic"
    assert assessment["current_item"] == {
        "id": first.id,
        "competence": first.competence,
        "area": first.area,
        "text": first.text,
        "easier_text": first.easier_text,
        "everyday_example": first.everyday_example,
        "job_example": first.job_example,
        "terms": dict(first.terms),
    }


async def test_starting_again_continues_where_it_was(talk):
    assessment = await talk.start(status=201)
    after_one = await talk.answer(assessment["current_item"]["id"], 1)
    assert await talk.start(status=200) == after_one
    assert after_one["number"] == 2


async def test_an_answer_is_stored_at_once(talk, database):
    assessment = await talk.start(status=201)
    item_id = assessment["current_item"]["id"]
    await talk.answer(item_id, 2)
    async with database.read() as work:
        (row,) = await work.session.scalars(select(AssessmentAnswer))
    assert (row.sequence, row.item_id, row.response, row.skipped) == (1, item_id, 2, False)


async def test_not_knowing_is_stored_as_missing_and_not_as_zero(talk):
    assessment = await talk.start(status=201)
    after = await talk.answer(assessment["current_item"]["id"], None)
    assert (after["number"], after["answered"]) == (2, 0)


async def test_a_skipped_item_is_not_asked_again(talk):
    assessment = await talk.start(status=201)
    skipped = assessment["current_item"]["id"]
    asked = []
    assessment = await talk.skip(skipped)
    while assessment["current_item"]:
        asked.append(assessment["current_item"]["id"])
        assessment = await talk.answer(asked[-1], 2)
    assert skipped not in asked
    assert len(asked) == len(set(asked))


async def test_only_the_current_item_can_be_answered_or_skipped(talk):
    assessment = await talk.start(status=201)
    other = next(item.id for item in BANK.items if item.id != assessment["current_item"]["id"])
    assert slug(await talk.answer(other, 1, status=409)) == "not-current-item"
    assert slug(await talk.skip(other, status=409)) == "not-current-item"


async def test_the_same_click_twice_counts_once(talk):
    assessment = await talk.start(status=201)
    item_id, headers = assessment["current_item"]["id"], talk.auth()
    first = await talk.answer(item_id, 1, headers=headers)
    assert await talk.answer(item_id, 1, headers=headers) == first
    assert first["answered"] == 1


async def test_two_different_clicks_on_one_item_at_once_store_one_answer(talk):
    assessment = await talk.start(status=201)
    item_id = assessment["current_item"]["id"]

    async def click(response):
        body = {"item_id": item_id, "response": response}
        url = f"/api/v1/assessments/{talk.id}/answers"
        async with talk.client.post(url, json=body, headers=talk.auth()) as answer:
            return answer.status

    assert sorted(await asyncio.gather(*(click(n % 4) for n in range(8)))) == [200] + [409] * 7
    assert (await talk.get(f"/assessments/{talk.id}"))["answered"] == 1


async def test_many_starts_at_once_begin_one_assessment(talk):
    async def start():
        body = {"citizen_id": talk.citizen_id}
        async with talk.client.post("/api/v1/assessments", json=body, headers=talk.auth()) as response:
            return response.status, (await response.json())["id"]

    answers = await asyncio.gather(*(start() for _ in range(8)))
    assert sorted(status for status, _ in answers) == [200] * 7 + [201]
    assert len({assessment_id for _, assessment_id in answers}) == 1


async def test_undo_asks_the_item_before_again_and_keeps_the_withdrawn_answer(talk, database):
    assessment = await talk.start(status=201)
    first = assessment["current_item"]
    await talk.answer(first["id"], 1)
    undone = await talk.undo()
    assert (undone["current_item"], undone["number"], undone["answered"]) == (first, 1, 0)
    await talk.answer(first["id"], 3)
    async with database.read() as work:
        rows = list(await work.session.scalars(select(AssessmentAnswer).order_by(AssessmentAnswer.sequence)))
    assert [(row.sequence, row.response, row.withdrawn_at is None) for row in rows] == [
        (1, 1, False),
        (2, 3, True),
    ]


async def test_undo_takes_back_a_skip_too(talk):
    assessment = await talk.start(status=201)
    await talk.skip(assessment["current_item"]["id"])
    assert (await talk.undo())["current_item"] == assessment["current_item"]


async def test_with_no_answers_there_is_nothing_to_undo(talk):
    await talk.start(status=201)
    assert slug(await talk.undo(status=409)) == "nothing-to-undo"


async def test_a_paused_assessment_goes_on_when_started(talk):
    assessment = await talk.start(status=201)
    await talk.answer(assessment["current_item"]["id"], 1)
    paused = await talk.pause()
    assert paused["status"] == "paused"
    resumed = await talk.start(status=200)
    assert resumed == paused | {"status": "active"}


async def test_an_answer_to_a_paused_assessment_is_not_lost(talk):
    assessment = await talk.start(status=201)
    await talk.pause()
    after = await talk.answer(assessment["current_item"]["id"], 1)
    assert (after["status"], after["answered"]) == ("active", 1)


async def test_restart_abandons_the_open_one_and_keeps_its_answers(talk, database):
    assessment = await talk.start(status=201)
    await talk.answer(assessment["current_item"]["id"], 1)
    old = talk.id
    again = await talk.start(status=201, restart=True)
    assert (again["number"], again["answered"]) == (1, 0)
    assert again["id"] != old
    abandoned = await talk.get(f"/assessments/{old}")
    assert (abandoned["status"], abandoned["answered"], abandoned["current_item"]) == ("abandoned", 1, None)
    async with database.read() as work:
        stored = await work.session.get(Assessment, old)
    assert stored.finished_at is not None


async def test_the_last_answer_brings_the_placement(talk):
    await talk.start(status=201)
    finished = await talk.finish(1)
    assert finished["status"] == "finished"
    assert (finished["current_item"], finished["at_most_left"]) == (None, 0)
    result = await talk.result()
    assert result["placement"]["id"] == finished["placement_id"]
    assert result["placement"]["status"] == "proposed"
    assert result["placement"]["track"] == "foundation"
    assert result["placement"]["reasons"]
    assert result["enough_answers"]
    assert 20 < result["overall_percent"] < 48
    assert result["certainty"] > 0.85
    assert result["flags"] == ["straight_lining"]
    assert [area["area"] for area in result["areas"]] == [1, 2, 3, 4, 5]
    assert (result["engine_version"], result["bank_version"]) == (
        "adaptive-1/48/0.95/0.82",
        f"{BANK.version}/prior",
    )


async def test_strong_answers_lead_to_the_pilot(talk):
    await talk.start(status=201)
    await talk.finish(3)
    assert (await talk.result())["placement"]["track"] == "employer_pilot"


async def test_the_pilot_needs_a_wished_occupation(talk, client, auth):
    await talk.start(status=201)
    await talk.finish(3)
    assert (await talk.result())["placement"]["needs_occupation"]
    told = {"wished_occupation": "kok"}
    answer = await client.patch(f"/api/v1/citizens/{talk.citizen_id}", json=told, headers=auth())
    assert (answer.status, (await answer.json())["wished_occupation"]) == (200, "kok")
    assert not (await talk.result())["placement"]["needs_occupation"]


async def test_the_basics_need_no_occupation(talk):
    await talk.start(status=201)
    await talk.finish(0)
    assert not (await talk.result())["placement"]["needs_occupation"]


async def test_too_few_answers_lead_to_a_placement_without_a_track(talk):
    assessment = await talk.start(status=201)
    while assessment["current_item"]:
        assessment = await talk.skip(assessment["current_item"]["id"])
    result = await talk.result()
    assert (result["enough_answers"], result["overall_percent"]) == (False, None)
    assert result["placement"]["track"] is None
    assert result["placement"]["reasons"]


async def test_the_result_so_far_has_no_placement(talk):
    assessment = await talk.start(status=201)
    await talk.answer(assessment["current_item"]["id"], 3)
    result = await talk.result()
    assert (result["placement"], result["enough_answers"]) == (None, False)


async def test_a_finished_result_stays_as_it_was_when_the_rules_change(talk, app, monkeypatch):
    await talk.start(status=201)
    await talk.finish(1)
    before = await talk.result()
    monkeypatch.setattr("backend.assessment.engine.AdaptiveEngine.outcome", None)
    assert await talk.result() == before


@pytest.mark.parametrize("step", ["answer", "skip", "undo", "pause"])
async def test_nothing_can_be_added_to_or_taken_from_a_finished_assessment(talk, step):
    await talk.start(status=201)
    await talk.finish(2)
    arguments = [BANK.items[0].id, 1] if step == "answer" else [BANK.items[0].id] if step == "skip" else []
    assert slug(await getattr(talk, step)(*arguments, status=409)) == "assessment-finished"


async def test_after_a_finished_assessment_a_new_one_can_begin(talk):
    first = await talk.start(status=201)
    await talk.finish(2)
    assert (await talk.start(status=201))["id"] != first["id"]


async def test_an_answer_to_an_item_that_has_left_the_bank_does_not_count(talk, database):
    await talk.start(status=201)
    async with database.write() as work:
        work.session.add(
            AssessmentAnswer(
                assessment_id=talk.id,
                sequence=1,
                item_id="1.1-z",
                response=3,
                skipped=False,
                created_at=(await work.session.get(Assessment, talk.id)).created_at,
            )
        )
        await work.commit()
    assert (await talk.start())["number"] == 1


async def test_an_unknown_citizen_or_assessment_is_not_found(talk):
    talk.citizen_id = talk.id = str(uuid4())
    assert slug(await talk.post("/assessments", {"citizen_id": talk.citizen_id}, 404)) == "not-found"
    assert slug(await talk.answer(BANK.items[0].id, 1, status=404)) == "not-found"
    assert slug(await talk.undo(status=404)) == "not-found"


@pytest.mark.parametrize("response", [-1, 4, 1.5, "1", True, [1]])
async def test_what_is_not_on_the_scale_is_refused(talk, response):
    await talk.start(status=201)
    assert slug(await talk.answer(BANK.items[0].id, response, status=422)) == "validation"


@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("answer"), st.sampled_from([0, 1, 2, 3, None])),
            st.tuples(st.sampled_from(["skip", "undo", "pause", "start"]), st.none()),
        ),
        max_size=25,
    )
)
async def test_whatever_the_citizen_does_the_assessment_stands_where_the_kept_answers_put_it(
    steps, client, auth, make_citizen
):
    talk = Talk(client, auth, (await make_citizen())["id"])
    assessment = await talk.start(status=201)
    standing = []
    bound = assessment["at_most_left"]
    for step, response in steps:
        if assessment["current_item"] is None:
            break
        item_id = assessment["current_item"]["id"]
        match step:
            case "answer":
                assessment = await talk.answer(item_id, response)
                standing.append(response)
            case "skip":
                assessment = await talk.skip(item_id)
                standing.append(None)
            case "undo" if standing:
                assessment = await talk.undo()
                standing.pop()
            case "pause" | "start":
                assessment = await getattr(talk, step)()
        if step != "undo":
            assert assessment["at_most_left"] <= bound
        bound = assessment["at_most_left"]
        assert assessment["answered"] == sum(value is not None for value in standing)
        assert (assessment["status"] == "finished") == (assessment["placement_id"] is not None)
        assert await talk.get(f"/assessments/{talk.id}") == assessment
