"""The few calls by which the ledger changes a disk.

They stand behind one small class so that a test can make any single one of them fail, write
short or forget what was not synced. Each call may raise `OSError`; nothing is retried here.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Disk:
    """The calls as the operating system has them."""

    def open(self, path: Path, flags: int) -> int:
        """Open a file, readable by its owner alone if it is created, and return its descriptor."""
        return os.open(path, flags, 0o600)

    def write(self, fd: int, data: memoryview) -> int:
        """Write at the descriptor's own place and return how many bytes were taken."""
        return os.write(fd, data)

    def pwrite(self, fd: int, data: bytes, offset: int) -> int:
        """Write at an offset and return how many bytes were taken."""
        return os.pwrite(fd, data, offset)

    def truncate(self, fd: int, size_bytes: int) -> None:
        """Cut a file to a size."""
        os.ftruncate(fd, size_bytes)

    def fdatasync(self, fd: int) -> None:
        """Wait until the file's bytes and its size are on the medium."""
        os.fdatasync(fd)

    def fsync_dir(self, directory: Path) -> None:
        """Wait until the names in a directory are on the medium."""
        fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def mkdir(self, directory: Path) -> None:
        """Make a directory that its owner alone can open."""
        directory.mkdir(mode=0o700)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name, in the place of what has that name."""
        source.rename(target)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def rmdir(self, directory: Path) -> None:
        """Remove an empty directory."""
        directory.rmdir()

    def close(self, fd: int) -> None:
        """Close a descriptor."""
        os.close(fd)


def write_all(disk: Disk, fd: int, data: bytes) -> None:
    """Write all bytes, in several calls if the system takes fewer at once.

    Raises:
        OSError: A call failed or took nothing; a part may be written.
    """
    left = memoryview(data)
    while left:
        taken = disk.write(fd, left)
        if taken <= 0:
            raise OSError(errno.EIO, "a write took nothing")
        left = left[taken:]
