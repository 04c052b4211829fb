"""JSON lines: paths, lists as child tables, and lines that are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.files import lines
from adapters.banks.files.lines import Plan, read_lines
from adapters.banks.registry import open_bank
from adapters.contract import (
    BankFaultError,
    DocumentProbe,
    FieldName,
    Limits,
    MappingError,
    PartialDate,
)

LIMITS = Limits(rows=10, timeout_s=60)

PEOPLE = [
    {
        "id": 7,
        "name": {"given": "Dilnoza", "family": "Юсупова"},
        "born": "1982-05",
        "aliases": ["Dilya", "Д."],
        "papers": [
            {"number": "AA 1234567", "visas": [{"no": "V1"}, {"no": "V2"}]},
            {"number": "AB7654321", "visas": None},
        ],
        "weight": 70.0,
        "alive": True,
    },
    {"id": 8, "name": {"given": "Otabek"}, "aliases": None, "papers": []},
]


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "people.jsonl"
    path.write_text("".join(json.dumps(p) + "\n\n" for p in PEOPLE), encoding="utf-8")
    return path


def read(path, *columns, rows="", parent="", skip=0):
    plan = Plan(rows, parent, tuple((c, c) for c in columns), skip)
    return [tuple(row) for row in read_lines(path, "utf-8", plan).rows]


def test_paths_lead_into_objects(written):
    rows = read(written, "id", "name.family", "born", "weight", "alive", "name.none.more")
    assert rows == [
        (7, "Юсупова", "1982-05", 70.0, True, None),
        (8, None, None, None, None, None),
    ]


def test_items_of_a_list_become_rows_of_a_child_table(written):
    assert read(written, ".", rows="aliases", parent="id") == [(7, "Dilya"), (7, "Д.")]
    assert read(written, "number", rows="papers", parent="id") == [
        (7, "AA 1234567"),
        (7, "AB7654321"),
    ]


def test_list_inside_a_list_is_reached_through_it(written):
    assert read(written, "no", rows="papers.visas", parent="id") == [(7, "V1"), (7, "V2")]


def test_first_lines_can_be_left_out(written):
    assert read(written, "id", skip=1) == [(8,)]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("name", "'name' is no single value"),
        ("aliases", "'aliases' is no single value"),
        ("born.year", "leads through no object"),
        ("aliases.first", "leads through no object"),
    ],
)
def test_column_that_is_no_single_value_is_a_fault_of_its_line(written, column, told):
    with pytest.raises(BankFaultError, match=rf"^line 1: .*{told}"):
        read(written, column)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("7", "not a JSON object"),
        ('{"id": ' + "9" * 5000 + "}", "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_line_that_is_no_object_is_named(tmp_path, line, told):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(BankFaultError, match=f"^line 2: {told}$"):
        read(path, "id")


def test_endless_line_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LINE_LIMIT", 50)
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "' + "x" * 100, encoding="utf-8")
    with pytest.raises(BankFaultError, match=r"^line 1: has over 50 characters$"):
        read(path, "id")


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_any_object_is_read_as_it_was_written(tmp_path_factory, record):
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    text = json.dumps({"row": record, "id": 1}, ensure_ascii=False) + "\n"
    path.write_bytes(text.encode("utf-8", "replace"))
    plain = {k: v for k, v in record.items() if k and "." not in k and k.isprintable()}
    for key, value in plain.items():
        assert read(path, f"row.{key}") == [(value,)]


def test_half_a_character_is_marked_as_broken(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "A\\ud800Z", "no": "\\ud83d\\ude00"}', encoding="utf-8")
    assert read(path, "id", "no") == [("A\ufffdZ", "\U0001f600")]


MAPPING = """
version = 1
[bank]
id = "afrad"
title = "Afrad"
kind = "files"
[files]
format = "jsonl"
[[files.table]]
table = "person"
path = "people.jsonl"
columns = ["id", "born", { name = "given", path = "name.given" }]
[[files.table]]
table = "alias"
path = "people.jsonl"
rows = "aliases"
parent = "id"
columns = [{ name = "value", path = "." }]
[[files.table]]
table = "paper"
path = "people.jsonl"
rows = "papers"
parent = "id"
columns = ["number"]
[record]
table = "person"
key = "id"
[[many]]
table = "alias"
on = { "alias._parent" = "person.id" }
[[many]]
table = "paper"
on = { "paper._parent" = "person.id" }
[[field]]
field = "name"
given = "person.given"
[[field]]
field = "name"
full = "alias.value"
kind = "alias"
[[field]]
field = "birth_date"
column = "person.born"
[[field]]
field = "document"
number = "paper.number"
document_kind = "passport"
[kind]
const = "wanted"
"""


async def test_bank_of_json_lines_is_searched(written):
    path = written.parent / "bank.toml"
    path.write_text(MAPPING, encoding="utf-8")
    adapter = await open_bank(path, written.parent)
    try:
        (record,) = (await adapter.search(DocumentProbe("AA1234567"), LIMITS)).records
        named = {named.reference: named.names async for named in adapter.names()}
    finally:
        await adapter.close()
    assert record.reference == "7"
    assert record.values(FieldName.BIRTH_DATE) == (PartialDate(1982, 5),)
    assert named == {"7": ("Dilnoza", "Dilya", "Д."), "8": ("Otabek",)}


async def test_table_without_columns_is_a_mistake_of_the_mapping(written):
    path = written.parent / "bank.toml"
    path.write_text(MAPPING.replace('columns = ["number"]\n', ""), encoding="utf-8")
    with pytest.raises(MappingError, match="table paper: jsonl needs columns"):
        await open_bank(path, written.parent)
