"""Public keys of logs and witnesses as one line of text, `name+keyid+base64`.

The name is part of the key: the same key under another name is another signer. Two types are
known: a log's own signature, and a witness's cosignature, which has a time. Source: C2SP
signed-note and tlog-cosignature.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gateway.ledger.errors import NoteRejectedError, SignatureRejectedError
from gateway.ledger.tlog.lines import read_base64, write_base64

ID_BYTES: Final = 4
TIME_BYTES: Final = 8
_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_MAX_NAME: Final = 255
_PARTS: Final = 3


class KeyType(IntEnum):
    """What a signature is over; the first byte of an encoded key."""

    LOG = 0x01  # Ed25519 over the text of the note
    COSIGNATURE = 0x04  # Ed25519 over time and text


@dataclass(frozen=True, slots=True)
class Vkey:
    """A public key with its name.

    Attributes:
        name: Of the log (its origin) or of the witness.
        type: What it signs.
        key: The Ed25519 public key, 32 bytes.

    Raises:
        NoteRejectedError: A name or key that cannot be one.
    """

    name: str
    type: KeyType
    key: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.key) != _KEY_BYTES:
            raise NoteRejectedError(f"a key has {_KEY_BYTES} bytes")

    @property
    def id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        encoded = bytes((self.type,)) + self.key
        return sha256(self.name.encode() + b"\n" + encoded).digest()[:ID_BYTES]

    def verify(self, text: bytes, signature: bytes) -> None:
        """Check a signature over the text of a note.

        Raises:
            SignatureRejectedError: It is not this key's over this text.
        """
        time, signature = self.split(signature)
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, signed(text, time))
        except (InvalidSignature, ValueError):
            raise SignatureRejectedError(f"the signature of {self.name} does not hold") from None

    def split(self, signature: bytes) -> tuple[int | None, bytes]:
        """Return the time of a cosignature in seconds since 1970, else None, and the rest.

        Raises:
            SignatureRejectedError: It has another length than its type.
        """
        time_bytes = TIME_BYTES if self.type is KeyType.COSIGNATURE else 0
        if len(signature) != time_bytes + _SIGNATURE_BYTES:
            raise SignatureRejectedError(f"the signature of {self.name} has a wrong length")
        time = int.from_bytes(signature[:time_bytes]) if time_bytes else None
        return time, signature[time_bytes:]

    def __str__(self) -> str:
        encoded = write_base64(bytes((self.type,)) + self.key)
        return f"{self.name}+{self.id.hex()}+{encoded}"


def parse_vkey(text: str) -> Vkey:
    """Return the key of a line.

    Raises:
        NoteRejectedError: It is not in its one form, of a type that is not known, or its id is not
            that of name and key.
    """
    parts = text.split("+", _PARTS - 1)
    if len(parts) != _PARTS:
        raise NoteRejectedError("a key is written as name+keyid+base64")
    name, key_id, encoded = parts
    data = read_base64(encoded)
    if not data or data[0] not in set(KeyType):
        raise NoteRejectedError("a key of a type that is not known")
    vkey = Vkey(name, KeyType(data[0]), data[1:])
    if key_id != vkey.id.hex():
        raise NoteRejectedError("the id is not that of this name and key")
    return vkey


def signed(text: bytes, time: int | None) -> bytes:
    """Return what is signed: the text, under a time if there is one."""
    return text if time is None else b"cosignature/v1\ntime %d\n" % time + text


def require_name(name: str) -> None:
    """Check the name of a key.

    Raises:
        NoteRejectedError: It is empty, longer than 255 characters, or has a space, a plus or a
            control character.
    """
    if not 0 < len(name) <= _MAX_NAME or "+" in name or not all(map(_may_stand, name)):
        raise NoteRejectedError("not a name of a key")


def _may_stand(character: str) -> bool:
    return character.isprintable() and not character.isspace()
