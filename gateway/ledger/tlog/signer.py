"""Sign checkpoints: as the log, or as a witness, who adds a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.ledger.tlog.note import Note, Signature
from gateway.ledger.tlog.vkey import TIME_BYTES, KeyType, Vkey, signed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signer:
    """The key of a log.

    Args:
        name: The log's origin.
        key: Its private key.

    Raises:
        NoteRejectedError: The name cannot be one.
    """

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.vkey = Vkey(name, KeyType.LOG, key.public_key().public_bytes_raw())

    def sign(self, text: str) -> Note:
        """Return the text as a note with this key's signature."""
        data = self._key.sign(text.encode())
        return Note(text, (Signature(self.vkey.name, self.vkey.id, data),))


class Cosigner:
    """The key of a witness; the arguments are those of `Signer`."""

    def __init__(self, name: str, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.vkey = Vkey(name, KeyType.COSIGNATURE, key.public_key().public_bytes_raw())

    def cosign(self, text: str, time: int) -> Signature:
        """Return a signature that says: seen at this time, in seconds since 1970."""
        data = self._key.sign(signed(text.encode(), time))
        return Signature(self.vkey.name, self.vkey.id, time.to_bytes(TIME_BYTES) + data)
