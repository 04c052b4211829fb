"""Remember how many entries were acknowledged.

Without this the end of a log cannot be judged: a last frame that is damaged looks the same as one
that a crash tore. The mark is overwritten after each sync of the log and before its callers are
answered, so every acknowledged entry is below it after a killed process; it is not synced
itself (that would double the cost of a batch), so after a power cut it may be older than the log,
never newer. A log that ends before its mark has lost something.

The file has 16 bytes: magic `KLM1`, the count (8 bytes, big-endian), CRC-32 of the twelve. A
missing or empty mark claims nothing. It holds no secret and proves nothing to others.
"""

from __future__ import annotations

import errno
import os
import struct
from typing import TYPE_CHECKING, Final
from zlib import crc32

from gateway.ledger.errors import LedgerCorruptError

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.ledger.disk import Disk

MARK_NAME: Final = "mark"
_MAGIC: Final = b"KLM1"
_BODY: Final = struct.Struct(">4sQ")
_READS: Final = 3


class Mark:
    """The writer's side of the mark; creates the file if it is missing."""

    def __init__(self, directory: Path, disk: Disk) -> None:
        self._disk = disk
        self._fd = disk.open(directory / MARK_NAME, os.O_WRONLY | os.O_CREAT)

    def write(self, count: int) -> None:
        """Put down that the entries below `count` are durable.

        Raises:
            OSError: The mark was not written whole.
        """
        body = _BODY.pack(_MAGIC, count)
        data = body + crc32(body).to_bytes(4)
        if self._disk.pwrite(self._fd, data, 0) != len(data):
            raise OSError(errno.EIO, "the mark was written short")

    def sync(self) -> None:
        """Wait until the mark is on the medium.

        Raises:
            OSError: The system cannot say that it is.
        """
        self._disk.fdatasync(self._fd)

    def close(self) -> None:
        """Close the file."""
        self._disk.close(self._fd)


def read_mark(directory: Path) -> int:
    """Return how many entries are acknowledged at least; 0 if there is no mark.

    Raises:
        LedgerCorruptError: The mark is damaged.
    """
    for _ in range(_READS):  # a reader may meet the writer in the middle of its sixteen bytes
        count = _read_count(directory / MARK_NAME)
        if count is not None:
            return count
    raise LedgerCorruptError(
        f"{directory / MARK_NAME}: the mark is damaged; verify the log against its copies, "
        "then remove the mark"
    )


def _read_count(path: Path) -> int | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return 0
    if not data:
        return 0
    if len(data) != _BODY.size + 4 or data[-4:] != crc32(data[:-4]).to_bytes(4):
        return None
    magic, count = _BODY.unpack_from(data)
    return int(count) if magic == _MAGIC else None
