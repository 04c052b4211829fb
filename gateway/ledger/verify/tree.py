"""Make the whole tree again from the entries and compare every tile with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.verify.hashing import Stack, fold_tile, leaf_hashes
from gateway.ledger.verify.stored import TILE, Stored

Tell = Callable[[str], None]


class Tree:
    """The tree over the bundles of a folder.

    Args:
        stored: The files, at the size of the checkpoint.
        tell: Is told what is wrong.
    """

    def __init__(self, stored: Stored, tell: Tell) -> None:
        self._stored = stored
        self._tell = tell
        self._whole = True

    def check(self, segments: Iterator[bytes] | None) -> bytes | None:
        """Check bundles, tiles and segments against each other.

        Args:
            segments: The entries as the segments have them, or None where there are none. Read up
                to the size of the tree.

        Returns:
            The root, or None if a bundle could not be read.
        """
        rest, roots = self._check_bundles(segments)
        stack: list[tuple[int, list[bytes]]] = [(1, rest)]
        level = 1
        while roots:
            above = [self._check_tile(level, n, part) for n, part in enumerate(_tiles(roots))]
            stack.append((TILE**level, roots[len(roots) // TILE * TILE :]))
            roots = [each for each in above if each is not None]
            level += 1
        return _root(stack) if self._whole else None

    def _check_bundles(self, segments: Iterator[bytes] | None) -> tuple[list[bytes], list[bytes]]:
        """Return the hashes of the entries in the last bundle and the roots of full ones."""
        rest: list[bytes] = []
        roots: list[bytes] = []
        for number in range(-(-self._stored.size // TILE)):
            entries: list[bytes] = []
            with self._telling():
                entries = self._stored.entries(number)
                segments = self._compare(segments, number, entries)
            leaves = leaf_hashes(entries)
            root = self._check_tile(0, number, leaves) if leaves else None
            if root is not None:
                roots.append(root)
            rest = leaves if root is None else []
        return rest, roots

    def _compare(
        self, segments: Iterator[bytes] | None, number: int, entries: list[bytes]
    ) -> Iterator[bytes] | None:
        """Compare a bundle with the segments; return them for the next one."""
        if segments is None:
            return None
        found: list[bytes] = []
        with self._telling(whole=True):
            found = list(islice(segments, len(entries)))
        if found == entries:
            return segments
        same = next(
            (n for n, pair in enumerate(zip(found, entries, strict=False)) if pair[0] != pair[1]),
            len(found),
        )
        first = number * TILE + same
        self._tell(f"{self._stored.folder}: from entry {first} on segments and bundles differ")
        return None

    def _check_tile(self, level: int, number: int, hashes: list[bytes]) -> bytes | None:
        """Compare a tile with what it must be; return its root if it is full."""
        with self._telling(whole=True):
            found = self._stored.hashes(level, number)
            if found != hashes:
                self._tell(
                    f"{self._stored.folder}: tile {number} of level {level} is not what lies below"
                )
        return fold_tile(hashes) if len(hashes) == TILE else None

    @contextmanager
    def _telling(self, *, whole: bool = False) -> Iterator[None]:
        """Go on after damage, which is told; without `whole` the tree is not complete then."""
        try:
            yield
        except LedgerCorruptError as error:
            self._tell(str(error))
            self._whole &= whole


def _tiles(hashes: list[bytes]) -> Iterator[list[bytes]]:
    for at in range(0, len(hashes), TILE):
        yield hashes[at : at + TILE]


def _root(levels: list[tuple[int, list[bytes]]]) -> bytes:
    stack = Stack()
    for count, hashes in reversed(levels):
        for each in hashes:
            stack.add(each, count)
    return stack.root()
