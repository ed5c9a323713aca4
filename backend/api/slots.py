"""/slots: free times with consultants."""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema

from backend.api.models import CommaList, Id, QueryModel, ResponseModel, Timestamp
from backend.api.routes import Call, Routes
from backend.booking.repository import BookingRepository
from backend.booking.rules import BookingRules
from backend.booking.service import BookingService
from backend.booking.slot_filter import SlotFilter
from backend.booking.tables import MeetingForm, Slot
from backend.booking.texts import slot_label
from backend.municipality import Weekday

routes = Routes("slots")

MAX_SLOTS = 50
MAX_NOT_SLOTS = 150
"""As many ids as a URL has room for."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}\S*", re.ASCII)
_WALL_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _written_as_day(value: object) -> object:
    # Pydantic would also read a number of seconds.
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day is written YYYY-MM-DD")
    return value


def _written_as_clock(value: object) -> object:
    if not isinstance(value, str) or not re.match(_WALL_CLOCK, value):
        raise ValueError("a time of day is written HH:MM")
    return value


def _written_as_moment(value: object) -> object:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("a moment is written YYYY-MM-DDTHH:MM:SS and its offset")
    return value


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error


Day = Annotated[date, BeforeValidator(_written_as_day)]
WallClock = Annotated[
    time, BeforeValidator(_written_as_clock), WithJsonSchema({"type": "string", "pattern": _WALL_CLOCK})
]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_as_moment), AfterValidator(_in_utc)]


class SlotQuery(QueryModel):
    """A wish, in Danish wall-clock time; what is left out is open. Days and times include both ends.

    The next page is asked for with the ids of all slots shown until now in `not_slots`.
    """

    first_day: Day | None = Field(None, alias="from")
    last_day: Day | None = Field(None, alias="to")
    weekdays: CommaList[Weekday] = ()
    not_weekdays: CommaList[Weekday] = ()
    time_from: WallClock | None = None
    time_to: WallClock | None = None
    meeting_form: MeetingForm | None = None
    after: Moment | None = None
    not_slots: Annotated[CommaList[Id], Field(max_length=MAX_NOT_SLOTS)] = ()
    limit: int = Field(3, ge=1, le=MAX_SLOTS)

    def wish(self) -> SlotFilter:
        """The wish without what is only about the page."""
        return SlotFilter(**self.model_dump(exclude={"limit", "not_slots"}))


class SlotOut(ResponseModel):
    """A time at which a consultant can meet a citizen."""

    id: Id
    consultant_id: Id
    consultant_name: str
    starts_at: Timestamp
    ends_at: Timestamp
    meeting_form: MeetingForm
    place: str | None
    label: str

    @classmethod
    def of(cls, slot: Slot) -> "SlotOut":
        """The slot with its Danish label."""
        return cls(
            id=slot.id,
            consultant_id=slot.consultant_id,
            consultant_name=slot.consultant.name,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            meeting_form=slot.meeting_form,
            place=slot.place,
            label=slot_label(slot),
        )


class SlotPage(ResponseModel):
    """Free slots by start, two a day at most unless one day is wished for; and whether there are more."""

    slots: list[SlotOut]
    more: bool


def booking_service(call: Call) -> BookingService:
    """The booking service of one request."""
    rules = BookingRules.of(call.settings, call.municipality)
    return BookingService(BookingRepository(call.session), rules, call.now)


@routes.get("/slots")
async def list_slots(call: Call, query: SlotQuery) -> SlotPage:
    """The first free slots that fit a wish."""
    page = await booking_service(call).free_slots(query.wish(), query.limit, query.not_slots)
    return SlotPage(slots=[SlotOut.of(slot) for slot in page.slots], more=page.more)
