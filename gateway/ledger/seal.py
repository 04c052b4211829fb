"""Seal what is personal in an entry to an authority, and open it again.

A sealed part is one text: base64url of

    offset  bytes  content
         0      8  id of the period key
         8     12  nonce
        20    ...  AES-256-GCM over the part, with its tag

The part itself is JSON with a random salt in it, and spaces after it: a sealed part has one of few
lengths, because that of a name or a case would tell them apart. The associated data bind it to the
entry that it is in: a sealed part that is moved to another entry does not open.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.clock import Clock
from gateway.ledger.blobs import PREFIX, BlobFolder
from gateway.ledger.custody import (
    ID_BYTES,
    Custody,
    KeyFolder,
    PeriodKey,
    make_key,
    read_base64,
    write_base64,
)
from gateway.ledger.disk import Disk
from gateway.ledger.entry import Entry
from gateway.ledger.errors import KeyUnavailableError

NONCE_BYTES: Final = 12
MAX_INLINE: Final = 8_192
"""A sealed part of more characters than this lies beside the ledger as a blob."""
SALT: Final = "salt"
LEAST_BYTES: Final = 1_024
"""A part is filled up to this many bytes, or to the next power of two above: to see a name in the
length it must be longer than most questions are altogether."""
_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was made: whose, for which month, its id, and the digest of its file."""

    authority: str
    period: str
    key_id: str
    key_sha256: str


class Place(NamedTuple):
    """Where a sealed part is: what it is bound to.

    Attributes:
        side: "hub" or "node".
        member: Whose ledger it is.
        kind: The kind of the entry.
        search_id: The search.
    """

    side: str
    member: str
    kind: str
    search_id: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """The place of an entry."""
        return cls(str(entry.side), entry.member, entry.kind.value, entry.search_id)

    def bind(self, authority: str) -> bytes:
        """The associated data for a part that is sealed to `authority`."""
        words = ("kalkan sealed part", self.side, self.member, self.kind, self.search_id, authority)
        return "\n".join(words).encode()


class Sealer:
    """Seals with the key of the present month; makes and stores one where there is none yet.

    Args:
        ledger: The ledger's folder; wrapped keys and blobs lie in it.
        custody: The custodians of each authority.
        clock: Tells the month.
        disk: The file layer.
    """

    def __init__(
        self, ledger: Path, custody: Custody, clock: Clock, disk: Disk | None = None
    ) -> None:
        self._keys = KeyFolder(ledger, disk)
        self._blobs = BlobFolder(ledger, disk)
        self._custody = custody
        self._clock = clock
        self._present: dict[str, _Present] = {}
        self._made: list[MadeKey] = []

    def take_made(self) -> list[MadeKey]:
        """Return the keys that were made since the last time: each is to become an entry."""
        made, self._made = self._made, []
        return made

    def can(self, authority: str) -> bool:
        """Whether an authority has custodians; without one nothing personal of it is kept."""
        return bool(self._custody.get(authority))

    def seal(self, authority: str, part: Mapping[str, Any], place: Place) -> str:
        """Seal a part to an authority that has custodians.

        Args:
            authority: The member whose custodians may open it.
            part: What JSON can hold, without a name "salt".
            place: The entry that it is for.

        Raises:
            LedgerUnavailableError: A new key cannot be stored.
        """
        present = self._key_of(authority)
        salted = {**part, SALT: secrets.token_hex(_SALT_BYTES)}
        plain = orjson.dumps(salted)
        nonce = present.next_nonce()
        sealed = present.cipher.encrypt(nonce, _fill(plain), place.bind(authority))
        text = write_base64(bytes.fromhex(present.key.id) + nonce + sealed)
        return text if len(text) <= MAX_INLINE else self._blobs.store(text.encode("ascii"))

    def _key_of(self, authority: str) -> _Present:
        now = self._clock.now()
        month = (now.year, now.month)
        present = self._present.get(authority)
        if present is None or present.month != month:
            period = f"{now:%Y-%m}"
            key = make_key(authority, period)
            stored = self._keys.store(key, self._custody[authority])
            self._made.append(MadeKey(authority, period, key.id, sha256(stored).hexdigest()))
            present = self._present[authority] = _Present(key, month, AESGCM(key.secret))
        return present


def _fill(plain: bytes) -> bytes:
    """Fill a part up with spaces, which JSON ignores, to a power of two, 1,024 at least."""
    return plain.ljust(max(LEAST_BYTES, 1 << (len(plain) - 1).bit_length()))


@dataclass(slots=True)
class _Present:
    """A key in use. Nonces are counted: the key lives in one process alone, so none comes twice."""

    key: PeriodKey
    month: tuple[int, int]
    cipher: AESGCM
    used: int = 0

    def next_nonce(self) -> bytes:
        self.used += 1
        return self.used.to_bytes(NONCE_BYTES, "big")


def sealed_part(entry: Entry, authority: str, ledger: Path) -> str:
    """Return what an entry has sealed to an authority, from beside the ledger where it is a blob.

    Raises:
        KeyUnavailableError: Nothing is sealed to it here, or the blob is gone or another.
    """
    text = entry.sealed.get(authority)
    if text is None:
        raise KeyUnavailableError(f"nothing in this entry is sealed to {authority}")
    if text.startswith(PREFIX):
        return BlobFolder(ledger).read(text).decode("ascii")
    return text


def key_id_of(sealed: str) -> str:
    """Return which key a sealed part is sealed with.

    Raises:
        KeyUnavailableError: It is no sealed part.
    """
    return _read(sealed)[:ID_BYTES].hex()


def unseal(sealed: str, key: PeriodKey, place: Place) -> dict[str, Any]:
    """Open a sealed part; the salt is left out.

    Raises:
        KeyUnavailableError: It is no sealed part, of another key, or of another entry.
    """
    data = _read(sealed)
    nonce, cipher = data[ID_BYTES : ID_BYTES + NONCE_BYTES], data[ID_BYTES + NONCE_BYTES :]
    try:
        plain = AESGCM(key.secret).decrypt(nonce, cipher, place.bind(key.authority))
        part = json.loads(plain)
    except (InvalidTag, ValueError):
        raise KeyUnavailableError("a sealed part does not open with this key") from None
    del part[SALT]
    opened: dict[str, Any] = part
    return opened


def _read(sealed: str) -> bytes:
    try:
        data = read_base64(sealed)
    except ValueError:
        data = b""
    if len(data) <= ID_BYTES + NONCE_BYTES:
        raise KeyUnavailableError("this is no sealed part")
    return data
