"""The only door from the actions to the backend."""

from functools import lru_cache

from actions.attempts import Attempts
from actions.backend_models import (
    Assessment,
    Booking,
    Citizen,
    CodeCheck,
    DataLink,
    ErasureBegun,
    Hold,
    MeetingAhead,
    Placement,
    Result,
    RightsRequest,
    SlotPage,
    Standing,
    Track,
)
from actions.backend_requests import BackendRequests, read, read_list
from actions.settings import ActionSettings


class BackendClient(BackendRequests):
    """Typed calls; see the backend's OpenAPI document for the contract."""

    # Citizens

    async def get_or_create_citizen(self, conversation_id: str, channel: str, key: str) -> Citizen:
        """Gives the citizen of a conversation, made at the first call."""
        body = {"conversation_id": conversation_id, "channel": channel}
        return read(Citizen, await self.post("/citizens", body, key))

    async def wish_occupation(self, citizen_id: str, occupation: str, key: str) -> Citizen:
        """Stores the job that the citizen would like."""
        body = {"wished_occupation": occupation}
        return read(Citizen, await self._send("PATCH", f"/citizens/{citizen_id}", body, key))

    # Assessments

    async def start_assessment(self, citizen_id: str, key: str, *, restart: bool = False) -> Assessment:
        """Starts a self-assessment, or resumes the one that is open."""
        body = {"citizen_id": citizen_id, "restart": restart}
        return read(Assessment, await self.post("/assessments", body, key))

    async def assessment(self, assessment_id: str) -> Assessment:
        """Gives where an assessment stands."""
        return read(Assessment, await self._get(f"/assessments/{assessment_id}"))

    async def answer(self, assessment_id: str, item_id: str, response: int | None, key: str) -> Assessment:
        """Stores an answer, 0-3 or None for "ved ikke"."""
        body = {"item_id": item_id, "response": response}
        return read(Assessment, await self.post(f"/assessments/{assessment_id}/answers", body, key))

    async def skip(self, assessment_id: str, item_id: str, key: str) -> Assessment:
        """Passes over an item."""
        return read(
            Assessment, await self.post(f"/assessments/{assessment_id}/skips", {"item_id": item_id}, key)
        )

    async def undo(self, assessment_id: str, key: str) -> Assessment:
        """Withdraws the last answer, so that its item is current again."""
        return read(Assessment, await self.post(f"/assessments/{assessment_id}/undo", {}, key))

    async def pause(self, assessment_id: str, key: str) -> Assessment:
        """Marks an assessment as paused."""
        return read(Assessment, await self.post(f"/assessments/{assessment_id}/pause", {}, key))

    async def result(self, assessment_id: str) -> Result:
        """Gives the profile and the proposal."""
        return read(Result, await self._get(f"/assessments/{assessment_id}/result"))

    # Placements and tracks

    async def placements(self, citizen_id: str) -> list[Placement]:
        """Gives the citizen's proposals, newest first."""
        return read_list(Placement, await self._get("/placements", {"citizen_id": citizen_id}), "placements")

    async def dispute(self, placement_id: str, reason: str, key: str) -> Placement:
        """Stores that the citizen disagrees, and why."""
        return read(
            Placement, await self.post(f"/placements/{placement_id}/dispute", {"reason": reason}, key)
        )

    async def tracks(self) -> list[Track]:
        """Gives the tracks there are."""
        return read_list(Track, await self._get("/tracks"), "tracks")

    # Booking

    async def slots(self, **filters: str) -> SlotPage:
        """Gives free times that fit the filters of GET /slots."""
        return read(SlotPage, await self._get("/slots", filters))

    async def hold(self, citizen_id: str, slot_id: str, key: str) -> Hold:
        """Keeps a slot for the citizen for some minutes."""
        return read(Hold, await self.post("/holds", {"citizen_id": citizen_id, "slot_id": slot_id}, key))

    async def book(self, hold_id: str, name: str, phone: str, key: str) -> Booking:
        """Turns a hold into a booking."""
        body = {"hold_id": hold_id, "name": name, "phone": phone}
        return read(Booking, await self.post("/bookings", body, key))

    async def bookings(self, citizen_id: str) -> list[Booking]:
        """Gives the citizen's coming bookings."""
        filters = {"citizen_id": citizen_id, "status": "booked"}
        return read_list(Booking, await self._get("/bookings", filters), "bookings")

    async def move(self, booking_id: str, hold_id: str, version: int, key: str) -> Booking:
        """Moves a booking to the held slot."""
        body = {"hold_id": hold_id, "version": version}
        return read(Booking, await self.post(f"/bookings/{booking_id}/move", body, key))

    async def cancel(self, booking_id: str, version: int, reason: str, key: str) -> Booking:
        """Cancels a booking."""
        body = {"version": version, "reason": reason}
        return read(Booking, await self.post(f"/bookings/{booking_id}/cancel", body, key))

    async def report_absence(self, booking_id: str, version: int, reason: str, key: str) -> Booking:
        """Stores an "afbud" that came after the notice period."""
        body = {"version": version, "reason": reason}
        return read(Booking, await self.post(f"/bookings/{booking_id}/absence", body, key))

    # Conversations

    async def flag(self, conversation_id: str, kind: str, key: str) -> None:
        """Marks a conversation for the staff."""
        await self.post(f"/conversations/{conversation_id}/flags", {"kind": kind}, key)

    async def rate(self, conversation_id: str, rating: int, key: str) -> None:
        """Stores how content the citizen was with a conversation, 1 to 5."""
        await self.post(f"/conversations/{conversation_id}/rating", {"rating": rating}, key)

    # A person

    async def ask_for_person(self, conversation_id: str, reason: str, key: str) -> Standing:
        """Asks for a person, and gives what can be told of it."""
        path = f"/conversations/{conversation_id}/handover"
        return read(Standing, await self.post(path, {"reason": reason}, key))

    async def standing(self, conversation_id: str, key: str) -> Standing:
        """Gives what can be told somebody who waits; it counts as told."""
        return read(Standing, await self.post(f"/conversations/{conversation_id}/handover/standing", {}, key))

    async def leave_queue(self, conversation_id: str, key: str) -> None:
        """Lets the citizen wait no longer."""
        await self.post(f"/conversations/{conversation_id}/handover/leave", {}, key)

    async def ask_for_call(self, conversation_id: str, phone: str, key: str) -> None:
        """Stores a number that the citizen wants to be called on."""
        await self.post(f"/conversations/{conversation_id}/call-request", {"phone": phone}, key)

    async def rate_help(self, conversation_id: str, helped: bool, key: str) -> None:
        """Stores whether a person has helped the citizen."""
        await self.post(f"/conversations/{conversation_id}/handover/help", {"helped": helped}, key)

    # A citizen's own data

    async def ask_for_right(self, conversation_id: str, kind: str, channel: str, key: str) -> RightsRequest:
        """Takes a request for a copy ("export") or to erase ("erasure"), or takes the open one up."""
        body = {"kind": kind, "channel": channel}
        path = f"/conversations/{conversation_id}/rights-requests"
        return read(RightsRequest, await self.post(path, body, key))

    async def send_code(self, request_id: str, channel: str, key: str) -> RightsRequest:
        """Has another code sent."""
        path = f"/rights-requests/{request_id}/codes"
        return read(RightsRequest, await self.post(path, {"channel": channel}, key))

    async def check_code(self, request_id: str, proof: str, key: str) -> CodeCheck:
        """Takes the proof of the code that the citizen gave."""
        path = f"/rights-requests/{request_id}/identity"
        return read(CodeCheck, await self.post(path, {"proof": proof}, key))

    async def withdraw_request(self, request_id: str, key: str) -> None:
        """Closes a request that the citizen does not want any more."""
        await self.post(f"/rights-requests/{request_id}/withdrawal", {}, key)

    async def data_link(self, request_id: str, key: str) -> DataLink:
        """Gives a link to everything that is stored."""
        return read(DataLink, await self.post(f"/rights-requests/{request_id}/link", {}, key))

    async def begin_erasure(
        self, request_id: str, choice: str | None, meeting: MeetingAhead | None, key: str
    ) -> ErasureBegun:
        """Has everything erased.

        Args:
            request_id: The request.
            choice: "cancel" or "keep" for the coming meeting.
            meeting: That meeting, as the citizen was asked about it; None where there is none.
            key: The request's idempotency key.
        """
        path = f"/rights-requests/{request_id}/erasure"
        asked_about = meeting and meeting.dict(include={"id", "version", "can_cancel"}) | {"choice": choice}
        return read(ErasureBegun, await self.post(path, {"meeting": asked_about}, key))

    async def stop_contact(self, conversation_id: str, said_at: str, key: str) -> None:
        """Stores that the citizen does not want to be written to.

        Args:
            conversation_id: Whose wish it is.
            said_at: When they said so, as ISO 8601 with an offset.
            key: The idempotency key.
        """
        await self.post(
            f"/conversations/{conversation_id}/contact-wish", {"wanted": False, "said_at": said_at}, key
        )


@lru_cache(maxsize=1)
def backend() -> BackendClient:
    """Gives the process's client. Actions are built without arguments, so they ask here."""
    settings = ActionSettings.from_environment()
    attempts = Attempts(settings.data_dir / "attempts.db")
    return BackendClient(settings.backend_url, settings.service_token, attempts)
