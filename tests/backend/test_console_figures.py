"""Those with the right see how the service goes, and never a group smaller than five."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.booking.tables import Booking
from backend.citizens.tables import Citizen
from backend.console.rights import EVERYTHING, Grant, Role
from backend.db import new_id
from backend.figures.period import period
from backend.figures.repository import FigureRepository
from backend.figures.service import FigureService
from backend.handover.ownership import HandoverState, Outcome, Reason
from backend.handover.tables import Cause, Handover
from backend.teams.repository import TeamRepository
from backend.teams.scope import EVERY_TEAM, TeamScope
from backend.tracks.demo import TRACKS
from backend.tracks.repository import TrackRepository
from backend.transcripts.tables import Conversation
from tests.backend.booking.conftest import Desk
from tests.backend.story import START, Story
from tests.backend.test_assessments import Talk
from tests.backend.visitor import Visitor, hire

WEEK = 7 * 24 * 3600
NORTH = "north"


@pytest.fixture
async def sign_in(client, database, clock):
    """Signs somebody in at a municipality with two tracks and two teams."""
    async with database.write() as work:
        for track in TRACKS:
            await TrackRepository(work.session).add_if_absent(track)
        await TeamRepository(work.session).add_if_absent({"id": NORTH, "name": "Nord", "organisation": None})
        await work.commit()

    async def sign_in(*grants):
        await hire(database, clock, grants=grants or EVERYTHING)
        visitor = Visitor(client)
        await visitor.sign_in()
        return visitor

    return sign_in


@pytest.fixture
def desk(client, database, auth, make_citizen):
    return Desk(client, database, auth, make_citizen)


@pytest.fixture
def write(archive):
    """Lets some citizens write once; gives the conversations' ids."""

    async def write(name, number, *, weeks_ago=0, channel="web", intent="greet"):
        ids = [f"{name}{one}" for one in range(number)]
        for one, id in enumerate(ids):
            story = Story(id, START - weeks_ago * WEEK + one).user("hej", intent)
            for event in story.events:
                event["input_channel"] = channel
            await archive.send(story.events)
        return ids

    return write


@pytest.fixture
def talk(client, auth, make_citizen):
    """Lets the citizen of a conversation begin an assessment."""

    async def talk(conversation_id):
        talk = Talk(client, auth, (await make_citizen(conversation_id))["id"])
        await talk.start(status=201)
        return talk

    return talk


@pytest.fixture
def told(database, clock):
    """The counts of a table: of each heading chat, SMS and both together."""

    async def told(name, scope=EVERY_TEAM, back=0):
        async with database.read() as work:
            figures = FigureRepository(work.session, scope, period(clock(), back))
            read = await FigureService(figures, clock()).read()
        (table,) = [table for table in read.tables if table.name == name]
        return {row.code: tuple(row.cells.values()) for row in table.rows}

    return told


class TestCounting:
    async def test_conversations_are_counted_by_channel_and_danish_week(self, write, told):
        await write("now", 6)
        await write("earlier", 7, weeks_ago=2)
        await write("sms", 5, weeks_ago=2, channel="sms")
        await write("other", 5, channel="rest")
        weeks = await told("weeks")
        assert {week: cells for week, cells in weeks.items() if any(cells)} == {
            "8": (7, 5, 12),
            "10": (6, 0, 6),
        }

    async def test_a_week_begins_at_midnight_in_denmark(self, archive, told):
        monday = 1_795_388_400  # 23 November 2026, 0.00 in Denmark, which is 23.00 the day before in UTC.
        for one in range(5):
            await archive.send(Story(f"before{one}", monday - 10 + one).user("hej", "greet").events)
            await archive.send(Story(f"after{one}", monday + one).user("hej", "greet").events)
        weeks = await told("weeks")
        assert (weeks["10"], weeks["11"]) == ((5, 0, 5), (5, 0, 5))

    async def test_what_began_before_is_told_with_an_earlier_period(self, write, told):
        await write("old", 5, weeks_ago=13)
        assert (await told("steps"))["opened"] == (0, 0, 0)
        assert (await told("steps", back=1))["opened"] == (5, 0, 5)

    async def test_who_stayed_away_is_told_by_week_and_not_who_told_beforehand(
        self, write, talk, told, desk, clock, database
    ):
        for number, id in enumerate(await write("away", 5, weeks_ago=1) + await write("came", 5)):
            await (await talk(id)).finish(1)
            citizen = await desk.make_citizen(id)
            minute = f"{9 + number // 2:02}:{number % 2 * 30:02}"
            await desk.booked(citizen["id"], await desk.slot(f"2026-11-27T{minute}"))
        for number, id in enumerate(await write("ill", 5)):
            await (await talk(id)).finish(1)
            citizen = await desk.make_citizen(id)
            booking = await desk.booked(citizen["id"], await desk.slot(f"2026-11-26T{9 + number:02}:00"))
            await desk.change("absence", booking)
        async with database.write() as work:
            for booking in await work.session.scalars(select(Booking)):
                if booking.absence_reported_at is None:
                    citizen = await work.session.get_one(Citizen, booking.citizen_id)
                    booking.attended = citizen.conversation_id.startswith("came")
            await work.commit()
        assert {code: cells[0] for code, cells in (await told("attendance")).items()} == {
            "met": 5,
            "not_met": 5,
            "unmarked": 0,
        }
        assert {week: cells[0] for week, cells in (await told("no_shows")).items() if cells[0]} == {"9": 5}

    async def test_steps_tell_how_far_people_come(self, write, talk, told, desk, archive):
        for one in range(5):
            await archive.send(Story(f"silent{one}").bot("Hej").other("slot", input_channel="web").events)
        await write("written", 5)
        for id in await write("begun", 5):
            await talk(id)
        for id in await write("third", 5):
            assessment = await talk(id)
            for _ in range(3):
                item = (await assessment.get(f"/assessments/{assessment.id}"))["current_item"]
                await assessment.answer(item["id"], 1)
        for id in await write("finished", 5):
            await (await talk(id)).finish(3)
        for id in await write("booked", 5):
            assessment = await talk(id)
            await assessment.finish(1)
        bookings = []
        for one in range(5):
            citizen = await desk.make_citizen(f"booked{one}")
            bookings.append(await desk.booked(citizen["id"], await desk.slot(f"2026-11-27T{9 + one:02}:00")))
        steps = {code: cells[0] for code, cells in (await told("steps")).items()}
        assert steps == {
            "opened": 30,
            "wrote": 25,
            "began": 20,
            "answered_1": 15,
            "answered_3": 15,
            "answered_5": 10,
            "answered_7": 10,
            "finished": 10,
            "proposal": 10,
            "booked": 5,
        }
        placements = {code: cells[0] for code, cells in (await told("placements")).items()}
        assert (placements["foundation"], placements["employer_pilot"]) == (5, 5)
        assert (await told("assessments"))["working"][0] == 10
        assert (await told("bookings"))["booked"][0] == 5
        for booking in bookings:
            await desk.change("absence", booking, reason="er syg")
        assert (await told("bookings"))["absence"][0] == 5

    async def test_who_has_not_touched_the_questions_for_a_week_has_left(self, write, talk, told, clock):
        for id in await write("begun", 6):
            await talk(id)
        clock.advance(days=8)
        assessments = await told("assessments")
        assert (assessments["working"][0], assessments["left"][0]) == (0, 6)

    async def test_turns_that_were_not_understood_are_counted(self, write, told):
        await write("fine", 10)
        await write("lost", 5, intent="nlu_fallback")
        await write("elsewhere", 2, intent="out_of_scope")
        assert await told("understanding") == {"understood": (10, 0, 10), "missed": (7, 0, 7)}

    async def test_ratings_are_counted(self, write, told, archive):
        for one, id in enumerate(await write("rated", 11)):
            await archive.rate(id, 5 if one < 6 else 2)
        ratings = {code: cells[0] for code, cells in (await told("satisfaction")).items()}
        assert ratings == {"1": 0, "2": 5, "3": 0, "4": 0, "5": 6}

    async def test_only_the_teams_of_the_scope_are_counted(self, write, told, database):
        await write("ours", 6)
        for id in await write("theirs", 5):
            async with database.write() as work:
                (await work.session.get_one(Conversation, id)).team_id = NORTH
                await work.commit()
        assert (await told("steps"))["opened"][0] == 11
        assert (await told("steps", TeamScope(frozenset({NORTH}))))["opened"][0] == 5
        assert (await told("steps", TeamScope(frozenset())))["opened"][0] == 0

    async def test_who_asked_for_a_person_is_counted_once(self, write, told, database, clock):
        ids = await write("asked", 12)
        await write("others", 6)
        async with database.write() as work:
            for number, id in enumerate(ids):
                for asked, minutes in ((clock() - timedelta(days=1), 5 + number), (clock(), None)):
                    work.session.add(handover(id, asked, minutes))
                    await work.session.flush()
            await work.commit()
        assert (await told("handovers"))["answered"][0] == 12
        waits = {code: cells[0] for code, cells in (await told("handover_waits")).items()}
        assert waits == {"soon": 6, "long": 6}
        assert (await told("handover_days"))["0"][0] == 12
        assert (await told("handover_hours"))["9"][0] == 12
        assert (await told("handover_causes"))["not_covered"][0] == 12
        assert (await told("handovers", TeamScope(frozenset({NORTH}))))["answered"][0] == 0


def handover(conversation_id, asked_at, minutes):
    """A time that a person was called on, and answered after some minutes or never."""
    taken_at = None if minutes is None else asked_at + timedelta(minutes=minutes)
    return Handover(
        id=new_id(),
        conversation_id=conversation_id,
        version=1,
        state=HandoverState.CLOSED,
        reason=Reason.ASKED,
        asked_at=asked_at,
        taken_at=taken_at,
        closed_at=asked_at,
        outcome=Outcome.ANSWERED if taken_at else Outcome.LEFT,
        passed_on="",
        asked_position=1,
        cause=Cause.NOT_COVERED if taken_at else None,
    )


class TestPage:
    async def test_it_shows_pictures_and_tables_without_small_groups(self, sign_in, write):
        await write("chat", 30)
        await write("sms", 3, channel="sms")
        page = await (await sign_in()).get("/console/figures")
        assert page.status == 200
        assert "Åbnede samtalen: Chat 30, Sms under 5." in page.text
        assert "Uge 46 (fra 9. november)" in page.text
        assert "Åbnede samtalen 30 (100 %) under 5 skjult" in page.text
        pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
        assert len(pictures) == 16
        assert all(picture["role"] == "img" for picture in pictures)

    async def test_the_trainer_sees_why_the_assistant_was_not_enough(self, sign_in, write, database, clock):
        ids = await write("asked", 6)
        async with database.write() as work:
            for id in ids:
                work.session.add(handover(id, clock(), 5))
            await work.commit()
        trainer = await sign_in(Grant(Role.BOT_TRAINER))
        assert "Digispor kan ikke svare på det 6" in (await trainer.get("/console/training")).text
        figures = (await trainer.get("/console/figures")).text
        assert (
            "Halvdelen ventede højst så mange minutter: chat 5,0, sms kan ikke vises, i alt 5,0." in figures
        )

    async def test_an_empty_period_is_told_as_nothing(self, sign_in):
        page = await (await sign_in()).get("/console/figures?back=4")
        assert page.status == 200
        assert "kan ikke vises" in page.text
        assert page.form("Vis").fields == {"back": "4"}

    @pytest.mark.parametrize("back", ["5", "-1", "x", "1.0"])
    async def test_a_period_that_is_not_offered_is_refused(self, sign_in, back):
        page = await (await sign_in()).get(f"/console/figures?back={back}")
        assert page.status == 400

    async def test_a_leader_sees_the_figures_of_their_own_team(self, sign_in, write):
        await write("chat", 30)
        page = await (await sign_in(Grant(Role.TEAM_LEADER, NORTH))).get("/console/figures")
        assert "De gælder Nord." in page.text
        assert "Åbnede samtalen: Chat 0, Sms 0." in page.text

    async def test_the_mean_is_told_where_every_rating_is(self, sign_in, write, archive):
        visitor = await sign_in()
        for id in await write("rated", 6):
            await archive.rate(id, 4)
        assert "chat 4,0," in (await visitor.get("/console/figures")).text
        for id in await write("angry", 2):
            await archive.rate(id, 1)
        assert "chat kan ikke vises," in (await visitor.get("/console/figures")).text


class TestFile:
    async def test_it_opens_in_a_danish_spreadsheet_with_the_same_groups_hidden(self, sign_in, write, client):
        visitor = await sign_in()
        await write("chat", 30)
        await write("sms", 3, channel="sms")
        page = await visitor.get("/console/figures")
        (link,) = [link for link in page.links if link and "table=steps" in link]
        async with client.get(link) as response:
            body = await response.read()
            assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
            assert "digispor-steps-2026-09-07.csv" in response.headers["Content-Disposition"]
        assert body.startswith(b"\xef\xbb\xbf")
        heads, opened, *_ = csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")
        assert heads[1:3] == ["Chat", "Chat, andel i procent"]
        assert opened == ["Åbnede samtalen", "30", "100,0", "under 5", "", "skjult", ""]

    async def test_a_name_is_never_a_formula(self, sign_in, database, client):
        visitor = await sign_in()
        async with database.write() as work:
            for track in await TrackRepository(work.session).all():
                track.name = "=1+1"
            await work.commit()
        page = await visitor.get("/console/figures/file?table=placements")
        assert "'=1+1;" in page.source
        assert "\n=1" not in page.source

    async def test_an_unknown_table_is_not_found(self, sign_in):
        assert (await (await sign_in()).get("/console/figures/file?table=none")).status == 404
