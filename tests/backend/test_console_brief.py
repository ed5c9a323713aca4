"""The page to prepare for a meeting says what the data says, and where it stands."""

from datetime import UTC, datetime

import pytest

from backend.assessment.service import GivenAnswer
from backend.assessment.tables import AssessmentAnswer
from backend.booking.tables import Booking, BookingChange
from backend.citizens.tables import Citizen
from backend.console.brief import Question, Wish, questions, wishes
from backend.console.rights import Grant, Role
from backend.placements.tables import Placement, PlacementEvent
from backend.teams.repository import TeamRepository
from backend.tracks.demo import TRACKS
from backend.tracks.repository import TrackRepository
from backend.transcripts.tables import ConversationTurn
from tests.backend.booking.conftest import Desk
from tests.backend.story import Archive, Story
from tests.backend.test_assessments import Talk
from tests.backend.visitor import Visitor, hire

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def turn(position, text, speaker="citizen", intent="inform", button=None):
    return ConversationTurn(position=position, text=text, speaker=speaker, intent=intent, button=button)


def placement(**more):
    told = {"track": "foundation", "borderline": False, "disputed": False, "status": "proposed"}
    return Placement(id="p", citizen=Citizen(wished_occupation=None), **{**told, **more})


def given(response, *, skipped=False, withdrawn=False):
    row = AssessmentAnswer(
        item_id="1.1-a", response=response, skipped=skipped, withdrawn_at=NOW if withdrawn else None
    )
    return GivenAnswer(row, None)


class TestWishes:
    def test_the_wished_job_leads_to_the_latest_turn_in_which_the_citizen_wrote_it(self):
        turns = [
            turn(1, "Chauffør"),
            turn(2, "vil gerne være chauffør"),
            turn(3, "Du vil være chauffør", speaker="bot"),
        ]
        assert wishes("chauffør", [], [], turns) == [Wish("occupation", "chauffør", "?tur=2#tur-2")]

    def test_a_word_within_another_is_not_what_they_wrote(self):
        assert wishes("it", [], [], [turn(1, "lidt")]) == [Wish("occupation", "it", "#borger")]

    def test_what_no_turn_contains_leads_to_where_it_is_stored(self):
        event = PlacementEvent(placement_id="p", kind="disputed", reason="jeg kan mere")
        assert wishes(None, [event], [], [turn(1, "hej")]) == [Wish("disputed", "jeg kan mere", "#forslag-p")]

    def test_the_reasons_of_the_citizen_are_quoted_and_not_those_of_the_staff(self):
        changes = [
            BookingChange(kind="absence", actor="citizen", reason="er syg"),
            BookingChange(kind="cancelled", actor="caseworker", reason="konsulenten er syg"),
        ]
        assert wishes(None, [], [Booking(changes=changes)], []) == [Wish("absence", "er syg", "#tider")]

    def test_a_request_for_a_person_is_quoted_unless_it_was_a_button(self):
        turns = [
            turn(1, "ring til mig", intent="talk_to_human"),
            turn(2, "Tal med en", intent="talk_to_human", button="/talk_to_human"),
        ]
        assert wishes(None, [], [], turns) == [Wish("human", "ring til mig", "?tur=1#tur-1")]


class TestQuestions:
    def test_without_an_assessment_there_is_that_to_ask(self):
        assert questions(None, [], [], ()) == [Question("no_assessment", "#borger")]

    def test_a_clear_placement_raises_none(self):
        assert questions(placement(), [], [given(2)], ()) == []

    @pytest.mark.parametrize(
        ("kind", "doubt"),
        [
            ("no_track", {"track": None}),
            ("borderline", {"borderline": True}),
        ],
    )
    def test_a_doubt_about_the_placement_raises_one(self, kind, doubt):
        assert questions(placement(**doubt), [], [], ()) == [Question(kind, "#forslag-p")]

    def test_a_citizen_who_disagrees_raises_one_until_somebody_decides(self):
        history = [PlacementEvent(kind="proposed"), PlacementEvent(kind="disputed")]
        assert questions(placement(), history, [], ()) == [Question("disputed", "#forslag-p")]
        assert questions(placement(), [*history, PlacementEvent(kind="confirmed")], [], ()) == []

    def test_a_limit_that_somebody_has_decided_about_raises_none(self):
        assert questions(placement(borderline=True, status="confirmed"), [], [], ()) == []

    def test_answers_that_contradict_each_other_raise_one(self):
        assert questions(placement(), [], [], ("inconsistent",)) == [Question("inconsistent", "#forslag-p")]

    def test_the_track_towards_a_job_asks_for_the_job(self):
        assert questions(placement(track="employer_pilot"), [], [], ()) == [
            Question("no_occupation", "#borger")
        ]

    def test_what_is_not_answered_is_asked_unless_it_was_withdrawn(self):
        skipped, unknown = given(None, skipped=True), given(None)
        answers = [given(0), skipped, unknown, given(None, withdrawn=True)]
        assert questions(placement(), [], answers, ()) == [
            Question("unanswered", "#forslag-p", skipped),
            Question("unanswered", "#forslag-p", unknown),
        ]


@pytest.fixture
async def meeting(client, database, auth, make_citizen):
    """A meeting with a citizen who has said and answered something; its id."""
    async with database.write() as work:
        for track in TRACKS:
            await TrackRepository(work.session).add_if_absent(track)
        await TeamRepository(work.session).add_if_absent(
            {"id": "north", "name": "Nord", "organisation": None}
        )
        await work.commit()
    archive = Archive(client)
    await archive.send(Story("c1").user("hej", "greet").user("jeg kan <b>mere</b>").events)
    await archive.flag("c1", "crisis", note="det hele er lige meget")
    citizen_id = (await make_citizen("c1"))["id"]
    talk = Talk(client, auth, citizen_id)
    await talk.start(status=201)
    await talk.finish(1)
    placement_id = (await talk.result())["placement"]["id"]
    await talk.post(f"/placements/{placement_id}/dispute", {"reason": "jeg kan <b>mere</b>"})
    desk = Desk(client, database, auth, make_citizen)
    return (await desk.booked(citizen_id, await desk.slot("2026-11-27T10:00")))["id"]


async def signed_in(client, database, clock, *grants):
    await hire(database, clock, grants=grants or [Grant(Role.CASEWORKER)])
    visitor = Visitor(client)
    await visitor.sign_in()
    return visitor


async def test_the_page_tells_who_when_what_they_want_and_what_to_ask(client, database, clock, meeting):
    visitor = await signed_in(client, database, clock)
    page = await visitor.get(f"/console/bookings/{meeting}/brief")
    assert page.status == 200
    assert "fredag den 27. november kl. 10.00-10.30 (booket)" in page.text
    assert "Krise" in page.text
    assert "Borgeren er uenig i sporet. Hvad ville passe bedre?" in page.text
    assert "Der er ingen tidligere møder" in page.text
    assert '<q dir="auto">jeg kan &lt;b&gt;mere&lt;/b&gt;</q>' in page.source


async def test_every_link_to_a_source_leads_to_a_place_on_the_page_of_the_conversation(
    client, database, clock, meeting
):
    visitor = await signed_in(client, database, clock)
    page = await visitor.get(f"/console/bookings/{meeting}/brief")
    sources = {link for link in page.links if "/conversations/c1" in link and "#" in link}
    assert any("?tur=" in link for link in sources)
    for source in sources:
        conversation = await visitor.get(source)
        places = {attributes["id"] for _, attributes in conversation.tags if "id" in attributes}
        assert source.partition("#")[2] in places


async def test_a_meeting_of_the_day_is_one_link_from_its_preparation(client, database, clock, meeting):
    visitor = await signed_in(client, database, clock)
    assert (
        f"/console/bookings/{meeting}/brief" in (await visitor.get("/console/meetings?day=2026-11-27")).links
    )
    assert f"/console/bookings/{meeting}/brief" in (await visitor.get("/console/conversations/c1")).links


async def test_another_teams_meeting_does_not_exist(client, database, clock, meeting):
    visitor = await signed_in(client, database, clock, Grant(Role.CASEWORKER, "north"))
    assert (await visitor.get(f"/console/bookings/{meeting}/brief")).status == 404
