"""The API's documentation, read out of its OpenAPI description."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Named:
    """A parameter or a field: its type in words, and the model that describes it further, if any."""

    name: str
    type: str
    model: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One address. `takes` names what is sent, `model` the answer; `try_at` is a link where nothing is filled in."""

    tag: str
    method: str
    path: str
    summary: str
    parameters: tuple[Named, ...]
    takes: str
    model: str
    try_at: str


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    description: str
    fields: tuple[Named, ...]


def operations(openapi: Mapping[str, Any]) -> list[Operation]:
    """All addresses, in the order of the application."""
    schemas = openapi["components"]["schemas"]
    return [
        _operation(method, path, told, schemas)
        for path, methods in openapi["paths"].items()
        for method, told in methods.items()
    ]


def models(openapi: Mapping[str, Any]) -> list[Model]:
    """The answers and their parts; enumerations are told where they are used."""
    schemas = openapi["components"]["schemas"]
    return [
        Model(name, schema.get("description", ""), tuple(_fields(schema, schemas)))
        for name, schema in schemas.items()
        if "properties" in schema
    ]


def _operation(method: str, path: str, told: Mapping[str, Any], schemas: Mapping[str, Any]) -> Operation:
    good = next(response for status, response in told["responses"].items() if status.startswith("2"))
    needed = method != "get" or "{" in path or any(entry["required"] for entry in told.get("parameters", ()))
    parameters = (
        Named(entry["name"], _type(entry["schema"], schemas)[0], "", entry["required"], entry.get("description", ""))
        for entry in told.get("parameters", ())
    )
    return Operation(
        told["tags"][0],
        method.upper(),
        path,
        told["summary"],
        tuple(parameters),
        _model(told.get("requestBody", {})),
        _model(good),
        "" if needed else path,
    )


def _model(body: Mapping[str, Any]) -> str:
    """What a body is described by, empty where it is no JSON."""
    return _type(body.get("content", {}).get("application/json", {}).get("schema", {}), {})[1]


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Named]:
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        kind, model = _type(field, schemas)
        yield Named(name, kind, model, name in required, field.get("description", ""))


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[str, str]:
    """(the type in words, the model it leads to or nothing)."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        words = schemas.get(name, {}).get("enum")
        return (" | ".join(words), "") if words else (name, name)
    if "const" in schema:
        return str(schema["const"]), ""
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"])), ""
    options = schema.get("anyOf", schema.get("oneOf"))
    if options:
        kinds = [_type(option, schemas) for option in options]
        return " | ".join(kind for kind, _ in kinds), next((model for _, model in kinds if model), "")
    if schema.get("type") == "array":
        kind, model = _type(schema["items"], schemas)
        return f"list of {kind}", model
    return str(schema.get("type", "")), ""
