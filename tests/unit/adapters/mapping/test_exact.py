"""Texts are compared byte by byte in each dialect that can; SQLite shows what is meant by it."""

import sqlite3

import pytest
from sqlglot import exp

from adapters.mapping.exact import EXACT, list_exactly, write_exactly

LAND = exp.column("land", table="r", quoted=True)
WORDS = ("kz", "KZ", "kz ", " kz", "ḱz", "kz\u0301", "ﬀ", "ff", "1", "１", "²", "")


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("sqlite", 'CAST("r"."land" AS TEXT) COLLATE BINARY'),
        ("postgres", 'CAST("r"."land" AS TEXT) COLLATE "C"'),
        ("mysql", "CAST(CAST(`r`.`land` AS CHAR) AS BINARY)"),
        ("oracle", 'NLSSORT("r"."land", \'NLS_SORT=BINARY\')'),
        ("tsql", "CAST([r].[land] AS NVARCHAR(MAX)) COLLATE Latin1_General_BIN2"),
        ("trino", 'TO_UTF8(CAST("r"."land" AS VARCHAR))'),
    ],
)
def test_column_is_written_word_for_word(dialect, text):
    assert write_exactly(LAND.copy(), dialect).sql(dialect=dialect) == text


def test_clickhouse_overlooks_zero_bytes():
    assert "clickhouse" not in EXACT


@pytest.mark.parametrize("dialect", ["oracle", "trino"])
def test_values_are_turned_into_bytes_as_the_column_is(dialect):
    call = {"oracle": "NLSSORT", "trino": "TO_UTF8"}[dialect]
    assert list_exactly(LAND.copy(), "other", 4, dialect).sql(dialect=dialect).count(call) == 5


@pytest.mark.parametrize("word", WORDS)
def test_nothing_but_the_same_bytes_is_the_same(word):
    with sqlite3.connect(":memory:") as bank:
        bank.execute("CREATE TABLE r (land TEXT COLLATE NOCASE)")
        bank.executemany("INSERT INTO r VALUES (?)", [(each,) for each in WORDS])
        text = list_exactly(LAND.copy(), "other", 1, "sqlite").sql(dialect="sqlite")
        asked = f"SELECT land FROM r WHERE {text.replace('kalkan_slot_other_0_', '?')}"
        assert bank.execute(asked, (word,)).fetchall() == [(word,)]
