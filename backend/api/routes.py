"""Declares routes: a handler's signature says what it takes and gives, the decorator says the rest."""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from aiohttp import web
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from backend.api.models import QueryModel, RequestModel, ResponseModel
from backend.municipality import Municipality
from backend.problems import (
    BodyTooLarge,
    DatabaseUnavailable,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    InternalError,
    Invalid,
    Malformed,
    NotFound,
    Problem,
    Unauthorized,
    UnsupportedMediaType,
)
from backend.settings import Settings

M = TypeVar("M", bound=ResponseModel)
Handler = Callable[..., Awaitable[Any]]
HandlerT = TypeVar("HandlerT", bound=Handler)
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SMALL_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler gets besides its parameters: its transaction, the time, and the settings."""

    session: AsyncSession
    now: datetime
    settings: Settings
    municipality: Municipality
    app: Mapping[web.AppKey[Any] | str, Any]


@dataclass(frozen=True, slots=True)
class Reply(Generic[M]):
    """A response whose status is not the route's first one."""

    status: int
    content: M


@dataclass(frozen=True, slots=True)
class File:
    """A response that is not JSON, of the route's media type."""

    text: str
    filename: str


@dataclass(frozen=True)
class Route:
    """One declared route; validation, authorisation, idempotency and the OpenAPI document all read it."""

    method: str
    path: str
    handler: Handler
    tag: str
    statuses: tuple[int, ...]
    own_problems: tuple[type[Problem], ...]
    public: bool
    idempotency_key: bool
    max_body: int
    media_type: str
    body: type[RequestModel] | None
    query: type[QueryModel] | None
    path_types: dict[str, Any]
    response: type[ResponseModel] | None
    path_adapters: dict[str, TypeAdapter[Any]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "path_adapters", {name: TypeAdapter(kind) for name, kind in self.path_types.items()}
        )

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method in WRITES

    @cached_property
    def problems(self) -> list[type[Problem]]:
        """Every refusal it can answer: its own and those that follow from what it takes."""
        found: list[type[Problem]] = [*self.own_problems, DatabaseUnavailable, InternalError]
        if not self.public:
            found.append(Unauthorized)
        if self.path_types:
            found.append(NotFound)
        if self.query or self.body:
            found.append(Invalid)
        if self.body:
            found += [Malformed, BodyTooLarge, UnsupportedMediaType]
        if self.idempotency_key:
            found += [IdempotencyKeyMissing, IdempotencyKeyReused]
        return sorted(set(found), key=lambda problem: (problem.status, problem.slug))


class Routes:
    """A room's routes, collected by decorators and mounted by `backend.api`."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.all: list[Route] = []

    def get(self, path: str, **declaration: Any) -> Callable[[HandlerT], HandlerT]:
        """Declares a GET route; see `add`."""
        return self.add("GET", path, **declaration)

    def post(self, path: str, **declaration: Any) -> Callable[[HandlerT], HandlerT]:
        """Declares a POST route; see `add`."""
        return self.add("POST", path, **declaration)

    def patch(self, path: str, **declaration: Any) -> Callable[[HandlerT], HandlerT]:
        """Declares a PATCH route; see `add`."""
        return self.add("PATCH", path, **declaration)

    def delete(self, path: str, **declaration: Any) -> Callable[[HandlerT], HandlerT]:
        """Declares a DELETE route; see `add`."""
        return self.add("DELETE", path, **declaration)

    def add(
        self,
        method: str,
        path: str,
        *,
        status: int | tuple[int, ...] = 200,
        problems: Sequence[type[Problem]] = (),
        public: bool = False,
        idempotency_key: bool = True,
        max_body: int = SMALL_BODY,
        media_type: str = "application/json",
    ) -> Callable[[HandlerT], HandlerT]:
        """Declares a route.

        The handler is `async def name(call: Call, <path parameters>, [query: Q], [body: B]) -> R`, where Q
        and B derive from QueryModel and RequestModel and R is a ResponseModel, `Reply` of one, `File` or
        None. The first line of its docstring is its summary in the OpenAPI document.

        Args:
            method: HTTP method.
            path: Path below /api/v1, parameters in braces.
            status: The status it answers; with several, the first unless the handler gives a Reply.
            problems: The refusals its service can raise, beyond those every such route has.
            public: Whether it needs no bearer token.
            idempotency_key: Whether a write needs one; without, it must be idempotent by itself.
            max_body: Longest body it reads, in bytes.
            media_type: What a `File` is.
        """

        def declare(handler: HandlerT) -> HandlerT:
            hints = get_type_hints(handler, include_extras=True)
            names = re.findall(r"{(\w+)}", path)
            expected = {"call", *names} | (hints.keys() & {"query", "body", "return"})
            if hints.keys() != expected | {"return"}:
                raise TypeError(
                    f"{handler.__name__} takes {sorted(hints)}, its route says {sorted(expected)}"
                )
            self.all.append(
                Route(
                    method=method,
                    path=path,
                    handler=handler,
                    tag=self.tag,
                    statuses=(status,) if isinstance(status, int) else status,
                    own_problems=tuple(problems),
                    public=public,
                    idempotency_key=idempotency_key and method in WRITES,
                    max_body=max_body,
                    media_type=media_type,
                    body=hints.get("body"),
                    query=hints.get("query"),
                    path_types={name: hints[name] for name in names},
                    response=_response_model(hints["return"]),
                )
            )
            return handler

        return declare


def _response_model(annotation: Any) -> type[ResponseModel] | None:
    if get_origin(annotation) is Reply:
        (annotation,) = get_args(annotation)
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation if issubclass(annotation, ResponseModel) else None
    return None
