"""Read back what was just written before it is signed: a bit that fell over is never signed.

Logs have died of one flipped bit in a stored hash, because it was signed before it was seen. So
nothing here takes a hash from the writer: each is made again from the bytes on the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.verify.hashing import fold_tile, leaf_hashes
from gateway.ledger.verify.stored import TILE, Stored


def check_growth(stored: Stored, old: tuple[int, bytes], entries: Iterable[bytes]) -> bytes:
    """Return the root of a log that has grown, if all that is new is as it must be.

    Args:
        stored: The files, at the new size.
        old: Size and root of the checkpoint that was signed last.
        entries: The new entries as the segments have them.

    Raises:
        LedgerCorruptError: A file is not what it should be; names it.
    """
    size, root = old
    _check_entries(stored, size, iter(entries))
    level = 1
    while stored.count(level):
        _check_level(stored, level, size // TILE**level)
        level += 1
    if stored.root(size) != root:
        raise LedgerCorruptError(
            f"{stored.folder}: the tiles do not continue the checkpoint of {size} entries; "
            "verify the log against its copies"
        )
    return stored.root(stored.size)


def _check_entries(stored: Stored, begin: int, entries: Iterator[bytes]) -> None:
    for number in range(begin // TILE, -(-stored.size // TILE)):
        found = stored.entries(number)
        if leaf_hashes(found) != stored.hashes(0, number):
            raise LedgerCorruptError(f"{stored.folder}: bundle {number} is not as its tile says")
        new = found[max(0, begin - number * TILE) :]
        if list(islice(entries, len(new))) != new:
            raise LedgerCorruptError(f"{stored.folder}: bundle {number} is not as the segments say")


def _check_level(stored: Stored, level: int, begin: int) -> None:
    for index in range(begin, stored.count(level)):
        below = stored.hashes(level - 1, index)
        if stored.hashes(level, index // TILE)[index % TILE] != fold_tile(below):
            raise LedgerCorruptError(
                f"{stored.folder}: tile {index // TILE} of level {level} is not as the level below"
            )
