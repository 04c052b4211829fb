import logging
import os
import sqlite3
from contextlib import closing

import duckdb
import pytest

from adapters.banks.files.load import load_files, read_counts
from adapters.banks.files.store import Loaded
from adapters.contract import BankFaultError, BankUnavailableError, MappingError

TEXT = """
[files]
format = "csv"
encoding = "cp1251"
delimiter = ";"
empty = ["-"]
normalise = ["paper.number"]
[[files.table]]
table = "person"
path = "person.csv"
[[files.split]]
table = "paper"
from = "person.remarks"
parent = "id"
pattern = 'Passport (?P<number>[^;(,]+?)(?: [(](?P<country>[^)]+)[)])?(?:,|$)'
[record]
table = "person"
key = "id"
[[many]]
table = "paper"
on = { "paper._parent" = "person.id" }
[[field]]
field = "name"
full = "person.name"
[[field]]
field = "document"
number = "paper.number"
"""
DATA = "id;name;remarks\n1;Рахимов;DOB 1965, Passport A 1 (Iran), Passport b-2\n2;-;-\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "person.csv").write_bytes(DATA.encode("cp1251"))
    return tmp_path


def select(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_load_files_loads_tables_and_splits(make_mapping, folder):
    path = load_files(make_mapping(TEXT), folder)
    assert path == folder / ".loaded" / "export.sqlite"
    assert select(path, "SELECT id, name FROM person") == [("1", "Рахимов"), ("2", None)]
    papers = select(path, "SELECT _parent, number, country FROM paper")
    assert papers == [("1", "A1", "Iran"), ("1", "B2", None)]


def test_load_files_keeps_the_file_while_nothing_changes(make_mapping, folder):
    before = load_files(make_mapping(TEXT), folder).stat().st_ino
    assert load_files(make_mapping(TEXT), folder).stat().st_ino == before


def test_load_files_loads_again_when_a_source_changes(make_mapping, folder):
    path = load_files(make_mapping(TEXT), folder)
    source = folder / "person.csv"
    times = source.stat()
    source.write_bytes(DATA.replace("Рахимов", "Каримов").encode("cp1251"))
    os.utime(source, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
    assert load_files(make_mapping(TEXT), folder) == path
    assert select(path, "SELECT name FROM person WHERE id = '1'") == [("Каримов",)]


def test_load_files_loads_again_when_the_mapping_changes(make_mapping, folder):
    load_files(make_mapping(TEXT), folder)
    path = load_files(make_mapping(TEXT.replace('empty = ["-"]', "")), folder)
    assert select(path, "SELECT name FROM person WHERE id = '2'") == [("-",)]


def test_load_files_counts_ragged_rows_and_tells_the_log(make_mapping, folder, caplog):
    text = DATA + "3;a;b\n" * 20 + "4;b\n"
    (folder / "person.csv").write_bytes(text.encode("cp1251"))
    with caplog.at_level(logging.WARNING):
        path = load_files(make_mapping(TEXT), folder)
    assert read_counts(path)["person"] == Loaded(rows=22, ragged=1)
    assert "1 ragged rows left out of 23" in caplog.text


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (
            ("person.csv", "missing.csv"),
            MappingError,
            "export.toml:18:8: files.table.1.path: there",
        ),
        (('"person.csv"', '"../a.csv"'), MappingError, "inside the bank's folder"),
        (('"person.csv"', '"/a.csv"'), MappingError, "inside the bank's folder"),
        (("person.name", "person.nam"), MappingError, "table 'person' has no column 'nam'"),
        (("person.remarks", "person.remark"), MappingError, "files.split.1: from and parent"),
        (("paper.number]", "paper.no]"), MappingError, "no column 'no'"),
        (("cp1251", "utf-8"), BankFaultError, "files.table.1: line 2: a byte is not utf-8"),
        (('"person.csv"', '"blank.csv"'), BankFaultError, "no header row"),
        (('";"', '"\\t"'), MappingError, "write columns of a table"),
    ],
)
def test_load_files_says_what_is_wrong_and_where(make_mapping, folder, change, error, said):
    (folder / "blank.csv").write_bytes(b"\n\n")
    text = TEXT.replace('"paper.number"]', "paper.number]").replace(*change)
    text = text.replace("paper.number]", '"paper.number"]').replace("paper.no]", '"paper.no"]')
    with pytest.raises(error) as caught:
        load_files(make_mapping(text), folder)
    assert said in str(caught.value)
    assert str(caught.value).startswith("export.toml:")
    assert "Рахимов" not in str(caught.value)
    left = folder / ".loaded"
    assert not left.exists() or list(left.iterdir()) == []


FORMATS = {
    "csv": "COPY t TO '{}' (FORMAT csv, HEADER, DELIMITER \";\")",
    "parquet": "COPY t TO '{}' (FORMAT parquet)",
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("asked", [1, 2, 9])
def test_load_that_is_given_up_ends_and_leaves_nothing(make_mapping, tmp_path, form, asked):
    source = tmp_path / f"person.{form}"
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT i AS id, 'A' AS name, '' AS remarks FROM range(100000) r(i)"
        )
        connection.execute(FORMATS[form].format(source))
    mapping = make_mapping(TEXT.replace('"csv"', f'"{form}"').replace("person.csv", source.name))
    answers = iter([False] * (asked - 1))
    with pytest.raises(BankUnavailableError):
        load_files(mapping, tmp_path, lambda: next(answers, True))
    assert list((tmp_path / ".loaded").iterdir()) == []
    assert select(load_files(mapping, tmp_path), "SELECT COUNT(*) FROM person") == [(100000,)]
