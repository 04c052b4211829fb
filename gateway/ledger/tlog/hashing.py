"""Hash entries into a tree as RFC 6962, section 2.1, says."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without entries."""


def hash_leaf(entry: bytes) -> bytes:
    """Return the hash of an entry, 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbours, 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def split_point(count: int) -> int:
    """Return the largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over hashes of leaves, or of subtrees of one size, from left to right."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    middle = split_point(len(hashes))
    return hash_node(root_of(hashes[:middle]), root_of(hashes[middle:]))
