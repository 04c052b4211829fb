"""The adapter of functions on SQLite, whose json_each is a function that stands in FROM."""

import json
import sqlite3

import pytest

from adapters.banks.sql.functions import FunctionAdapter
from adapters.banks.sql.sqlite import SqliteEngine
from adapters.contract import (
    BankFaultError,
    DocumentProbe,
    Limits,
    MappingError,
    QueryRejectedError,
    VehicleProbe,
)
from adapters.mapping.read import read_mapping
from adapters.mapping.records import MAX_REFERENCE

LIMITS = Limits(rows=20, timeout_s=20.0)

MAPPING = """
version = 1
[bank]
id = "b"
title = "B"
kind = "sql"
as_of = 2026-01-01T00:00:00Z
[sql]
engine = "postgres"
url = "postgres://u@h/d"
[[function]]
answers = "document"
name = "json_each"
takes = ["number", "issuer?"]
[[function]]
answers = "reference"
name = "json_each"
takes = ["reference"]
[record]
key = "key"
[[field]]
field = "document"
number = "atom"
[kind]
const = "wanted"
"""


@pytest.fixture
async def open_adapter(tmp_path):
    """Return a function that opens the adapter; the file was read with another engine's name."""
    opened = []

    def build(change=("", "")):
        path = tmp_path / "functions.toml"
        path.write_text(MAPPING.replace(*change), encoding="utf-8")
        sqlite3.connect(tmp_path / "b.sqlite").close()
        engine = SqliteEngine(tmp_path / "b.sqlite", 1)
        opened.append(FunctionAdapter(read_mapping(path), engine))
        return opened[-1]

    yield build
    for adapter in opened:
        await adapter.close()


def references(result):
    return [record.reference for record in result.records]


ONE = (', "issuer?"', "")


async def test_search_binds_the_value_and_checks_what_comes_back(open_adapter):
    adapter = open_adapter(ONE)
    found = await adapter.search(DocumentProbe(json.dumps(["N1234567"])), LIMITS)
    assert references(found) == ["0"]
    other = await adapter.search(DocumentProbe(json.dumps(["N1", "N2"])), LIMITS)
    assert references(other) == []


async def test_search_tells_that_there_are_more_than_it_took(open_adapter):
    asked = DocumentProbe(json.dumps(["", "", "A1"]))
    assert (await open_adapter(ONE).search(asked, Limits(2, 20.0))).truncated
    assert not (await open_adapter(ONE).search(asked, Limits(3, 20.0))).truncated


async def test_search_is_rejected_where_no_function_takes_it(open_adapter):
    adapter = open_adapter(ONE)
    for probe in (VehicleProbe(plate="1"), DocumentProbe(""), DocumentProbe("\ud800")):
        with pytest.raises(QueryRejectedError):
            await adapter.search(probe, LIMITS)


async def test_fetch_takes_only_the_record_that_was_asked_for(open_adapter):
    adapter = open_adapter(ONE)
    assert references(await adapter.fetch([json.dumps([1]), "", "x" * 101], LIMITS)) == []
    with pytest.raises(QueryRejectedError):
        await adapter.fetch(["1"] * 1001, LIMITS)


async def test_fetch_reads_each_reference_once_and_tells_what_it_left_out(open_adapter):
    adapter = open_adapter(('key = "key"', 'key = "json"'))  # a row has the very text it is of
    longest = json.dumps("k" * (MAX_REFERENCE - 2))
    asked = ["3", "[]", longest, "1", json.dumps("k" * (MAX_REFERENCE - 1)), "3", "2\x00"]
    for rows, told in ((20, False), (3, False), (2, True), (1, True)):
        found = await adapter.fetch(asked, Limits(rows, 20.0))
        assert (references(found), found.truncated) == ([longest, "1", "3"][:rows], told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ('"json_each"\ntakes = ["number"', '"json_eech"\ntakes = ["number"'),
            r":13:8: function\.1\.name",
        ),
        (
            ('"atom"', '"atomm"'),
            r":23:10: field\.1\.number: the rows of 'json_each' have no column",
        ),
    ],
)
async def test_check_names_what_the_bank_does_not_have(open_adapter, change, told):
    adapter = open_adapter(change)
    with pytest.raises(MappingError, match=told):
        await adapter.check(20.0)
    with pytest.raises(BankFaultError, match="do not fit"):
        await adapter.search(DocumentProbe("N1", issuer="KAZ"), LIMITS)


async def test_functions_list_no_names_and_tell_the_state_of_the_mapping(open_adapter):
    adapter = open_adapter(ONE)
    assert [named async for named in adapter.names()] == []
    assert (await adapter.as_of()).year == 2026
    assert not adapter.capability.fuzzy
    assert adapter.faults == {}
