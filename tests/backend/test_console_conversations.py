"""Caseworkers find the conversation that needs them, read it whole, and decide."""

import re
from datetime import timedelta

import pytest
import yaml

from backend.assessment.tables import Assessment
from backend.console import words
from backend.placements.tables import Placement
from backend.settings import PROJECT_ROOT
from backend.tracks.demo import TRACKS
from backend.tracks.repository import TrackRepository
from tests.backend.booking.conftest import Desk
from tests.backend.story import START, Story
from tests.backend.test_assessments import BANK, Talk
from tests.backend.visitor import NAME, Visitor, hire

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}'
MINUTE = 60


@pytest.fixture
async def console(client, database, clock):
    """A caseworker who has signed in, at a municipality with its two tracks."""
    await hire(database, clock)
    async with database.write() as work:
        for track in TRACKS:
            await TrackRepository(work.session).add_if_absent(track)
        await work.commit()
    visitor = Visitor(client)
    assert (await visitor.sign_in()).status == 200
    return visitor


@pytest.fixture
def desk(client, database, auth, make_citizen):
    return Desk(client, database, auth, make_citizen)


@pytest.fixture
def assess(client, auth, make_citizen):
    """Lets a citizen answer every item the same; gives the placement."""

    async def assess(conversation_id, response, name=None):
        citizen_id = (await make_citizen(conversation_id))["id"]
        if name:
            url = f"/api/v1/citizens/{citizen_id}"
            async with client.patch(url, json={"name": name}, headers=auth()) as answer:
                assert answer.status == 200
        talk = Talk(client, auth, citizen_id)
        await talk.start(status=201)
        await talk.finish(response)
        return (await talk.result())["placement"]

    return assess


@pytest.fixture
def dispute(client, auth):
    """Lets a citizen disagree with a placement."""

    async def dispute(placement, reason):
        url = f"/api/v1/placements/{placement['id']}/dispute"
        async with client.post(url, json={"reason": reason}, headers=auth()) as response:
            assert response.status == 200

    return dispute


@pytest.fixture
def mark(database):
    """Gives a placement, and the outcome it rests on, qualities that few answers lead to."""

    async def mark(placement_id, *, borderline=False, **outcome):
        async with database.write() as work:
            placement = await work.session.get(Placement, placement_id)
            placement.borderline = borderline
            assessment = await work.session.get(Assessment, placement.assessment_id)
            assessment.outcome = {**assessment.outcome, **outcome}
            await work.commit()

    return mark


async def tell(archive, conversation_id, *texts, minute=0):
    story = Story(conversation_id, START + minute * MINUTE)
    for text in texts or ("hej",):
        story.user(text, "greet")
    await archive.send(story.events)


def listed(page):
    """The conversations of the list, by id, in its order."""
    after_filter = page.source[page.source.index('id="liste"') :]
    return re.findall(r'href="/console/conversations/([^"?#]+)', after_filter)


def urgent(page):
    head = page.source[: page.source.index('<form class="filter"')]
    return re.findall(r'href="/console/conversations/([^"?#]+)', head)


class TestList:
    async def test_it_says_so_when_there_is_nothing(self, console):
        assert "Der er ingen samtaler endnu" in (await console.get("/console/conversations")).text
        page = await console.get("/console/conversations?search=mail")
        assert "Ingen samtaler passer" in page.text

    async def test_the_latest_active_comes_first(self, console, archive):
        for minute, id in enumerate(("c1", "c2", "c3")):
            await tell(archive, id, minute=minute)
        assert listed(await console.get("/console/conversations")) == ["c3", "c2", "c1"]

    async def test_every_filter_narrows_it_and_stays_in_the_form(self, console, archive, assess):
        await tell(archive, "first", "min MAIL driller", minute=0)
        await tell(archive, "second", "hej", minute=60 * 24 * 3)
        await assess("second", 3, name="Åse Ærø")
        await archive.flag("first", "negative_feedback")
        for query, found in [
            ("search=mail", ["first"]),
            ("from=2026-11-21", ["second"]),
            ("to=2026-11-20", ["first"]),
            ("track=employer_pilot", ["second"]),
            ("track=foundation", []),
            ("concern=disputed", []),
            ("status=active", ["second", "first"]),
            ("status=ended", []),
            ("flag=negative_feedback", ["first"]),
            ("search=&from=&to=&track=&concern=&status=&flag=", ["second", "first"]),
        ]:
            page = await console.get(f"/console/conversations?{query}")
            assert listed(page) == found, query
            name, _, value = query.partition("&")[0].partition("=")
            assert page.form("Find").fields[name] == value

    async def test_a_row_tells_who_where_and_why(self, console, archive, assess):
        await tell(archive, "c1")
        await assess("c1", 0, name="Åse Ærø")
        await archive.flag("c1", "human_requested")
        text = (await console.get("/console/conversations")).text
        for word in ("Åse Ærø", "Spor 1: Digitalt løft (forslag)", "I gang", "Vil tale med et menneske"):
            assert word in text

    async def test_more_are_a_link_away_and_each_comes_once(self, console, archive):
        ids = [f"c{number:02}" for number in range(60)]
        for minute, id in enumerate(ids):
            await tell(archive, id, minute=minute)
        found, path = [], "/console/conversations?search=hej"
        while path:
            page = await console.get(path)
            found += listed(page)
            path = next((link for link in page.links if link and "before=" in link), None)
        assert found == ids[::-1]

    @pytest.mark.parametrize("query", ["from=i+går", "track=x", "before=x", "unknown=1", "limit=0"])
    async def test_an_address_that_makes_no_sense_is_said_to(self, console, query):
        page = await console.get(f"/console/conversations?{query}")
        assert page.status == 400
        assert "Adressen kan ikke læses" in page.text

    async def test_a_crisis_stands_first_until_somebody_has_seen_it(self, console, archive):
        await tell(archive, "crisis", minute=0)
        await tell(archive, "newer", minute=5)
        await archive.flag("crisis", "crisis", note="skrev, at det hele er lige meget")
        assert urgent(await console.get("/console/conversations")) == ["crisis"]
        page = await console.get("/console/conversations/crisis")
        assert "skrev, at det hele er lige meget" in page.text
        page = await console.send(page.form("Jeg har set det"))
        assert f"Set af {NAME}" in page.text
        assert urgent(await console.get("/console/conversations")) == []

    async def test_who_disagrees_stands_first_with_the_reason_until_somebody_decides(
        self, console, archive, assess, dispute
    ):
        await tell(archive, "c1", minute=0)
        await tell(archive, "newer", minute=5)
        await dispute(await assess("c1", 1), "jeg kan mere, end I tror")
        page = await console.get("/console/conversations")
        assert urgent(page) == ["c1"]
        assert "om Spor 1: Digitalt løft: jeg kan mere, end I tror" in page.text
        assert listed(await console.get("/console/conversations?concern=disputed")) == ["c1"]
        page = await console.get("/console/conversations/c1")
        await console.send(page.form("Bekræft Spor 1: Digitalt løft"))
        assert urgent(await console.get("/console/conversations")) == []
        assert listed(await console.get("/console/conversations?concern=disputed")) == []

    async def test_who_disagrees_with_a_decision_stands_first_again(self, console, archive, assess, dispute):
        await tell(archive, "c1")
        placement = await assess("c1", 1)
        page = await console.get("/console/conversations/c1")
        await console.send(page.form("Bekræft Spor 1: Digitalt løft"))
        await dispute(placement, "nej")
        assert urgent(await console.get("/console/conversations")) == ["c1"]

    async def test_signs_of_crisis_beyond_the_first_ones_are_told_of(self, console, archive):
        for number in range(21):
            await tell(archive, f"c{number}", minute=number)
            await archive.flag(f"c{number}", "crisis")
        page = await console.get("/console/conversations")
        assert "/console/conversations?flag=crisis" in page.links
        assert "se alle med tegn på krise" in page.text
        await console.send((await console.get("/console/conversations/c0")).form("Jeg har set det"))
        assert "se alle med tegn på krise" not in (await console.get("/console/conversations")).text

    async def test_a_proposal_close_to_the_limit_can_be_found(self, console, archive, assess, mark):
        for id in ("clear", "close"):
            await tell(archive, id)
            placement = await assess(id, 1)
        await mark(placement["id"], borderline=True)
        page = await console.get("/console/conversations?concern=borderline")
        assert listed(page) == ["close"]
        assert "(forslag) Tæt på grænsen" in page.text

    async def test_who_cannot_come_stands_first_until_somebody_has_seen_it(
        self, console, archive, desk, make_citizen, clock
    ):
        await tell(archive, "sick")
        citizen_id = (await make_citizen("sick"))["id"]
        booking = await desk.booked(citizen_id, await desk.slot("2026-11-27T10:00"))
        clock.advance(hours=50)
        answer = await desk.change("absence", booking, reason="er syg")
        assert answer.status == 200, answer.body
        await console.sign_in()
        page = await console.get("/console/conversations")
        assert urgent(page) == ["sick"]
        assert "Åse Ærø kommer ikke fredag den 27. november kl. 10.00 på telefonen" in page.text
        clock.advance(hours=24)
        await console.sign_in()
        assert urgent(await console.get("/console/conversations")) == ["sick"]
        form = (await console.get("/console/conversations/sick")).form("Jeg har set afbuddet")
        page = await console.send(form)
        assert f"Set af {NAME} 27. november 2026" in page.text
        assert urgent(await console.get("/console/conversations")) == []
        again = await console.send(form)
        assert (again.status, again.text) == (200, page.text)

    async def test_a_cancellation_stands_first_until_somebody_has_seen_it(
        self, console, archive, desk, make_citizen
    ):
        await tell(archive, "well")
        booking = await desk.booked((await make_citizen("well"))["id"], await desk.slot("2026-11-27T10:00"))
        assert urgent(await console.get("/console/conversations")) == []
        assert (await desk.change("cancel", booking, reason="har fået job")).status == 200
        page = await console.get("/console/conversations")
        assert urgent(page) == ["well"]
        assert "Åse Ærø har aflyst fredag den 27. november kl. 10.00 på telefonen" in page.text
        await console.send((await console.get("/console/conversations/well")).form("Jeg har set aflysningen"))
        assert urgent(await console.get("/console/conversations")) == []

    async def test_an_absence_reported_again_is_news_again(self, console, archive, desk, make_citizen, clock):
        await tell(archive, "sick")
        booking = await desk.booked((await make_citizen("sick"))["id"], await desk.slot("2026-11-25T12:00"))
        clock.advance(hours=4)
        await console.sign_in()
        first = (await desk.change("absence", booking, reason="er syg")).body
        old = (await console.get("/console/conversations/sick")).form("Jeg har set afbuddet")
        await desk.change("absence", first, reason="er stadig syg")
        await console.send(old)
        assert urgent(await console.get("/console/conversations")) == ["sick"]
        page = await console.get("/console/conversations/sick")
        await console.send(page.form("Jeg har set afbuddet"))
        assert urgent(await console.get("/console/conversations")) == []


class TestConversation:
    async def test_every_turn_tells_when_and_how_it_was_understood(self, console, archive):
        story = Story("c1").bot("Skal vi gå i gang?", buttons=[{"title": "Ja", "payload": "/affirm"}])
        await archive.send(
            story.user("/affirm", "affirm", button="Ja").user("med hjælp", "answer_with_help").events
        )
        page = await console.get("/console/conversations/c1")
        assert "Digispor ons. 18. nov. kl. 12.06 Skal vi gå i gang? Svarmuligheder: Ja" in page.text
        assert "Valgte en knap: Ja" in page.text
        assert "med hjælp Forstået som: Svar: med hjælp (83 % sikker)" in page.text
        assert "Hvad det ellers kunne betyde Nej (10 %)" in page.text

    async def test_a_citizen_who_has_told_nothing_is_still_shown(self, console, archive):
        await tell(archive, "c1")
        text = (await console.get("/console/conversations/c1")).text
        for word in (
            "Borger uden navn",
            "Ikke fortalt",
            "Selvvurderingen er ikke begyndt",
            "ikke booket nogen tid",
        ):
            assert word in text

    async def test_an_assessment_under_way_is_told(self, console, archive, client, auth, make_citizen):
        await tell(archive, "c1")
        talk = Talk(client, auth, (await make_citizen("c1"))["id"])
        assessment = await talk.start(status=201)
        await talk.answer(assessment["current_item"]["id"], 2)
        assert (
            "Selvvurderingen er i gang: 1 svar indtil nu"
            in (await console.get("/console/conversations/c1")).text
        )

    async def test_the_result_and_its_reasons_stand_beside(self, console, archive, assess):
        await tell(archive, "c1")
        placement = await assess("c1", 1)
        page = await console.get("/console/conversations/c1")
        assert "Forslag: Spor 1: Digitalt løft" in page.text
        for reason in placement["reasons"]:
            assert reason in page.text
        for area in BANK.areas.values():
            assert area.name in page.text
        assert [tag for tag, _ in page.tags].count("svg") == 1
        assert all("style" not in attributes for _, attributes in page.tags)

    async def test_every_answer_is_shown_also_the_skipped_the_unknown_and_the_withdrawn(
        self, console, archive, client, auth, make_citizen
    ):
        await tell(archive, "c1")
        talk = Talk(client, auth, (await make_citizen("c1"))["id"])
        skipped = (await talk.start(status=201))["current_item"]["id"]
        unknown = (await talk.skip(skipped))["current_item"]["id"]
        withdrawn = (await talk.answer(unknown, None))["current_item"]["id"]
        await talk.answer(withdrawn, 3)
        await talk.undo()
        await talk.finish(1)
        text = (await console.get("/console/conversations/c1")).text
        assert f"{BANK.item(skipped).short} Sprunget over" in text
        assert f"{BANK.item(unknown).short} Ved ikke" in text
        assert f"{BANK.item(withdrawn).short} Sikkert, kan vise andre (trukket tilbage)" in text
        assert f"{BANK.item(withdrawn).short} Med hjælp" in text

    async def test_certainty_and_versions_are_told(self, console, archive, assess, mark):
        await tell(archive, "c1")
        placement = await assess("c1", 1)
        for certainty, borderline, said in [
            (0.7, True, "usikkert (70 %)"),
            (0.88, False, "ret sikkert (88 %)"),
            (0.97, False, "meget sikkert (97 %)"),
        ]:
            await mark(placement["id"], borderline=borderline, certainty=certainty)
            text = (await console.get("/console/conversations/c1")).text
            assert f"Ud fra svarene er forslaget {said}." in text
            assert ("Tæt på grænsen" in text.split("Alle samtaler")[1]) is borderline
        assert f"og spørgsmål {BANK.version}" in text

    @pytest.mark.parametrize("flag", ["inconsistent", "straight_lining"])
    async def test_odd_answers_are_told_without_blame(self, console, archive, assess, mark, flag):
        await tell(archive, "c1")
        await mark((await assess("c1", 1))["id"], flags=[flag])
        assert words.PATTERNS[flag] in (await console.get("/console/conversations/c1")).text

    async def test_a_result_from_before_uncertainty_was_estimated_can_be_read(
        self, console, archive, assess, mark, database
    ):
        await tell(archive, "c1")
        placement = await assess("c1", 1)
        areas = [
            {"area": area, "name": BANK.areas[area].name, "percent": 40, "band": "foundation"}
            for area in BANK.areas
        ]
        unknown = {"ability": None, "standard_error": None, "certainty": None, "flags": []}
        await mark(placement["id"], areas=areas, **unknown)
        page = await console.get("/console/conversations/c1")
        assert page.status == 200
        assert "40 %" in page.text
        assert "Ud fra svarene er forslaget" not in page.text

    async def test_the_wished_job_stands_with_the_citizen(self, console, archive, make_citizen, client, auth):
        await tell(archive, "c1")
        url = f"/api/v1/citizens/{(await make_citizen('c1'))['id']}"
        async with client.patch(url, json={"wished_occupation": HOSTILE}, headers=auth()) as response:
            assert response.status == 200
        page = await console.get("/console/conversations/c1")
        assert f"Ønsker job som {HOSTILE}" in page.text

    async def test_it_tells_how_content_the_citizen_was_once_they_have_told(self, console, archive):
        await tell(archive, "c1")
        assert "Tilfreds med samtalen" not in (await console.get("/console/conversations/c1")).text
        await archive.rate("c1", 2)
        page = await console.get("/console/conversations/c1")
        assert "Tilfreds med samtalen Utilfreds (2 af 5)" in page.text

    async def test_too_few_answers_are_said_to_be_so(self, console, archive, client, auth, make_citizen):
        await tell(archive, "c1")
        talk = Talk(client, auth, (await make_citizen("c1"))["id"])
        await talk.start(status=201)
        await talk.finish(None)
        page = await console.get("/console/conversations/c1")
        assert "For få svar til et forslag" in page.text
        assert [form for form in page.forms if form.buttons == ["Gem valget"]]

    async def test_meetings_stand_beside_with_their_history(self, console, archive, desk, make_citizen):
        await tell(archive, "c1")
        citizen_id = (await make_citizen("c1"))["id"]
        booking = await desk.booked(citizen_id, await desk.slot("2026-11-27T13:30"))
        await desk.change("cancel", booking, reason="har fået job")
        text = (await console.get("/console/conversations/c1")).text
        assert "fredag den 27. november kl. 13.30-14.00 på telefonen Aflyst" in text
        assert "Booket af borgeren til fredag" in text
        assert "Aflyst af borgeren. har fået job" in text
        assert "20 12 34 56" in text

    async def test_what_a_citizen_wrote_is_shown_and_never_run(self, console, archive, assess, client, auth):
        story = Story("c1").user(HOSTILE, "greet").bot(HOSTILE, buttons=[{"title": HOSTILE, "payload": "/x"}])
        await archive.send(story.user("/x", HOSTILE, button=HOSTILE).events)
        await archive.flag("c1", "human_requested", note=HOSTILE)
        placement = await assess("c1", 1, name=HOSTILE)
        url = f"/api/v1/placements/{placement['id']}/dispute"
        async with client.post(url, json={"reason": HOSTILE}, headers=auth()) as response:
            assert response.status == 200
        for path in (
            "/console/conversations/c1",
            "/console/conversations",
            f"/console/conversations?search={HOSTILE}",
        ):
            page = await console.get(path)
            assert page.status == 200
            assert "<script>alert" not in page.source
            assert not [tag for tag, _ in page.tags if tag == "img"]
            assert HOSTILE in page.text

    @pytest.mark.parametrize("id", ["a b", "å", "?x=1", "a%2Fb", "#", "+4520123456"])
    async def test_any_id_can_be_opened_from_the_list(self, console, archive, id):
        await tell(archive, id)
        (path,) = listed(await console.get("/console/conversations"))
        page = await console.get(f"/console/conversations/{path}")
        assert page.status == 200
        assert "hej" in page.text


class TestPrint:
    async def test_one_assessment_stands_on_one_page_without_scripts(self, console, archive, assess, dispute):
        await tell(archive, "c1")
        await dispute(await assess("c1", 1, name="Åse Ærø"), HOSTILE)
        page = await console.get("/console/conversations/c1")
        await console.send(page.form("Bekræft Spor 1: Digitalt løft"))
        (path,) = [link for link in page.links if link.endswith("/print")]
        page = await console.get(path)
        assert page.status == 200
        for word in ("Åse Ærø", "Bekræftet", "Med hjælp", HOSTILE, f"Bekræftet af {NAME}", "Noter"):
            assert word in page.text
        tags = [tag for tag, _ in page.tags]
        assert tags.count("svg") == 1
        assert "script" not in tags
        assert "img" not in tags

    async def test_an_assessment_is_found_only_in_its_own_conversation(self, console, archive, assess):
        for id in ("c1", "c2"):
            await tell(archive, id)
        placement = await assess("c1", 1)
        for path in (f"c2/placements/{placement['id']}/print", "c1/placements/unknown/print"):
            assert (await console.get(f"/console/conversations/{path}")).status == 404


class TestDecision:
    @pytest.fixture
    async def placement(self, archive, assess):
        await tell(archive, "c1")
        return await assess("c1", 1)

    async def test_a_proposal_is_confirmed_with_one_button(self, console, placement):
        page = await console.get("/console/conversations/c1")
        page = await console.send(page.form("Bekræft Spor 1: Digitalt løft"))
        assert page.url.path == "/console/conversations/c1"
        assert "Bekræftet: Spor 1: Digitalt løft" in page.text
        assert f"Bekræftet af {NAME}" in page.text
        assert not [form for form in page.forms if "Bekræft Spor 1: Digitalt løft" in form.buttons]

    async def test_a_change_says_why(self, console, placement):
        page = await console.get("/console/conversations/c1")
        page = await console.send(page.form("Gem valget"), reason="Har et job på vej")
        assert "Ændret: Spor 2: Virksomhedsrettet pilotforløb" in page.text
        assert f"Ændret af {NAME} (Spor 2: Virksomhedsrettet pilotforløb). Har et job på vej" in page.text

    async def test_a_cpr_number_in_the_reason_is_not_stored(self, console, placement):
        page = await console.get("/console/conversations/c1")
        page = await console.send(page.form("Gem valget"), reason="010190-1234 har et job på vej")
        assert "[CPR-nummer fjernet] har et job på vej" in page.text
        assert "1234" not in page.text

    @pytest.mark.parametrize("reason", ["", "   "])
    async def test_a_change_without_a_reason_changes_nothing(self, console, placement, reason):
        page = await console.get("/console/conversations/c1")
        answer = await console.send(page.form("Gem valget"), reason=reason)
        assert answer.status == 422
        assert "Skriv, hvorfor du vælger et andet spor" in answer.text
        assert "Forslag: Spor 1" in (await console.get("/console/conversations/c1")).text

    async def test_nobody_decides_on_what_they_have_not_seen(self, console, placement, client, auth):
        page = await console.get("/console/conversations/c1")
        url = f"/api/v1/placements/{placement['id']}/dispute"
        async with client.post(url, json={"reason": "nej"}, headers=auth()) as response:
            assert response.status == 200
        answer = await console.send(page.form("Bekræft Spor 1: Digitalt løft"))
        assert answer.status == 409
        assert "Nogen har ændret det imens" in answer.text
        page = await console.get("/console/conversations/c1")
        assert "Borgeren er uenig" in page.text
        assert "Forslag: Spor 1" in page.text

    @pytest.mark.parametrize(
        "fields",
        [{"track": "x"}, {"version": "x"}, {"version": ""}, {"version": "-1"}, {"reason": "x" * 2001}],
    )
    async def test_a_form_that_makes_no_sense_changes_nothing(self, console, placement, fields):
        page = await console.get("/console/conversations/c1")
        answer = await console.send(page.form("Gem valget"), **{"reason": "fordi", **fields})
        assert answer.status == 400
        assert "Forslag: Spor 1" in (await console.get("/console/conversations/c1")).text


def test_every_intent_that_rasa_knows_has_a_danish_name():
    domain = yaml.safe_load((PROJECT_ROOT / "domain.yml").read_text("utf-8"))
    assert {intent if isinstance(intent, str) else next(iter(intent)) for intent in domain["intents"]} == set(
        words.INTENTS
    )


def test_an_intent_from_tomorrow_keeps_its_own_name():
    assert words.intent("brand_new") == "brand_new"
    assert words.intent(None) == "Ikke forstået"


async def test_the_session_outlives_a_long_read(console, archive, clock):
    await tell(archive, "c1")
    clock.advance(seconds=timedelta(minutes=50).total_seconds())
    assert (await console.get("/console/conversations/c1")).status == 200
