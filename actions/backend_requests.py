"""How the actions speak with the backend: one request at a time, repeated once, its outcome known or not.

    BackendError
    ├── BackendUnavailable   no usable answer: away, slow, failing or answering nonsense
    └── BackendRefused       a clear no, with the stable slug of the problem

Every write carries an idempotency key, so each call may be repeated once without doing anything twice. A key
that has been sent before, perhaps in a turn that was cut off, is a write that may have been carried out.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError, parse_obj_as

from actions.attempts import Attempts
from actions.instruments import BACKEND_RETRIES, BACKEND_SECONDS, DONE, REFUSED, UNAVAILABLE
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


class BackendRequests:
    """Requests below `/api/v1`.

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

    async def post(self, path: str, body: JSON, key: str) -> JSON:
        """Sends a write below /api/v1; the outbox repeats kept requests through it."""
        return await self._send("POST", path, body, key)

    async def _get(self, path: str, query: Mapping[str, str] | None = None) -> JSON:
        return await self._request("GET", path, query=query)

    async def _send(self, method: str, path: str, body: JSON, key: str) -> JSON:
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


def read(model: type[Model], content: JSON) -> Model:
    """Gives an answer as what it should be.

    Raises:
        BackendUnavailable: It is something else.
    """
    try:
        return model.parse_obj(content)
    except ValidationError as error:
        raise BackendUnavailable(f"not a {model.__name__}", outcome_unknown=True) from error


def read_list(model: type[Model], content: JSON, field: str) -> list[Model]:
    """Gives a field of an answer as a list of what it should be.

    Raises:
        BackendUnavailable: It is something else.
    """
    try:
        return parse_obj_as(list[model], content[field])  # type: ignore[valid-type]
    except (ValidationError, KeyError) as error:
        raise BackendUnavailable(f"not a list of {model.__name__}", outcome_unknown=True) from error
