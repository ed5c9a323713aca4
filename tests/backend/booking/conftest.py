"""A booking desk for tests: consultants and slots put into the database, everything else through the API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from backend.booking.tables import Consultant, MeetingForm, Slot, SlotClaim
from backend.danish import COPENHAGEN
from backend.db import Database
from backend.settings import Settings

MUNICIPALITY = """
name: Prøvekøbing Kommune
service: Job og digitale kompetencer
assistant_name: Digispor
phone: 12 34 56 78
phone_hours: hverdage 9-15
phone_hours_english: weekdays 9 am to 3 pm
email: digispor@kommune.example
address: Demovej 1, 2500 Valby
opening_hours:
  mon: ["09:00", "15:00"]
  tue: ["09:00", "15:00"]
  wed: ["09:00", "15:00"]
  thu: ["09:00", "17:00"]
  fri: ["09:00", "14:00"]
closed_days: [2026-12-24]
retention: 6 måneder
case_retention: 5 år
privacy_url: https://kommune.example/privatliv
crisis_line: Livslinien
crisis_phone: 70 201 201
crisis_hours: hele døgnet
"""


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with a municipality of the tests' own."""
    path = tmp_path / "municipality.yml"
    path.write_text(MUNICIPALITY, "utf-8")
    return settings.model_copy(update={"municipality": path})


@dataclass
class Answer:
    """An answer of the API."""

    status: int
    body: Any

    @property
    def slug(self) -> str:
        """The name of the problem."""
        return str(self.body["type"]).rpartition("/")[2]


@dataclass
class Desk:
    """Makes slots and citizens, and asks the API."""

    client: Any
    database: Database
    auth: Callable[[], dict[str, str]]
    make_citizen: Callable[..., Any]

    async def consultant(self, name: str = "Mette Lindholm") -> str:
        """A new consultant's id."""
        consultant = Consultant(
            id=str(uuid4()),
            name=name,
            title="digital konsulent",
            phone="12 34 56 78",
            email="mette.lindholm@kommune.example",
        )
        async with self.database.write() as work:
            work.session.add(consultant)
            await work.commit()
        return consultant.id

    async def slot(
        self,
        starts: str,
        form: MeetingForm = "phone",
        place: str | None = None,
        consultant_id: str | None = None,
    ) -> str:
        """A slot of half an hour that starts at a Danish time, by id."""
        start = datetime.fromisoformat(starts).replace(tzinfo=COPENHAGEN).astimezone(UTC)
        slot = Slot(
            id=str(uuid4()),
            consultant_id=consultant_id or await self.consultant(),
            starts_at=start,
            ends_at=start + timedelta(minutes=30),
            meeting_form=form,
            place=place,
        )
        async with self.database.write() as work:
            work.session.add(slot)
            await work.commit()
        return slot.id

    async def citizen(self) -> str:
        """A new citizen's id."""
        return str((await self.make_citizen())["id"])

    async def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, query: Any = None
    ) -> Answer:
        """One request; each brings a new Idempotency-Key unless told."""
        headers = self.auth() | ({"Idempotency-Key": key} if key else {})
        async with self.client.request(
            method, f"/api/v1{path}", json=body, headers=headers, params=query
        ) as response:
            is_json = response.content_type.endswith("json")
            return Answer(response.status, await response.json() if is_json else await response.text())

    async def free(self, **query: Any) -> list[str]:
        """Ids of the free slots that fit."""
        answer = await self.ask("GET", "/slots", query={"limit": 50} | query)
        assert answer.status == 200, answer.body
        return [slot["id"] for slot in answer.body["slots"]]

    async def hold(self, citizen_id: str, slot_id: str) -> Answer:
        """Tries to hold a slot."""
        return await self.ask("POST", "/holds", {"citizen_id": citizen_id, "slot_id": slot_id})

    async def held(self, citizen_id: str, slot_id: str) -> str:
        """Holds a slot; the hold's id."""
        answer = await self.hold(citizen_id, slot_id)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    async def book(self, hold_id: str, name: str = "Åse Ærø", phone: str = "20 12 34 56") -> Answer:
        """Tries to book a hold."""
        return await self.ask("POST", "/bookings", {"hold_id": hold_id, "name": name, "phone": phone})

    async def booked(self, citizen_id: str, slot_id: str) -> dict[str, Any]:
        """Holds and books a slot; the booking."""
        answer = await self.book(await self.held(citizen_id, slot_id))
        assert answer.status == 201, answer.body
        booking: dict[str, Any] = answer.body
        return booking

    async def change(self, verb: str, booking: dict[str, Any], **body: Any) -> Answer:
        """Tries to move, cancel or report absence, with the version of the booking as it was read."""
        if verb != "move":
            body.setdefault("reason", "")
        return await self.ask(
            "POST", f"/bookings/{booking['id']}/{verb}", {"version": booking["version"]} | body
        )

    async def claimed_slots(self) -> list[str]:
        """The slots that the database holds a claim on."""
        async with self.database.read() as work:
            return sorted(await work.session.scalars(select(SlotClaim.slot_id)))


@pytest.fixture
def desk(client: Any, database: Database, auth: Any, make_citizen: Any) -> Desk:
    """The booking desk of the running backend."""
    return Desk(client, database, auth, make_citizen)
