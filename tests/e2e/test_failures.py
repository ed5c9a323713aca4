"""Nothing we say to a citizen may be untrue in the database, wherever the backend dies.

For each write of the main job the backend is killed before the request reaches it, while it works on it, and
after it has answered. Then it is started again, and what was said is held against what is stored.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from benchmarks.house import ACTIONS, BACKEND, House, free_port
from benchmarks.rest_citizen import RestCitizen, rows
from tests.e2e.fault_proxy import FaultProxy, Moment
from tests.e2e.slots import move_slot

PHONE = "12 34 56 78"


@dataclass
class FragileHouse:
    """A house whose actions reach the backend through a proxy that can let it die."""

    house: House
    proxy: FaultProxy

    def revive(self) -> None:
        """Starts the backend again."""
        self.house.start(BACKEND)


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileHouse]:
    port = free_port()
    house = House(tmp_path_factory.mktemp("fragile"), actions_reach_backend_at=port)
    house.prepare()
    with FaultProxy(port, house.backend_url, lambda: house.kill(BACKEND)) as proxy:
        try:
            house.start()
            yield FragileHouse(house, proxy)
        finally:
            house.stop()


def stored_bookings(house: House, citizen: RestCitizen) -> list[dict[str, object]]:
    return rows(
        house,
        "SELECT b.slot_id, b.status, b.version, b.absence_reported_at FROM bookings b "
        "JOIN citizens c ON c.id = b.citizen_id WHERE c.conversation_id = ?",
        citizen.id,
    )


def stored_answers(house: House, citizen: RestCitizen) -> int:
    found = rows(
        house,
        "SELECT count(*) AS n FROM assessment_answers a JOIN assessments s ON s.id = a.assessment_id "
        "JOIN citizens c ON c.id = s.citizen_id WHERE c.conversation_id = ?",
        citizen.id,
    )
    return int(found[0]["n"])


def up_to_confirming(citizen: RestCitizen) -> None:
    citizen.say("hej")
    citizen.say("jeg vil gerne book en tid")
    citizen.say("den første")
    citizen.say("Fatima Ørsted")
    assert "Fatima" in citizen.say("22 33 44 55")


def with_a_booking(citizen: RestCitizen) -> None:
    up_to_confirming(citizen)
    assert "booket" in citizen.say("ja tak")


def up_to_moving(citizen: RestCitizen) -> None:
    with_a_booking(citizen)
    citizen.say("jeg vil gerne flytte min tid")
    citizen.say("den sidste")


def up_to_cancelling(citizen: RestCitizen) -> None:
    with_a_booking(citizen)
    assert "ikke aflyst endnu" in citizen.say("jeg er syg og kan ikke komme")


def up_to_reporting_absence(citizen: RestCitizen) -> None:
    with_a_booking(citizen)
    [booking] = stored_bookings(citizen.house, citizen)
    move_slot(citizen.house, str(booking["slot_id"]), timedelta(hours=2))
    assert "kan ikke aflyse den nu" in citizen.say("jeg er syg og kan ikke komme")


def check_booked(house: House, citizen: RestCitizen, said: str) -> None:
    booked = [row["status"] for row in stored_bookings(house, citizen)] == ["booked"]
    if re.search(r"din tid er booket", said, re.I):
        assert booked
    elif re.search(r"ikke .{0,20}booket", said, re.I):
        assert not booked
    else:
        assert re.search("ved ikke", said), said


def check_moved(house: House, citizen: RestCitizen, said: str) -> None:
    versions = [row["version"] for row in stored_bookings(house, citizen)]
    if re.search(r"(?<!ikke )(?<!ikke blevet )flyttet\b.*(?<!ikke )", said, re.I) and "ikke" not in said:
        assert versions == [2]
    elif re.search(r"ikke .{0,20}fly", said, re.I) and "ved ikke" not in said:
        assert versions == [1]
    else:
        assert "ved ikke" in said, said


def check_cancelled(house: House, citizen: RestCitizen, said: str) -> None:
    status = [row["status"] for row in stored_bookings(house, citizen)]
    if re.search(r"din tid .{0,80}er aflyst", said, re.I | re.S) and "ikke" not in said:
        assert status == ["cancelled"]
    else:
        assert PHONE in said, said


def check_absence(house: House, citizen: RestCitizen, said: str) -> None:
    [booking] = stored_bookings(house, citizen)
    # It may not be called cancelled, for the time still stands.
    assert booking["status"] == "booked"
    if "har givet besked" in said:
        assert booking["absence_reported_at"]
    else:
        assert PHONE in said, said


@dataclass(frozen=True)
class Write:
    """A write of the main job: how to get there, what asks for it, and what must hold after."""

    name: str
    request: str
    lead: Callable[[RestCitizen], None]
    word: str
    check: Callable[[House, RestCitizen, str], None]


WRITES = (
    Write("book", r"POST /api/v1/bookings$", up_to_confirming, "ja tak", check_booked),
    Write("move", r"POST /api/v1/bookings/[^/]+/move$", up_to_moving, "ja", check_moved),
    Write("cancel", r"POST /api/v1/bookings/[^/]+/cancel$", up_to_cancelling, "ja aflys", check_cancelled),
    Write("absence", r"POST /api/v1/bookings/[^/]+/absence$", up_to_reporting_absence, "ja", check_absence),
)


@pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_what_is_said_of_a_booking_is_true_when_the_backend_dies(
    fragile: FragileHouse, write: Write, moment: Moment
) -> None:
    citizen = RestCitizen(fragile.house)
    write.lead(citizen)
    fragile.proxy.arm(moment, write.request)
    said = citizen.say(write.word)
    assert fragile.proxy.struck
    fragile.revive()
    write.check(fragile.house, citizen, said)
    asked = citizen.say("hvornår er min tid?")
    booked = any(row["status"] == "booked" for row in stored_bookings(fragile.house, citizen))
    assert bool(re.search(r"kl\. \d", asked)) == booked, asked


@pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
def test_an_answer_counts_once_or_is_said_not_to_count(fragile: FragileHouse, moment: Moment) -> None:
    citizen = RestCitizen(fragile.house)
    citizen.say("hej")
    citizen.say("lad os starte")
    citizen.say("det kan jeg ikke")
    before = stored_answers(fragile.house, citizen)
    fragile.proxy.arm(moment, r"POST /api/v1/assessments/[^/]+/answers$")
    said = citizen.say("min søn hjælper mig med det")
    fragile.revive()
    after = stored_answers(fragile.house, citizen)
    if "kunne jeg ikke gemme" in said:
        assert after == before
    else:
        assert "ved ikke" in said or after == before + 1, said
    assert "Hvor godt kan du" in citizen.say("fortsæt")


@pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
@pytest.mark.parametrize(
    ("word", "request_"),
    [("spring over", "skips$"), ("tilbage", "undo$"), ("jeg vil holde pause", "pause$")],
    ids=["skip", "undo", "pause"],
)
def test_every_way_around_a_question_can_be_gone_again(
    fragile: FragileHouse, word: str, request_: str, moment: Moment
) -> None:
    citizen = RestCitizen(fragile.house)
    citizen.say("hej")
    citizen.say("lad os starte")
    citizen.say("det kan jeg ikke")
    fragile.proxy.arm(moment, rf"POST /api/v1/assessments/[^/]+/{request_}")
    said = citizen.say(word)
    fragile.revive()
    assert "gemt" in said
    assert "Hvor godt kan du" in citizen.say("fortsæt")


@pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
def test_a_time_is_said_to_be_held_only_when_it_is(fragile: FragileHouse, moment: Moment) -> None:
    citizen = RestCitizen(fragile.house)
    citizen.say("hej")
    citizen.say("jeg vil gerne book en tid")
    fragile.proxy.arm(moment, r"POST /api/v1/holds$")
    said = citizen.say("den første")
    fragile.revive()
    assert "holder tiden" not in said
    citizen.say("book en tid")
    assert "10 minutter" in citizen.say("den første")


@pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
def test_disagreement_is_said_to_be_stored_only_when_it_is(fragile: FragileHouse, moment: Moment) -> None:
    citizen = RestCitizen(fragile.house)
    citizen.say("hej")
    reply = citizen.say("lad os starte")
    while "Hvor godt kan du" in reply:
        reply = citizen.say("1")
    citizen.say("jeg er ikke enig")
    fragile.proxy.arm(moment, r"POST /api/v1/placements/[^/]+/dispute$")
    said = citizen.say("jeg kan mere, end du tror")
    fragile.revive()
    assert "Jeg har gemt" not in said
    citizen.say("jeg er ikke enig")
    assert "har gemt" in citizen.say("jeg kan mere, end du tror")


@pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
def test_a_cry_for_help_is_answered_and_said_to_be_passed_on_only_when_it_is(
    fragile: FragileHouse, moment: Moment
) -> None:
    citizen = RestCitizen(fragile.house)
    citizen.say("hej")
    fragile.proxy.arm(moment, r"POST /api/v1/conversations/[^/]+/flags$")
    said = citizen.say("jeg orker ikke at leve mere")
    fragile.revive()
    assert "70 201 201" in said
    assert "har givet" not in said


@pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
def test_starting_is_possible_after_the_backend_died_at_the_start(
    fragile: FragileHouse, moment: Moment
) -> None:
    citizen = RestCitizen(fragile.house)
    citizen.say("hej")
    fragile.proxy.arm(moment, r"POST /api/v1/assessments$")
    assert PHONE in citizen.say("lad os starte") or moment is Moment.AFTER
    fragile.revive()
    assert "Hvor godt kan du" in citizen.say("lad os starte")


@pytest.mark.parametrize(
    ("lead", "arrived"),
    [
        (up_to_cancelling, lambda booking: booking["status"] == "cancelled"),
        (up_to_reporting_absence, lambda booking: booking["absence_reported_at"] is not None),
    ],
    ids=["in time", "too late to cancel"],
)
def test_an_afbud_that_met_a_dead_backend_reaches_it_later(
    fragile: FragileHouse,
    lead: Callable[[RestCitizen], None],
    arrived: Callable[[dict[str, object]], bool],
) -> None:
    citizen = RestCitizen(fragile.house)
    lead(citizen)
    fragile.house.kill(BACKEND)
    said = citizen.say("ja tak")
    assert PHONE in said
    assert not re.search(r"er (?:nu )?aflyst|har givet besked", said)
    fragile.revive()
    # The outbox delivers at the action server's start, so a restart need not be waited for by the clock.
    fragile.house.kill(ACTIONS)
    fragile.house.start(ACTIONS)
    for _ in range(100):
        if arrived(stored_bookings(fragile.house, citizen)[0]):
            return
        citizen.say("hvornår er min tid?")
    pytest.fail("it never reached the backend")


def test_a_citizen_hears_an_apology_when_the_action_server_is_away(fragile: FragileHouse) -> None:
    citizen = RestCitizen(fragile.house)
    citizen.say("hej")
    fragile.house.kill(ACTIONS)
    try:
        assert PHONE in citizen.say("lad os starte")
        assert "70 201 201" in citizen.say("jeg orker ikke at leve mere")
    finally:
        fragile.house.start(ACTIONS)
    assert "Hvor godt kan du" in citizen.say("lad os starte")


def test_the_transcript_is_whole_after_the_backend_was_away(fragile: FragileHouse) -> None:
    citizen = RestCitizen(fragile.house)
    citizen.say("hej")
    fragile.house.kill(BACKEND)
    citizen.say("er du et menneske?")
    citizen.say("hvad gemmer i om mig?")
    fragile.revive()
    expected = ["hej", "er du et menneske?", "hvad gemmer i om mig?"]
    # The spool waits up to 30 seconds between its tries.
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        turns = rows(
            fragile.house,
            "SELECT text FROM conversation_turns WHERE conversation_id = ? AND speaker = 'citizen' "
            "ORDER BY position",
            citizen.id,
        )
        if [row["text"] for row in turns if row["text"] in expected] == expected:
            return
        RestCitizen(fragile.house).say("hej")
    pytest.fail(f"the transcript has {turns}")
