"""Put whole files beside the segments so that a reader sees the old one or the new one.

A file is written under a name of its own, synced, renamed, and the folder synced. All of this
blocks. After an error nothing is tried again: the server stops, and starts with what is there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from gateway.ledger.disk import write_all

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gateway.ledger.disk import Disk

NEW: Final = "new"
"""The name under which a file is written; there is one writer, so one name will do."""


def write_files(disk: Disk, directory: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files at paths below a directory; all are durable on return.

    Raises:
        OSError: It is not known what is durable.
    """
    folders: dict[Path, None] = {}
    for name, data in files:
        path = directory / name
        _make_folder(disk, path.parent, directory)
        _write_new(disk, directory / NEW, data)
        disk.rename(directory / NEW, path)
        folders[path.parent] = None
    for folder in folders:
        disk.fsync_dir(folder)


def _write_new(disk: Disk, path: Path, data: bytes) -> None:
    fd = disk.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        write_all(disk, fd, data)
        disk.fdatasync(fd)
    finally:
        disk.close(fd)


def _make_folder(disk: Disk, folder: Path, root: Path) -> None:
    """Make a folder and those above it, each name durable before what is in it."""
    if folder == root or folder.is_dir():
        return
    _make_folder(disk, folder.parent, root)
    disk.mkdir(folder)
    disk.fsync_dir(folder.parent)
