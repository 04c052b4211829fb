"""A file that processes share is opened by each, whatever another does with it just then."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from gateway.node import store
from gateway.node.store import open_store


@pytest.fixture
def held(tmp_path):
    """A file that another connection has a lock on, before anybody began a write-ahead log."""
    path = tmp_path / "shared.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE known (a)")
        other.execute("BEGIN IMMEDIATE")
        yield path, other


def test_file_that_is_locked_while_it_is_opened_is_waited_for(held, monkeypatch):
    path, other = held
    pauses = []

    def wait(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            other.execute("COMMIT")

    monkeypatch.setattr(store, "sleep", wait)
    with closing(open_store(path, 2.0)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert len(pauses) == 3


def test_file_that_stays_locked_is_given_up_in_time(held, monkeypatch):
    pauses = []
    monkeypatch.setattr(store, "sleep", pauses.append)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        open_store(held[0], 2.0)
    assert sum(pauses) == pytest.approx(2.0)


def test_what_is_no_database_is_not_tried_again(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "sleep", lambda _: pytest.fail("it waits"))
    (tmp_path / "text").write_text("no database " * 100)
    for path in (tmp_path / "text", tmp_path, tmp_path / "away" / "shared.sqlite"):
        with pytest.raises(sqlite3.Error):
            open_store(path, 2.0)


def test_all_who_open_a_new_file_at_once_have_it(tmp_path):
    def begin(path, barrier):
        barrier.wait()
        with closing(open_store(path, 20.0)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS known (a)")
            connection.execute("INSERT INTO known VALUES (1)")
            return connection.execute("SELECT count(*) > 0 FROM known").fetchone()

    with ThreadPoolExecutor(4) as pool:
        for number in range(20):
            path, barrier = tmp_path / f"{number}.sqlite", Barrier(4)
            begun = [pool.submit(begin, path, barrier) for _ in range(4)]
            assert [each.result() for each in begun] == [(1,)] * 4
