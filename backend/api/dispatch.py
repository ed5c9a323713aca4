"""Runs a declared route: who asks, what they ask, once only, in one transaction."""

import hmac
import json
import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from backend.api import idempotency
from backend.api.idempotency import Answer
from backend.api.models import RequestModel
from backend.api.routes import Call, File, Reply, Route
from backend.keys import CLOCK, DATABASE, MUNICIPALITY, SETTINGS
from backend.problems import (
    BodyTooLarge,
    FieldError,
    IdempotencyKeyMissing,
    Invalid,
    Malformed,
    NotFound,
    Unauthorized,
    UnsupportedMediaType,
)

_KEY = re.compile(rf"[\x21-\x7e]{{1,{idempotency.MAX_KEY_LENGTH}}}")


class RouteHandler:
    """The aiohttp handler of one declared route."""

    def __init__(self, route: Route) -> None:
        self.route = route

    async def __call__(self, request: web.Request) -> web.Response:
        """Answers one request.

        Raises:
            Problem: The request is refused.
        """
        route = self.route
        config = request.config_dict
        if not route.public:
            _authorize(request, config[SETTINGS].service_token.accepted)
        arguments = self._path_arguments(request)
        if route.query:
            arguments["query"] = _validated_query(route.query, request)
        elif request.query:
            raise Invalid(
                errors=[{"location": f"query.{name}", "message": "unknown"} for name in request.query]
            )
        raw = b""
        if route.body:
            raw = await _read_body(request, route.max_body)
            arguments["body"] = _validated_body(route.body, raw)
        key = _idempotency_key(request) if route.idempotency_key else None

        database = config[DATABASE]
        now = config[CLOCK]()
        async with database.write() if route.writes else database.read() as work:
            if key:
                mark = idempotency.fingerprint(route.method, request.path, raw)
                earlier = await idempotency.claim(work.session, key, mark, now)
                if earlier:
                    return _respond(earlier, {"Idempotency-Replayed": "true"})
            call = Call(work.session, now, config[SETTINGS], config[MUNICIPALITY], config)
            result = await route.handler(call, **arguments)
            if isinstance(result, File):
                return _file(result, route.media_type)
            answer = _answer(result, route)
            if route.writes:
                if key:
                    await idempotency.keep(work.session, key, answer)
                await work.commit()
        return _respond(answer)

    def _path_arguments(self, request: web.Request) -> dict[str, Any]:
        try:
            return {
                name: adapter.validate_python(request.match_info[name])
                for name, adapter in self.route.path_adapters.items()
            }
        except ValidationError as error:
            # What cannot be an id is not the id of anything.
            raise NotFound from error


def _authorize(request: web.Request, tokens: Sequence[str]) -> None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    shown = given.encode("utf-8", "surrogateescape")
    matches = [hmac.compare_digest(shown, token.encode()) for token in tokens]
    if scheme.lower() != "bearer" or not any(matches):
        raise Unauthorized


def _idempotency_key(request: web.Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    return key


async def _read_body(request: web.Request, limit: int) -> bytes:
    if request.content_type != "application/json":
        raise UnsupportedMediaType
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge
    return bytes(body)


def _validated_body(model: type[RequestModel], raw: bytes) -> RequestModel:
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        if error.errors(include_url=False, include_context=False)[0]["type"] == "json_invalid":
            raise Malformed from error
        raise Invalid(errors=_field_errors(error, "body")) from error


def _validated_query(model: type[BaseModel], request: web.Request) -> BaseModel:
    repeated = [name for name in set(request.query) if len(request.query.getall(name)) > 1]
    if repeated:
        raise Invalid(
            errors=[{"location": f"query.{name}", "message": "repeated"} for name in sorted(repeated)]
        )
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        raise Invalid(errors=_field_errors(error, "query")) from error


def _field_errors(error: ValidationError, part: str) -> list[FieldError]:
    # Never the input itself: it may be someone's name or phone number.
    return [
        {"location": ".".join([part, *map(str, fault["loc"])]), "message": fault["msg"]}
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _answer(result: Any, route: Route) -> Answer:
    status = route.statuses[0]
    if isinstance(result, Reply):
        status, result = result.status, result.content
    return Answer(status, "" if result is None else result.model_dump_json(by_alias=True))


def _respond(answer: Answer, headers: dict[str, str] | None = None) -> web.Response:
    if not answer.body:
        return web.Response(status=answer.status, headers=headers)
    return web.Response(
        status=answer.status, text=answer.body, content_type="application/json", headers=headers
    )


def _file(file: File, media_type: str) -> web.Response:
    disposition = f"attachment; filename={json.dumps(file.filename)}"
    return web.Response(text=file.text, content_type=media_type, headers={"Content-Disposition": disposition})
