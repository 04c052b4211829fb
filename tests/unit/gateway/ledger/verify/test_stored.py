import pytest

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.tlog.paths import Part
from gateway.ledger.verify.stored import Stored, place, split
from tests.kit.logs import copy_log, make_entries, write_log


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    directory = tmp_path_factory.mktemp("log")
    return directory, write_log(directory, [100, 256, 700])


@pytest.mark.parametrize("number", [0, 7, 999, 1_000, 1_234_067, 123_456_789_012])
def test_places_are_those_of_the_writer(number):
    assert f"tile/0/{place(number)}" == Part(0, number).path


def test_entries_hashes_and_roots_are_read(log):
    directory, published = log
    stored = Stored(directory, 700)
    assert stored.entries(0) + stored.entries(1) + stored.entries(2) == make_entries(700)
    assert len(stored.hashes(0, 2)) == 188
    assert [stored.count(level) for level in range(3)] == [700, 2, 0]
    for _, tree in published:
        assert stored.root(tree.size) == tree.root


def test_an_older_size_is_read_from_the_file_that_has_taken_its_place(log):
    assert Stored(log[0], 100).entries(0) == make_entries(100)
    assert len(Stored(log[0], 100).hashes(0, 0)) == 100


def test_files_that_are_not_as_they_must_be_are_named(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    stored = Stored(directory, 700)
    (directory / "tile/0/001").write_bytes(bytes(31))
    with pytest.raises(LedgerCorruptError, match=r"tile/0/001: has 31 bytes where 256 hashes"):
        stored.hashes(0, 1)
    (directory / "tile/entries/001").write_bytes(b"\0\1a")
    with pytest.raises(LedgerCorruptError, match=r"entries/001: has 1 entries where 256"):
        stored.entries(1)
    (directory / "tile/entries/002.p/188").unlink()
    with pytest.raises(LedgerCorruptError, match=r"entries/002\.p/188: the file is missing"):
        stored.entries(2)


@pytest.mark.parametrize("data", [b"\0", b"\0\2a", b"\0\1a\0"])
def test_a_bundle_that_ends_in_an_entry_is_refused(data, tmp_path):
    with pytest.raises(LedgerCorruptError, match="middle of entry"):
        split(tmp_path, data)
