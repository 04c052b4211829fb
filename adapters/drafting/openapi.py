"""Read an OpenAPI document (3.0, 3.1): which operations list records, and what they take.

Only what a mapping needs is read: lists of objects, query parameters, the way one record is read,
enumerations. References go inside the document alone, and no deeper than a record ever is.
"""

from __future__ import annotations

from collections.abc import Iterator, ValuesView
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from urllib.parse import urljoin

from adapters.drafting.guess import PLAIN
from adapters.drafting.shape import DraftError

__all__ = [
    "Lists",
    "Parameter",
    "find_get",
    "find_lists",
    "find_server",
    "inner_lists",
    "needs_token",
    "shape_of",
]

_DEEP: Final = 8
_VALUES: Final = 1_000
"""Values of an object, and lists in an answer, that are looked at; the shallow ones come first."""

_PARTS: Final = 200
_TOGETHER: Final = ("allOf", "oneOf", "anyOf")
_OPEN: Final = ("object", "array")
_GOOD: Final = ("200", "2XX", "default")
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter with what is declared of its values."""

    name: str
    required: bool
    schema: Schema = field(hash=False)


@dataclass(frozen=True, slots=True)
class Lists:
    """One operation that returns a list of objects.

    Attributes:
        path: The operation's path.
        rows: Where in its answer the list is; empty where the answer is the list.
        item: What is declared of one object.
        answer: What is declared of the whole answer.
        parameters: Its query parameters.
        linked: Whether its answer is declared to have the header Link (RFC 8288).
    """

    path: str
    rows: str
    item: Schema = field(hash=False)
    answer: Schema = field(hash=False)
    parameters: tuple[Parameter, ...] = ()
    linked: bool = False


def find_server(document: Schema, place: str) -> str:
    """Return the address of the service; a relative one is below the document's own.

    Raises:
        DraftError: It is no OpenAPI 3 document, or names no server that can be asked.
    """
    if not str(document.get("openapi", "")).startswith("3."):
        raise DraftError("this is no OpenAPI 3 document")
    told = next((s.get("url", "/") for s in _dicts(document.get("servers"))), "/")
    url = urljoin(place, str(told)).rstrip("/")
    if not url.startswith(("http://", "https://")) or "{" in url:
        raise DraftError("write the address of the service under `servers` of the document")
    return url


def find_lists(document: Schema) -> Iterator[Lists]:
    """Yield the GET operations without path parameters that return a list of objects."""
    for path, operation in _gets(document):
        if "{" in path:
            continue
        answer = _answer(document, operation)
        for rows, schema in _walk(document, answer, ()):
            if schema.get("type") == "array" or "items" in schema:
                item = _flat(document, schema.get("items", {}))
                if table_of(item.get("properties")):
                    parameters = tuple(_parameters(document, operation))
                    linked = _is_linked(document, operation)
                    yield Lists(path, rows, item, answer, parameters, linked)
                    break


def find_get(document: Schema, path: str) -> tuple[str, str, Schema] | None:
    """Find the operation that reads one record of a list: its path, parameter and answer."""
    for other, operation in _gets(document):
        head, _, tail = other.rpartition("/")
        if head == path.rstrip("/") and tail.startswith("{") and tail.endswith("}"):
            return other, tail[1:-1], _answer(document, operation)
    return None


def needs_token(document: Schema) -> bool:
    """Tell whether a bearer token is declared."""
    schemes = table_of(table_of(document.get("components")).get("securitySchemes"))
    kinds = ((s.get("type"), str(s.get("scheme", "")).lower()) for s in _dicts(schemes.values()))
    return any(kind in {"oauth2", "openIdConnect"} or word == "bearer" for kind, word in kinds)


def shape_of(document: Schema, item: Schema) -> dict[str, Schema]:
    """Return what is declared of each value of an object, by its path; lists are left out."""
    return {
        path: schema
        for path, schema in _walk(document, item, ())
        if path and schema.get("type") not in _OPEN and "properties" not in schema
    }


def inner_lists(document: Schema, item: Schema) -> dict[str, dict[str, Schema]]:
    """Return the lists inside an object by their paths, each with what its items hold."""
    found: dict[str, dict[str, Schema]] = {}
    for path, schema in _walk(document, item, ()):
        if path and (schema.get("type") == "array" or "items" in schema):
            inner = _flat(document, schema.get("items", {}))
            holds = table_of(inner.get("properties"))
            found[path] = shape_of(document, inner) if holds else {PLAIN: inner}
    return found


def table_of(value: Any) -> Schema:  # noqa: ANN401 - whatever the document holds
    """Return what is an object as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def _dicts(values: Any) -> list[Schema]:  # noqa: ANN401 - whatever the document holds
    found = [*values] if isinstance(values, list | tuple | ValuesView) else []
    return [value for value in found if isinstance(value, dict)]


def _gets(document: Schema) -> Iterator[tuple[str, Schema]]:
    for path, item in table_of(document.get("paths")).items():
        told = _follow(document, item)
        operation = told.get("get")
        if isinstance(operation, dict) and str(path).startswith("/"):
            shared = _dicts(told.get("parameters"))
            mine = _dicts(operation.get("parameters"))
            yield str(path), {**operation, "parameters": [*shared, *mine]}


def _parameters(document: Schema, operation: Schema) -> Iterator[Parameter]:
    for told in operation["parameters"]:
        made = _follow(document, told)
        if made.get("in") == "query" and made.get("name"):
            schema = _flat(document, made.get("schema", {}))
            yield Parameter(str(made["name"]), bool(made.get("required")), schema)


def _answer(document: Schema, operation: Schema) -> Schema:
    answers = table_of(operation.get("responses"))
    for status in _GOOD:
        content = table_of(_follow(document, answers.get(status)).get("content"))
        for kind, about in content.items():
            if "json" in str(kind) and isinstance(about, dict):
                return _flat(document, about.get("schema", {}))
    return {}


def _is_linked(document: Schema, operation: Schema) -> bool:
    answers = table_of(operation.get("responses"))
    found = (_follow(document, answers.get(status)).get("headers") for status in _GOOD)
    return any(str(name).lower() == "link" for headers in found for name in table_of(headers))


def _follow(document: Schema, told: Any) -> Schema:  # noqa: ANN401 - whatever the document holds
    """Follow references inside the document."""
    for _ in range(_DEEP):
        if not isinstance(told, dict):
            return {}
        place = told.get("$ref")
        if not isinstance(place, str):
            return told
        told = document if place.startswith("#/") else None
        for step in place[2:].split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            told = told.get(key) if isinstance(told, dict) else None
    return {}


def _flat(document: Schema, told: Any) -> Schema:  # noqa: ANN401 - whatever the document holds
    """Follow references and take the parts of a schema together, a nullable one as it is.

    What a schema says itself wins over its parts, the first part over the next. Each counts once:
    a kind often names its children, and each child its kind.
    """
    merged: Schema = {}
    properties: Schema = {}
    seen: set[int] = set()
    waiting = [told]
    while waiting and len(seen) < _PARTS:
        schema = _follow(document, waiting.pop())
        if id(schema) not in seen:
            seen.add(id(schema))
            properties = {**table_of(schema.get("properties")), **properties}
            merged = {**schema, **merged}
            parts = (part for key in _TOGETHER for part in _dicts(schema.get(key)))
            waiting += reversed([part for part in parts if part.get("type") != "null"])
    kind = merged.get("type")
    if isinstance(kind, list):
        merged["type"] = next((each for each in kind if each != "null"), "null")
    merged |= {"properties": properties} if properties else {}
    return {key: value for key, value in merged.items() if key not in _TOGETHER}


def _walk(document: Schema, schema: Schema, above: tuple[str, ...]) -> Iterator[tuple[str, Schema]]:
    """Yield a schema and all that are below it, the shallow ones first, lists not opened."""
    level, left = [(above, _flat(document, schema))], _VALUES
    for _ in range(_DEEP):
        below: list[tuple[tuple[str, ...], Schema]] = []
        for path, each in level:
            yield ".".join(path), each
            inner = table_of(each.get("properties")).items()
            for name, told in islice(inner, left):
                below.append(((*path, str(name)), _flat(document, told)))
                left -= 1
        level = below
