"""Keep a second writer out of a ledger.

Two writers would give the same index twice. The lock is the kernel's (`flock`) and ends with the
process, however that ends, so nothing stale is ever left behind.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Final

from gateway.ledger.errors import LedgerLockedError, LedgerUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

LOCK_NAME: Final = "lock"


def acquire_lock(directory: Path) -> int:
    """Lock a ledger's directory and return the descriptor that holds the lock.

    Raises:
        LedgerLockedError: Another writer has it; the message names its process.
        OSError: The lock file cannot be opened.
    """
    fd = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        owner = os.pread(fd, 20, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(fd)
        raise LedgerLockedError(
            f"the ledger {directory} is already written by process {owner}"
        ) from error
    os.ftruncate(fd, 0)
    os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
    return fd


def release_lock(fd: int) -> None:
    """Give the lock back.

    Raises:
        LedgerUnavailableError: The system cannot say that it is; it ends with the process.
    """
    try:
        os.close(fd)
    except OSError as error:
        raise LedgerUnavailableError("the ledger could not be closed in order") from error
