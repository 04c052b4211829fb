"""The JSON Schema that editors use is the one of the model, and is committed."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from adapters import contract
from adapters.mapping.fields import FieldBlock
from adapters.mapping.schema import _SHORTER, describe_mapping, write_schema

ROOT = Path(__file__).parents[4]


def test_schema_is_current():
    committed = (ROOT / "docs/mapping.schema.json").read_text(encoding="utf-8")
    assert committed == write_schema(), "run `kalkan bank schema > docs/mapping.schema.json`"


def test_keys_are_written_as_files_write_them():
    schema = describe_mapping()
    assert {"field", "many", "join"} <= schema["properties"].keys()
    assert "from" in schema["$defs"]["FileSplit"]["properties"]
    assert schema["additionalProperties"] is False


def test_every_shorter_way_of_writing_is_in_the_schema():
    definitions = describe_mapping()["$defs"]
    for block, key in _SHORTER:
        described = definitions[block]["properties"][key]
        shapes = described.get("anyOf") or described["items"]["anyOf"]
        assert {"type": "string"} in shapes, f"{block}.{key}"


def test_every_reader_before_the_model_is_known_to_the_schema():
    """A new BeforeValidator takes more than the type says: `_SHORTER` has to name its key."""
    blocks = get_args(get_args(FieldBlock)[0])
    found = {
        (block.__name__, key)
        for block in blocks
        for key, info in block.model_fields.items()
        if "BeforeValidator" in repr(info.metadata) + repr(info.annotation)
    }
    assert found <= _SHORTER
    assert found


@pytest.mark.parametrize("kind", ["sql", "files", "http", "ldap", "yente", "opensearch", "node"])
def test_each_kind_asks_for_its_own_block(kind):
    rules: list[dict[str, Any]] = describe_mapping()["allOf"]
    found = [r["then"]["required"] for r in rules if json.dumps(kind) in json.dumps(r["if"])]
    assert len(found) == 1
    assert kind in found[0]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("`kind` of a record", contract.RecordKind),
        ("`sex`", contract.Sex),
        ("`document_kind`", contract.DocumentKind),
        ("`identifier_kind`", contract.IdentifierKind),
        ("`kind` of a name", contract.NameKind),
        ("`warnings`", contract.Warn),
        ("`action`", contract.Action),
        ("`urgency`", contract.Urgency),
    ],
)
def test_document_lists_the_words_of_ours(key, words):
    page = (ROOT / "docs/mapping.md").read_text(encoding="utf-8")
    assert f"| {key} | {', '.join(f'`{word}`' for word in words)} |" in page
