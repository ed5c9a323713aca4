"""The demo municipality's consultants and their free times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.booking.opening_hours import OpeningHours
from backend.booking.tables import Consultant, MeetingForm, Slot
from backend.danish import COPENHAGEN, local
from backend.db import insert_if_absent
from backend.municipality import Municipality

DAYS = 28
MEETING = timedelta(minutes=30)
_FORMS: tuple[MeetingForm, ...] = ("in_person", "phone", "video", "phone")
# How many consultants share a timetable; the two timetables lie a quarter of an hour apart.
_SHARING = 3
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class _Person:
    name: str
    title: str
    mailbox: str

    @property
    def id(self) -> str:
        """The same each time, so that filling again finds the consultant."""
        return str(uuid5(NAMESPACE_URL, f"https://digispor.dk/demo/consultants/{self.mailbox}"))


_PEOPLE = (
    _Person("Mette Lindholm", "digital konsulent", "mette.lindholm"),
    _Person("Søren Bæk", "digital konsulent", "soeren.baek"),
    _Person("Kirsten Aagaard", "eMentor", "kirsten.aagaard"),
    _Person("Anders Kjær", "virksomhedskonsulent", "anders.kjaer"),
    _Person("Line Thorup", "virksomhedskonsulent", "line.thorup"),
    _Person("Jens Østergaard", "eMentor", "jens.oestergaard"),
)


async def fill(session: AsyncSession, municipality: Municipality, now: datetime) -> None:
    """Adds the consultants and four weeks of slots from today; what is there already stays as it is."""
    first_day = local(now).date()
    for person in _PEOPLE:
        await insert_if_absent(session, Consultant, _consultant(person, municipality))
    stored = await session.execute(select(Slot.consultant_id, Slot.starts_at))
    known = {(consultant_id, starts_at) for consultant_id, starts_at in stored}
    for day in (first_day + timedelta(days=number) for number in range(DAYS)):
        session.add_all(
            slot
            for slot in slots_of_day(day, municipality)
            if (slot.consultant_id, slot.starts_at) not in known
        )
    await session.flush()


def _consultant(person: _Person, municipality: Municipality) -> dict[str, str]:
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "phone": municipality.phone,
        "email": f"{person.mailbox}@{_domain(municipality)}",
    }


def _domain(municipality: Municipality) -> str:
    return municipality.email.rpartition("@")[2]


def slots_of_day(day: date, municipality: Municipality) -> Iterator[Slot]:
    """A day's slots of every consultant, none when it is closed.

    Each quarter of an hour one consultant has time, so that the first free times are different times.
    """
    hours = OpeningHours.of(municipality).on(day)
    if hours is None:
        return
    for number, person in enumerate(_PEOPLE):
        timetable, turn = divmod(number, _SHARING)
        for step, start in enumerate(_starts(day, hours, timetable * _QUARTER)):
            if (step + turn + day.toordinal()) % _SHARING == 0:
                form = _FORMS[(step + number + day.toordinal()) % len(_FORMS)]
                yield Slot(
                    consultant_id=person.id,
                    starts_at=start,
                    ends_at=start + MEETING,
                    meeting_form=form,
                    place=_place(form, person, municipality),
                )


def _starts(day: date, hours: tuple[time, time], offset: timedelta) -> Iterator[datetime]:
    opens, closes = (datetime.combine(day, clock, COPENHAGEN) for clock in hours)
    start = opens + offset
    while start + MEETING <= closes:
        yield start
        start += MEETING


def _place(form: MeetingForm, person: _Person, municipality: Municipality) -> str | None:
    match form:
        case "in_person":
            return municipality.address
        case "video":
            return f"https://video.{_domain(municipality)}/{person.mailbox}"
        case "phone":
            return None
