"""The JSON Schema of a mapping, so that an editor completes keys and marks what cannot be right.

It is made of the model that reads mappings, and says what the model accepts. What one block says
of another, a column of a table that is not read, only `kalkan bank check` finds.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final, get_args

from pydantic import BaseModel

from adapters.mapping import fields, sources
from adapters.mapping.model import Bank, Mapping, RecordBlock

__all__ = ["describe_mapping", "write_schema"]

_KNOWN: Final = ("record", "kind", "field")
"""What a mapping of kind yente or node need not say: it is the same in every such bank."""

_TITLE: Final = "A mapping of Kalkan: how one bank's words become ours"


def describe_mapping() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a mapping as a file writes it."""
    schema = Mapping.model_json_schema(by_alias=True, mode="validation")
    for name, definition in schema["$defs"].items():
        for key, described in definition.get("properties", {}).items():
            definition["properties"][key] = _widen(name, key, described)
    schema["required"] = [key for key in schema["required"] if key not in _KNOWN]
    schema["allOf"] = [_require_section(kind) for kind in get_args(_annotation(Bank, "kind"))]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": _TITLE,
        "description": "The page is docs/mapping.md.",
    }


def _annotation(model: type[BaseModel], name: str) -> object:
    return model.model_fields[name].annotation


def _require_section(kind: str) -> dict[str, Any]:
    """Say which blocks a mapping of one kind has, besides those of all."""
    wanted = [kind] if kind in {"yente", "node"} else [kind, *_KNOWN]
    bank = {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
    return {"if": {"properties": {"bank": bank}}, "then": {"required": wanted}}


def _widen(block: str, key: str, described: dict[str, Any]) -> dict[str, Any]:
    """Say where a shorter way of writing is read, too: a text for a constant, a list of one."""
    if (block, key) not in _SHORTER:
        return described
    rest = {k: v for k, v in described.items() if k not in _SHAPES}
    shape = {k: v for k, v in described.items() if k in _SHAPES}
    if block == sources.FileTable.__name__:
        items = {"anyOf": [{"type": "string"}, shape["items"]]}
        return {**rest, **shape, "items": items}
    return {**rest, "anyOf": [{"type": "string"}, *shape.pop("anyOf", [shape])]}


_SHAPES: Final = ("$ref", "anyOf", "type", "items", "minItems", "maxItems")

_SHORTER: Final = frozenset(
    (
        (RecordBlock.__name__, "key"),
        (fields.NameField.__name__, "kind"),
        (fields.IdentifierField.__name__, "identifier_kind"),
        (fields.DocumentField.__name__, "document_kind"),
        (fields.DocumentField.__name__, "issuer"),
        (fields.DateField.__name__, "format"),
        (sources.FileTable.__name__, "columns"),
    )
)
"""Keys whose readers take more than the model's type says; a test holds this against the model."""


def write_schema() -> str:
    """Write the schema as the file docs/mapping.schema.json holds it."""
    return json.dumps(describe_mapping(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write_schema())
