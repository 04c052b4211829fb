"""Hash a tree from left to right, with a stack, one entry after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

NOTHING: Final = hashlib.sha256().digest()
"""The root of a tree without entries."""


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Return the RFC 6962 hashes of entries."""
    sha256 = hashlib.sha256
    return [sha256(b"\0" + entry).digest() for entry in entries]


def root_over(hashes: Iterable[bytes]) -> bytes:
    """Return the RFC 6962 root over hashes of subtrees that are all of one size."""
    stack = Stack()
    for each in hashes:
        stack.add(each)
    return stack.root()


def fold_tile(hashes: list[bytes]) -> bytes:
    """Return the root over a full tile, level by level."""
    sha256 = hashlib.sha256
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]


class Stack:
    """The whole subtrees of a growing tree, the largest first."""

    def __init__(self) -> None:
        self._roots: list[tuple[int, bytes]] = []

    def add(self, root: bytes, count: int = 1) -> None:
        """Add a whole subtree of `count` hashes, not larger than the last that is here."""
        while self._roots and self._roots[-1][0] == count:
            _, left = self._roots.pop()
            root = _pair(left, root)
            count *= 2
        self._roots.append((count, root))

    def root(self) -> bytes:
        """Return the root over all that was added."""
        found: bytes | None = None
        for _, each in reversed(self._roots):
            found = each if found is None else _pair(each, found)
        return NOTHING if found is None else found


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
