"""Period keys, and who may have them: each is wrapped to the custodians of one authority.

What is personal in an entry is encrypted with a key of its authority and its month. The server
that writes the ledger has that key in memory alone; on disk it lies wrapped to each custodian's
public key (HPKE, RFC 9180, with P-256, which smart cards have). After a restart there is a new
key. Who destroys the wrapped keys of a period makes its personal data unreadable here for ever,
while every hash and proof of the ledger still holds.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.ledger.disk import Disk, write_all
from gateway.ledger.errors import KeyUnavailableError, LedgerUnavailableError

KEY_BYTES: Final = 32
ID_BYTES: Final = 8
POINT_BYTES: Final = 65
KEYS_FOLDER: Final = "keys"
_SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_MAX_FILE: Final = 65_536
_NAME: Final = re.compile(
    r"(?P<authority>[A-Z]{3})-(?P<period>\d{4}-\d{2})-(?P<id>[0-9a-f]{16})\.json"
)


@dataclass(frozen=True, slots=True)
class Custodian:
    """Somebody of an authority who may open what is sealed to it.

    Attributes:
        name: As the federation file names the custodian.
        key: The public key, P-256.
    """

    name: str
    key: EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class PeriodKey:
    """A key of one authority for one month.

    Attributes:
        authority: The member whose custodians can open it.
        period: The month in UTC, "2026-11".
        id: 16 hexadecimal digits that say which key it is.
        secret: 32 bytes.
    """

    authority: str
    period: str
    id: str
    secret: bytes

    @property
    def file_name(self) -> str:
        """The name of the file with its wrapped forms."""
        return f"{self.authority}-{self.period}-{self.id}.json"

    def __repr__(self) -> str:
        return f"PeriodKey({self.authority!r}, {self.period!r}, {self.id!r})"


def write_point(key: EllipticCurvePublicKey) -> str:
    """Write a public key as the federation file has it."""
    return write_base64(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def read_point(text: str) -> EllipticCurvePublicKey:
    """Read a custodian's public key: the uncompressed point of P-256 in base64url, 87 characters.

    Raises:
        ValueError: It is none.
    """
    point = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(point) != POINT_BYTES or write_base64(point) != text:
        raise ValueError("a point of P-256 in base64url is needed, 87 characters")
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)


def write_base64(data: bytes) -> str:
    """Write base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def read_base64(text: str) -> bytes:
    """Read base64url without padding.

    Raises:
        ValueError: It is written otherwise.
    """
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if write_base64(data) != text:
        raise ValueError("base64url without padding is needed")
    return data


def make_key(authority: str, period: str) -> PeriodKey:
    """Make a new key."""
    secret, number = secrets.token_bytes(KEY_BYTES), secrets.token_hex(ID_BYTES)
    return PeriodKey(authority, period, number, secret)


def wrap_key(key: PeriodKey, custodians: Sequence[Custodian]) -> bytes:
    """Wrap a key to each custodian; any one of them can open it. Returns the file's bytes."""
    info = _info(key.authority, key.period, key.id)
    wrapped = {c.name: write_base64(_SUITE.encrypt(key.secret, c.key, info)) for c in custodians}
    stored = {"authority": key.authority, "period": key.period, "id": key.id, "wrapped": wrapped}
    return json.dumps(stored, sort_keys=True, indent=1).encode() + b"\n"


def unwrap_key(data: bytes, name: str, private: EllipticCurvePrivateKey) -> PeriodKey:
    """Open a wrapped key as the custodian of this name.

    Raises:
        KeyUnavailableError: It is not wrapped to this custodian, or the file does not hold.
    """
    stored = read_wrapped(data)
    authority, period, number = stored["authority"], stored["period"], stored["id"]
    sealed = stored["wrapped"].get(name)
    if sealed is None:
        raise KeyUnavailableError(f"the key of {authority} {period} is not wrapped to {name}")
    try:
        secret = _SUITE.decrypt(read_base64(sealed), private, _info(authority, period, number))
    except (ValueError, InvalidTag):
        raise KeyUnavailableError(
            f"the key of {authority} {period} does not open for {name}"
        ) from None
    return PeriodKey(authority, period, number, secret)


def read_wrapped(data: bytes) -> dict[str, Any]:
    """Read the file of a wrapped key, strictly.

    Raises:
        KeyUnavailableError: It is none.
    """
    try:
        stored = json.loads(data) if len(data) <= _MAX_FILE else None
    except ValueError:
        stored = None
    if not isinstance(stored, dict) or stored.keys() != {"authority", "period", "id", "wrapped"}:
        raise KeyUnavailableError("this is not a wrapped key")
    wrapped = stored["wrapped"]
    texts = [stored["authority"], stored["period"], stored["id"]]
    if not isinstance(wrapped, dict) or not all(
        isinstance(t, str) for t in [*texts, *wrapped.values()]
    ):
        raise KeyUnavailableError("this is not a wrapped key")
    return stored


def _info(authority: str, period: str, number: str) -> bytes:
    """Bind a wrapped key to what it is for."""
    return f"kalkan period key\n{authority}\n{period}\n{number}\n".encode()


class KeyFolder:
    """The wrapped keys beside a ledger.

    Args:
        ledger: The ledger's folder.
        disk: The file layer.
    """

    def __init__(self, ledger: Path, disk: Disk | None = None) -> None:
        self._folder = ledger / KEYS_FOLDER
        self._disk = disk or Disk()

    def store(self, key: PeriodKey, custodians: Sequence[Custodian]) -> bytes:
        """Put a key down, durably, before anything is sealed with it; return the file's bytes.

        Raises:
            LedgerUnavailableError: It cannot be written.
        """
        data = wrap_key(key, custodians)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = self._disk.open(self._folder / key.file_name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                write_all(self._disk, fd, data)
                self._disk.fdatasync(fd)
            finally:
                self._disk.close(fd)
            self._disk.fsync_dir(self._folder)
        except OSError as error:
            raise LedgerUnavailableError("a period key cannot be written") from error
        return data

    def present(self, authority: str = "") -> Iterator[tuple[str, str, str]]:
        """Yield authority, period and id of each key that is still here, in order."""
        names = sorted(path.name for path in self._folder.glob("*.json"))
        for match in filter(None, map(_NAME.fullmatch, names)):
            if authority in {"", match["authority"]}:
                yield match["authority"], match["period"], match["id"]

    def read(self, authority: str, period: str, number: str) -> bytes:
        """Read a wrapped key.

        Raises:
            KeyUnavailableError: It is not here, or has been destroyed.
        """
        try:
            return (self._folder / f"{authority}-{period}-{number}.json").read_bytes()
        except OSError:
            raise KeyUnavailableError(
                f"the key of {authority} {period} is not here any more"
            ) from None

    def destroy(self, authority: str, before: str) -> list[str]:
        """Destroy the keys of an authority whose period is before "2026-11"; return their ids.

        The bytes are overwritten before the name goes; what a disk keeps elsewhere of them is
        wrapped all the same.

        Raises:
            LedgerUnavailableError: One cannot be removed.
        """
        gone = [(p, n) for _, p, n in self.present(authority) if p < before]
        for period, number in gone:
            self.remove(authority, period, number)
        return [number for _, number in gone]

    def remove(self, authority: str, period: str, number: str) -> None:
        """Destroy one key, as `destroy` does; one that is gone already is no error.

        Raises:
            LedgerUnavailableError: It cannot be removed.
        """
        path = self._folder / f"{authority}-{period}-{number}.json"
        if not path.exists():
            return
        try:
            self._overwrite(path)
            path.unlink()
            self._disk.fsync_dir(self._folder)
        except OSError as error:
            raise LedgerUnavailableError("a period key cannot be destroyed") from error

    def _overwrite(self, path: Path) -> None:
        fd = self._disk.open(path, os.O_WRONLY)
        try:
            write_all(self._disk, fd, secrets.token_bytes(path.stat().st_size))
            self._disk.fdatasync(fd)
        finally:
            self._disk.close(fd)


Custody = Mapping[str, Sequence[Custodian]]
"""The custodians of each authority."""
