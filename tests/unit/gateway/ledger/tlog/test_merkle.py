import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.errors import ProofRejectedError
from gateway.ledger.tlog.hashing import hash_leaf, root_of
from gateway.ledger.tlog.merkle import (
    EMPTY,
    Tree,
    consistency_path,
    inclusion_path,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [hash_leaf(bytes([n])) for n in range(70)]


def range_hash(begin: int, end: int) -> bytes:
    return root_of(LEAVES[begin:end])


def tree(size: int) -> Tree:
    return Tree(size, root_of(LEAVES[:size]))


@pytest.mark.parametrize("size", range(1, 71))
def test_every_entry_of_every_tree_is_proved(size):
    for index in range(size):
        path = inclusion_path(index, size, range_hash)
        verify_inclusion(LEAVES[index], index, path, tree(size))


@pytest.mark.parametrize("size", range(71))
def test_every_tree_continues_every_smaller_one(size):
    for old in range(size + 1):
        verify_consistency(tree(old), tree(size), consistency_path(old, size, range_hash))


def test_the_paths_of_rfc_6962_section_2_1_3():
    def hashes(*ranges):
        return tuple(range_hash(*each) for each in ranges)

    assert inclusion_path(0, 7, range_hash) == hashes((1, 2), (2, 4), (4, 7))
    assert inclusion_path(6, 7, range_hash) == hashes((4, 6), (0, 4))
    assert consistency_path(3, 7, range_hash) == hashes((2, 3), (3, 4), (0, 2), (4, 7))
    assert consistency_path(4, 7, range_hash) == hashes((4, 7))
    assert consistency_path(6, 7, range_hash) == hashes((4, 6), (6, 7), (0, 4))


def change(path: tuple[bytes, ...], way: str, at: int) -> tuple[bytes, ...]:
    at %= len(path) + (way == "insert")
    each = list(path)
    if way == "flip":
        each[at] = bytes([each[at][0] ^ 1]) + each[at][1:]
    elif way == "drop":
        del each[at]
    else:
        each.insert(at, LEAVES[at])
    return tuple(each)


WAYS = st.sampled_from(["flip", "drop", "insert"])


@given(st.integers(2, 70), st.data(), WAYS, st.integers(0, 9))
def test_a_changed_inclusion_proof_does_not_hold(size, data, way, at):
    index = data.draw(st.integers(0, size - 1))
    path = change(inclusion_path(index, size, range_hash), way, at)
    with pytest.raises(ProofRejectedError):
        verify_inclusion(LEAVES[index], index, path, tree(size))


@given(st.integers(2, 70), st.data())
def test_an_inclusion_proof_holds_for_its_entry_and_index_alone(size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size).filter(lambda n: n != index))
    path = inclusion_path(index, size, range_hash)
    for leaf in (LEAVES[index], LEAVES[other % 70]):
        with pytest.raises(ProofRejectedError):
            verify_inclusion(leaf, other if leaf == LEAVES[index] else index, path, tree(size))


@given(st.integers(2, 70), st.data(), WAYS, st.integers(0, 9))
def test_a_changed_consistency_proof_does_not_hold(size, data, way, at):
    old = data.draw(st.integers(1, size - 1))
    path = change(consistency_path(old, size, range_hash), way, at)
    with pytest.raises(ProofRejectedError):
        verify_consistency(tree(old), tree(size), path)


@given(st.integers(2, 70), st.data())
def test_a_fork_has_no_proof(size, data):
    old = data.draw(st.integers(1, size - 1))
    path = consistency_path(old, size, range_hash)
    fork = Tree(old, root_of(LEAVES[1 : old + 1]))
    with pytest.raises(ProofRejectedError):
        verify_consistency(fork, tree(size), path)
    with pytest.raises(ProofRejectedError):
        verify_consistency(tree(old), Tree(size, fork.root), path)


def test_what_needs_no_proof_has_none():
    verify_consistency(EMPTY, tree(5), ())
    verify_consistency(tree(5), tree(5), ())
    wrong = [
        (EMPTY, tree(5), (LEAVES[0],)),
        (Tree(0, LEAVES[0]), tree(5), ()),
        (tree(5), Tree(5, LEAVES[0]), ()),
        (tree(5), tree(5), (LEAVES[0],)),
        (tree(6), tree(5), ()),
        (tree(4), tree(5), ()),
    ]
    for old, new, path in wrong:
        with pytest.raises(ProofRejectedError):
            verify_consistency(old, new, path)


def test_what_is_not_in_the_tree_has_no_path():
    for index in (-1, 5):
        with pytest.raises(ValueError, match="no entry"):
            inclusion_path(index, 5, range_hash)
    with pytest.raises(ValueError, match="does not continue"):
        consistency_path(6, 5, range_hash)
    with pytest.raises(ProofRejectedError):
        verify_inclusion(LEAVES[0], 0, (), EMPTY)


def test_a_root_of_a_smaller_tree_proves_nothing_of_a_larger_one():
    larger = Tree(8, tree(4).root)
    with pytest.raises(ProofRejectedError):
        verify_inclusion(LEAVES[1], 1, inclusion_path(1, 4, range_hash), larger)
    with pytest.raises(ProofRejectedError):
        verify_consistency(tree(3), larger, consistency_path(3, 4, range_hash))
