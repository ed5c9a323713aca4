"""Expected refusals, each with a stable name that a caller can act on.

A service raises a problem; the API answers it as RFC 9457 problem+json; the console shows its detail.

    Problem
    ├── Malformed                 400  the body is not JSON
    ├── IdempotencyKeyMissing     400
    ├── Unauthorized              401
    ├── NotAllowed                403
    ├── NotFound                  404
    ├── MethodNotAllowed          405
    ├── Conflict                  409  (the rooms' own refusals derive from it)
    │   └── VersionConflict       409
    ├── BodyTooLarge              413
    ├── UnsupportedMediaType      415
    ├── Invalid                   422  well-formed, but not what the contract says
    ├── IdempotencyKeyReused      422
    ├── InternalError             500
    └── DatabaseUnavailable       503  nothing was stored
"""

from typing import ClassVar, TypedDict

PROBLEM_BASE = "https://digispor.dk/problems/"


class FieldError(TypedDict):
    """One reason why a request was refused: where in the request, and why."""

    location: str
    message: str


class Problem(Exception):
    """An expected refusal.

    Attributes:
        slug: Stable name, the last part of the problem's `type`.
        status: HTTP status that the API answers.
        title: What kind of problem it is; the same each time.
        detail: What happened this time. Never contains personal data.
        errors: The single faults of a request, when there are any.
    """

    slug: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]

    def __init__(self, detail: str = "", errors: list[FieldError] | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors or []


class Malformed(Problem):
    """The request body is not JSON."""

    slug, status, title = "malformed", 400, "The body is not valid JSON"


class IdempotencyKeyMissing(Problem):
    """A write came without a usable Idempotency-Key."""

    slug, status, title = (
        "idempotency-key-missing",
        400,
        "A write needs an Idempotency-Key of 1-200 characters",
    )


class Unauthorized(Problem):
    """The service token is missing or wrong."""

    slug, status, title = "unauthorized", 401, "A valid bearer token is needed"


class NotAllowed(Problem):
    """The caller is known, but has no right to it."""

    slug, status, title = "not-allowed", 403, "The caller has no right to it"


class NotFound(Problem):
    """What was asked for does not exist."""

    slug, status, title = "not-found", 404, "Not found"


class MethodNotAllowed(Problem):
    """The path exists, but not with this method."""

    slug, status, title = "method-not-allowed", 405, "The method is not allowed here"


class Conflict(Problem):
    """The request fits the contract, but not the present state. The rooms derive their own from it."""

    slug, status, title = "conflict", 409, "The present state does not allow it"


class VersionConflict(Conflict):
    """Someone else changed it since the caller read it."""

    slug, title = "version-conflict", "It was changed by someone else in the meantime"


class BodyTooLarge(Problem):
    """The body is longer than the route takes."""

    slug, status, title = "body-too-large", 413, "The body is too large"


class UnsupportedMediaType(Problem):
    """The body is not declared as JSON."""

    slug, status, title = "unsupported-media-type", 415, "The body must be application/json"


class Invalid(Problem):
    """The request is well-formed, but breaks the contract."""

    slug, status, title = "validation", 422, "The request does not fit the contract"


class IdempotencyKeyReused(Problem):
    """The key was used before, for another request."""

    slug, status, title = "idempotency-key-reused", 422, "The Idempotency-Key belongs to another request"


class InternalError(Problem):
    """A fault of ours."""

    slug, status, title = "internal-error", 500, "Something went wrong here"


class DatabaseUnavailable(Problem):
    """The database is locked, full or gone; nothing of the request was stored."""

    slug, status, title = "database-unavailable", 503, "The database is not available; nothing was stored"
