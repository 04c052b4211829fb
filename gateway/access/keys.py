"""Private keys on disk: PKCS#8 in PEM, files 0600 in folders 0700, refused where others can read.

Keys in PKCS#11 come later; until then the file's mode is the lock.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from gateway.access.errors import KeyFileError

if TYPE_CHECKING:
    from pathlib import Path

PrivateKey: TypeAlias = EllipticCurvePrivateKey | Ed25519PrivateKey

P256: Final = "P-256"
ED25519: Final = "Ed25519"
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700
_OTHERS: Final = 0o077
_MAX_FILE: Final = 16_384


def generate_key(kind: str = P256) -> PrivateKey:
    """Make a new key of kind "P-256" or "Ed25519".

    Raises:
        ValueError: The kind is another.
    """
    if kind == P256:
        return generate_private_key(SECP256R1())
    if kind == ED25519:
        return Ed25519PrivateKey.generate()
    raise ValueError(f"a key is {P256} or {ED25519}")


def encode_key(key: PrivateKey) -> bytes:
    """Return the key as PKCS#8 in PEM, not encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_secret(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; folders that are missing are made private.

    Raises:
        KeyFileError: The file exists already, or cannot be written.
    """
    try:
        _make_folders(path.parent)
        # O_EXCL: never through a link that somebody planted, never over a key that is in use.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as exc:
        raise KeyFileError(str(path), f"cannot be written: {exc.strerror}") from None


def _make_folders(folder: Path) -> None:
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for each in reversed(missing):
        each.mkdir(mode=_FOLDER_MODE)


def read_secret(path: Path) -> bytes:
    """Read a file that only its owner can read.

    Raises:
        KeyFileError: It is missing, no plain file, too large, or open to others.
    """
    try:
        with path.open("rb") as file:
            # Asked of the open file, so that it cannot be exchanged between check and reading.
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise KeyFileError(str(path), "is not a plain file")
            if status.st_mode & _OTHERS:
                raise KeyFileError(str(path), "is open to others: chmod 600 it")
            data = file.read(_MAX_FILE + 1)
    except OSError as exc:
        raise KeyFileError(str(path), f"cannot be read: {exc.strerror}") from None
    if len(data) > _MAX_FILE:
        raise KeyFileError(str(path), f"is larger than {_MAX_FILE} bytes")
    return data


def write_key(path: Path, key: PrivateKey) -> None:
    """Write a private key to a new file.

    Raises:
        KeyFileError: The file exists already, or cannot be written.
    """
    write_secret(path, encode_key(key))


def read_key(path: Path) -> PrivateKey:
    """Read a private key.

    Raises:
        KeyFileError: The file is missing, open to others, or no P-256 or Ed25519 key.
    """
    try:
        key = load_pem_private_key(read_secret(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(str(path), "is not a private key in PEM without password") from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return key
    raise KeyFileError(str(path), f"is neither a {P256} nor an {ED25519} key")
