"""A mapping as a value: it has the block of its kind, and knows each column that it mentions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from adapters import contract
from adapters.mapping.fields import FieldBlock
from adapters.mapping.locate import Key
from adapters.mapping.model import Bank, Mapping, Warnings, columns_of

BLOCKS = {
    "sql": {"engine": "sqlite", "url": "sqlite:///b.db"},
    "files": {"format": "csv", "table": [{"table": "t", "path": "t.csv"}]},
    "ldap": {"url": "ldaps://dir.example", "base": "o=b", "filter": "(cn=*)"},
}
FUNCTION = {"answers": "person", "name": "find", "takes": ["given"]}


def mapping(kind="sql", /, **changes):
    whole = {
        "version": 1,
        "bank": {"id": "persons", "title": "Persons", "kind": kind},
        kind: BLOCKS[kind],
        "record": {"table": "t", "key": "id"},
        "field": [{"field": "name", "full": "t.name"}],
        "kind": {"const": "wanted"},
    }
    return Mapping.model_validate({**whole, **changes})


@pytest.mark.parametrize("kind", BLOCKS)
def test_mapping_has_the_block_of_its_kind_and_no_other(kind):
    assert mapping(kind).bank.kind == kind
    with pytest.raises(ValidationError, match=rf"write a \[{kind}\] block, or another kind"):
        mapping(kind, **{kind: None})
    other = next(each for each in BLOCKS if each != kind)
    with pytest.raises(ValidationError, match=rf"kind is '{kind}': take this block out"):
        mapping(kind, **{other: BLOCKS[other]})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"field": []}, r"write at least one \[\[field\]\] block"),
        ({"record": {"key": "id"}}, "is missing; write it"),
        ({"version": 2}, "version"),
        ({"record": {"table": "t", "key": "id", "budget": 0}}, "budget"),
        ({"record": {"table": "t", "key": "id", "scan": "maybe"}}, "scan"),
        ({"join": [{"table": "u", "on": {}}]}, "on"),
        ({"warnings": {"column": "t.w", "separator": ""}}, "separator"),
        ({"computed": {"t.c": ""}}, "computed"),
    ],
    ids=str,
)
def test_what_is_missing_or_wrong_is_named(changes, told):
    with pytest.raises(ValidationError, match=told):
        mapping(**changes)


def test_records_are_rows_of_tables_or_whole_things():
    assert mapping().has_tables
    assert mapping("files").has_tables
    assert not mapping("ldap", record={"key": "uid"}).has_tables
    assert not mapping(function=[FUNCTION], record={"key": "id"}).has_tables


def test_columns_of_the_record_are_written_with_its_table():
    assert mapping().key == "t.id"
    assert mapping("ldap", record={"key": "uid"}).key == "uid"
    assert mapping().full("name") == "t.name"
    assert mapping(record={"table": "t", "key": ["a", "b"]}).keys == ("t.a", "t.b")


def test_column_belongs_to_the_many_table_whose_name_it_has():
    found = mapping(many=[{"table": "u", "on": {"u.id": "t.id"}}, {"table": "uu"}])
    assert found.child_of("u.alias") == "u"
    assert found.child_of("uu.alias") == "uu"
    assert found.child_of("t.name") is None
    assert found.child_of("u") is None
    assert [place for place, _ in found.ties()] == [("many", 0), ("many", 1)]


def test_every_column_is_walked_with_its_place():
    found = mapping(
        record={"table": "t", "key": "id", "as_of_column": "seen", "watermark_column": "v"},
        join=[{"table": "j", "on": {"j.id": "t.id"}}],
        many=[{"table": "m", "on": {"m.of": "t.id"}}],
        field=[
            {"field": "name", "given": "t.g", "family": "t.f", "kind": {"column": "t.k"}},
            {"field": "address", "columns": ["j.a", "j.b"]},
            {"field": "birth_date", "year": "t.y", "month": "t.m", "day": "t.d"},
            {"field": "document", "number": "m.n", "series": "m.s", "issuer": "KAZ"},
            {"field": "remark", "const": "seen"},
        ],
        kind={"column": "t.kind"},
        warnings={"column": "t.w", "separator": ";"},
        action={"const": "arrest"},
    )
    assert [(use.place, use.column) for use in found.columns()] == [
        (("record", "key"), "t.id"),
        (("record", "as_of_column"), "t.seen"),
        (("record", "watermark_column"), "t.v"),
        (("join", 0, "on", Key("j.id")), "j.id"),
        (("join", 0, "on", "j.id"), "t.id"),
        (("many", 0, "on", Key("m.of")), "m.of"),
        (("many", 0, "on", "m.of"), "t.id"),
        (("field", 0, "given"), "t.g"),
        (("field", 0, "family"), "t.f"),
        (("field", 0, "kind", "column"), "t.k"),
        (("field", 1, "columns", 0), "j.a"),
        (("field", 1, "columns", 1), "j.b"),
        (("field", 2, "year"), "t.y"),
        (("field", 2, "month"), "t.m"),
        (("field", 2, "day"), "t.d"),
        (("field", 3, "number"), "m.n"),
        (("field", 3, "series"), "m.s"),
        (("kind", "column"), "t.kind"),
        (("warnings", "column"), "t.w"),
    ]


def test_each_column_of_a_key_has_its_own_place():
    found = mapping(record={"table": "t", "key": ["a", "b"]}).columns()
    assert [(use.place, use.column) for use in found][:2] == [
        (("record", "key", 0), "t.a"),
        (("record", "key", 1), "t.b"),
    ]


@pytest.mark.parametrize("key", [[], "", ["a", ""], {"a": 1}, 5, ["a"] * 7])
def test_key_is_a_column_or_some_together(key):
    with pytest.raises(ValidationError, match=r"write a column, or up to 6 together: \[\"region"):
        mapping(record={"table": "t", "key": key})


@pytest.mark.parametrize(
    "block",
    [
        {"field": "birth_date", "first": "t.a", "last": "t.b"},
        {"field": "name", "full": "t.a", "patronymic": "t.b"},
        {"field": "identifier", "column": "t.b", "identifier_kind": {"column": "t.a"}},
        {"field": "nationality", "column": "t.a", "codes": "t.b"},
    ],
)
def test_no_column_of_a_field_is_overlooked(block):
    read = columns_of(TypeAdapter(FieldBlock).validate_python(block))
    wanted = {"t.a"} if "codes" in block else {"t.a", "t.b"}
    assert set(read) == wanted


def test_bank_says_its_codes_and_of_when_it_is():
    stamp = "2026-01-01T00:00:00Z"
    bank = {"id": "b", "title": "B", "kind": "sql"}
    found = mapping(bank={**bank, "handling": {"tlp": "red"}, "as_of": stamp})
    assert found.as_of == datetime(2026, 1, 1, tzinfo=UTC)
    assert found.bank.codes == contract.Handling(tlp=contract.Tlp.RED)
    assert Bank.model_validate(bank).codes == contract.Handling(tlp=contract.Tlp.AMBER)
    for wrong in ("2026-01-01T00:00:00", "yesterday"):  # a time without a zone is none
        with pytest.raises(ValidationError, match="as_of"):
            Bank.model_validate({**bank, "as_of": wrong})


@pytest.mark.parametrize("name", ["", "B", "b_c", "-b", "b" * 65, "b/c", "б"])
def test_bank_has_a_plain_name(name):
    with pytest.raises(ValidationError, match="id"):
        Bank(id=name, title="B", kind="sql")


def test_warnings_are_one_code_or_several_in_a_column():
    assert Warnings(const="armed").separator is None
    assert Warnings(column="w", separator=",").separator == ","


def test_mapping_that_was_not_read_from_a_file_tells_places_all_the_same():
    assert mapping().origin().tell(("field", 0, "full")) == "mapping:1:1: field.1.full"
