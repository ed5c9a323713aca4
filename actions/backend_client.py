"""The only door from the actions to the backend.

    BackendError
    ├── BackendUnavailable   no usable answer: away, slow, failing or answering nonsense
    └── BackendRefused       a clear no, with the stable slug of the problem

Every write carries an idempotency key, so each call may be repeated once without doing anything twice. A key
that has been sent before, perhaps in a turn that was cut off, is a write that may have been carried out.
"""

import asyncio
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError, parse_obj_as

from actions.attempts import Attempts
from actions.backend_models import (
    Assessment,
    Booking,
    Citizen,
    CodeCheck,
    DataLink,
    ErasureBegun,
    Hold,
    Placement,
    Result,
    RightsRequest,
    SlotPage,
    Standing,
    Track,
)
from actions.instruments import BACKEND_RETRIES, BACKEND_SECONDS, DONE, REFUSED, UNAVAILABLE
from actions.settings import ActionSettings
from observability import correlation

TIMEOUT_SECONDS = 5.0
ATTEMPTS = 2
# Answers about the caller or the moment, not about what was asked: nothing was done, and it may work later.
NOT_NOW = frozenset({401, 403, 408, 429})

JSON = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)


class BackendError(Exception):
    """The backend did not do what was asked."""


class BackendUnavailable(BackendError):
    """No usable answer came.

    Attributes:
        outcome_unknown: True when the request may have been carried out all the same.
    """

    def __init__(self, message: str, *, outcome_unknown: bool) -> None:
        super().__init__(message)
        self.outcome_unknown = outcome_unknown


class BackendRefused(BackendError):
    """The backend said no and changed nothing.

    Attributes:
        slug: Last part of the problem's type, e.g. "slot-taken".
        detail: The backend's explanation, for logs.
    """

    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(f"{slug}: {detail}")
        self.slug = slug
        self.detail = detail


class BackendClient:
    """Typed calls to `/api/v1`; see the backend's OpenAPI document for the contract.

    All methods raise BackendUnavailable or BackendRefused and nothing else. The HTTP session belongs to
    the event loop of the first call.

    Args:
        base_url: Root of the backend.
        token: The service token.
        attempts: Remembers which writes have been sent.
        timeout_seconds: How long an answer is waited for.
    """

    def __init__(
        self, base_url: str, token: str, attempts: Attempts, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._attempts = attempts
        self._root = f"{base_url}/api/v1"
        self._ready_url = f"{base_url}/health/ready"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Closes the HTTP session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def is_ready(self) -> bool:
        """Tells whether the backend says that it can serve."""
        try:
            async with self._http().get(self._ready_url) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    # Citizens

    async def get_or_create_citizen(self, conversation_id: str, channel: str, key: str) -> Citizen:
        """Gives the citizen of a conversation, made at the first call."""
        body = {"conversation_id": conversation_id, "channel": channel}
        return _read(Citizen, await self.post("/citizens", body, key))

    async def wish_occupation(self, citizen_id: str, occupation: str, key: str) -> Citizen:
        """Stores the job that the citizen would like."""
        body = {"wished_occupation": occupation}
        return _read(Citizen, await self._send("PATCH", f"/citizens/{citizen_id}", body, key))

    # Assessments

    async def start_assessment(self, citizen_id: str, key: str, *, restart: bool = False) -> Assessment:
        """Starts a self-assessment, or resumes the one that is open."""
        body = {"citizen_id": citizen_id, "restart": restart}
        return _read(Assessment, await self.post("/assessments", body, key))

    async def assessment(self, assessment_id: str) -> Assessment:
        """Gives where an assessment stands."""
        return _read(Assessment, await self._get(f"/assessments/{assessment_id}"))

    async def answer(self, assessment_id: str, item_id: str, response: int | None, key: str) -> Assessment:
        """Stores an answer, 0-3 or None for "ved ikke"."""
        body = {"item_id": item_id, "response": response}
        return _read(Assessment, await self.post(f"/assessments/{assessment_id}/answers", body, key))

    async def skip(self, assessment_id: str, item_id: str, key: str) -> Assessment:
        """Passes over an item."""
        return _read(
            Assessment, await self.post(f"/assessments/{assessment_id}/skips", {"item_id": item_id}, key)
        )

    async def undo(self, assessment_id: str, key: str) -> Assessment:
        """Withdraws the last answer, so that its item is current again."""
        return _read(Assessment, await self.post(f"/assessments/{assessment_id}/undo", {}, key))

    async def pause(self, assessment_id: str, key: str) -> Assessment:
        """Marks an assessment as paused."""
        return _read(Assessment, await self.post(f"/assessments/{assessment_id}/pause", {}, key))

    async def result(self, assessment_id: str) -> Result:
        """Gives the profile and the proposal."""
        return _read(Result, await self._get(f"/assessments/{assessment_id}/result"))

    # Placements and tracks

    async def placements(self, citizen_id: str) -> list[Placement]:
        """Gives the citizen's proposals, newest first."""
        return _read_list(Placement, await self._get("/placements", {"citizen_id": citizen_id}), "placements")

    async def dispute(self, placement_id: str, reason: str, key: str) -> Placement:
        """Stores that the citizen disagrees, and why."""
        return _read(
            Placement, await self.post(f"/placements/{placement_id}/dispute", {"reason": reason}, key)
        )

    async def tracks(self) -> list[Track]:
        """Gives the tracks there are."""
        return _read_list(Track, await self._get("/tracks"), "tracks")

    # Booking

    async def slots(self, **filters: str) -> SlotPage:
        """Gives free times that fit the filters of GET /slots."""
        return _read(SlotPage, await self._get("/slots", filters))

    async def hold(self, citizen_id: str, slot_id: str, key: str) -> Hold:
        """Keeps a slot for the citizen for some minutes."""
        return _read(Hold, await self.post("/holds", {"citizen_id": citizen_id, "slot_id": slot_id}, key))

    async def release_hold(self, hold_id: str, key: str) -> None:
        """Gives a held slot back."""
        await self._send("DELETE", f"/holds/{hold_id}", None, key)

    async def book(self, hold_id: str, name: str, phone: str, key: str) -> Booking:
        """Turns a hold into a booking."""
        body = {"hold_id": hold_id, "name": name, "phone": phone}
        return _read(Booking, await self.post("/bookings", body, key))

    async def bookings(self, citizen_id: str) -> list[Booking]:
        """Gives the citizen's coming bookings."""
        filters = {"citizen_id": citizen_id, "status": "booked"}
        return _read_list(Booking, await self._get("/bookings", filters), "bookings")

    async def move(self, booking_id: str, hold_id: str, version: int, key: str) -> Booking:
        """Moves a booking to the held slot."""
        body = {"hold_id": hold_id, "version": version}
        return _read(Booking, await self.post(f"/bookings/{booking_id}/move", body, key))

    async def cancel(self, booking_id: str, version: int, reason: str, key: str) -> Booking:
        """Cancels a booking."""
        body = {"version": version, "reason": reason}
        return _read(Booking, await self.post(f"/bookings/{booking_id}/cancel", body, key))

    async def report_absence(self, booking_id: str, version: int, reason: str, key: str) -> Booking:
        """Stores an "afbud" that came after the notice period."""
        body = {"version": version, "reason": reason}
        return _read(Booking, await self.post(f"/bookings/{booking_id}/absence", body, key))

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
        return _read(Standing, await self.post(path, {"reason": reason}, key))

    async def standing(self, conversation_id: str, key: str) -> Standing:
        """Gives what can be told somebody who waits; it counts as told."""
        return _read(
            Standing, await self.post(f"/conversations/{conversation_id}/handover/standing", {}, key)
        )

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
        return _read(RightsRequest, await self.post(path, body, key))

    async def send_code(self, request_id: str, channel: str, key: str) -> RightsRequest:
        """Has another code sent."""
        path = f"/rights-requests/{request_id}/codes"
        return _read(RightsRequest, await self.post(path, {"channel": channel}, key))

    async def check_code(self, request_id: str, proof: str, key: str) -> CodeCheck:
        """Takes the proof of the code that the citizen gave."""
        path = f"/rights-requests/{request_id}/identity"
        return _read(CodeCheck, await self.post(path, {"proof": proof}, key))

    async def withdraw_request(self, request_id: str, key: str) -> None:
        """Closes a request that the citizen does not want any more."""
        await self.post(f"/rights-requests/{request_id}/withdrawal", {}, key)

    async def data_link(self, request_id: str, key: str) -> DataLink:
        """Gives a link to everything that is stored."""
        return _read(DataLink, await self.post(f"/rights-requests/{request_id}/link", {}, key))

    async def begin_erasure(self, request_id: str, meeting: str, key: str) -> ErasureBegun:
        """Has everything erased; `meeting` is "cancel", "keep" or "none"."""
        path = f"/rights-requests/{request_id}/erasure"
        return _read(ErasureBegun, await self.post(path, {"meeting": meeting}, key))

    # Transport

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

    async def post(self, path: str, body: JSON, key: str) -> JSON:
        """Sends a write below /api/v1; the outbox repeats kept requests through it."""
        return await self._send("POST", path, body, key)

    async def _get(self, path: str, query: Mapping[str, str] | None = None) -> JSON:
        return await self._request("GET", path, query=query)

    async def _send(self, method: str, path: str, body: JSON | None, key: str) -> JSON:
        return await self._request(method, path, body=body, key=key)

    async def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: JSON | None = None,
        key: str | None = None,
    ) -> JSON:
        began, outcome = time.perf_counter(), UNAVAILABLE
        try:
            answer = await self._repeated(method, path, query, body, key)
            outcome = DONE
        except BackendRefused:
            outcome = REFUSED
            raise
        finally:
            BACKEND_SECONDS.labels(path.split("/")[1], outcome).observe(time.perf_counter() - began)
        return answer

    async def _repeated(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: JSON | None,
        key: str | None,
    ) -> JSON:
        headers = {**correlation.headers(), **({"Idempotency-Key": key} if key else {})}
        unknown = key is not None and self._attempts.begin(key)
        for attempt in range(ATTEMPTS):
            if attempt:
                BACKEND_RETRIES.inc()
            try:
                async with self._http().request(
                    method, self._root + path, params=query, json=body, headers=headers
                ) as response:
                    return await _answer(response)
            except BackendUnavailable as error:
                failure = error
            except aiohttp.ClientConnectorError as error:
                failure = BackendUnavailable(str(error), outcome_unknown=False)
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
                failure = BackendUnavailable(repr(error), outcome_unknown=method != "GET")
            unknown = unknown or failure.outcome_unknown
            if attempt + 1 == ATTEMPTS:
                if key is not None and not unknown:
                    self._attempts.forget(key)
                raise BackendUnavailable(str(failure), outcome_unknown=unknown) from failure
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, headers=self._headers)
        return self._session


async def _answer(response: aiohttp.ClientResponse) -> JSON:
    """Reads an answer: the object of a success, or the matching exception."""
    if response.status == 204:
        return {}
    try:
        content = await response.json(content_type=None)
    except ValueError as error:
        raise BackendUnavailable("the answer is not JSON", outcome_unknown=True) from error
    if not isinstance(content, dict):
        raise BackendUnavailable("the answer is not an object", outcome_unknown=True)
    if response.status < 400:
        return content
    slug = str(content.get("type", "")).rpartition("/")[2]
    if response.status in NOT_NOW:
        raise BackendUnavailable(f"HTTP {response.status}", outcome_unknown=False)
    if response.status >= 500:
        # The backend answers database-unavailable only after a rollback; any other 5xx promises nothing.
        raise BackendUnavailable(f"HTTP {response.status}", outcome_unknown=slug != "database-unavailable")
    raise BackendRefused(slug or "unknown", str(content.get("detail", "")))


def _read(model: type[Model], content: JSON) -> Model:
    try:
        return model.parse_obj(content)
    except ValidationError as error:
        raise BackendUnavailable(f"not a {model.__name__}", outcome_unknown=True) from error


def _read_list(model: type[Model], content: JSON, field: str) -> list[Model]:
    try:
        return parse_obj_as(list[model], content[field])  # type: ignore[valid-type]
    except (ValidationError, KeyError) as error:
        raise BackendUnavailable(f"not a list of {model.__name__}", outcome_unknown=True) from error


@lru_cache(maxsize=1)
def backend() -> BackendClient:
    """Gives the process's client. Actions are built without arguments, so they ask here."""
    settings = ActionSettings.from_environment()
    attempts = Attempts(settings.data_dir / "attempts.db")
    return BackendClient(settings.backend_url, settings.service_token, attempts)
