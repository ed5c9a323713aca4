"""Who may see and do what in the console: every page as every role and as nobody, and teams apart."""

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from backend.audit.log import CUT, KEY_IN_USE
from backend.audit.tables import AuditEntry
from backend.booking.tables import Slot
from backend.console.application import CONSOLE_PREFIX
from backend.console.audit_words import ACTIONS
from backend.console.rights import EVERYTHING, RIGHTS, Grant, Right, Role
from backend.console.sms import show_sms
from backend.corrections.tables import Correction, CorrectionStatus
from backend.handover.repository import HandoverRepository
from backend.problems import DatabaseUnavailable
from backend.teams.repository import TeamRepository
from backend.teams.scope import EVERY_TEAM
from backend.teams.tables import INTAKE
from backend.tracks.demo import TRACKS
from backend.tracks.repository import TrackRepository
from backend.transcripts.tables import ConversationTurn
from tests.backend.booking.conftest import Desk
from tests.backend.story import Story
from tests.backend.visitor import Visitor, hire, is_sign_in

# Every page and form of the console, and the right that it asks for.
ROUTES = {
    ("GET", "start"): Right.SIGNED_IN,
    ("GET", "sign_in"): Right.PUBLIC,
    ("POST", "sign_in"): Right.PUBLIC,
    ("POST", "sign_out"): Right.SIGNED_IN,
    ("GET", "sign_in_code"): Right.PUBLIC,
    ("POST", "sign_in_code"): Right.PUBLIC,
    ("GET", "own_account"): Right.SIGNED_IN,
    ("POST", "change_own_password"): Right.SIGNED_IN,
    ("POST", "end_other_sessions"): Right.SIGNED_IN,
    ("POST", "begin_second_factor"): Right.SIGNED_IN,
    ("GET", "second_factor_picture"): Right.SIGNED_IN,
    ("POST", "confirm_second_factor"): Right.SIGNED_IN,
    ("POST", "remove_second_factor"): Right.SIGNED_IN,
    ("GET", "provider_sign_in"): Right.PUBLIC,
    ("GET", "provider_answer"): Right.PUBLIC,
    ("GET", "conversations"): Right.READ_CASES,
    ("GET", "conversation"): Right.READ_CASES,
    ("GET", "live_conversations"): Right.READ_CASES,
    ("GET", "live_conversation"): Right.READ_CASES,
    ("GET", "new_turns"): Right.READ_CASES,
    ("GET", "desk"): Right.WORK_ON_CASES,
    ("GET", "desk_conversation"): Right.WORK_ON_CASES,
    ("GET", "desk_lists"): Right.WORK_ON_CASES,
    ("GET", "desk_news"): Right.WORK_ON_CASES,
    ("GET", "live_desk"): Right.WORK_ON_CASES,
    ("GET", "live_desk_conversation"): Right.WORK_ON_CASES,
    ("POST", "desk_presence"): Right.WORK_ON_CASES,
    ("POST", "desk_life"): Right.WORK_ON_CASES,
    ("POST", "desk_typing"): Right.WORK_ON_CASES,
    ("POST", "desk_take"): Right.WORK_ON_CASES,
    ("POST", "desk_write"): Right.WORK_ON_CASES,
    ("POST", "desk_retry"): Right.WORK_ON_CASES,
    ("POST", "desk_whisper"): Right.WORK_ON_CASES,
    ("POST", "desk_transfer"): Right.WORK_ON_CASES,
    ("POST", "desk_hand_back"): Right.WORK_ON_CASES,
    ("POST", "desk_end"): Right.WORK_ON_CASES,
    ("POST", "desk_called"): Right.WORK_ON_CASES,
    ("GET", "print_placement"): Right.READ_CASES,
    ("POST", "decide"): Right.WORK_ON_CASES,
    ("POST", "acknowledge"): Right.WORK_ON_CASES,
    ("POST", "see_booking"): Right.WORK_ON_CASES,
    ("GET", "offer_times"): Right.WORK_ON_CASES,
    ("POST", "check_appointment"): Right.WORK_ON_CASES,
    ("POST", "book_appointment"): Right.WORK_ON_CASES,
    ("GET", "offer_other_times"): Right.WORK_ON_CASES,
    ("POST", "check_move"): Right.WORK_ON_CASES,
    ("POST", "move_appointment"): Right.WORK_ON_CASES,
    ("GET", "ask_to_cancel"): Right.WORK_ON_CASES,
    ("POST", "check_cancellation"): Right.WORK_ON_CASES,
    ("POST", "cancel_appointment"): Right.WORK_ON_CASES,
    ("POST", "mark_attendance"): Right.WORK_ON_CASES,
    ("GET", "waiting"): Right.OVERSEE,
    ("GET", "rights_requests"): Right.OVERSEE,
    ("POST", "confirm_identity"): Right.OVERSEE,
    ("POST", "close_request"): Right.OVERSEE,
    ("GET", "reviews"): Right.READ_CASES,
    ("GET", "next_review"): Right.READ_CASES,
    ("POST", "review"): Right.WORK_ON_CASES,
    ("POST", "flag_conversation"): Right.WORK_ON_CASES,
    ("POST", "add_tag"): Right.WORK_ON_CASES,
    ("POST", "remove_tag"): Right.WORK_ON_CASES,
    ("POST", "add_note"): Right.WORK_ON_CASES,
    ("GET", "correction"): Right.WORK_ON_CASES,
    ("POST", "correct_intent"): Right.WORK_ON_CASES,
    ("POST", "mark_entity"): Right.WORK_ON_CASES,
    ("POST", "withdraw_correction"): Right.WORK_ON_CASES,
    ("GET", "test_story"): Right.WORK_ON_CASES,
    ("GET", "training"): Right.TRAIN,
    ("POST", "decide_correction"): Right.TRAIN,
    ("GET", "export_corrections"): Right.TRAIN,
    ("GET", "meetings"): Right.READ_CASES,
    ("GET", "brief"): Right.READ_CASES,
    ("GET", "sms"): Right.INVITE,
    ("POST", "invite"): Right.INVITE,
    ("GET", "figures"): Right.SEE_FIGURES,
    ("GET", "figure_file"): Right.SEE_FIGURES,
    ("GET", "accounts"): Right.ADMINISTER,
    ("POST", "add_account"): Right.ADMINISTER,
    ("GET", "account"): Right.ADMINISTER,
    ("POST", "give_password"): Right.ADMINISTER,
    ("POST", "unlock_account"): Right.ADMINISTER,
    ("POST", "give_role"): Right.ADMINISTER,
    ("POST", "take_role"): Right.ADMINISTER,
    ("POST", "take_second_factor"): Right.ADMINISTER,
    ("POST", "remove_account"): Right.ADMINISTER,
    ("GET", "audit"): Right.ADMINISTER,
    ("GET", "deletion"): Right.ADMINISTER,
    ("GET", "teams"): Right.ADMINISTER,
    ("POST", "add_team"): Right.ADMINISTER,
    ("POST", "change_team"): Right.ADMINISTER,
    ("POST", "move_consultant"): Right.ADMINISTER,
}
NORTH = "north"


@pytest.fixture
async def municipality(database):
    """Two tracks, and a team beside the one that receives."""
    async with database.write() as work:
        for track in TRACKS:
            await TrackRepository(work.session).add_if_absent(track)
        await TeamRepository(work.session).add_if_absent({"id": NORTH, "name": "Nord", "organisation": None})
        await work.commit()


@pytest.fixture
def sign_in(client, database, clock, municipality):
    """Signs somebody in who has some roles."""

    async def sign_in(*grants):
        await hire(database, clock, grants=grants)
        visitor = Visitor(client)
        await visitor.sign_in()
        return visitor

    return sign_in


@pytest.fixture
def audit(database):
    """The audit log, oldest first."""

    async def audit():
        async with database.read() as work:
            return list(await work.session.scalars(select(AuditEntry).order_by(AuditEntry.position)))

    return audit


@pytest.fixture
def routes(app):
    """Every method, name and address of the console."""
    found = set()
    for resource in app.router.resources():
        if resource.canonical == CONSOLE_PREFIX:
            for route in resource:
                if route.method != "HEAD":
                    found.add((route.method, route.resource.name, route.resource.canonical))
    return sorted(found)


def test_every_route_of_the_console_is_listed_here(routes):
    assert {(method, name) for method, name, _ in routes} == set(ROUTES)


def test_the_audit_log_has_a_danish_name_for_every_page_and_form():
    # What the provider and the log itself do stands in the log too, and is no page.
    assert {name for _, name in ROUTES} | {"provider_sign_out", KEY_IN_USE, CUT} == set(ACTIONS)


async def ask(visitor, method, address):
    path = re.sub(r"{\w+}", "unknown", address)
    if method == "GET":
        return await visitor.get(path, allow_redirects=False)
    start = await visitor.get("/console/sign-in")
    token = start.forms[0].fields["csrf_token"] if start.forms else ""
    return await visitor.post(path, {"csrf_token": token}, allow_redirects=False)


async def test_nobody_reaches_a_page_without_signing_in(client, routes, municipality):
    for method, name, address in routes:
        if ROUTES[method, name] is Right.PUBLIC:
            continue
        page = await ask(Visitor(client), method, address)
        sent_to = page.headers.get("Location", "")
        assert is_sign_in(page) or sent_to.startswith("/console/sign-in"), (method, name)


@pytest.mark.parametrize("role", Role)
async def test_a_role_reaches_the_pages_it_has_the_right_to_and_no_other(sign_in, routes, role):
    for method, name, address in routes:
        visitor = await sign_in(Grant(role))
        page = await ask(visitor, method, address)
        needed = ROUTES[method, name]
        allowed = needed in (Right.PUBLIC, Right.SIGNED_IN) or needed in RIGHTS[role]
        assert ("Det har du ikke adgang til" in page.text) == (not allowed), (method, name)


async def test_somebody_without_any_role_sees_nothing(sign_in):
    visitor = await sign_in()
    assert "Det har du ikke adgang til" in (await visitor.get("/console/conversations")).text
    assert "Det har du ikke adgang til" in (await visitor.get("/console")).text


async def test_a_page_that_declares_no_right_is_open_to_nobody(sign_in, monkeypatch):
    visitor = await sign_in(*EVERYTHING)
    monkeypatch.delattr(show_sms, "console_right")
    page = await visitor.get("/console/sms")
    assert (page.status, "Det har du ikke adgang til" in page.text) == (403, True)


async def test_a_caseworker_neither_lists_finds_nor_opens_another_teams_conversation(sign_in, archive):
    await archive.send(Story("ours").user("jeg har en hemmelig kat").events)
    outsider = await sign_in(Grant(Role.CASEWORKER, NORTH))
    assert "/console/conversations/ours" not in (await outsider.get("/console/conversations")).links
    found = await outsider.get("/console/conversations?search=hemmelig")
    assert "/console/conversations/ours" not in found.links
    assert (await outsider.get("/console/conversations/ours")).status == 404
    insider = await sign_in(Grant(Role.CASEWORKER, INTAKE))
    assert (
        "/console/conversations/ours" in (await insider.get("/console/conversations?search=hemmelig")).links
    )
    assert (await insider.get("/console/conversations/ours")).status == 200


async def test_urgent_things_are_shown_to_their_own_team_only(
    sign_in, archive, client, database, auth, make_citizen
):
    await archive.send(Story("ours").user("hjælp").events)
    await archive.flag("ours", "crisis")
    citizen = await make_citizen("ours")
    desk = Desk(client, database, auth, make_citizen)
    booking = await desk.booked(citizen["id"], await desk.slot("2026-11-27T10:00"))
    await desk.change("absence", booking, reason="er syg")
    outsider = await sign_in(Grant(Role.CASEWORKER, NORTH))
    assert "Se først" not in (await outsider.get("/console/conversations")).text
    insider = await sign_in(Grant(Role.CASEWORKER, INTAKE))
    assert "Se først" in (await insider.get("/console/conversations")).text


async def test_another_teams_flag_cannot_be_acknowledged(sign_in, archive):
    await archive.send(Story("ours").user("hjælp").events)
    flag = await archive.flag("ours", "crisis")
    outsider = await sign_in(Grant(Role.CASEWORKER, NORTH))
    token = (await outsider.get("/console/conversations")).form("Log ud").fields["csrf_token"]
    path = f"/console/conversations/ours/flags/{flag['id']}/acknowledge"
    assert (await outsider.post(path, {"csrf_token": token})).status == 404
    assert (await archive.read("ours"))["flags"][0]["acknowledged_by"] is None


async def test_what_is_done_to_something_of_a_citizen_is_noted_with_their_conversation(
    sign_in, archive, audit, database, clock
):
    await archive.send(Story("ours").user("ring til mig").events)
    async with database.write() as work:
        handovers = HandoverRepository(work.session, EVERY_TEAM)
        call = await handovers.add_call_request("ours", "+4520123456", clock())
        turn = await work.session.scalar(select(ConversationTurn.position))
        correction = Correction(
            conversation_id="ours",
            turn=turn,
            text="ring",
            intent="deny",
            marks=[],
            status=CorrectionStatus.WAITING,
            made_by="Karen",
            made_at=clock(),
        )
        work.session.add(correction)
        await work.commit()
    visitor = await sign_in(Grant(Role.CASEWORKER), Grant(Role.BOT_TRAINER))
    form = {"csrf_token": (await visitor.get("/console/me")).form("Log ud").fields["csrf_token"]}
    await visitor.post(f"/console/desk/calls/{call.id}/called", form)
    await visitor.post(f"/console/training/{correction.id}/decision", form)
    await visitor.post("/console/desk/calls/none/called", form)
    noted = [(entry.action, entry.conversation_id) for entry in await audit() if entry.outcome == "attempted"]
    assert noted[-3:] == [("desk_called", "ours"), ("decide_correction", "ours"), ("desk_called", None)]


@pytest.mark.parametrize("what", ["flag", "meeting"])
async def test_what_belongs_to_one_conversation_is_not_seen_to_under_the_name_of_another(
    sign_in, archive, client, database, auth, make_citizen, what
):
    """The audit log names the conversation of the address."""
    for conversation_id in ("ours", "another"):
        await archive.send(Story(conversation_id).user("hjælp").events)
    flag = await archive.flag("ours", "crisis")
    desk = Desk(client, database, auth, make_citizen)
    booking = await desk.booked((await make_citizen("ours"))["id"], await desk.slot("2026-11-27T10:00"))
    act = {"flag": f"flags/{flag['id']}/acknowledge", "meeting": f"bookings/{booking['id']}/seen"}[what]
    visitor = await sign_in(Grant(Role.CASEWORKER, INTAKE))
    token = (await visitor.get("/console/conversations")).form("Log ud").fields["csrf_token"]
    answers = [
        (
            await visitor.post(f"/console/conversations/{of}/{act}", {"csrf_token": token, "version": "1"})
        ).status
        for of in ("another", "ours")
    ]
    assert answers == [404, 200]


async def test_a_conversation_follows_the_consultant_who_is_booked(
    sign_in, archive, client, database, auth, make_citizen
):
    await archive.send(Story("moving").user("jeg vil have en tid").events)
    citizen = await make_citizen("moving")
    desk = Desk(client, database, auth, make_citizen)
    slot = await desk.slot("2026-11-27T10:00")
    async with database.write() as work:
        (await work.session.get_one(Slot, slot)).consultant.team_id = NORTH
        await work.commit()
    await desk.booked(citizen["id"], slot)
    intake = await sign_in(Grant(Role.CASEWORKER, INTAKE))
    assert (await intake.get("/console/conversations/moving")).status == 404
    north = await sign_in(Grant(Role.CASEWORKER, NORTH))
    assert (await north.get("/console/conversations/moving")).status == 200


async def test_what_is_read_is_noted_with_who_and_what(sign_in, archive, audit):
    await archive.send(Story("ours").user("hej").events)
    visitor = await sign_in(Grant(Role.CASEWORKER, INTAKE))
    await visitor.get("/console/conversations")
    await visitor.get("/console/conversations/ours")
    await visitor.get("/console/conversations/none")
    noted = [
        (entry.actor, entry.action, entry.outcome, entry.conversation_id, entry.listed)
        for entry in await audit()
        if entry.action != "start"
    ]
    assert noted[-3:] == [
        ("karen", "conversations", "shown", None, ["ours"]),
        ("karen", "conversation", "shown", "ours", []),
        ("karen", "conversation", "refused", "none", []),
    ]


async def test_nothing_is_shown_that_cannot_be_noted(sign_in, archive, monkeypatch):
    await archive.send(Story("ours").user("jeg har en hemmelig kat").events)
    visitor = await sign_in(Grant(Role.CASEWORKER, INTAKE))

    async def fail(*_, **__):
        raise DatabaseUnavailable

    monkeypatch.setattr("backend.console.guard.AuditLog.note", fail)
    page = await visitor.get("/console/conversations/ours")
    assert (page.status, "hemmelig" in page.text) == (503, False)


async def test_the_first_page_is_one_that_the_role_may_see(sign_in):
    visitor = await sign_in(Grant(Role.CASEWORKER))
    assert urlsplit(str((await visitor.get("/console")).url)).path == "/console/conversations"
