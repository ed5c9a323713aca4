"""The list of conversations can be narrowed, page after page, and tells what somebody has not read."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.console.repository import AccountRepository
from backend.console.rights import Grant, Role
from backend.reviews.tables import ConversationReview
from backend.teams.repository import TeamRepository
from backend.teams.scope import EVERY_TEAM, TeamScope
from backend.transcripts.listing import ConversationFilter, Place
from backend.transcripts.repository import TranscriptRepository
from backend.transcripts.tables import Conversation, ConversationFlag, ConversationReading, FlagKind
from tests.backend.story import START, Story
from tests.backend.visitor import LOGIN, NAME, Visitor, hire

LIST = "/console/conversations"


@pytest.fixture
async def console(client, database, clock):
    """A caseworker who has signed in."""
    await hire(database, clock)
    visitor = Visitor(client)
    await visitor.sign_in()
    return visitor


async def change_person(visitor, login):
    await visitor.send((await visitor.get(LIST)).form("Log ud"))
    await visitor.sign_in(login=login)


def listed(page):
    after_filter = page.source[page.source.index('id="liste"') :]
    return re.findall(r'href="/console/conversations/([^"?#]+)', after_filter)


async def found(console, query=""):
    return listed(await console.get(f"{LIST}?{query}"))


class TestUnread:
    async def test_a_conversation_is_unread_until_it_has_been_shown(self, console, archive):
        await archive.send(Story("c1").user("hej").events)
        page = await console.get(LIST)
        assert "Borger uden navn Ulæst" in page.text
        assert await found(console, "unread=yes") == ["c1"]
        await console.get(f"{LIST}/c1")
        assert "Ulæst" not in (await console.get(LIST)).text.partition("samtaler vist")[2]
        assert await found(console, "unread=yes") == []
        assert await found(console) == ["c1"]

    async def test_what_the_citizen_says_since_makes_it_unread_again_and_what_the_bot_says_does_not(
        self, console, archive
    ):
        await archive.send(Story("c1").user("hej").events)
        await console.get(f"{LIST}/c1")
        await archive.send(Story("c1", START + 60).bot("Påmindelse").events)
        assert await found(console, "unread=yes") == []
        await archive.send(Story("c1", START + 120).user("tak").events)
        assert await found(console, "unread=yes") == ["c1"]

    async def test_a_turn_that_arrives_late_makes_it_unread_again(self, console, archive):
        await archive.send(Story("c1", START + 60).user("og så").events)
        await console.get(f"{LIST}/c1")
        await archive.send(Story("c1", START).user("først").events)
        assert await found(console, "unread=yes") == ["c1"]

    async def test_each_caseworker_has_their_own(self, console, client, archive, database, clock):
        await archive.send(Story("c1").user("hej").events)
        await console.get(f"{LIST}/c1")
        await hire(database, clock, login="ole", name="Ole Lund")
        await change_person(console, "ole")
        assert await found(console, "unread=yes") == ["c1"]
        await change_person(console, LOGIN)
        assert await found(console, "unread=yes") == []

    async def test_only_the_page_with_the_latest_turns_counts(self, console, archive):
        story = Story("c1")
        for number in range(60):
            story.user(f"besked {number}")
        await archive.send(story.events)
        async with console.client.get(f"{LIST}/c1") as response:
            (position,) = re.findall(r"\?before=(\d+)", await response.text())[:1]
        await archive.send(Story("c1", START + 600).user("nyt").events)
        await console.get(f"{LIST}/c1?before={position}")
        assert await found(console, "unread=yes") == ["c1"]

    async def test_a_page_before_the_first_turn_shows_nothing_and_counts_for_nothing(self, console, archive):
        await archive.send(Story("c1").user("hej").events)
        page = await console.get(f"{LIST}/c1")
        (position,) = re.findall(r'id="tur-(\d+)"', page.source)
        await archive.send(Story("c1", START + 60).user("nyt").events)
        page = await console.get(f"{LIST}/c1?before={position}")
        assert "Der er ikke sagt mere." in page.text
        assert await found(console, "unread=yes") == ["c1"]

    async def test_an_older_page_of_another_tab_takes_nothing_back(self, archive, database, console):
        await archive.send(Story("c1").user("hej").events)
        async with database.write() as work:
            (account,) = await AccountRepository(work.session).all()
            repository = TranscriptRepository(work.session, EVERY_TEAM)
            for citizen_turn in (5, 3):
                await repository.note_reading(account.id, "c1", citizen_turn)
            assert await repository.readings(account.id, ["c1"]) == {"c1": 5}

    async def test_nobody_reads_what_is_not_theirs(self, console, archive, database):
        await archive.send(Story("c1").user("hej").events)
        assert (await console.get(f"{LIST}/unknown")).status == 404
        assert await found(console, "unread=yes") == ["c1"]


class TestFilters:
    async def test_channel(self, console, archive):
        await archive.send(Story("web").user("hej").events)
        story = Story("sms", START + 60).user("hej")
        story.events[0]["input_channel"] = "sms"
        await archive.send(story.events)
        assert await found(console, "channel=sms") == ["sms"]
        assert await found(console, "channel=web") == ["web"]
        assert await found(console, "channel=rest") == []

    async def test_hard_to_understand_is_what_rasa_was_unsure_of_or_took_for_nothing(self, console, archive):
        told = {"clear": (0.83, "inform"), "unsure": (0.49, "inform"), "nothing": (0.9, "nlu_fallback")}
        for minute, (id, (confidence, intent)) in enumerate(told.items()):
            story = Story(id, START + 60 * minute).user("øh", intent)
            story.events[0]["parse_data"]["intent"]["confidence"] = confidence
            await archive.send(story.user("tak").events)
        assert await found(console, "unsure=yes") == ["nothing", "unsure"]

    async def test_a_click_is_never_hard_to_understand(self, console, archive):
        story = Story("c1").user("/affirm", "affirm", button="Ja")
        story.events[0]["parse_data"]["intent"]["confidence"] = 0.1
        await archive.send(story.events)
        assert await found(console, "unsure=yes") == []

    async def test_what_staff_have_marked_for_colleagues(self, console, archive):
        for id in ("one", "other"):
            await archive.send(Story(id).user("hej").events)
        form = (await console.get(f"{LIST}/one")).form("Marker til kolleger")
        page = await console.send(form)
        assert await found(console, "marked=yes") == ["one"]
        await console.send(page.form("Fjern markeringen"))
        assert await found(console, "marked=yes") == []

    async def test_they_stay_in_the_form_and_in_the_way_to_more(self, console, archive):
        for number in range(26):
            await archive.send(Story(f"c{number}", START + number).user("øh", "nlu_fallback").events)
        page = await console.get(f"{LIST}?channel=web&unsure=yes&unread=yes")
        fields = page.form("Find").fields
        assert (fields["channel"], fields["unsure"], fields["unread"]) == ("web", "yes", "yes")
        assert "marked" not in fields
        (more,) = [link for link in page.links if link and "before=" in link]
        assert listed(await console.get(more)) == ["c0"]

    @pytest.mark.parametrize("query", ["channel=fax", "unread=no", "unsure=1", "marked=true"])
    async def test_an_address_that_makes_no_sense_is_said_to(self, console, query):
        assert (await console.get(f"{LIST}?{query}")).status == 400


MOMENT = datetime(2026, 11, 18, 9, tzinfo=UTC)
NUMBERS = range(24)


@pytest.fixture
async def population(database, clock):
    """Conversations of every kind, many at the same moment; what is true of each, in the list's order."""
    await hire(database, clock)
    async with database.write() as work:
        (account,) = await AccountRepository(work.session).all()
        facts = []
        for number in NUMBERS:
            fact = {
                "id": f"c{number:02}",
                "channel": "sms" if number % 2 else "web",
                "unsure": number % 3 == 0,
                "marked": number % 5 == 0,
                "unread": number % 4 != 0,
                "crisis": number % 7 == 0,
                "team": "intake" if number % 6 else "north",
            }
            at = MOMENT + timedelta(minutes=number // 5)
            work.session.add(
                Conversation(
                    id=fact["id"],
                    team_id=fact["team"],
                    channel=fact["channel"],
                    started_at=at,
                    last_activity_at=at,
                    last_citizen_turn_at=at,
                    last_citizen_turn=number + 1,
                    was_unsure=fact["unsure"],
                )
            )
            await work.session.flush()
            if fact["marked"]:
                review = ConversationReview(conversation_id=fact["id"], flagged_by=NAME, flagged_at=at)
                work.session.add(review)
            if fact["crisis"]:
                flag = ConversationFlag(conversation_id=fact["id"], kind=FlagKind.CRISIS, raised_at=at)
                work.session.add(flag)
            if number % 2 or not fact["unread"]:
                reading = ConversationReading(
                    reader_id=account.id,
                    conversation_id=fact["id"],
                    citizen_turn=number if fact["unread"] else number + 1,
                )
                work.session.add(reading)
            facts.append((at, fact))
        await work.commit()
    ordered = sorted(facts, key=lambda one: (one[0], one[1]["id"]), reverse=True)
    return account.id, [fact for _, fact in ordered]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    channel=st.sampled_from([None, "web", "sms"]),
    unsure=st.booleans(),
    marked=st.booleans(),
    unread=st.booleans(),
    crisis=st.booleans(),
    teams=st.sampled_from([None, frozenset({"north"}), frozenset({"north", "intake"}), frozenset()]),
    size=st.integers(1, 9),
)
async def test_the_pages_of_any_filters_together_have_each_conversation_that_fits_once_and_in_order(
    database, population, channel, unsure, marked, unread, crisis, teams, size
):
    reader_id, facts = population
    wanted = ConversationFilter(
        channel=channel,
        unsure=unsure,
        marked=marked,
        unread_by=reader_id if unread else None,
        flag=FlagKind.CRISIS if crisis else None,
    )
    expected = [
        fact["id"]
        for fact in facts
        if (channel is None or fact["channel"] == channel)
        and (fact["unsure"] or not unsure)
        and (fact["marked"] or not marked)
        and (fact["unread"] or not unread)
        and (fact["crisis"] or not crisis)
        and (teams is None or fact["team"] in teams)
    ]
    ids, place = [], None
    async with database.read() as work:
        repository = TranscriptRepository(work.session, TeamScope(teams))
        while page := await repository.page(wanted, place, size):
            ids += [summary.conversation.id for summary in page]
            last = page[-1].conversation
            place = Place(last.last_activity_at, last.id)
    assert ids == expected


PHONE = "+4520123456"


class TestSamePhone:
    @pytest.fixture
    def tell_phone(self, client, auth, make_citizen, archive):
        """Lets a citizen of a conversation tell their number, and perhaps a name."""

        async def tell_phone(conversation_id, phone=PHONE, **more):
            await archive.send(Story(conversation_id).user("hej").events)
            url = f"/api/v1/citizens/{(await make_citizen(conversation_id))['id']}"
            body = {"phone": phone, **more}
            async with client.patch(url, json=body, headers=auth()) as response:
                assert response.status == 200, await response.text()

        return tell_phone

    async def test_conversations_with_the_same_number_stand_beside_and_no_others(self, console, tell_phone):
        await tell_phone("one")
        await tell_phone("two", name="Åse Ærø")
        await tell_phone("three", phone="+4520123457", name="Bo Bak")
        page = await console.get(f"{LIST}/one")
        assert "Åse Ærø, chat 18. november 2026" in page.text
        assert "det er ikke kontrolleret" in page.text
        assert f"{LIST}/two" in page.links
        assert f"{LIST}/three" not in page.links

    async def test_a_name_alone_is_no_ground(self, console, archive, client, auth, make_citizen):
        for id in ("one", "two"):
            await archive.send(Story(id).user("hej").events)
            url = f"/api/v1/citizens/{(await make_citizen(id))['id']}"
            async with client.patch(url, json={"name": "Åse Ærø"}, headers=auth()) as response:
                assert response.status == 200
        page = await console.get(f"{LIST}/one")
        assert f"{LIST}/two" not in page.links
        assert "Borgeren har ikke oplyst et telefonnummer" in page.text

    async def test_those_of_other_teams_do_not_exist(self, console, client, tell_phone, database, clock):
        await tell_phone("one")
        await tell_phone("two")
        async with database.write() as work:
            north = {"id": "north", "name": "Nord", "organisation": None}
            await TeamRepository(work.session).add_if_absent(north)
            (await work.session.get_one(Conversation, "two")).team_id = "north"
            await work.commit()
        await hire(database, clock, login="ole", grants=frozenset({Grant(Role.CASEWORKER, "intake")}))
        await change_person(console, "ole")
        page = await console.get(f"{LIST}/one")
        assert "Der er ingen andre, du har adgang til." in page.text
        assert f"{LIST}/two" not in page.links

    async def test_the_log_tells_whose_conversations_were_shown_beside(self, console, tell_phone):
        await tell_phone("one")
        await tell_phone("two")
        await console.get(f"{LIST}/one")
        log = await console.get(f"/console/audit?actor={LOGIN}")
        assert "samtale one, viste samtalerne two" in log.text
