"""References of rows that have none, or that look like others, in a real SQLite file."""

import sqlite3
from contextlib import closing

import pytest

from adapters.banks.registry import open_bank
from adapters.contract import FieldName, Limits
from adapters.mapping.read import read_mapping
from adapters.mapping.translate import PAGE, Translator

LIMITS = Limits(rows=PAGE, timeout_s=60)
MAPPING = """
version = 1
[bank]
id = "keys"
title = "Keys"
kind = "sql"
[sql]
engine = "sqlite"
url = "sqlite:///keys.sqlite"
[record]
table = "person"
key = {key}
[[many]]
table = "alias"
on = {{ "alias.a" = "person.a", "alias.b" = "person.b" }}
[[field]]
field = "name"
full = "person.name"
[[field]]
field = "name"
full = "alias.name"
kind = "alias"
[kind]
const = "wanted"
"""


@pytest.fixture
async def make(tmp_path):
    opened = []

    async def open_keys(key, rows, aliases=(), types=("", "")):
        with closing(sqlite3.connect(tmp_path / "keys.sqlite")) as connection, connection:
            connection.execute(f"CREATE TABLE person (a {types[0]}, b {types[1]}, name)")
            connection.execute("CREATE TABLE alias (a, b, name)")
            connection.executemany("INSERT INTO person VALUES (?, ?, 'Some One')", rows)
            connection.executemany("INSERT INTO alias VALUES (?, ?, ?)", aliases)
        path = tmp_path / "bank.toml"
        path.write_text(MAPPING.format(key=key), encoding="utf-8")
        opened.append(await open_bank(path, tmp_path))
        return opened[-1]

    yield open_keys
    for adapter in opened:
        await adapter.close()


async def read_names(adapter):
    found = []
    async for named in adapter.names():
        found.append(named.reference)
        assert len(found) <= 3 * PAGE, "the names do not come to an end"
    return found


@pytest.mark.parametrize("key", ['"b"', '["a", "b"]'])
async def test_pages_go_on_behind_rows_without_a_key(make, key):
    nobody = [(1, None)] * (PAGE + 7) + [(None, n) for n in range(PAGE) if "a" in key]
    rows = [*nobody, *((1, f"{n:05}") for n in range(PAGE + 7))]
    found = await read_names(await make(key, rows))
    start = "1-" if "a" in key else ""
    assert found == [f"{start}{n:05}" for n in range(PAGE + 7)]


@pytest.mark.parametrize(
    ("key", "references"), [('"b"', ["   7", "7"]), ('["a", "b"]', ["1-   7", "1-7"])]
)
async def test_number_with_blanks_before_it_is_read_again(make, key, references):
    adapter = await make(key, [(1, "   7"), (1, "7")], [(1, "   7", "Other"), (1, "7", "Another")])
    assert await read_names(adapter) == references
    for reference, alias in zip(references, ("Other", "Another"), strict=True):
        (record,) = (await adapter.fetch([reference], LIMITS)).records
        assert record.reference == reference
        assert [name.full for name in record.values(FieldName.NAME)] == ["Some One", alias]


async def test_columns_that_hold_texts_and_numbers_are_asked_for_both(make):
    adapter = await make('["a", "b"]', [(1, "7"), ("1", 8), ("01", 9)])
    found = await adapter.fetch(["1-7", "1-8", "01-9", "1-9", "1-07"], LIMITS)
    assert {record.reference for record in found.records} == {"1-7", "1-8", "01-9"}


async def test_engine_that_reads_numbers_in_texts_finds_no_other_reference(make):
    adapter = await make('["a", "b"]', [(1, 7)], types=("INTEGER", "NUMERIC"))
    for reference in ("01-7", "1-7.0", "1e0-7", " 1-7", "1-7 ", "1-+7", "0x1-7"):
        assert (await adapter.fetch([reference], LIMITS)).records == (), reference
    assert len((await adapter.fetch(["1-7"], LIMITS)).records) == 1


async def test_child_rows_of_keys_with_the_same_letters_are_told_apart(make):
    rows = [("A-", "B"), ("A", "-B"), ("A~", "B"), ("A", "~B")]
    aliases = [(a, b, f"{a} of {b}") for a, b in rows]
    adapter = await make('["a", "b"]', rows, aliases)
    asked = await read_names(adapter)
    assert len(set(asked)) == len(rows)
    result = await adapter.fetch(asked, LIMITS)
    found = {name.full for r in result.records for name in r.values(FieldName.NAME)[1:]}
    assert all(len(record.values(FieldName.NAME)) == 2 for record in result.records)
    assert found == {name for _, _, name in aliases}


async def test_list_of_a_thousand_references_is_asked_in_parts(make):
    adapter = await make('["a", "b"]', [(n % 7, n) for n in range(1500)])
    asked = [f"{n % 7}-{n}" for n in range(1000)]
    result = await adapter.fetch(asked, LIMITS)
    assert {record.reference for record in result.records} == set(asked)
    assert len((await adapter.fetch(asked, Limits(rows=300, timeout_s=60))).records) == 300


async def test_texts_that_the_bank_sees_are_few_and_known(make, monkeypatch, tmp_path):
    adapter = await make('["a", "b"]', [(1, n) for n in range(300)], types=("INTEGER", "INTEGER"))
    seen, rows = set(), adapter._engine.rows

    async def note(text, values, timeout_s):
        seen.add(text)
        return await rows(text, values, timeout_s)

    monkeypatch.setattr(adapter._engine, "rows", note)
    for asked in (1, 2, 3, 5, 9, 100, 127, 128, 129, 255, 256, 257, 299, 300):
        found = await adapter.fetch([f"1-{n}" for n in range(asked)], LIMITS)
        assert len(found.records) == asked
    await adapter.fetch(["1-0' OR '1'='1", "1-?", "1-\x00", "?-?"], LIMITS)
    translator = Translator(read_mapping(tmp_path / "bank.toml"), "sqlite")
    sizes = [1 << power for power in range(9)]
    known = {translator.fetch(size).text for size in sizes}
    assert seen <= known | {translator.child("alias", size).text for size in sizes}
