"""A citizen whose words stand in every table, and the assistant's side of an erasure on a real socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from sqlalchemy import select

from backend.console.tables import ConsoleUser
from backend.corrections.tables import Correction, CorrectionStatus
from backend.db import Database
from backend.handover.ownership import Outcome, Ownership, Reason
from backend.handover.repository import HandoverRepository
from backend.handover.tables import EventKind, Handover, MessageState
from backend.outreach.occasions import Occasion, OutreachKind
from backend.outreach.repository import OutreachRepository
from backend.placements.repository import PlacementRepository
from backend.placements.service import PlacementService
from backend.privacy.assistant import ChatReceipts, ErasureChannel, SmsNotes
from backend.privacy.worker import PrivacyWorker
from backend.reviews.tables import ConversationNote, ConversationReview, ConversationTag
from backend.settings import Settings
from backend.teams.scope import EVERY_TEAM
from backend.transcripts.tables import ConversationReading, ConversationTurn
from tests.backend.booking.conftest import Desk, desk, settings
from tests.backend.conftest import SERVICE_TOKEN
from tests.backend.story import START, Archive, Story
from tests.backend.test_assessments import Talk
from tests.backend.visitor import LOGIN, hire

__all__ = ["desk", "settings"]

WEB = "3d2f6b1a-0000-4000-8000-00000000c0de"
SECRET = "zyxkvark"
"""Stands in every word that the citizen or somebody about them has written."""
NAME, PHONE = f"Ane {SECRET.title()}", "+4526171819"
CALL_PHONE = "+4540302010"
LOOKED_AT_ONCE = 3
"""How many conversations the assistant goes through before it answers."""


class Assistant:
    """What the backend reaches of the bot. It erases nothing itself, but has the rows erased."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.is_down = False
        self.erased: list[str] = []
        self.told: list[tuple[str, str]] = []
        self.codes: list[dict[str, str]] = []
        self.until = START + 10_000
        self.heard: set[str] = set()
        """The conversations in which it has heard something that the backend has not."""
        self.held: dict[str, float] = {}
        """When something last happened in the conversations that it has stored, by its own account."""

    async def open(self) -> None:
        app = web.Application(middlewares=[self._admit])
        app.router.add_post("/webhooks/erasure/conversations", self._erase)
        app.router.add_post("/webhooks/erasure/silent", self._tell_silent)
        app.router.add_post("/webhooks/web/receipts", self._tell)
        app.router.add_post("/webhooks/sms/receipts", self._tell)
        app.router.add_post("/webhooks/sms/codes", self._send_code)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        await self._runner.cleanup()

    @web.middleware
    async def _admit(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.is_down:
            raise web.HTTPServiceUnavailable
        assert request.headers["Authorization"] == f"Bearer {SERVICE_TOKEN}"
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _tell_silent(self, request: web.Request) -> web.Response:
        asked = await request.json()
        since = datetime.fromisoformat(asked["since"]).timestamp()
        looked_at = sorted(id for id in self.held if id > asked["after"])[:LOOKED_AT_ONCE]
        silent = [id for id in looked_at if self.held[id] < since]
        is_more = len(looked_at) == LOOKED_AT_ONCE
        return web.json_response({"silent": silent, "next": looked_at[-1] if is_more else None})

    async def _erase(self, request: web.Request) -> web.Response:
        asked = await request.json()
        latest_at = _iso(self.until) if asked["conversation_id"] in self.heard else None
        if await self._obstacle(asked["number"], latest_at):
            raise web.HTTPConflict
        self.erased.append(asked["conversation_id"])
        self.held.pop(asked["conversation_id"], None)
        await self.erase_rows(asked["number"])
        return web.json_response({})

    async def _obstacle(self, number: str, latest_at: str | None) -> str | None:
        headers = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
        query = {"latest_at": latest_at} if latest_at else {}
        path = f"/api/v1/erasures/{number}/obstacle"
        async with self._client.get(path, params=query, headers=headers) as response:
            assert response.status == 200, await response.text()
            obstacle: str | None = (await response.json())["obstacle"]
            return obstacle

    async def erase_rows(self, number: str) -> None:
        headers = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
        body = {"until": _iso(self.until)}
        path = f"/api/v1/erasures/{number}/rows"
        async with self._client.post(path, json=body, headers=headers) as response:
            assert response.status == 200, await response.text()

    async def _tell(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.told.append((request.path.split("/")[2], asked["receipt_url"]))
        return web.json_response({})

    async def _send_code(self, request: web.Request) -> web.Response:
        self.codes.append(await request.json())
        return web.json_response({})


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


@pytest.fixture
async def assistant(client: Any) -> AsyncIterator[Assistant]:
    made = Assistant(client)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def worker(assistant: Assistant, database: Database, clock: Any, settings: Settings) -> PrivacyWorker:
    door = assistant.url, SERVICE_TOKEN
    return PrivacyWorker(
        database,
        ErasureChannel(*door),
        ChatReceipts(*door),
        SmsNotes(*door),
        clock,
        secret=settings.console_secret.newest,
        public_url=settings.public_url,
    )


@dataclass
class Person:
    """A citizen with something in every table."""

    desk: Desk
    archive: Archive
    database: Database
    clock: Any
    conversation_id: str = WEB
    channel: str = "web"
    call_phone: str = CALL_PHONE
    id: str = ""
    booking: dict[str, Any] = field(default_factory=dict)
    placement_id: str = ""

    async def arrive(self, *, tells_number: bool = True) -> None:
        """Lets everything happen that leaves something behind."""
        await self._speak()
        self.id = (await self.desk.make_citizen(self.conversation_id, self.channel))["id"]
        await self._assess()
        if tells_number:
            slot = await self.desk.slot("2026-11-26T10:00")
            answer = await self.desk.book(await self.desk.held(self.id, slot), NAME, PHONE)
            assert answer.status == 201, answer.body
            self.booking = answer.body
        await self._meet_the_staff()
        await self._be_helped(tells_number)

    async def _speak(self) -> None:
        story = Story(self.conversation_id)
        story.user(f"jeg er ikke {SECRET} med det", button=f"{SECRET} knap").bot(f"Du skrev {SECRET}")
        story.other("slot", name="wished_occupation", value=f"{SECRET} slot").listen()
        await self.archive.send(story.events)
        await self.archive.flag(self.conversation_id, "low_understanding", note=f"{SECRET} flag")
        await self.archive.rate(self.conversation_id, 2)

    async def _assess(self) -> None:
        talk = Talk(self.desk.client, self.desk.auth, self.id)
        await talk.start(201)
        await talk.finish(1)
        path = f"/citizens/{self.id}"
        await self.desk.ask("PATCH", path, {"wished_occupation": f"{SECRET} pilot"})
        (placement,) = (await talk.get(f"/placements?citizen_id={self.id}"))["placements"]
        self.placement_id = placement["id"]
        await talk.post(f"/placements/{self.placement_id}/dispute", {"reason": f"{SECRET} uenig"})

    async def _meet_the_staff(self) -> None:
        await hire(self.database, self.clock)
        now = self.clock()
        async with self.database.write() as work:
            add, session = work.session.add, work.session
            turn = await _first_turn(session, self.conversation_id)
            of_it = {"conversation_id": self.conversation_id}
            add(ConversationNote(**of_it, text=f"{SECRET} note", written_by="Karen", written_at=now))
            add(ConversationTag(**of_it, tag=SECRET))
            add(ConversationReview(**of_it, rating=2, theme="too_long", rated_by="Karen"))
            correction = {"intent": "deny", "marks": [], "status": CorrectionStatus.APPROVED}
            who = {"made_by": "Karen", "made_at": now}
            add(Correction(**of_it, turn=turn, text=f"{SECRET} rettelse", **correction, **who))
            add(ConversationReading(reader_id=await _user_id(session), **of_it, citizen_turn=turn))
            words = {"notice": f"{SECRET} besked"}
            occasion = Occasion(
                f"x:{uuid4()}", OutreachKind.UNFINISHED, now, self.conversation_id, None, words
            )
            await OutreachRepository(session).add_if_absent(occasion, now)
            await work.commit()

    async def _be_helped(self, tells_number: bool) -> None:
        """A caseworker has written with the citizen and whispered, and been asked to call."""
        now, closed = self.clock(), {"state": "closed", "reason": "asked", "asked_position": 1}
        async with self.database.write() as work:
            handovers = HandoverRepository(work.session, EVERY_TEAM)
            helped = Handover(
                conversation_id=self.conversation_id, **closed, asked_at=now, taken_at=now, closed_at=now
            )
            helped.outcome, helped.passed_on = Outcome.ANSWERED, f"{SECRET} fortalt"
            helped.owner_name, helped.citizen_typed_at = "Karen Holm", now
            work.session.add(helped)
            await work.session.flush()
            await handovers.note(helped.id, now, EventKind.WHISPERED, actor=LOGIN, note=f"{SECRET} hvisken")
            words = {"author": LOGIN, "author_name": "Karen Holm", "text": f"{SECRET} svar"}
            said = await handovers.add_message(helped, now, **words)
            said.state, said.channel = MessageState.DELIVERED, self.channel
            if tells_number:
                await handovers.add_call_request(self.conversation_id, self.call_phone, now)
            await work.commit()

    async def wants_a_person(self) -> None:
        """The citizen waits for a person from now on."""
        async with self.database.write() as work:
            handovers = HandoverRepository(work.session, EVERY_TEAM)
            asked = Ownership.asked(Reason.ASKED, self.clock())
            await handovers.add_if_absent(self.conversation_id, asked, passed_on="", position=1)
            await work.commit()

    async def decide(self) -> None:
        """Lets a caseworker decide."""
        async with self.database.write() as work:
            service = PlacementService(PlacementRepository(work.session), self.clock())
            placement = await PlacementRepository(work.session).get_for_change(self.placement_id)
            assert placement is not None
            await service.decide(
                self.placement_id,
                track="employer_pilot",
                decided_by="Karen Holm",
                reason="Aftalt med borgeren",
                version=placement.version,
            )
            await work.commit()

    async def asks(self, kind: str = "erasure", channel: str | None = None, expect: int = 201) -> Any:
        """Asks for something; gives the answer's body."""
        path = f"/conversations/{self.conversation_id}/rights-requests"
        body = {"kind": kind, "channel": channel or self.channel}
        answer = await self.desk.ask("POST", path, body)
        assert answer.status == expect, answer.body
        return answer.body

    async def begins_erasure(self, request: Any, meeting: str = "none", expect: int = 201) -> Any:
        """Confirms it."""
        body: dict[str, Any] = {"meeting": None}
        if meeting != "none":
            known = {name: request["meeting"][name] for name in ("id", "version", "can_cancel")}
            body["meeting"] = known | {"choice": meeting}
        answer = await self.desk.ask("POST", f"/rights-requests/{request['id']}/erasure", body)
        assert answer.status == expect, answer.body
        return answer.body

    async def receipt(self, number: str) -> Any:
        return (await self.desk.ask("GET", f"/erasures/{number}")).body

    async def comes_back(self, expect: int = 200) -> Any:
        """Gives what is told to who opens a conversation in which there is nothing any more."""
        answer = await self.desk.ask("GET", f"/conversations/{self.conversation_id}/erasure")
        assert answer.status == expect, answer.body
        return answer.body


async def _first_turn(session: Any, conversation_id: str) -> int:
    of_it = select(ConversationTurn.position).where(ConversationTurn.conversation_id == conversation_id)
    return int(await session.scalar(of_it.order_by(ConversationTurn.position)))


async def _user_id(session: Any) -> str:
    return str(await session.scalar(select(ConsoleUser.id).where(ConsoleUser.login == LOGIN)))


@pytest.fixture
def person(desk: Desk, archive: Archive, database: Database, clock: Any) -> Person:
    """A citizen on the web."""
    return Person(desk, archive, database, clock)


@pytest.fixture
def person_by_sms(desk: Desk, archive: Archive, database: Database, clock: Any) -> Person:
    """A citizen who writes by SMS."""
    return Person(desk, archive, database, clock, "sms.kdl4mYQ", "sms")
