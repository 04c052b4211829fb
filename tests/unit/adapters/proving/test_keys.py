"""One row is one record: what repeats and what multiplies is an error with its line."""

import sqlite3
from contextlib import closing

import pytest

from adapters.proving.keys import check_keys
from adapters.proving.subject import Extent, open_subject
from adapters.proving.tables import Tables

MAPPING = """version = 1
[bank]
id = "keys"
title = "Keys"
kind = "sql"
[sql]
engine = "sqlite"
url = "sqlite:///keys.db"
[record]
table = "who"
key = {key}
where = "gone = 0"
[[join]]
table = "place"
on = {on}
[[field]]
field = "remark"
column = "place.name"
[kind]
const = "wanted"
"""
ONE = '{ "place.code" = "who.place" }'
MANY = '{ "place.land" = "who.land" }'
BOTH = '{ "place.land" = "who.land", "place.code" = "who.place" }'


@pytest.fixture
def check(tmp_path):
    with closing(sqlite3.connect(tmp_path / "keys.db")) as connection, connection:
        connection.executescript(
            "CREATE TABLE who (id, no, place, land, gone);"
            "CREATE TABLE place (code, land, name);"
            "INSERT INTO who VALUES (1, 7, 'a', 'x', 0), (2, 7, 'b', 'x', 0), (2, 8, 'b', 'x', 1);"
            "INSERT INTO place VALUES ('a', 'x', 'A'), ('b', 'x', 'B'), (NULL, 'y', 'C'),"
            " (NULL, 'z', 'D');"
        )

    async def run(key, on):
        key = f'"{key}"' if isinstance(key, str) else str([*key]).replace("'", '"')
        path = tmp_path / "mapping.toml"
        path.write_text(MAPPING.format(key=key, on=on), encoding="utf-8")
        async with open_subject(path, Extent()) as subject:
            part = await check_keys(subject, Tables(subject.mapping, subject.database))
        return [finding.text for finding in part.findings]

    return run


@pytest.mark.parametrize("on", [ONE, BOTH])
async def test_reference_of_live_rows_and_join_of_one_row_are_right(check, on):
    assert await check("id", on) == []


async def test_reference_that_repeats_is_an_error(check):
    (found,) = await check("no", ONE)
    assert found.startswith("mapping.toml:11:7: record.key: 2 rows have the same who.no; write a")


async def test_join_that_multiplies_is_an_error(check):
    (found,) = await check("id", MANY)
    assert found.startswith("mapping.toml:15:6: join.1.on: up to 2 rows of 'place' belong to one")


async def test_reference_of_several_columns_that_repeats_is_an_error(check):
    assert await check(("id", "no"), ONE) == []
    (found,) = await check(("no", "land"), ONE)
    assert found == (
        "mapping.toml:11:7: record.key: 2 rows have the same who.no, who.land; write a column that"
        " is different in each, or add one"
    )


@pytest.mark.parametrize("key", ["id", ("id", "no")])
async def test_rows_without_a_reference_are_told(check, key, tmp_path):
    with closing(sqlite3.connect(tmp_path / "keys.db")) as connection, connection:
        connection.execute("INSERT INTO who VALUES (NULL, 1, 'a', 'x', 0), (NULL, 2, 'a', 'x', 1)")
    (found,) = await check(key, ONE)
    assert found.startswith("mapping.toml:11:7: record.key: 1 rows have no who.id")
    assert found.endswith(", so no reference: they are left out")


@pytest.mark.parametrize(("key", "long"), [("id", 101), (("id", "no"), 99)])
async def test_reference_that_is_too_long_is_an_error(check, key, long, tmp_path):
    with closing(sqlite3.connect(tmp_path / "keys.db")) as connection, connection:
        for length in (long, long - 1):
            connection.execute("INSERT INTO who VALUES (?, 9, 'a', 'x', 0)", ("A" * length,))
    (found,) = await check(key, ONE)
    assert found == (
        "mapping.toml:11:7: record.key: 1 of 4 references have more than 100 characters: these"
        " records are left out; write a shorter key"
    )


@pytest.mark.parametrize("key", ["place", ("land", "place"), ("place", "land")])
async def test_rows_with_a_blank_in_their_reference_are_told(check, key, tmp_path):
    with closing(sqlite3.connect(tmp_path / "keys.db")) as connection, connection:
        connection.execute("UPDATE who SET place = '  ' WHERE id = 1")
    (found,) = await check(key, ONE)
    assert ": record.key: 1 rows have no who." in found
