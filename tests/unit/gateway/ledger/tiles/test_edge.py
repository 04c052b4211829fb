from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.tiles.edge import Edge
from gateway.ledger.tlog.hashing import EMPTY_ROOT, hash_leaf, root_of
from gateway.ledger.tlog.paths import Part, decode_bundle, decode_tile

ENTRIES = [number.to_bytes(3) for number in range(70_000)]
LEAVES = [hash_leaf(entry) for entry in ENTRIES]


def grow(size: int, edge: Edge | None = None) -> Edge:
    edge = edge or Edge()
    for entry in ENTRIES[edge.size : size]:
        edge.add(entry)
    return edge


def test_an_empty_tree_has_no_files():
    assert Edge().tree() == (0, EMPTY_ROOT)
    assert Edge().list_partial() == Edge().take_full() == {}


@given(st.lists(st.integers(0, 1_500), min_size=1, max_size=5))
def test_the_root_is_that_of_the_leaves_at_every_size(sizes):
    edge = Edge()
    for size in sorted(sizes):
        assert grow(size, edge).tree() == (size, root_of(LEAVES[:size]))


def test_the_files_of_70000_entries_are_those_of_the_standard():
    """The example of tlog-tiles: 273 full tiles, partial ones of 112, 17 and 1."""
    edge = grow(70_000)
    assert edge.tree().root == root_of(LEAVES)
    full, partial = edge.take_full(), edge.list_partial()
    assert edge.take_full() == {}
    bundles = {part for part in full if part.level is None}
    assert bundles == {Part(None, number) for number in range(273)}
    assert full.keys() - bundles == {Part(0, number) for number in range(273)} | {Part(1, 0)}
    widths = {(part.level, part.number): part.width for part in partial}
    assert widths == {(None, 273): 112, (0, 273): 112, (1, 1): 17, (2, 0): 1}
    assert decode_bundle(full[Part(None, 2)], 256) == tuple(ENTRIES[512:768])
    assert decode_tile(full[Part(0, 2)], 256) == tuple(LEAVES[512:768])
    assert decode_tile(partial[Part(2, 0, 1)], 1) == (root_of(LEAVES[:65_536]),)


def test_a_tree_of_256_has_one_partial_tile_above():
    edge = grow(256)
    assert edge.take_full().keys() == {Part(None, 0), Part(0, 0)}
    assert edge.list_partial().keys() == {Part(1, 0, 1)}
