"""Bring the tiles up to the log and sign what was read back.

All of this blocks and runs in one thread. After any error the integrator is not used again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.segments import Walk
from gateway.ledger.tiles.files import write_files
from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.tlog.merkle import Tree
from gateway.ledger.tlog.paths import CHECKPOINT, WIDTH
from gateway.ledger.verify.growth import check_growth
from gateway.ledger.verify.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gateway.ledger.segments import Position
    from gateway.ledger.tiles.catchup import Catchup
    from gateway.ledger.tiles.edge import Files
    from gateway.ledger.tlog.paths import Part
    from gateway.ledger.tlog.signer import Signer
    from gateway.ledger.writer import Place

_AT_ONCE: Final = 64 * WIDTH
"""Entries after which full files are written, so that a long log is not held in memory."""


class Published(NamedTuple):
    """A checkpoint that others may see.

    Attributes:
        note: As it is stored.
        tree: What it is of.
    """

    note: bytes
    tree: Tree


class Integrator:
    """The one that writes tiles and checkpoints.

    Args:
        place: Where the ledger is, and through what it is written.
        signer: The log's key.
        catchup: How far the tiles are.
    """

    def __init__(self, place: Place, signer: Signer, catchup: Catchup) -> None:
        self._directory = place.directory
        self._disk = place.disk
        self._signer = signer
        self._edge = catchup.edge
        self._position = catchup.position
        self._signed = catchup.signed
        self._note = catchup.note

    @property
    def published(self) -> Published | None:
        """The newest checkpoint, or None if there is none yet."""
        return Published(self._note, self._signed) if self._note else None

    def advance(self, size: int) -> Published:
        """Write the tiles of a log of this many durable entries, read them back, sign.

        Raises:
            LedgerCorruptError: What is stored is not what was written; nothing was signed.
            OSError: It is not known what is stored.
        """
        if not self._note:
            self._drop_unsigned()
        begin = self._position
        full = self._integrate(size)
        self._write(self._edge.list_partial())
        root = check_growth(Stored(self._directory, size), self._signed, self._read_again(begin))
        tree = self._edge.tree()
        if tree != Tree(size, root):
            raise LedgerCorruptError(f"{self._directory}: the tiles are not what was written")
        self._sign(tree)
        self._drop_partial(full)
        return Published(self._note, self._signed)

    def _integrate(self, size: int) -> list[Part]:
        """Take in entries and write what became full."""
        full: list[Part] = []
        walk = Walk(self._directory, self._position)
        for frame in walk:
            self._edge.add(frame.entry)
            self._position = walk.position
            if self._edge.size % _AT_ONCE == 0 or self._edge.size == size:
                full += self._write(self._edge.take_full())
            if self._edge.size == size:
                return full
        raise LedgerCorruptError(f"{self._directory}: the segments have fewer than {size} entries")

    def _read_again(self, begin: Position) -> Iterable[bytes]:
        return (frame.entry for frame in Walk(self._directory, begin))

    def _write(self, files: Files) -> Iterable[Part]:
        write_files(self._disk, self._directory, ((p.path, data) for p, data in files.items()))
        return files

    def _sign(self, tree: Tree) -> None:
        path = self._directory / CHECKPOINT
        if _read(path) != self._note:
            raise LedgerCorruptError(f"{path}: was altered while the ledger was open")
        text = str(Checkpoint(self._signer.vkey.name, tree.size, tree.root))
        note = self._signer.sign(text).encode()
        write_files(self._disk, self._directory, [(CHECKPOINT, note)])
        self._note, self._signed = note, tree

    def _drop_partial(self, full: list[Part]) -> None:
        """Remove the partial files of what is full and signed now."""
        for part in full:
            path = self._directory / part.path
            folder = path.with_name(f"{path.name}.p")
            if folder.is_dir():
                self._remove(folder)

    def _drop_unsigned(self) -> None:
        """Remove partial files over which no checkpoint was ever signed.

        Full ones are written again; a partial one of another size would be left.
        """
        for folder in sorted((self._directory / "tile").rglob("*.p")):
            self._remove(folder)

    def _remove(self, folder: Path) -> None:
        for partial in folder.iterdir():
            self._disk.remove(partial)
        self._disk.rmdir(folder)


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
