"""A person's words and what came of a handover are read in the transcript."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.handover.ownership import Outcome, Ownership, Reason
from backend.handover.texts import first_name, history_line
from backend.keys import DESK
from tests.backend.handover.conftest import ANNA
from tests.backend.story import Story
from tests.backend.visitor import Visitor, hire

ASKED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def waiting() -> Ownership:
    return Ownership.asked(Reason.ASKED, ASKED)


def after(minutes: float) -> datetime:
    return ASKED + timedelta(minutes=minutes)


def answered() -> Ownership:
    return waiting().reserved("anna", after(3)).taken("anna", after(3))


@pytest.mark.parametrize(
    ("ownership", "line"),
    [
        (waiting(), "Borgeren venter på et menneske."),
        (waiting().left(Outcome.LEFT, after(0.2)), "Borgeren ventede under et minut på et menneske og ville"),
        (waiting().left(Outcome.NOBODY, after(1)), "Borgeren bad om et menneske, men der var ikke nogen"),
        (answered(), "Anna tog samtalen. Borgeren ventede 3 minutter."),
        (
            answered().ended("anna", after(4)),
            "Anna skrev med borgeren i 1 minut. Borgeren ventede 3 minutter",
        ),
        (answered().handed_back("anna", after(9)), "Anna skrev med borgeren i 6 minutter."),
    ],
)
def test_what_happened_is_one_line(ownership: Ownership, line: str) -> None:
    assert history_line(ownership, "Anna").startswith(line)


async def test_the_page_of_a_conversation_tells_who_wrote_and_what_came_of_it(
    client, database, clock, archive, auth
):
    clock.advance(hours=1)
    story = Story().user("hjælp mig").bot("Hej, det er Anna.")
    story.events[-1]["metadata"]["author"] = "Anna Holm"
    await archive.send(story.events)
    async with client.app[DESK].changing(ANNA) as service:
        await service.be_there(available=True)
    async with client.post(
        "/api/v1/conversations/c1/handover", json={"reason": "asked"}, headers=auth()
    ) as response:
        assert response.status == 200
    assert [turn["author"] for turn in (await archive.read())["turns"]] == [None, "Anna Holm"]
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    text = (await visitor.get("/console/conversations/c1")).text
    assert "Anna Holm" in text
    assert "Borgeren venter på et menneske." in text


@pytest.mark.parametrize(
    ("name", "called"), [("Anna Holm", "Anna"), ("Ole", "Ole"), (" Åse  Lind Ærø", "Åse"), (" ", "")]
)
def test_citizens_hear_the_first_name_of_the_staff(name: str, called: str) -> None:
    assert first_name(name) == called
