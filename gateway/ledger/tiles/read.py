"""Read entries and make proofs from the tiles of a log, of the size that a checkpoint names.

Nothing here takes the lock or writes. What is read is not checked: `verify` does that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gateway.ledger.errors import LedgerCorruptError, NoteRejectedError
from gateway.ledger.tlog.hashing import EMPTY_ROOT, hash_node, root_of, split_point
from gateway.ledger.tlog.merkle import consistency_path, inclusion_path
from gateway.ledger.tlog.paths import WIDTH, Part, decode_bundle, decode_tile

_HEIGHT: Final = 8
"""Levels of the tree that one tile spans."""
_KEPT: Final = 512
"""Tiles that one reader keeps."""


class Tiles:
    """A log of a size, read from its folder.

    Args:
        directory: The folder.
        size: The size of the tree, from a checkpoint.
    """

    def __init__(self, directory: Path, size: int) -> None:
        self._directory = directory
        self._size = size
        self._kept: dict[Part, tuple[bytes, ...]] = {}

    def entry(self, index: int) -> bytes:
        """Return the stored bytes of an entry.

        Raises:
            ValueError: The tree has no such entry.
            LedgerCorruptError: A file is missing or not what it should be.
        """
        if not 0 <= index < self._size:
            raise ValueError(f"a tree of {self._size} entries has no entry {index}")
        return self._read(None, index // WIDTH)[index % WIDTH]

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """Yield the stored bytes of the entries from `start` on.

        Raises:
            LedgerCorruptError: A file is missing or not what it should be.
        """
        for number in range(start // WIDTH, -(-self._size // WIDTH)):
            for at, entry in enumerate(self._read(None, number)):
                if number * WIDTH + at >= start:
                    yield entry

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """Return the path that proves an entry to be in this tree.

        Raises:
            ValueError: The tree has no such entry.
            LedgerCorruptError: A file is missing or not what it should be.
        """
        return inclusion_path(index, self._size, self.range_hash)

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """Return the path that proves this tree to continue that of size `old`.

        Raises:
            ValueError: This tree is smaller.
            LedgerCorruptError: A file is missing or not what it should be.
        """
        return consistency_path(old, self._size, self.range_hash)

    def range_hash(self, begin: int, end: int) -> bytes:
        """Return the root over the entries from `begin` up to, not with, `end`."""
        count = end - begin
        if count == 0:
            return EMPTY_ROOT
        if count & (count - 1) == 0 and begin % count == 0:
            return self._node(count.bit_length() - 1, begin // count)
        middle = begin + split_point(count)
        return hash_node(self.range_hash(begin, middle), self.range_hash(middle, end))

    def _node(self, height: int, number: int) -> bytes:
        level, rest = divmod(height, _HEIGHT)
        tile, at = divmod(number << rest, WIDTH)
        return root_of(self._read(level, tile)[at : at + (1 << rest)])

    def _read(self, level: int | None, number: int) -> tuple[bytes, ...]:
        left = (self._size >> _HEIGHT * (level or 0)) - number * WIDTH
        part = Part(level, number, min(left, WIDTH))
        if part not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[part] = self._load(part)
        return self._kept[part]

    def _load(self, part: Part) -> tuple[bytes, ...]:
        # The full one takes the partial one's place once it is signed.
        for found in dict.fromkeys((part, part._replace(width=WIDTH))):
            try:
                data = (self._directory / found.path).read_bytes()
            except FileNotFoundError:
                continue
            return _decode(self._directory / found.path, found, data)[: part.width]
        raise LedgerCorruptError(f"{self._directory / part.path}: the file is missing")


def _decode(path: Path, part: Part, data: bytes) -> tuple[bytes, ...]:
    decode = decode_bundle if part.level is None else decode_tile
    try:
        return decode(data, part.width)
    except NoteRejectedError as error:
        raise LedgerCorruptError(f"{path}: {error}") from None
