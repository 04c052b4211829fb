"""The in-country index: adapters/matching/index.py."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import count
from threading import Barrier, Event

import pytest

from adapters.matching.index import NameIndex

SECRET = b"0123456789abcdef"
ROWS = [
    ("r1", ["Gulnora Karimova", "Гулнора Каримова"]),
    ("r2", ["محمد کریمی"]),
    ("r3", ["Kamal Sharma"]),
    ("r4", ["Gulnora Saidova"]),
    ("r5", ["123"]),
]


@pytest.fixture
def index():
    opened = NameIndex.open(":memory:", SECRET)
    opened.rebuild(ROWS)
    yield opened
    opened.close()


def test_candidates_finds_a_name_in_another_script_best_first(index):
    assert index.candidates(["Гулнара Каримова"], 10)[0] == "r1"
    assert "r4" in index.candidates(["Гулнара Каримова"], 10)
    assert index.candidates(["Mohammad Karimi"], 10)[0] == "r2"


def test_candidates_joins_all_names_and_respects_the_limit(index):
    names = ["Kamal Sharma", "Mohammad Karimi"]
    assert set(index.candidates(names, 10)) >= {"r2", "r3"}
    assert len(index.candidates(names, 1)) == 1


@pytest.mark.parametrize("names", [[], [""], ["123"], ["\x00"], ["'; DROP TABLE records; --"]])
def test_candidates_are_none_for_names_without_keys_in_the_index(index, names):
    assert index.candidates(names, 10) == []
    assert index.count == len(ROWS)


def test_candidates_survives_a_hostile_name(index):
    assert isinstance(index.candidates(["\ufdfa" * 65_536, "ж" * 65_536], 5), list)


def test_rebuild_replaces_everything_and_forgets_the_watermark(index):
    index.watermark = "2026-11-22"
    index.rebuild([("n1", ["Nino Beridze"])])
    assert index.count == 1
    assert index.watermark is None
    assert index.candidates(["ნინო ბერიძე"], 5) == ["n1"]
    assert index.candidates(["Kamal Sharma"], 5) == []


def test_rebuild_keeps_the_old_index_when_the_bank_fails_half_way(index):
    def broken():
        yield "n1", ["Nino Beridze"]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        index.rebuild(broken())
    assert index.count == len(ROWS)
    assert index.candidates(["Kamal Sharma"], 5) == ["r3"]
    index.rebuild(ROWS)
    assert index.candidates(["Nino Beridze"], 5) == []


def test_update_replaces_adds_and_removes_records(index):
    index.update([("r3", ["Nino Beridze"]), ("n2", ["Kamal Thapa"]), ("r4", [])])
    assert index.candidates(["Nino Beridze"], 5) == ["r3"]
    assert index.candidates(["कमल थापा"], 5) == ["n2"]
    assert index.candidates(["Gulnora Saidova"], 5) == ["r1"]
    assert index.count == len(ROWS)


def test_watermark_is_none_until_set_and_survives_reopening(tmp_path):
    path = str(tmp_path / "index.db")
    index = NameIndex.open(path, SECRET)
    assert index.watermark is None
    index.rebuild(ROWS)
    index.watermark = "2026-11-22T08:00:00Z"
    index.close()
    again = NameIndex.open(path, SECRET)
    assert again.watermark == "2026-11-22T08:00:00Z"
    assert again.candidates(["Kamal Sharma"], 5) == ["r3"]
    again.close()


def test_open_empties_an_index_of_another_secret(tmp_path):
    path = str(tmp_path / "index.db")
    index = NameIndex.open(path, SECRET)
    index.rebuild(ROWS)
    index.watermark = "1"
    index.close()
    other = NameIndex.open(path, SECRET[::-1])
    assert (other.count, other.watermark) == (0, None)
    other.close()


def test_open_refuses_a_short_secret():
    with pytest.raises(ValueError, match="secret must be"):
        NameIndex.open(":memory:", b"short")


def test_file_holds_neither_names_nor_keys_nor_the_secret(tmp_path):
    path = tmp_path / "index.db"
    index = NameIndex.open(str(path), SECRET)
    index.rebuild(ROWS)
    index.candidates(["Gulnora Karimova"], 5)
    index.close()
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir()).lower()
    assert b"r1" in stored
    for part in ("gulnora", "karim", "sharma", "s:krm", "گلن", "محمد", "каримова"):
        assert part.encode() not in stored
        assert part.encode("utf-16-le") not in stored
    assert SECRET not in stored


def test_candidates_is_safe_from_several_threads_during_a_rebuild(tmp_path):
    index = NameIndex.open(str(tmp_path / "index.db"), SECRET)
    index.rebuild(ROWS)
    with ThreadPoolExecutor(8) as pool:
        rebuilding = pool.submit(lambda: [index.rebuild(ROWS) for _ in range(5)])
        found = list(pool.map(lambda _: index.candidates(["Kamal Sharma"], 5), range(200)))
        rebuilding.result()
    assert found == [["r3"]] * 200
    index.close()


def test_interrupt_and_close_may_come_at_any_time(index):
    index.interrupt()
    assert index.candidates(["Kamal Sharma"], 5) == ["r3"]
    index.close()
    index.close()
    with pytest.raises(sqlite3.ProgrammingError):
        index.candidates(["Kamal Sharma"], 5)


def test_closing_stops_a_rebuild_and_what_was_there_stays(tmp_path):
    index = NameIndex.open(str(tmp_path / "index.db"), SECRET)
    index.rebuild(ROWS)
    index.watermark = "7"
    begun = Event()

    def endless():
        for number in count():
            yield f"n{number}", [f"Kamal Sharma {number}"]
            begun.set()

    with ThreadPoolExecutor(1) as pool:
        rebuilding = pool.submit(index.rebuild, endless())
        begun.wait()
        index.close()
        with pytest.raises(sqlite3.OperationalError):
            rebuilding.result()
    with closing(NameIndex.open(str(tmp_path / "index.db"), SECRET)) as again:
        assert (again.watermark, again.count) == ("7", len(ROWS))
        assert again.candidates(["Kamal Sharma"], 5) == ["r3"]


def test_closing_while_others_use_it_ends_them_and_not_the_process(tmp_path):
    def use(work, barrier):
        barrier.wait()
        with suppress(sqlite3.Error):
            while True:
                work()

    for number in range(10):
        index = NameIndex.open(str(tmp_path / f"{number}.db"), SECRET)
        index.rebuild(ROWS)
        works = (
            lambda index=index: index.candidates(["Kamal Sharma"], 5),
            lambda index=index: index.watermark,
            lambda index=index: index.rebuild(ROWS),
        )
        barrier = Barrier(len(works) + 1)
        with ThreadPoolExecutor(len(works)) as pool:
            using = [pool.submit(use, work, barrier) for work in works]
            barrier.wait()
            index.close()
            assert [each.result() for each in using] == [None] * len(works)
