"""Writes the OpenAPI 3.1 document from the declared routes."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from backend.api.idempotency import MAX_KEY_LENGTH
from backend.api.routes import Route
from backend.problems import PROBLEM_BASE, Problem

_REF = "#/components/schemas/{model}"
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this write; a repeat with the same key gets the same answer and changes nothing.",
    "schema": {"type": "string", "pattern": rf"^[\x21-\x7e]{{1,{MAX_KEY_LENGTH}}}$"},
}


class FieldErrorOut(BaseModel):
    """One fault of a request."""

    location: str
    message: str


class ProblemOut(BaseModel):
    """An RFC 9457 problem."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut] | None = None


def document(routes: Sequence[Route], version: str, server: str) -> dict[str, Any]:
    """The OpenAPI document of some routes.

    Args:
        routes: The declared routes.
        version: Version of the API's implementation.
        server: Where the API is, a path or an address.
    """
    schemas, components = _schemas(routes)
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Digispor",
            "version": version,
            "summary": "Self-assessment of digital skills, placement on a track, and booking of a consultant",
            "license": {"name": "MPL-2.0", "identifier": "MPL-2.0"},
        },
        "servers": [{"url": server}],
        "security": [{"service": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"service": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(routes: Sequence[Route]) -> tuple[dict[type[BaseModel], Any], dict[str, Any]]:
    models: dict[type[BaseModel], JsonSchemaMode] = {ProblemOut: "serialization"}
    for route in routes:
        if route.body:
            models[route.body] = "validation"
        if route.response:
            models[route.response] = "serialization"
    by_model, definitions = models_json_schema(list(models.items()), ref_template=_REF)
    return {model: by_model[model, mode] for model, mode in models.items()}, definitions["$defs"]


def _operation(route: Route, schemas: dict[type[BaseModel], Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "tags": [route.tag],
        "summary": (route.handler.__doc__ or "").strip().partition("\n")[0],
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {str(status): _success(route, schemas) for status in route.statuses}
        | _refusals(route.problems, schemas),
    }
    if route.idempotency_key:
        operation["parameters"].append(_IDEMPOTENCY_KEY)
    if route.body:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[route.body]}},
        }
    if route.public:
        operation["security"] = []
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": TypeAdapter(kind).json_schema()}
        for name, kind in route.path_types.items()
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if not route.query:
        return []
    schema = route.query.model_json_schema(ref_template=_REF)
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            **_query_field(field),
        }
        for name, field in schema["properties"].items()
    ]


def _query_field(field: dict[str, Any]) -> dict[str, Any]:
    if field.get("type") != "array":
        return {"schema": field}
    # A list is written with commas; to leave it out is not to write an empty one.
    values = {key: value for key, value in field.items() if key != "default"}
    return {"schema": values, "style": "form", "explode": False}


def _success(route: Route, schemas: dict[type[BaseModel], Any]) -> dict[str, Any]:
    if route.media_type != "application/json":
        return {"description": "The file", "content": {route.media_type: {"schema": {"type": "string"}}}}
    if route.response is None:
        return {"description": "Done"}
    content = {"application/json": {"schema": schemas[route.response]}}
    return {"description": (route.response.__doc__ or "").strip().partition("\n")[0], "content": content}


def _refusals(problems: Sequence[type[Problem]], schemas: dict[type[BaseModel], Any]) -> dict[str, Any]:
    by_status: dict[str, list[type[Problem]]] = {}
    for problem in problems:
        by_status.setdefault(str(problem.status), []).append(problem)
    return {
        status: {
            "description": "; ".join(f"`{PROBLEM_BASE}{problem.slug}` {problem.title}" for problem in same),
            "content": {"application/problem+json": {"schema": schemas[ProblemOut]}},
        }
        for status, same in by_status.items()
    }
