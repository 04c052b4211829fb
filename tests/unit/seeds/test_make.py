"""The build is reproducible, complete, and does nothing twice."""

import hashlib
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from seeds.banks.registry import BANKS, find_bank
from seeds.make import Maker, build, find_folder, find_mapping, interleave
from seeds.planted import make_subjects, select_records
from seeds.store import Table


def digest_home(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and ".loaded" not in path.parts
    }


def count_rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])


def test_build_makes_equal_bytes_when_numbers_are_equal(home: Path, tmp_path: Path) -> None:
    build(tmp_path, seed=1, rows=60, documents=500)
    assert digest_home(tmp_path) == digest_home(home)


def test_build_makes_other_banks_when_the_seed_is_another(home: Path, tmp_path: Path) -> None:
    build(tmp_path, seed=2, rows=5, documents=5)
    other, one = digest_home(tmp_path), digest_home(home)
    data = [name for name in one if not name.endswith("mapping.toml")]
    assert other.keys() == one.keys()
    assert not [name for name in data if other[name] == one[name]]


def test_build_does_nothing_when_the_stamp_fits(tmp_path: Path) -> None:
    build(tmp_path, seed=1, rows=2, documents=2)
    written = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    build(tmp_path, seed=1, rows=2, documents=2)
    assert {path: path.stat().st_mtime_ns for path in written} == written
    build(tmp_path, seed=1, rows=3, documents=2)
    assert all(path.stat().st_mtime_ns > time for path, time in written.items())


def test_build_makes_a_bank_again_when_its_mapping_is_gone(tmp_path: Path) -> None:
    build(tmp_path, seed=1, rows=2, documents=2)
    mapping = find_folder(tmp_path, BANKS[0]) / "mapping.toml"
    mapping.unlink()
    build(tmp_path, seed=1, rows=2, documents=2)
    assert mapping.is_file()


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.name)
def test_bank_has_its_mapping_beside_its_data(bank, home: Path) -> None:
    folder = find_folder(home, bank)
    assert (folder / "mapping.toml").read_bytes() == find_mapping(bank).read_bytes()
    assert len([path for path in folder.iterdir() if path.is_file()]) == 2


@pytest.mark.parametrize(
    ("name", "table", "ordinary"),
    [
        ("KAZ/persons", "tulgha", 60),
        ("TUR/vehicles", "araçlar", 30),
        ("RCC/special", "subject", 15),
        ("XPO/documents", "document", 500),
    ],
)
def test_bank_holds_as_many_as_asked_for(home, subjects, name, table, ordinary) -> None:
    bank = find_bank(name)
    planted = len(select_records(subjects, bank))
    assert planted
    assert bank.layout is not None
    path = find_folder(home, bank) / bank.layout.file
    assert count_rows(path, table) == ordinary + planted


def test_references_are_unique_in_every_bank() -> None:
    maker = Maker(1, 3_000, 3_000, make_subjects(1))
    for bank in BANKS:
        references = [item.reference for item in maker.stream(bank)]
        assert len(set(references)) == len(references), bank.name


def test_planted_records_do_not_depend_on_rows() -> None:
    subjects = make_subjects(1)
    bank = find_bank("UZB/persons")
    planted = select_records(subjects, bank)
    for rows in (0, 7, 500):
        stream = list(Maker(1, rows, 0, subjects).stream(bank))
        assert [item for item in stream if item in planted] == planted
        assert len(stream) == rows + len(planted)


@pytest.mark.parametrize("count", [0, 1, 5, 50, 1000])
def test_interleave_keeps_everything_whatever_the_counts(count: int) -> None:
    planted = [f"p{number}" for number in range(7)]
    mixed = list(interleave(iter(range(count)), planted, count))
    assert [item for item in mixed if isinstance(item, str)] == planted
    assert [item for item in mixed if isinstance(item, int)] == list(range(count))


def test_interleave_spreads_planted_records_when_there_is_room() -> None:
    mixed = list(interleave(iter(range(100)), ["p", "q", "r"], 100))
    places = [place for place, item in enumerate(mixed) if isinstance(item, str)]
    assert all(later - earlier > 20 for earlier, later in pairwise(places))
    assert places[-1] < 100


@pytest.mark.parametrize("numbers", [(-1, 0), (0, -1), (3_000_001, 0), (0, 30_000_001)])
def test_build_refuses_numbers_out_of_range(tmp_path: Path, numbers: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="must be 0 to"):
        build(tmp_path, seed=1, rows=numbers[0], documents=numbers[1])


def test_table_reads_columns_and_indexes_of_its_specification() -> None:
    table = Table("t", "id key, name text, number text index, born date")
    assert table.columns == (("id", "key"), ("name", "text"), ("number", "text"), ("born", "date"))
    assert table.indexed == ("number",)
