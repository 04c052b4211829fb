"""Rows of a real SQLite file: what was asked for comes back, no more, and what is cut is told."""

import sqlite3
from contextlib import closing

import pytest

from adapters.banks.sql.deadline import Deadline
from adapters.banks.sql.rows import RowReader
from adapters.banks.sql.sqlite import SqliteEngine
from adapters.contract import BankFaultError, DateSpan, DocumentProbe, PartialDate
from adapters.mapping.lookups import ask, find_lookups
from adapters.mapping.read import read_mapping

MAPPING = """
version = 1
[bank]
id = "b"
title = "B"
kind = "sql"
[sql]
engine = "sqlite"
url = "sqlite:///b.sqlite"
[record]
table = "person"
key = "id"
where = "gone = 0"
strict = ["birth_date"]
[[many]]
table = "alias"
on = { "alias.person" = "person.id" }
[[field]]
field = "birth_date"
column = "person.born"
[[field]]
field = "name"
full = "person.name"
[[field]]
field = "name"
full = "alias.name"
[[field]]
field = "document"
series = "person.series"
number = "person.number"
issuer = { column = "person.issuer", codes = "lands" }
[kind]
const = "wanted"
[codes.lands]
"kz" = "KAZ"
"uz" = "UZB"
"""
TABLES = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, born TEXT, series TEXT, number TEXT,
  issuer TEXT, gone INTEGER);
CREATE TABLE alias (person INTEGER, name TEXT);
INSERT INTO person VALUES (1, 'Asked', '1982-05-03', 'N', '1234567', 'kz', 0),
  (2, 'Another day', '1982-05-04', 'N', '1234567', 'uz', 0),
  (3, 'No day', NULL, NULL, 'N1234567', NULL, 0),
  (4, 'Removed', '1982-05-03', 'N', '1234567', 'kz', 1);
"""
ALL = ("1", "2", "3", "4", "5")
DAY = PartialDate(1982, 5, 3)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "b.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES)
    return path


def put(file, table, rows):
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        marks = ", ".join("?" * len(rows[0]))
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.execute("COMMIT")


@pytest.fixture
async def read(file):
    """Return a function that makes the reader of a mapping that is changed in some place."""
    engine = SqliteEngine(file, 1)

    def make(old="", new=""):
        path = file.with_name("bank.toml")
        path.write_text(MAPPING.replace(old, new), encoding="utf-8")
        mapping = read_mapping(path)
        return RowReader(mapping, engine), find_lookups(mapping)

    yield make
    await engine.close()


def keys(rows):
    return [row["person.id"] for row in rows]


def within():
    return Deadline(20.0)


@pytest.mark.parametrize("birth", [DAY, DateSpan(DAY.span.first, DAY.span.last)])
async def test_bank_leaves_out_whom_a_birth_date_rules_out(read, birth):
    reader, _ = read()
    assert keys(await reader.fetch(ALL, 10, within(), birth=birth)) == [1, 3]
    # A place that a ruled out record would take is free for another.
    assert keys(await reader.fetch(ALL, 2, within(), birth=birth)) == [1, 3]


async def test_bank_leaves_out_nobody_without_a_date_or_where_it_does_not_decide(read):
    reader, _ = read()
    assert keys(await reader.fetch(ALL, 10, within())) == [1, 2, 3]
    reader, _ = read('strict = ["birth_date"]', "")
    assert keys(await reader.fetch(ALL, 10, within(), birth=DAY)) == [1, 2, 3]


@pytest.mark.parametrize("limit", [1, 1_023, 1_024, 1_025, 1_500])
async def test_limit_holds_over_all_parts_of_a_long_list(read, file, limit):
    put(file, "person", [(n, "", None, None, None, None, 0) for n in range(10, 1_510)])
    reader, _ = read()
    rows = await reader.fetch([str(n) for n in range(10, 2_000)], limit, within())
    assert keys(rows) == list(range(10, 10 + limit))


@pytest.mark.parametrize(
    ("issuer", "found"), [("", [1, 2, 3]), ("KAZ", [1, 3]), ("UZB", [2, 3]), ("TJK", [3])]
)
async def test_other_countries_are_left_out_by_the_bank(read, issuer, found):
    reader, lookups = read()
    (question,) = ask(DocumentProbe("N1234567", issuer=issuer), lookups, ())
    assert sorted(keys(await reader.find(question, 10, within()))) == found
    assert len(await reader.find(question, 1, within())) == 1


async def test_value_that_no_column_can_hold_is_not_asked_for(read):
    reader, lookups = read()
    for probe in (DocumentProbe("N1\x00"), DocumentProbe("\ud800")):
        for question in ask(probe, lookups, ()):
            assert await reader.find(question, 10, within()) == []
    assert await reader.fetch(["1\x00", "\ud800"], 10, within()) == []


@pytest.mark.parametrize(("count", "cut"), [(127, False), (128, True), (200, True)])
async def test_child_rows_that_are_left_out_are_told(read, file, count, cut):
    put(file, "alias", [(1 + n % 2, f"Alias {n:03}") for n in range(count)])
    reader, _ = read()
    rows = await reader.fetch(["1", "2"], 10, within())
    children, told = await reader.children(rows, within())
    assert told is cut
    names = {key: {row["alias.name"] for row in one["alias"]} for key, one in children.items()}
    assert sum(map(len, names.values())) == min(count, 128)
    assert names["1"] <= {f"Alias {n:03}" for n in range(0, count, 2)}


async def test_page_goes_on_after_the_last_key(read):
    reader, _ = read()
    assert keys(await reader.page((), within())) == [1, 2, 3]
    assert keys(await reader.page((1,), within())) == [2, 3]
    assert await reader.page((3,), within()) == []


async def test_newest_is_the_greatest_of_all_rows_and_nothing_of_none(read, file):
    reader, _ = read()
    assert await reader.newest("born", within()) == "1982-05-04"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM person")
        connection.commit()
    assert await reader.newest("born", within()) is None


async def test_bank_that_does_not_fit_is_asked_for_nothing(read):
    reader, lookups = read("person.name", "person.nome")
    (question,) = ask(DocumentProbe("N1234567"), lookups, ())
    for asking in (
        reader.find(question, 10, within()),
        reader.fetch(ALL, 10, within()),
        reader.page((), within()),
        reader.newest("born", within()),
    ):
        with pytest.raises(BankFaultError, match="do not fit"):
            await asking
