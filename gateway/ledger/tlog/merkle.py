"""Make and check Merkle proofs: that an entry is in a tree, that a tree continues another.

Made as RFC 6962, section 2.1, defines them; checked as RFC 9162, section 2.1.3 and 2.1.4,
describes, which goes from the bottom to the top and shares nothing with how they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from gateway.ledger.errors import ProofRejectedError
from gateway.ledger.tlog.hashing import EMPTY_ROOT, hash_node, split_point

RangeHash = Callable[[int, int], bytes]
"""The root over the entries from one index up to, not with, another."""


class Tree(NamedTuple):
    """A tree as a checkpoint names it.

    Attributes:
        size: The number of entries.
        root: Its hash, 32 bytes.
    """

    size: int
    root: bytes


EMPTY: Tree = Tree(0, EMPTY_ROOT)


def inclusion_path(index: int, size: int, range_hash: RangeHash) -> tuple[bytes, ...]:
    """Return the proof that the entry of an index is in the tree of a size.

    Raises:
        ValueError: The tree has no such entry.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} entries has no entry {index}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + split_point(end - begin)
        if index < middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(begin, middle))
            begin = middle
    return tuple(reversed(path))


def consistency_path(old: int, new: int, range_hash: RangeHash) -> tuple[bytes, ...]:
    """Return the proof that a tree of size `new` continues that of size `old`.

    Raises:
        ValueError: `old` is negative or more than `new`.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} entries does not continue one of {old}")
    if old in {0, new}:
        return ()
    path: list[bytes] = []
    begin, end, whole = 0, new, True
    while old != end:
        middle = begin + split_point(end - begin)
        if old <= middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(begin, middle))
            begin, whole = middle, False
    if not whole:
        path.append(range_hash(begin, end))
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, path: Sequence[bytes], tree: Tree) -> None:
    """Check that the entry with this leaf hash has this index in the tree.

    Raises:
        ProofRejectedError: The proof does not hold.
    """
    if not 0 <= index < tree.size:
        raise ProofRejectedError("the tree has no such entry")
    at, last, found = index, tree.size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofRejectedError("the proof is too long")
        if at & 1 or at == last:
            found = hash_node(sibling, found)
            at, last = _skip(at, last)
        else:
            found = hash_node(found, sibling)
        at, last = at >> 1, last >> 1
    if last != 0 or found != tree.root:
        raise ProofRejectedError("the entry is not proved to be in the tree")


def verify_consistency(old: Tree, new: Tree, path: Sequence[bytes]) -> None:
    """Check that one tree continues another.

    Raises:
        ProofRejectedError: The proof does not hold.
    """
    if old.size > new.size:
        raise ProofRejectedError("the tree is smaller than the one before")
    if old.size in {0, new.size}:
        if path or old.root != (EMPTY_ROOT if old.size == 0 else new.root):
            raise ProofRejectedError("the trees are not the same")
        return
    if not path:
        raise ProofRejectedError("the proof is empty")
    _verify_growth(old, new, path)


def _verify_growth(old: Tree, new: Tree, path: Sequence[bytes]) -> None:
    at, last = old.size - 1, new.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first, *rest = path if old.size & (old.size - 1) else (old.root, *path)
    old_root = new_root = first
    for sibling in rest:
        if last == 0:
            raise ProofRejectedError("the proof is too long")
        if at & 1 or at == last:
            old_root = hash_node(sibling, old_root)
            new_root = hash_node(sibling, new_root)
            at, last = _skip(at, last)
        else:
            new_root = hash_node(new_root, sibling)
        at, last = at >> 1, last >> 1
    if last != 0 or old_root != old.root or new_root != new.root:
        raise ProofRejectedError("the tree is not proved to continue the one before")


def _skip(at: int, last: int) -> tuple[int, int]:
    """Go up the levels at which the right edge has no sibling of its own."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last
