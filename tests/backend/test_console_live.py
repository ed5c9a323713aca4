"""News reaches whoever may hear it, once and while it happens; nobody else hears anything."""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from backend.app import create_app
from backend.audit.tables import AuditEntry
from backend.console.accounts import LONGEST_SILENCE
from backend.console.repository import AccountRepository
from backend.console.rights import EVERYTHING, Grant, Role
from backend.keys import PACE
from backend.live.readers import MOST_STREAMS
from backend.live.watch import Pace
from backend.problems import DatabaseUnavailable
from backend.teams.repository import TeamRepository
from backend.teams.tables import INTAKE
from backend.transcripts.tables import Conversation
from tests.backend.live_reader import ACCEPT, listening, stream_of
from tests.backend.story import START, Story
from tests.backend.visitor import LOGIN, Visitor, hire, is_sign_in

NORTH = "north"
QUICK = Pace(look=0.02, rest=0.02, sign_of_life=0.2, retry=0.1)
LIST, ONE = "/console/conversations", "/console/conversations/c1"


@pytest.fixture
def pace():
    return QUICK


@pytest.fixture
async def app(app, pace):
    app[PACE] = pace
    return app


@pytest.fixture
def sign_in(client, database, clock):
    async def sign_in(*grants):
        async with database.write() as work:
            await TeamRepository(work.session).add_if_absent(
                {"id": NORTH, "name": "Nord", "organisation": None}
            )
            await work.commit()
        await hire(database, clock, grants=grants or EVERYTHING)
        visitor = Visitor(client)
        await visitor.sign_in()
        return visitor

    return sign_in


@pytest.fixture
def say(archive):
    """Lets the citizen of a conversation say something."""
    clock = iter(range(1000))

    async def say(*texts, conversation_id="c1"):
        stories = [Story(conversation_id, START + next(clock)).user(text) for text in texts]
        await archive.send([event for story in stories for event in story.events])

    return say


@pytest.fixture
def audit(database):
    """What was noted, oldest first: action, outcome and conversation."""

    async def audit():
        async with database.read() as work:
            entries = await work.session.scalars(select(AuditEntry).order_by(AuditEntry.position))
            return [(one.action, one.outcome, one.conversation_id) for one in entries]

    return audit


async def move_to(database, conversation_id, team_id):
    async with database.write() as work:
        (await work.session.get_one(Conversation, conversation_id)).team_id = team_id
        await work.commit()


async def test_what_is_said_reaches_an_open_list(client, sign_in, say):
    visitor = await sign_in()
    await say("jeg var her før")
    async with listening(client, stream_of(await visitor.get(LIST))) as listener:
        assert listener.response.status == 200
        headers = listener.response.headers
        assert headers["Content-Type"] == "text/event-stream"
        assert (headers["Cache-Control"], headers["X-Accel-Buffering"]) == ("no-store", "no")
        assert await listener.block() == {"retry": "100"}
        await listener.sign_of_life()
        await say("hej", conversation_id="c2")
        assert (await listener.news())[0] == "1 samtale har nyt."
        await say("igen", "og igen", conversation_id="c2")
        assert (await listener.news())[0] == "1 samtale har nyt."
        await say("også her")
        assert (await listener.news())[0] == "2 samtaler har nyt."


async def test_a_flag_is_news_and_a_chat_that_was_only_opened_is_not(client, sign_in, archive):
    visitor = await sign_in()
    async with listening(client, stream_of(await visitor.get(LIST))) as listener:
        await archive.send(Story("c1").bot("Hej, jeg er en robot").events)
        await archive.send(Story("c2").user("hjælp").events)
        assert (await listener.news())[0] == "1 samtale har nyt."
        await archive.flag("c1", "crisis")
        assert (await listener.news())[0] == "2 samtaler har nyt."


async def test_a_list_with_a_filter_hears_of_what_fits_it(client, sign_in, say):
    visitor = await sign_in()
    async with listening(client, stream_of(await visitor.get(f"{LIST}?search=kat&track="))) as listener:
        await say("jeg har en hund", conversation_id="c1")
        await say("jeg har en kat", conversation_id="c2")
        assert (await listener.news())[0] == "1 samtale har nyt."


async def test_another_teams_news_is_not_heard(client, database, sign_in, archive):
    await archive.send([*Story("ours").user("hej").events, *Story("theirs").user("hej").events])
    await move_to(database, "theirs", NORTH)
    visitor = await sign_in(Grant(Role.CASEWORKER, NORTH))
    async with listening(client, stream_of(await visitor.get(LIST))) as listener:
        await archive.send(Story("ours", START + 9).user("hemmeligt").events)
        await archive.send(Story("theirs", START + 9).user("åbent").events)
        assert (await listener.news())[0] == "1 samtale har nyt."
    for address in ("/console/live/conversations/ours?after=0", "/console/conversations/ours/turns?after=0"):
        assert (await visitor.get(address, headers=ACCEPT)).status == 404


async def test_who_comes_back_hears_what_was_missed_and_nothing_twice(client, sign_in, say):
    visitor = await sign_in()
    address = stream_of(await visitor.get(LIST))
    async with listening(client, address) as listener:
        await say("hej")
        heard = (await listener.news())[1]
    await say("hej", conversation_id="c2")
    async with listening(client, address, last=heard) as listener:
        text, number = await listener.news()
        assert (text, number > heard) == ("2 samtaler har nyt.", True)
    async with listening(client, address, last=number) as listener:
        assert await listener.block() == {"retry": "100"}
        await listener.sign_of_life()


async def test_what_another_process_took_in_is_heard(client, settings, clock, sign_in, say):
    visitor = await sign_in()
    address = stream_of(await visitor.get(LIST))
    other = create_app(settings, clock)
    other[PACE] = QUICK
    async with TestClient(TestServer(other)) as elsewhere:
        await Visitor(elsewhere).sign_in()
        async with listening(elsewhere, address) as listener:
            await say("hej")
            assert (await listener.news())[0] == "1 samtale har nyt."


async def test_an_open_conversation_is_told_how_much_is_new_and_gets_only_that(client, sign_in, say):
    await say("første", "anden")
    visitor = await sign_in()
    async with listening(client, stream_of(await visitor.get(ONE))) as listener:
        await say("andres ord", conversation_id="c2")
        await say("tredje")
        assert (await listener.news())[0] == "1 ny besked."
        await say("fjerde <b>")
        assert (await listener.news())[0] == "2 nye beskeder."
    more = stream_of(await visitor.get(ONE)).replace("/live/conversations/c1", "/conversations/c1/turns")
    assert "turn-text" not in (await visitor.get(more)).source
    await say("femte")
    part = await visitor.get(more)
    assert part.source.count("turn-text") == 1
    assert "femte" in part.text
    async with listening(client, stream_of(part)) as listener:
        await say("sjette")
        assert (await listener.news())[0] == "1 ny besked."


async def test_what_was_said_before_the_browser_listened_is_told_at_once(client, sign_in, say):
    await say("første")
    visitor = await sign_in()
    pages = [await visitor.get(LIST), await visitor.get(ONE)]
    await say("anden")
    for page, expected in zip(pages, ["1 samtale har nyt.", "1 ny besked."], strict=True):
        async with listening(client, stream_of(page)) as listener:
            assert (await listener.news())[0] == expected


async def sign_out(visitor, database, clock):
    await visitor.send((await visitor.get(LIST)).form("Log ud"))


async def fall_silent(visitor, database, clock):
    clock.now += LONGEST_SILENCE + timedelta(seconds=1)


async def lose_the_right(visitor, database, clock):
    async with database.write() as work:
        accounts = AccountRepository(work.session)
        await accounts.replace_roles(await accounts.user_for_change(LOGIN), [])
        await work.commit()


async def have_something_to_do_first(_, database, clock):
    async with database.write() as work:
        user = await AccountRepository(work.session).user_for_change(LOGIN)
        user.password_given_at = clock()
        await work.commit()


@pytest.mark.parametrize("end", [sign_out, fall_silent, lose_the_right, have_something_to_do_first])
@pytest.mark.parametrize("address", [LIST, ONE])
async def test_a_stream_ends_with_the_session_and_with_the_right(
    client, sign_in, say, database, clock, address, end
):
    await say("hej")
    visitor = await sign_in()
    async with listening(client, stream_of(await visitor.get(address))) as listener:
        await listener.block()
        await end(visitor, database, clock)
        await listener.end()


async def test_a_conversations_stream_ends_when_it_leaves_the_readers_teams(client, sign_in, say, database):
    await say("hej")
    visitor = await sign_in(Grant(Role.CASEWORKER, INTAKE))
    async with listening(client, stream_of(await visitor.get(ONE))) as listener:
        await listener.block()
        await move_to(database, "c1", NORTH)
        await listener.end()


async def test_a_stream_that_comes_back_by_itself_keeps_nobody_signed_in(client, sign_in, clock):
    visitor = await sign_in()
    address = stream_of(await visitor.get(LIST))
    clock.advance(minutes=50)
    async with listening(client, address) as listener:
        assert await listener.block() == {"retry": "100"}
    clock.advance(minutes=20)
    assert is_sign_in(await visitor.get(LIST))


@pytest.mark.parametrize("pace", [replace(QUICK, sign_of_life=300)])
async def test_others_news_is_a_sign_of_life(client, sign_in, say):
    await say("hej")
    visitor = await sign_in()
    async with listening(client, stream_of(await visitor.get(ONE))) as listener:
        assert await listener.block() == {"retry": "100"}
        await listener.sign_of_life()
        await say("hej", conversation_id="c2")
        await listener.sign_of_life()


async def test_a_process_that_ends_lets_its_listeners_go(client, app, sign_in):
    visitor = await sign_in()
    async with listening(client, stream_of(await visitor.get(LIST))) as listener:
        await listener.block()
        await app.shutdown()
        await listener.end()


async def test_a_login_has_only_so_many_streams(client, sign_in):
    visitor = await sign_in()
    address = stream_of(await visitor.get(LIST))
    async with AsyncExitStack() as stack:
        for _ in range(MOST_STREAMS):
            opened = await stack.enter_async_context(listening(client, address))
            assert opened.response.status == 200
        assert (await visitor.get(address, headers=ACCEPT)).status == 429


async def test_the_database_may_be_away_for_a_while(client, sign_in, say, monkeypatch):
    visitor = await sign_in()
    async with listening(client, stream_of(await visitor.get(LIST))) as listener:
        await listener.block()

        async def fail(_):
            raise DatabaseUnavailable

        with monkeypatch.context() as patched:
            patched.setattr("backend.live.watch.latest_change", fail)
            await say("hej")
            await listener.sign_of_life()
        assert (await listener.news())[0] == "1 samtale har nyt."


async def test_each_stream_is_noted_once_and_before_it_tells_anything(client, sign_in, say, audit):
    await say("hej")
    visitor = await sign_in()
    page = await visitor.get(ONE)
    async with listening(client, stream_of(page)) as listener:
        await listener.block()
        await say("mere")
        await listener.news()
        assert (await audit())[-2:] == [
            ("conversation", "shown", "c1"),
            ("live_conversation", "shown", "c1"),
        ]
        await visitor.send(page.form("Log ud"))
        await listener.end()
    assert [action for action, _, _ in await audit()].count("live_conversation") == 1


async def test_new_turns_are_noted_as_any_page(sign_in, say, audit):
    await say("hej")
    visitor = await sign_in()
    await visitor.get(f"{ONE}/turns?after=0")
    assert (await audit())[-1] == ("new_turns", "shown", "c1")


async def test_nothing_is_told_that_cannot_be_noted(client, sign_in, monkeypatch):
    visitor = await sign_in()
    address = stream_of(await visitor.get(LIST))

    async def fail(*_, **__):
        raise DatabaseUnavailable

    monkeypatch.setattr("backend.console.guard.AuditLog.note", fail)
    assert (await visitor.get(address, headers=ACCEPT)).status == 503


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "1" * 10])
async def test_a_place_that_cannot_be_read_is_refused(sign_in, say, number):
    await say("hej")
    visitor = await sign_in()
    for address in (
        f"/console/live/conversations?since={number}",
        f"/console/live/conversations/c1?after={number}",
        f"{ONE}/turns?after={number}",
    ):
        assert (await visitor.get(address, headers=ACCEPT)).status == 400


async def test_nobody_listens_without_signing_in(client):
    async with listening(client, "/console/live/conversations?since=0") as listener:
        assert listener.response.status == 303
