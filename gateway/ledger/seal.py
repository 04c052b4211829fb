"""Seal what is personal in an entry to an authority, and open it again.

A sealed part is one text: base64url of

    offset  bytes  content
         0      8  id of the period key
         8     12  nonce
        20    ...  AES-256-GCM over the part, with its tag

The part itself is JSON with a random salt in it. The associated data bind it to the entry that it
is in: a sealed part that is moved to another entry does not open.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.clock import Clock
from gateway.ledger.custody import (
    ID_BYTES,
    Custody,
    KeyFolder,
    PeriodKey,
    make_key,
    read_base64,
    write_base64,
)
from gateway.ledger.errors import KeyUnavailableError

NONCE_BYTES: Final = 12
SALT: Final = "salt"
_SALT_BYTES: Final = 16

OnKey = Callable[[PeriodKey, bytes], None]


@dataclass(frozen=True, slots=True)
class Place:
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

    def bind(self, authority: str) -> bytes:
        """The associated data for a part that is sealed to `authority`."""
        words = ("kalkan sealed part", self.side, self.member, self.kind, self.search_id, authority)
        return "\n".join(words).encode()


class Sealer:
    """Seals with the key of the present month; makes and stores one where there is none yet.

    Args:
        keys: Where wrapped keys lie.
        custody: The custodians of each authority.
        clock: Tells the month.
        on_key: Told of each new key and of the bytes of its file, before it is used.
    """

    def __init__(self, keys: KeyFolder, custody: Custody, clock: Clock, on_key: OnKey) -> None:
        self._keys = keys
        self._custody = custody
        self._clock = clock
        self._on_key = on_key
        self._present: dict[str, _Present] = {}

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
        plain = json.dumps(salted, ensure_ascii=False, separators=(",", ":")).encode()
        nonce = present.next_nonce()
        sealed = present.cipher.encrypt(nonce, plain, place.bind(authority))
        return write_base64(bytes.fromhex(present.key.id) + nonce + sealed)

    def _key_of(self, authority: str) -> _Present:
        period = f"{self._clock.now():%Y-%m}"
        present = self._present.get(authority)
        if present is None or present.key.period != period:
            key = make_key(authority, period)
            stored = self._keys.store(key, self._custody[authority])
            self._on_key(key, stored)
            present = self._present[authority] = _Present(key, AESGCM(key.secret))
        return present


@dataclass(slots=True)
class _Present:
    """A key in use. Nonces are counted: the key lives in one process alone, so none comes twice."""

    key: PeriodKey
    cipher: AESGCM
    used: int = 0

    def next_nonce(self) -> bytes:
        self.used += 1
        return self.used.to_bytes(NONCE_BYTES, "big")


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
