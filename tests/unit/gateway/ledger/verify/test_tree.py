import pytest

from gateway.ledger.verify.stored import Stored
from gateway.ledger.verify.tree import Tree
from tests.kit.logs import copy_log, make_entries, write_log

SIZES = [1, 255, 256, 257, 700]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    directory = tmp_path_factory.mktemp("log")
    return directory, [published.tree for published in write_log(directory, SIZES)]


def run(directory, size, entries=None):
    told = []
    root = Tree(Stored(directory, size), told.append).check(
        iter(entries) if entries is not None else None
    )
    return root, told


def test_every_size_has_its_root(log):
    directory, trees = log
    for tree in trees:
        assert run(directory, tree.size, make_entries(tree.size)) == (tree.root, [])
        assert run(directory, tree.size) == (tree.root, [])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("0/001", "tile 1 of level 0 is not what lies below"),
        ("0/002.p/188", "tile 2 of level 0 is not what lies below"),
        ("1/000.p/2", "tile 0 of level 1 is not what lies below"),
    ],
)
def test_a_tile_that_is_not_what_lies_below_is_named(log, tmp_path, name, told):
    directory = copy_log(log[0], tmp_path / "log")
    path = directory / "tile" / name
    path.write_bytes(bytes(32) + path.read_bytes()[32:])
    root, found = run(directory, 700)
    assert root == log[1][-1].root
    assert len(found) == 1
    assert found[0].endswith(told)


def test_without_a_bundle_there_is_no_root(log, tmp_path):
    directory = copy_log(log[0], tmp_path / "log")
    (directory / "tile/entries/001").unlink()
    (directory / "tile/entries/002.p/188").write_bytes(b"\0")
    root, found = run(directory, 700, make_entries(700))
    assert root is None
    assert any("entries/001: the file is missing" in each for each in found)
    assert any("middle of entry 0" in each for each in found)


def test_the_first_entry_that_differs_is_named(log):
    entries = make_entries(700)
    entries[300] = b"{}"
    assert [told.partition(": ")[2] for told in run(log[0], 700, entries)[1]] == [
        "from entry 300 on segments and bundles differ"
    ]
    told = run(log[0], 700, make_entries(400))[1]
    assert told[0].endswith("from entry 400 on segments and bundles differ")
