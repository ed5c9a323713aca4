"""A backend in memory, at the interface of actions.backend_client.BackendClient.

It decides nothing clever: five questions, a handful of times, and the errors a test asks for.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from actions.backend_models import (
    AreaResult,
    Assessment,
    Booking,
    Citizen,
    CodeCheck,
    Consultant,
    DataLink,
    ErasureBegun,
    Hold,
    Item,
    MeetingAhead,
    Placement,
    Result,
    RightsRequest,
    Slot,
    SlotPage,
    Standing,
    Track,
)
from actions.backend_requests import BackendRefused, BackendUnavailable

START = datetime(2026, 11, 26, 9, 0, tzinfo=timezone.utc)

ITEMS = [
    Item(
        id=f"item-{n}",
        area=n,
        text=f"gøre ting nummer {n}",
        easier_text=f"gøre ting {n} på en let måde",
        everyday_example=f"Du gør ting {n} derhjemme.",
        job_example=f"Du gør ting {n} på et lager.",
        terms={"vedhæftet": "at der følger en fil med."} if n == 1 else {},
    )
    for n in range(1, 6)
]

LABELS = [
    "torsdag den 26. november kl. 10.00 på Gammel Køge Landevej 43",
    "fredag den 27. november kl. 13.30 på telefonen",
    "mandag den 30. november kl. 9.00 på telefonen",
    "tirsdag den 1. december kl. 10.00 på video",
]


def _slot(n: int) -> Slot:
    starts_at = [
        START,
        START + timedelta(days=1, hours=3, minutes=30),
        START + timedelta(days=4, hours=-1),
        START + timedelta(days=5),
    ][n]
    form = ["in_person", "phone", "phone", "video"][n]
    return Slot(
        id=f"slot-{n + 1}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        meeting_form=form,
        place="Gammel Køge Landevej 43" if form == "in_person" else None,
        label=LABELS[n],
    )


SLOTS = [_slot(n) for n in range(4)]


def queue(kind: str, position: int | None = None, **more: str) -> Standing:
    """What a backend says of the queue for a person."""
    texts = {"wait": "", "passed_on": "", "opens": "", "person": "", **more}
    return Standing(kind=kind, position=position, **texts)


class FakeBackend:
    """What the actions need of the backend, in memory.

    Attributes:
        calls: Every call, as (method, arguments), in order.
        keys: The idempotency keys of the writes, in order.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.keys: list[str] = []
        self.answers: list[tuple[str, int | None] | None] = []
        self.bookings_made: list[Booking] = []
        self.slot_filters: list[dict[str, str]] = []
        self.flags: list[str] = []
        self.ratings: list[int] = []
        self.asked_for_person: list[str] = []
        self.standing_of_queue = queue("off")
        self.numbers_to_call: list[str] = []
        self.helped: list[bool] = []
        self.enough_answers = True
        self.status = "proposed"
        self.disputed = False
        self.known = Citizen(id="citizen-1", name=None, phone=None, wished_occupation=None)
        self.track = "foundation"
        self.can_change = True
        self.assessment_id = 0
        self.paused = False
        self.right: dict[str, Any] = {
            "id": "right-1",
            "identity": "session",
            "is_identified": True,
            "sent_to": None,
            "meeting": None,
            "receipt": None,
        }
        self.code = "right"
        self._failures: dict[str, list[Exception]] = {}
        self.free: Callable[[dict[str, str]], list[Slot]] = lambda filters: SLOTS

    # What a test asks for

    def away(self, *methods: str) -> None:
        """Every call of these methods fails, and surely did nothing."""
        for method in methods:
            self._failures[method] = [BackendUnavailable("away", outcome_unknown=False)] * 100

    def lose_answer_of(self, method: str) -> None:
        """The next call of the method is carried out, but its answer does not arrive."""
        self._failures.setdefault(method, []).append(BackendUnavailable("timeout", outcome_unknown=True))

    def refuse(self, method: str, slug: str) -> None:
        """The next call of the method is refused."""
        self._failures.setdefault(method, []).append(BackendRefused(slug, "test"))

    def back(self) -> None:
        """Everything works again."""
        self._failures.clear()

    def _called(self, method: str, *arguments: Any, key: str | None = None) -> Exception | None:
        """Notes a call and gives the failure to raise once it has been carried out, if any.

        Raises:
            BackendError: The failure that a test asked for, when nothing is to be carried out.
        """
        self.calls.append((method, arguments))
        if key is not None:
            self.keys.append(key)
        waiting = self._failures.get(method)
        failure = waiting.pop(0) if waiting else None
        if isinstance(failure, BackendUnavailable) and failure.outcome_unknown:
            return failure
        if failure is not None:
            raise failure
        return None

    # Citizens

    async def get_or_create_citizen(self, conversation_id: str, channel: str, key: str) -> Citizen:
        self._called("get_or_create_citizen", conversation_id, channel, key=key)
        return self.known

    async def wish_occupation(self, citizen_id: str, occupation: str, key: str) -> Citizen:
        lost = self._called("wish_occupation", citizen_id, occupation, key=key)
        self.known = self.known.copy(update={"wished_occupation": occupation})
        if lost:
            raise lost
        return self.known

    # Assessments

    @property
    def _assessment(self) -> Assessment:
        done = len(self.answers)
        current = ITEMS[done] if done < len(ITEMS) else None
        return Assessment(
            id=f"assessment-{self.assessment_id}",
            status="active" if current else "finished",
            number=min(done + 1, len(ITEMS)),
            at_most_left=max(len(ITEMS) - done - 1, 0),
            answered=len([a for a in self.answers if a and a[1] is not None]),
            current_item=current,
        )

    async def start_assessment(self, citizen_id: str, key: str, *, restart: bool = False) -> Assessment:
        lost = self._called("start_assessment", citizen_id, restart, key=key)
        if restart or not self.assessment_id or len(self.answers) == len(ITEMS):
            self.assessment_id += 1
            self.answers = []
        if lost:
            raise lost
        return self._assessment

    async def assessment(self, assessment_id: str) -> Assessment:
        self._called("assessment", assessment_id)
        return self._assessment

    async def answer(self, assessment_id: str, item_id: str, response: int | None, key: str) -> Assessment:
        lost = self._called("answer", item_id, response, key=key)
        self._require_current(item_id)
        self.answers.append((item_id, response))
        if lost:
            raise lost
        return self._assessment

    async def skip(self, assessment_id: str, item_id: str, key: str) -> Assessment:
        lost = self._called("skip", item_id, key=key)
        self._require_current(item_id)
        self.answers.append(None)
        if lost:
            raise lost
        return self._assessment

    def _require_current(self, item_id: str) -> None:
        if len(self.answers) >= len(ITEMS):
            raise BackendRefused("assessment-finished", "test")
        if ITEMS[len(self.answers)].id != item_id:
            raise BackendRefused("not-current-item", "test")

    async def undo(self, assessment_id: str, key: str) -> Assessment:
        lost = self._called("undo", key=key)
        if not self.answers:
            raise BackendRefused("nothing-to-undo", "test")
        self.answers.pop()
        if lost:
            raise lost
        return self._assessment

    async def pause(self, assessment_id: str, key: str) -> Assessment:
        self._called("pause", key=key)
        self.paused = True
        return self._assessment

    async def result(self, assessment_id: str) -> Result:
        self._called("result", assessment_id)
        names = [
            "informations- og datakendskab",
            "kommunikation og samarbejde",
            "skabelse af digitalt indhold",
            "sikkerhed",
            "problemløsning",
        ]
        short_names = ["Information", "Kommunikation", "Indhold", "Sikkerhed", "Problemløsning"]
        percents = [60, 80, 20, None, 40]
        return Result(
            assessment_id=assessment_id,
            areas=[
                AreaResult(area=n + 1, name=names[n], short_name=short_names[n], percent=percents[n])
                for n in range(5)
            ],
            overall_percent=50,
            placement=self._placement,
            enough_answers=self.enough_answers,
            strongest="at kommunikere" if self.enough_answers else None,
            hardest="at lave dokumenter" if self.enough_answers else None,
        )

    @property
    def _placement(self) -> Placement:
        return Placement(
            id="placement-1",
            assessment_id=f"assessment-{self.assessment_id}",
            track=self.track if self.enough_answers or self.status != "proposed" else None,
            borderline=False,
            needs_occupation=self.track == "employer_pilot" and self.known.wished_occupation is None,
            status=self.status,
            reasons=["Du svarede, at du har brug for hjælp til dokumenter."] if self.enough_answers else [],
            counterfactual="Med to svar mere på egen hånd havde jeg foreslået Spor 2.",
            disputed=self.disputed,
        )

    async def placements(self, citizen_id: str) -> list[Placement]:
        self._called("placements", citizen_id)
        return [self._placement] if self.assessment_id and len(self.answers) == len(ITEMS) else []

    async def dispute(self, placement_id: str, reason: str, key: str) -> Placement:
        lost = self._called("dispute", placement_id, reason, key=key)
        self.disputed = True
        if lost:
            raise lost
        return self._placement

    async def tracks(self) -> list[Track]:
        self._called("tracks")
        return [
            Track(
                id="foundation",
                name="Spor 1: Digitalt løft",
                short_name="Spor 1",
                description="Du øver dig i et værksted sammen med en eMentor.",
                for_whom="Til dig, der vil have styr på det grundlæggende.",
                leads_to="Bagefter kan du klare mere selv.",
            ),
            Track(
                id="employer_pilot",
                name="Spor 2: Virksomhedsrettet pilotforløb",
                short_name="Spor 2",
                description="Du lærer det, en bestemt virksomhed har brug for.",
                for_whom="Til dig, der mangler én bestemt digital færdighed.",
                leads_to="Bagefter kan du søge job der.",
            ),
        ]

    # Booking

    async def slots(self, **filters: str) -> SlotPage:
        self._called("slots", filters)
        self.slot_filters.append(filters)
        found = self.free(filters)
        after = filters.get("after")
        if after:
            found = [slot for slot in found if slot.starts_at > datetime.fromisoformat(after)]
        shown = filters.get("not_slots", "").split(",")
        found = [slot for slot in found if slot.id not in shown]
        limit = int(filters.get("limit", "3"))
        return SlotPage(slots=found[:limit], more=len(found) > limit)

    async def hold(self, citizen_id: str, slot_id: str, key: str) -> Hold:
        self._called("hold", citizen_id, slot_id, key=key)
        slot = next((slot for slot in SLOTS if slot.id == slot_id), None)
        if slot is None:
            raise BackendRefused("not-found", "test")
        expires_at = datetime.now(timezone.utc) + timedelta(minutes=10)
        return Hold(id=f"hold-{slot_id}", slot=slot, expires_at=expires_at)

    def booked(self, slot: Slot, *, name: str = "Anna Jensen", phone: str = "+4520304050") -> Booking:
        """Makes a booking of a slot, as the backend would tell it."""
        booking = Booking(
            id="booking-1",
            version=len(self.bookings_made) + 1,
            status="booked",
            slot=slot,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            meeting_form=slot.meeting_form,
            type="Opfølgende samtale",
            title="Samtale om dit forslag til forløb",
            description="I taler om dit forslag.",
            place=slot.place,
            citizen_name=name,
            citizen_phone=phone,
            consultant=Consultant(
                id="consultant-1",
                name="Mette Friis",
                title="Konsulent",
                phone="+4533663366",
                email="mette@kommune.example",
            ),
            contact="33 66 33 66",
            change_deadline=slot.starts_at - timedelta(days=1),
            can_change=self.can_change,
            calendar_url="http://localhost:8080/api/v1/bookings/booking-1/calendar.ics?signature=x",
            absence_reported_at=None,
            label=slot.label,
            deadline_label="onsdag den 25. november kl. 10.00",
        )
        self.bookings_made = [booking]
        return booking

    async def book(self, hold_id: str, name: str, phone: str, key: str) -> Booking:
        lost = self._called("book", hold_id, name, phone, key=key)
        if self.bookings_made:
            raise BackendRefused("booking-exists", "test")
        booking = self.booked(self._held(hold_id), name=name, phone=phone)
        if lost:
            raise lost
        return booking

    @staticmethod
    def _held(hold_id: str) -> Slot:
        return next(slot for slot in SLOTS if f"hold-{slot.id}" == hold_id)

    async def bookings(self, citizen_id: str) -> list[Booking]:
        self._called("bookings", citizen_id)
        return [b.copy(update={"can_change": self.can_change}) for b in self.bookings_made]

    async def move(self, booking_id: str, hold_id: str, version: int, key: str) -> Booking:
        lost = self._called("move", booking_id, hold_id, version, key=key)
        moved = self.booked(self._held(hold_id))
        if lost:
            raise lost
        return moved

    async def cancel(self, booking_id: str, version: int, reason: str, key: str) -> Booking:
        lost = self._called("cancel", booking_id, version, key=key)
        if not self.can_change:
            raise BackendRefused("notice-period-passed", "test")
        cancelled = self.bookings_made.pop().copy(update={"status": "cancelled"})
        if lost:
            raise lost
        return cancelled

    async def report_absence(self, booking_id: str, version: int, reason: str, key: str) -> Booking:
        lost = self._called("report_absence", booking_id, version, key=key)
        reported = self.bookings_made[0].copy(update={"absence_reported_at": START})
        self.bookings_made = [reported]
        if lost:
            raise lost
        return reported

    async def post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        """Takes what the outbox sends; what was carried out before is not carried out again."""
        self._called("post", path, key=key)
        _, _, booking_id, operation = path.split("/")
        carry_out = {"cancel": self.cancel, "absence": self.report_absence}[operation]
        if self.bookings_made:
            await carry_out(booking_id, body["version"], body["reason"], key)
        return {}

    # A citizen's own data

    async def ask_for_right(self, conversation_id: str, kind: str, channel: str, key: str) -> RightsRequest:
        lost = self._called("ask_for_right", kind, channel, key=key)
        if lost:
            raise lost
        return RightsRequest(**{**self.right, "kind": kind})

    async def send_code(self, request_id: str, channel: str, key: str) -> RightsRequest:
        self._called("send_code", request_id, channel, key=key)
        return RightsRequest(**self.right, kind="erasure")

    async def check_code(self, request_id: str, proof: str, key: str) -> CodeCheck:
        self._called("check_code", request_id, proof, key=key)
        return CodeCheck(answer=self.code, tries_left=4)

    async def withdraw_request(self, request_id: str, key: str) -> None:
        self._called("withdraw_request", request_id, key=key)

    async def data_link(self, request_id: str, key: str) -> DataLink:
        self._called("data_link", request_id, key=key)
        return DataLink(url="https://k.dk/mine-data/1.[key]")

    async def begin_erasure(
        self, request_id: str, choice: str | None, meeting: MeetingAhead | None, key: str
    ) -> ErasureBegun:
        lost = self._called("begin_erasure", request_id, choice, meeting, key=key)
        if lost:
            raise lost
        url = "https://k.dk/kvittering/DABC-DEFG-HJKM"
        return ErasureBegun(number="DABC-DEFG-HJKM", receipt_url=url)

    # Conversations

    async def rate(self, conversation_id: str, rating: int, key: str) -> None:
        self._called("rate", conversation_id, rating, key=key)
        self.ratings.append(rating)

    async def flag(self, conversation_id: str, kind: str, key: str) -> None:
        self._called("flag", conversation_id, kind, key=key)
        self.flags.append(kind)

    async def ask_for_person(self, conversation_id: str, reason: str, key: str) -> Standing:
        lost = self._called("ask_for_person", conversation_id, reason, key=key)
        self.asked_for_person.append(reason)
        if lost:
            raise lost
        return self.standing_of_queue

    async def standing(self, conversation_id: str, key: str) -> Standing:
        self._called("standing", conversation_id, key=key)
        return self.standing_of_queue

    async def leave_queue(self, conversation_id: str, key: str) -> None:
        self._called("leave_queue", conversation_id, key=key)
        self.standing_of_queue = queue("none")

    async def ask_for_call(self, conversation_id: str, phone: str, key: str) -> None:
        lost = self._called("ask_for_call", conversation_id, phone, key=key)
        self.numbers_to_call.append(phone)
        if lost:
            raise lost

    async def rate_help(self, conversation_id: str, helped: bool, key: str) -> None:
        self._called("rate_help", conversation_id, helped, key=key)
        self.helped.append(helped)

    async def stop_contact(self, conversation_id: str, said_at: str, key: str) -> None:
        self._called("stop_contact", conversation_id, key=key)
