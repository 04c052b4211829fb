"""Read bundles and tiles of a folder; whatever is not as it must be is named with its file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.verify.hashing import Stack

TILE: Final = 256
BITS: Final = 8
"""256 is two to this."""
HASH: Final = 32
BUNDLE: Final = "entries"


class Stored:
    """The files of a log, for a size.

    Args:
        folder: The log's folder.
        size: The size of the tree.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size

    def count(self, level: int) -> int:
        """How many hashes a level has."""
        return self.size >> BITS * level

    def entries(self, number: int) -> list[bytes]:
        """Return the entries of a bundle.

        Raises:
            LedgerCorruptError: The file is missing, or does not end with its last entry.
        """
        width = min(TILE, self.size - number * TILE)
        path, data, full = self._load(BUNDLE, number, width)
        entries = split(path, data)
        if len(entries) != (TILE if full else width):
            raise LedgerCorruptError(f"{path}: has {len(entries)} entries where {width} belong")
        return entries[:width]

    def hashes(self, level: int, number: int) -> list[bytes]:
        """Return the hashes of a tile.

        Raises:
            LedgerCorruptError: The file is missing or of a wrong length.
        """
        width = min(TILE, self.count(level) - number * TILE)
        path, data, full = self._load(str(level), number, width)
        if len(data) != HASH * (TILE if full else width):
            raise LedgerCorruptError(f"{path}: has {len(data)} bytes where {width} hashes belong")
        return [data[at : at + HASH] for at in range(0, HASH * width, HASH)]

    def root(self, size: int) -> bytes:
        """Return the root at a size up to this one, from the tiles alone.

        Raises:
            LedgerCorruptError: A tile is missing or of a wrong length.
        """
        stack = Stack()
        level = 0
        while size // TILE ** (level + 1):
            level += 1
        for high in range(level, -1, -1):
            number, width = divmod(size // TILE**high, TILE)
            for each in self.hashes(high, number)[:width] if width else ():
                stack.add(each, TILE**high)
        return stack.root()

    def _load(self, kind: str, number: int, width: int) -> tuple[Path, bytes, bool]:
        """Return a file of a width, or the full one that has taken its place."""
        full = self.folder / "tile" / kind / place(number)
        path = full if width == TILE else full.with_name(f"{full.name}.p") / str(width)
        for each in dict.fromkeys((path, full)):
            try:
                return each, each.read_bytes(), each == full
            except (FileNotFoundError, NotADirectoryError):
                continue
        raise LedgerCorruptError(f"{path}: the file is missing")


def place(number: int) -> Path:
    """Return where a tile or bundle lies below its level: 1234067 is x001/x234/067."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *groups, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
    return Path(*(f"x{group}" for group in groups), last)


def split(path: Path, data: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        LedgerCorruptError: It ends in the middle of one.
    """
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at + 2 <= end:
        stop = at + 2 + (data[at] << 8 | data[at + 1])
        if stop > end:
            break
        entries.append(data[at + 2 : stop])
        at = stop
    if at != end:
        raise LedgerCorruptError(f"{path}: ends in the middle of entry {len(entries)} of the file")
    return entries
