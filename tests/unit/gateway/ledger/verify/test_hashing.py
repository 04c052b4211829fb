"""The independent hashes are those of the writer: two ways, one result."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.tlog import hashing as writer
from gateway.ledger.verify.hashing import Stack, fold_tile, leaf_hashes, root_over

LEAVES = [writer.hash_leaf(bytes([n % 256])) for n in range(600)]


@given(st.lists(st.binary(max_size=40), max_size=40))
def test_two_ways_to_a_root_agree(entries):
    leaves = leaf_hashes(entries)
    assert leaves == [writer.hash_leaf(entry) for entry in entries]
    assert root_over(leaves) == writer.root_of(leaves)


def test_a_full_tile_is_a_tree():
    assert fold_tile(LEAVES[:256]) == writer.root_of(LEAVES[:256])
    assert fold_tile(LEAVES[:1]) == LEAVES[0]


@given(st.integers(0, 600))
def test_whole_subtrees_can_be_added_at_once(size):
    stack = Stack()
    full, rest = divmod(size, 256)
    for number in range(full):
        stack.add(writer.root_of(LEAVES[number * 256 : number * 256 + 256]), 256)
    for leaf in LEAVES[size - rest : size]:
        stack.add(leaf)
    assert stack.root() == writer.root_of(LEAVES[:size])
