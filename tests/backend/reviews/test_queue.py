"""The week's queue: the same all week, fair to every channel, and only of one's own teams."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from backend.reviews.draw import SIZE, Candidate, Ground, Week, draw

WEEK = Week.of(datetime(2026, 11, 24, 8, tzinfo=UTC))
LAST_WEEK = datetime(2026, 11, 18, 10, tzinfo=UTC)


def candidates(count, channel="web", *, negative=0, unsure=0):
    return [
        Candidate(f"{channel}-{n}", channel, is_negative=n < negative, is_unsure=n >= count - unsure)
        for n in range(count)
    ]


def of_channel(drawn, channel):
    return [one for one in drawn if one.conversation_id.startswith(channel)]


def test_a_week_begins_on_monday_at_midnight_in_denmark():
    sunday = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
    assert Week.of(sunday).name == "2026-W47"
    assert Week.of(sunday + timedelta(minutes=1)).name == WEEK.name == "2026-W48"
    assert WEEK.begins == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_the_choice_is_the_same_all_week_and_another_the_next():
    pool = candidates(300)
    assert draw(pool, WEEK) == draw(pool[::-1], WEEK)
    following = Week.of(datetime(2026, 12, 1, tzinfo=UTC))
    assert draw(pool, WEEK) != draw(pool, following)


@pytest.mark.parametrize(("web", "sms"), [(299, 1), (200, 100), (7, 293), (20, 20), (3, 2)])
def test_no_channel_gets_less_than_its_share(web, sms):
    drawn = draw([*candidates(web), *candidates(sms, "sms")], WEEK)
    size = min(SIZE, web + sms)
    assert size <= len(drawn) <= size + 1
    for channel, count in (("web", web), ("sms", sms)):
        assert len(of_channel(drawn, channel)) >= size * count / (web + sms)


def test_both_signs_and_chance_are_in_it():
    drawn = draw(candidates(400, negative=100, unsure=100), WEEK)
    count = {ground: sum(one.ground is ground for one in drawn) for ground in Ground}
    assert count == {Ground.NEGATIVE: 10, Ground.UNSURE: 10, Ground.RANDOM: 20}


def test_few_conversations_are_all_in_it_once():
    drawn = draw(candidates(5, negative=5, unsure=5), WEEK)
    assert len({one.conversation_id for one in drawn}) == len(drawn) == 5
    assert draw([], WEEK) == []


async def test_the_queue_is_worked_off_one_by_one(sign_in, tell):
    for number in range(3):
        await tell(f"c{number}", LAST_WEEK)
    visitor = await sign_in()
    seen = set()
    for number in range(3):
        queue = await visitor.get("/console/reviews")
        assert f"{number} af 3 gennemgået i denne uge" in queue.text
        page = await visitor.get("/console/reviews/next")
        seen.add(urlsplit(str(page.url)).path)
        await visitor.send(page.form("Gem som gennemgået"))
    assert len(seen) == 3
    page = await visitor.get("/console/reviews/next")
    assert "3 af 3 gennemgået i denne uge I" not in page.text
    assert "I er færdige for denne uge" in page.text


async def test_the_next_one_follows_the_one_that_is_open(sign_in, tell):
    for number in range(3):
        await tell(f"c{number}", LAST_WEEK)
    visitor = await sign_in()
    seen, after = [], ""
    for _ in range(4):
        page = await visitor.get(f"/console/reviews/next?after={after}")
        after = urlsplit(str(page.url)).path.rpartition("/")[2]
        seen.append(after)
    assert sorted(seen[:3]) == ["c0", "c1", "c2"]
    assert seen[3] == seen[0]


async def test_what_comes_this_week_changes_nothing(sign_in, tell, clock, archive):
    await tell("old", LAST_WEEK)
    visitor = await sign_in()
    before = (await visitor.get("/console/reviews")).text
    await tell("new", clock())
    await archive.rate("old", 1)
    assert (await visitor.get("/console/reviews")).text == before


async def test_in_the_first_week_the_weeks_own_are_looked_through(sign_in, tell, clock):
    await tell("new", clock() - timedelta(hours=3))
    visitor = await sign_in()
    page = await visitor.get("/console/reviews")
    assert "0 af 1 gennemgået" in page.text
    assert "udvalget er ugens egne" in page.text
    clock.advance(minutes=5)
    await visitor.send((await visitor.get("/console/reviews/next")).form("Gem som gennemgået"))
    assert "1 af 1 gennemgået" in (await visitor.get("/console/reviews")).text


async def test_it_tells_why_a_conversation_is_in_it(sign_in, tell, archive, clock):
    await tell("unsure", LAST_WEEK, confidence=0.3)
    await tell("fine", LAST_WEEK)
    await tell("angry", LAST_WEEK)
    clock.advance(days=-5)
    await archive.rate("angry", 1)
    clock.advance(days=5)
    text = (await (await sign_in()).get("/console/reviews")).text
    for ground in ("Borgeren var utilfreds", "Svær at forstå", "Tilfældigt udvalgt"):
        assert text.count(ground) == 1, ground


async def test_another_teams_conversations_are_not_in_it(sign_in, tell):
    await tell("ours", LAST_WEEK)
    outsider = await sign_in(team="north")
    assert "0 af 0 gennemgået" in (await outsider.get("/console/reviews")).text
