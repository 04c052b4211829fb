"""Find out how far the tiles are when a ledger is opened, and refuse what was put back or altered.

Recovery reads every entry anyway; from them the tree is built again up to the last checkpoint. The
segments, the tiles and the signed root must say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.ledger.errors import LedgerCorruptError, NoteRejectedError, SignatureRejectedError
from gateway.ledger.segments import START
from gateway.ledger.tiles.edge import Edge
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.merkle import EMPTY, Tree
from gateway.ledger.tlog.paths import CHECKPOINT
from gateway.ledger.verify.stored import Stored

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.ledger.frames import Frame
    from gateway.ledger.segments import Position
    from gateway.ledger.tlog.vkey import Vkey


class Catchup:
    """The state of the tiles.

    Args:
        directory: Where the ledger is.
        key: The log's public key.

    Attributes:
        note: The last checkpoint as it is stored; empty if there is none.
        signed: Its tree.
        edge: That tree, built from the segments.
        position: The place in the segments after its last entry.

    Raises:
        LedgerCorruptError: The checkpoint is none, or not of this key.
        OSError: It cannot be read.
    """

    def __init__(self, directory: Path, key: Vkey) -> None:
        self._directory = directory
        self.edge = Edge()
        self.position: Position = START
        self.note, self.signed = _read_checkpoint(directory / CHECKPOINT, key)

    def watch(self, frame: Frame, position: Position) -> None:
        """Take in a frame if the checkpoint covers it."""
        if frame.index < self.signed.size:
            self.edge.add(frame.entry)
            self.edge.take_full()  # these are written
            self.position = position

    def require_whole(self) -> None:
        """Check that segments and tiles are what was signed.

        Raises:
            LedgerCorruptError: They are not; names the file and says what to do.
        """
        size = self.signed.size
        if self.edge.size < size:
            raise self._corrupt(f"covers {size} entries, the log has only {self.edge.size}")
        if self.edge.tree() != self.signed:
            raise self._corrupt(f"is not of the {size} entries that the log begins with")
        if Stored(self._directory, size).root(size) != self.signed.root:
            raise self._corrupt("is not of the tiles that lie beside it")

    def _corrupt(self, what: str) -> LedgerCorruptError:
        return LedgerCorruptError(
            f"{self._directory / CHECKPOINT}: the checkpoint {what}; the folder was put back from "
            "an older copy or altered: run `kalkan audit verify` on it and on its copies, and "
            "start with one that is whole"
        )


def _read_checkpoint(path: Path, key: Vkey) -> tuple[bytes, Tree]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return b"", EMPTY
    try:
        checkpoint = open_checkpoint(data, key)
    except (NoteRejectedError, SignatureRejectedError) as error:
        raise LedgerCorruptError(
            f"{path}: {error}; start with the key that signed it, or put it back from a copy"
        ) from error
    return data, Tree(checkpoint.size, checkpoint.root)
