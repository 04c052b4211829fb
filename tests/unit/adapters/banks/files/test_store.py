import os
import sqlite3
import stat
from contextlib import closing

import pytest

from adapters.banks.files.cells import Grid
from adapters.banks.files.store import (
    Loaded,
    Wording,
    add_index,
    build_store,
    read_meta,
    write_grid,
    write_meta,
)
from adapters.contract import BankFaultError


@pytest.fixture
def connection():
    with closing(sqlite3.connect(":memory:")) as opened:
        yield opened


def write(connection, rows, wording=Wording()):  # noqa: B008 - it cannot change
    return write_grid(
        connection, 'a "table"', grid=Grid(("id", "na me"), iter(rows)), wording=wording
    )


def test_write_grid_stores_text_and_no_value(connection):
    wording = Wording(empty=frozenset({"-0-"}))
    assert write(connection, [[1.0, " x "], ["2", ""], [3, "-0-"]], wording) == Loaded(3, 0)
    rows = connection.execute('SELECT * FROM "a ""table""" ORDER BY rowid').fetchall()
    assert rows == [("1", "x"), ("2", None), ("3", None)]


def test_write_grid_normalises_columns_of_numbers(connection):
    wording = Wording(empty=frozenset({"-"}), numbers=frozenset({"na me"}))
    write(connection, [["a-1", "ab 12/3"], ["2", "-"], ["3", "..."]], wording)
    rows = connection.execute('SELECT * FROM "a ""table""" ORDER BY rowid').fetchall()
    assert rows == [("a-1", "AB123"), ("2", None), ("3", None)]


def test_write_grid_leaves_ragged_rows_out_and_counts_them(connection):
    rows = [["1", "a"], ["2"], ["3", "c", "d"], ["4", "d"]]
    assert write(connection, rows) == Loaded(2, 2)


@pytest.mark.parametrize(("good", "ragged"), [(0, 1), (100, 11), (2_000, 21)])
def test_write_grid_refuses_a_file_with_too_many_ragged_rows(connection, good, ragged):
    rows = [["1", "a"]] * good + [["2"]] * ragged
    with pytest.raises(BankFaultError, match=rf"{ragged} of {good + ragged} rows"):
        write(connection, rows)


def test_add_index_serves_a_look_up_of_text(connection):
    write(connection, [["1", "a"]])
    add_index(connection, 'a "table"', columns=["na me"])
    plan = connection.execute(
        'EXPLAIN QUERY PLAN SELECT id FROM "a ""table""" WHERE "na me" = ?', ("a",)
    ).fetchall()
    assert "USING INDEX" in plan[0][3]


def test_build_store_makes_a_private_file_and_leaves_no_other(tmp_path):
    target = tmp_path / ".loaded" / "a.sqlite"
    build_store(target, lambda connection: write_meta(connection, "mark", value="x"))
    assert read_meta(target) == {"mark": "x"}
    assert [path.name for path in target.parent.iterdir()] == ["a.sqlite"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700


def test_build_store_syncs_the_file_before_and_the_folder_after_it_is_named(tmp_path, monkeypatch):
    target, seen, sync = tmp_path / "a.sqlite", [], os.fsync

    def record(handle):
        seen.append((stat.S_ISDIR(os.fstat(handle).st_mode), target.exists()))
        sync(handle)

    monkeypatch.setattr(os, "fsync", record)
    build_store(target, lambda connection: write_meta(connection, "mark", value="x"))
    assert seen == [(False, False), (True, True)]


def test_build_store_keeps_the_old_file_when_the_new_one_fails(tmp_path):
    target = tmp_path / "a.sqlite"
    build_store(target, lambda connection: write_meta(connection, "mark", value="old"))

    def fail(connection):
        write_meta(connection, "mark", value="new")
        raise BankFaultError("broken")

    with pytest.raises(BankFaultError, match="broken"):
        build_store(target, fail)
    assert read_meta(target) == {"mark": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite"]


def test_build_store_does_not_disturb_who_still_reads_the_old_file(tmp_path):
    target = tmp_path / "a.sqlite"
    build_store(target, lambda connection: write_meta(connection, "mark", value="old"))
    with closing(sqlite3.connect(target)) as reader:
        assert reader.execute("SELECT value FROM kalkan_loaded").fetchall() == [("old",)]
        build_store(target, lambda connection: write_meta(connection, "mark", value="new"))
        assert reader.execute("SELECT value FROM kalkan_loaded").fetchall() == [("old",)]
    assert read_meta(target) == {"mark": "new"}


def test_read_meta_is_empty_when_there_is_no_file_that_can_be_read(tmp_path):
    target = tmp_path / "a.sqlite"
    assert read_meta(target) == {}
    target.write_bytes(b"not a database, and long enough to be looked at")
    assert read_meta(target) == {}
    target.write_bytes(b"")
    assert read_meta(target) == {}
