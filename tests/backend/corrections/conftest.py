"""A caseworker and a trainer at the console, and a conversation with something to correct."""

import pytest

from backend.console.rights import EVERYTHING, Grant, Role
from backend.teams.repository import TeamRepository
from tests.backend.visitor import Visitor, hire

CASEWORKER, TRAINER = frozenset({Grant(Role.CASEWORKER)}), frozenset({Grant(Role.BOT_TRAINER)})


async def to_correct(visitor, conversation):
    """The page that corrects what a citizen wrote last in a conversation."""
    page = await visitor.get(conversation)
    return await visitor.get([link for link in page.links if link and link.endswith("/correction")][-1])


@pytest.fixture
def sign_in(client, database, clock):
    """Signs somebody in, who may do everything unless told otherwise."""

    async def sign_in(grants=EVERYTHING):
        async with database.write() as work:
            north = {"id": "north", "name": "Nord", "organisation": None}
            await TeamRepository(work.session).add_if_absent(north)
            await work.commit()
        await hire(database, clock, grants=grants)
        visitor = Visitor(client)
        await visitor.sign_in()
        return visitor

    return sign_in


@pytest.fixture
def name_citizen(client, auth, make_citizen):
    """Gives a conversation's citizen a name."""

    async def name_citizen(conversation_id, name):
        url = f"/api/v1/citizens/{(await make_citizen(conversation_id))['id']}"
        async with client.patch(url, json={"name": name}, headers=auth()) as answer:
            assert answer.status == 200

    return name_citizen
