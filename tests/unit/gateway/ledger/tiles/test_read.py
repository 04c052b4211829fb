import pytest

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.tiles import read
from gateway.ledger.tiles.read import Tiles
from gateway.ledger.tlog.hashing import EMPTY_ROOT, hash_leaf
from gateway.ledger.tlog.merkle import verify_consistency, verify_inclusion
from tests.kit.logs import copy_log, make_entries, write_log

SIZES = [1, 200, 255, 256, 257, 700]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    directory = tmp_path_factory.mktemp("log")
    return directory, [published.tree for published in write_log(directory, SIZES)]


def test_entries_are_read_by_their_index(log):
    directory, _ = log
    expected = make_entries(700)
    tiles = Tiles(directory, 700)
    assert [tiles.entry(index) for index in (0, 255, 256, 699)] == [
        expected[index] for index in (0, 255, 256, 699)
    ]
    assert list(tiles.entries(250)) == expected[250:]
    for index in (-1, 700):
        with pytest.raises(ValueError, match="no entry"):
            tiles.entry(index)


def test_every_checkpoint_has_its_proofs_later_too(log):
    directory, trees = log
    entries = make_entries(700)
    for tree in trees:
        tiles = Tiles(directory, tree.size)
        assert tiles.range_hash(0, tree.size) == tree.root
        for index in {0, tree.size // 2, tree.size - 1}:
            leaf = hash_leaf(entries[index])
            verify_inclusion(leaf, index, tiles.inclusion(index), tree)
        for old in trees:
            if old.size <= tree.size:
                verify_consistency(old, tree, tiles.consistency(old.size))
    assert tiles.range_hash(0, 0) == EMPTY_ROOT


def test_many_tiles_are_not_all_kept(log, monkeypatch):
    monkeypatch.setattr("gateway.ledger.tiles.read._KEPT", 1)
    assert list(Tiles(log[0], 700).entries()) == make_entries(700)


def test_damage_is_named(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    (directory / "tile/0/000").write_bytes(b"short")
    (directory / "tile/entries/001").unlink()
    with pytest.raises(LedgerCorruptError, match=r"tile/0/000: not a tile of 256"):
        Tiles(directory, 700).inclusion(0)
    with pytest.raises(LedgerCorruptError, match=r"entries/001: the file is missing"):
        Tiles(directory, 700).entry(256)


def test_a_file_is_read_once_while_few_are_kept(log, monkeypatch):
    directory, _ = log
    loads = []
    load = Tiles._load
    monkeypatch.setattr(Tiles, "_load", lambda self, part: loads.append(part) or load(self, part))
    tiles = Tiles(directory, 700)
    for index in (0, 255, 256, 1, 257, 0):
        tiles.entry(index)
    assert len(loads) == 2
    monkeypatch.setattr(read, "_KEPT", 2)
    tiles.entry(600)  # a third one: the others are let go
    assert len(tiles._kept) == 1
    tiles.entry(0)
    assert len(loads) == 4
