"""What a witness remembers: the last checkpoint that it signed of each log.

It is durable before the signature leaves. One file for each log, replaced as a whole. A checkpoint
that shows a fault of its log is kept beside it: signed by the log, it convinces anybody.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from gateway.ledger.errors import LedgerCorruptError
from gateway.ledger.lock import acquire_lock, release_lock
from gateway.ledger.tiles.files import write_files
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.merkle import Tree
from gateway.ledger.witness.state import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.ledger.disk import Disk
    from gateway.ledger.tlog.vkey import Vkey

SEEN: Final = ".checkpoint"
_NAME: Final = 32


class Store:
    """The memory of one witness; nobody else writes to its folder.

    Args:
        directory: The folder; made if missing, readable by its owner alone.
        disk: The file layer.

    Raises:
        LedgerLockedError: Another witness has it.
        OSError: The system cannot open it.
    """

    def __init__(self, directory: Path, disk: Disk) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self._disk = disk
        self._lock: int | None = acquire_lock(directory)

    def read(self, key: Vkey) -> Tree | None:
        """Return the last tree that was kept of a log, None before the first.

        Raises:
            LedgerCorruptError: The file is not what was written.
        """
        path = self._directory / (_name(key.name) + SEEN)
        if not path.exists():
            return None
        try:
            checkpoint = open_checkpoint(path.read_bytes(), key)
        except Exception:  # noqa: BLE001 - whatever is wrong, it must not pass for "never seen"
            raise LedgerCorruptError(f"{path}: is not a checkpoint of its log") from None
        return Tree(checkpoint.size, checkpoint.root)

    def keep(self, origin: str, note: bytes) -> None:
        """Make a signed checkpoint the last one of its log; durable on return.

        Raises:
            OSError: It is not known what is durable.
        """
        write_files(self._disk, self._directory, [(_name(origin) + SEEN, note)])

    def accuse(self, origin: str, note: bytes, fault: Fault) -> None:
        """Keep a checkpoint that shows a fault of its log; durable on return.

        The first fork is kept for good: with what was signed before it is the whole proof.

        Raises:
            OSError: It is not known what is durable.
        """
        name = f"{_name(origin)}.{fault}"
        if fault is not Fault.FORKED or not (self._directory / name).exists():
            write_files(self._disk, self._directory, [(name, note)])

    def close(self) -> None:
        """Let others have the folder; nothing happens the second time."""
        lock, self._lock = self._lock, None
        if lock is not None:
            release_lock(lock)


def _name(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()[:_NAME]
