"""Parts that are too large for an entry: the entry has the digest, the bytes lie beside the ledger.

A blob is durable before the entry that names it is appended. Its name is the SHA-256 of its bytes,
so whoever reads it can tell that it is the one; removing it breaks no proof.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Final

from gateway.ledger.disk import Disk, write_all
from gateway.ledger.errors import KeyUnavailableError, LedgerUnavailableError

BLOBS_FOLDER: Final = "blobs"
PREFIX: Final = "blob:"
_REFERENCE: Final = re.compile(r"blob:([0-9a-f]{64})")


class BlobFolder:
    """The blobs beside a ledger.

    Args:
        ledger: The ledger's folder.
        disk: The file layer.
    """

    def __init__(self, ledger: Path, disk: Disk | None = None) -> None:
        self._folder = ledger / BLOBS_FOLDER
        self._disk = disk or Disk()

    def store(self, data: bytes) -> str:
        """Put bytes down, durably, and return the reference that stands for them.

        Raises:
            LedgerUnavailableError: They cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = self._folder / digest
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = self._disk.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            try:
                write_all(self._disk, fd, data)
                self._disk.fdatasync(fd)
            finally:
                self._disk.close(fd)
            self._disk.fsync_dir(self._folder)
        except OSError as error:
            raise LedgerUnavailableError("a part of an entry cannot be written") from error
        return f"{PREFIX}{digest}"

    def remove(self, name: str) -> None:
        """Remove a blob by its name, durably; one that is gone already is no error.

        Raises:
            LedgerUnavailableError: It cannot be removed.
        """
        try:
            (self._folder / name).unlink(missing_ok=True)
            self._disk.fsync_dir(self._folder)
        except OSError as error:
            raise LedgerUnavailableError("a part of an entry cannot be removed") from error

    def read(self, reference: str) -> bytes:
        """Read the bytes that a reference stands for.

        Raises:
            KeyUnavailableError: It is no reference, or its bytes are gone or are others.
        """
        match = _REFERENCE.fullmatch(reference)
        try:
            data = (self._folder / match[1]).read_bytes() if match else b""
        except OSError:
            raise KeyUnavailableError("a part of an entry is not here any more") from None
        if match is None or hashlib.sha256(data).hexdigest() != match[1]:
            raise KeyUnavailableError("a part of an entry is not what it was")
        return data
