"""The right edge of a growing tree: all that is needed to add an entry, and nothing more.

At most 256 entries and 256 hashes a level are held. What becomes full is handed out as a file and
forgotten.
"""

from __future__ import annotations

from gateway.ledger.tlog.hashing import EMPTY_ROOT, hash_leaf, hash_node, root_of
from gateway.ledger.tlog.merkle import Tree
from gateway.ledger.tlog.paths import WIDTH, Part, encode_bundle

Files = dict[Part, bytes]


class Edge:
    """A tree of which the unfinished tiles are known; begins empty."""

    def __init__(self) -> None:
        self._size = 0
        self._entries: list[bytes] = []
        self._levels: list[list[bytes]] = []
        self._full: Files = {}

    @property
    def size(self) -> int:
        """The number of entries that were added."""
        return self._size

    def add(self, entry: bytes) -> None:
        """Add the stored bytes of an entry."""
        self._entries.append(entry)
        if len(self._entries) == WIDTH:
            self._full[Part(None, self._size // WIDTH)] = encode_bundle(self._entries)
            self._entries = []
        self._push(0, hash_leaf(entry))
        self._size += 1

    def tree(self) -> Tree:
        """Return size and root."""
        root: bytes | None = None
        for level in self._levels:
            if level:
                # What is right of a level's unfinished tile is smaller than any hash in it.
                root = root_of(level) if root is None else _join(level, root)
        return Tree(self._size, EMPTY_ROOT if root is None else root)

    def take_full(self) -> Files:
        """Return the files that became full since the last time, and forget them."""
        full, self._full = self._full, {}
        return full

    def list_partial(self) -> Files:
        """Return the unfinished files at this size."""
        files: Files = {}
        if self._entries:
            part = Part(None, self._size // WIDTH, len(self._entries))
            files[part] = encode_bundle(self._entries)
        for number, level in enumerate(self._levels):
            if level:
                part = Part(number, self._size // WIDTH ** (number + 1), len(level))
                files[part] = b"".join(level)
        return files

    def _push(self, number: int, digest: bytes) -> None:
        if number == len(self._levels):
            self._levels.append([])
        level = self._levels[number]
        level.append(digest)
        if len(level) == WIDTH:
            index = (self._size + 1) // WIDTH ** (number + 1) - 1
            self._full[Part(number, index)] = b"".join(level)
            self._levels[number] = []
            self._push(number + 1, root_of(level))


def _join(level: list[bytes], right: bytes) -> bytes:
    """Return the root over whole subtrees and what is left over on their right."""
    for digest in _collapse(level):
        right = hash_node(digest, right)
    return right


def _collapse(level: list[bytes]) -> list[bytes]:
    """Return the roots of the largest whole subtrees of a level, from right to left."""
    roots: list[bytes] = []
    end, size = len(level), 1
    while end:
        if end & size:
            roots.append(root_of(level[end - size : end]))
            end -= size
        size <<= 1
    return roots
