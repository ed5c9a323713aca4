"""A caseworker at the console, and conversations to look through."""

import pytest

from backend.console.rights import Grant, Role
from backend.teams.repository import TeamRepository
from backend.teams.tables import INTAKE
from tests.backend.story import Story
from tests.backend.visitor import Visitor, hire


@pytest.fixture
def sign_in(client, database, clock):
    """Signs a caseworker in; of the team that receives unless told otherwise."""

    async def sign_in(team=INTAKE, role=Role.CASEWORKER):
        async with database.write() as work:
            north = {"id": "north", "name": "Nord", "organisation": None}
            await TeamRepository(work.session).add_if_absent(north)
            await work.commit()
        await hire(database, clock, grants=[Grant(role, team)])
        visitor = Visitor(client)
        await visitor.sign_in()
        return visitor

    return sign_in


@pytest.fixture
def tell(archive):
    """Lets a citizen say something at a moment, on a channel."""

    async def tell(conversation_id, at, channel="web", confidence=0.83):
        story = Story(conversation_id, at.timestamp()).user("hej med jer", "greet")
        for event in story.events:
            event["input_channel"] = channel
            event["parse_data"]["intent"]["confidence"] = confidence
        await archive.send(story.events)

    return tell
