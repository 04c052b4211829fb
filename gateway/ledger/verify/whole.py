"""Check a whole log: from its entries up to the signature, and the segments where they are.

Every leaf is hashed again, every tile and the root are made again from them. What only a witness or
an older checkpoint can tell, a log that was cut back as a whole, cannot be seen here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.ledger.errors import LedgerCorruptError, LedgerError
from gateway.ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from gateway.ledger.verify.frames import Segments, Settle, count_claimed
from gateway.ledger.verify.report import Report
from gateway.ledger.verify.stored import Stored
from gateway.ledger.verify.strangers import Strangers
from gateway.ledger.verify.tree import Tree

if TYPE_CHECKING:
    from gateway.ledger.tlog.vkey import Vkey

POLL_S: Final = 0.1
PATIENCE_S: Final = 5.0
"""Seconds that a checkpoint of a log in use may be behind its entries."""


def settle_after(seconds: float, sleep: Callable[[float], None]) -> Settle:
    """Return what waits for a writer, for so many seconds at most."""

    def settle(holds: Callable[[], bool]) -> bool:
        for _ in range(round(seconds / POLL_S)):
            if holds():
                return True
            sleep(POLL_S)
        return holds()

    return settle


def examine(folder: Path, key: Vkey, settle: Settle) -> Report:
    """Check the log in a folder; nothing is written, and no lock is taken.

    Args:
        folder: The ledger's folder, or a copy of it with or without segments.
        key: The log's public key.
        settle: Waits for the writer of a log that is in use.

    Raises:
        OSError: A file is there and cannot be read.
    """
    return _Examination(folder, key, settle).run()


class _Examination:
    """One check of one folder."""

    def __init__(self, folder: Path, key: Vkey, settle: Settle) -> None:
        self._folder = folder
        self._key = key
        self._settle = settle
        self._findings: list[str] = []
        self._segments = Segments(folder, settle)

    def run(self) -> Report:
        claimed = self._count_claimed()
        checkpoint = self._open(claimed)
        entries = iter(self._segments) if self._segments.exist else None
        if checkpoint is not None:
            self._check_tree(checkpoint, entries)
        if entries is not None:
            self._read_on(entries)
            self._check_end(claimed)
        origin, size = (checkpoint.origin, checkpoint.size) if checkpoint else ("", 0)
        return Report(origin, size, self._segments.count, tuple(dict.fromkeys(self._findings)))

    def _tell(self, what: str) -> None:
        self._findings.append(what)

    def _count_claimed(self) -> int:
        try:
            return count_claimed(self._folder)
        except LedgerCorruptError as error:
            self._tell(str(error))
            return 0

    def _open(self, claimed: int) -> Checkpoint | None:
        """Open the checkpoint, the one that covers what is claimed if it comes in time."""
        path = self._folder / "checkpoint"
        found: list[Checkpoint] = []

        def covers() -> bool:
            found[:] = [open_checkpoint(path.read_bytes(), self._key)]
            return found[0].size >= claimed

        try:
            if not self._settle(covers):
                self._tell(f"{path}: covers {found[0].size} of {claimed} entries")
        except FileNotFoundError:
            self._tell(f"{path}: the file is missing")
        except LedgerError as error:
            self._tell(f"{path}: {error}")
        return found[0] if found else None

    def _check_tree(self, checkpoint: Checkpoint, entries: Iterator[bytes] | None) -> None:
        stored = Stored(self._folder, checkpoint.size)
        root = Tree(stored, self._tell).check(entries)
        if root is not None and root != checkpoint.root:
            self._tell(f"{self._folder / 'checkpoint'}: the root is not that of the entries")
        strangers = Strangers(stored)
        self._findings += strangers.check()
        if strangers.beyond and self._count_claimed() <= checkpoint.size:
            self._findings += [f"{path}: no checkpoint covers it" for path in strangers.beyond]

    def _read_on(self, entries: Iterator[bytes]) -> None:
        """Check the frames that no checkpoint covers yet."""
        try:
            for _ in entries:
                pass
        except LedgerCorruptError as error:
            self._tell(str(error))

    def _check_end(self, claimed: int) -> None:
        if self._segments.count < claimed:
            self._tell(f"{self._folder}: {self._segments.count} of {claimed} entries are there")
