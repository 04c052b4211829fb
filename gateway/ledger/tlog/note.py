"""Signed notes: a text, an empty line, and a line for each signature. Source: C2SP signed-note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.ledger.errors import NoteRejectedError, SignatureRejectedError
from gateway.ledger.tlog.lines import read_base64, read_text, write_base64
from gateway.ledger.tlog.vkey import ID_BYTES, Vkey, require_name

MAX_SIGNATURES: Final = 64
"""More are refused; the standard asks for at least 16."""
MAX_NOTE_BYTES: Final = 1 << 19
"""Room for 64 signatures of the largest kind that is assigned."""
_DASH: Final = "— "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line.

    Attributes:
        name: Name of the key.
        key_id: Its id, 4 bytes.
        data: What follows the id: the signature, after its time if it has one.
    """

    name: str
    key_id: bytes
    data: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {write_base64(self.key_id + self.data)}\n"

    def is_by(self, key: Vkey) -> bool:
        """Whether it claims to be of a key; whether it is, the key says."""
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text with its signatures.

    Attributes:
        text: Ends with a newline.
        signatures: At least one.
    """

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the note as it is stored and sent."""
        return "".join((self.text, "\n", *map(str, self.signatures))).encode()

    def signers(self, keys: Iterable[Vkey]) -> tuple[Vkey, ...]:
        """Return those of the keys that signed; other signatures are ignored.

        Raises:
            SignatureRejectedError: A signature that one of the keys claims does not hold.
        """
        return tuple(key for key in dict.fromkeys(keys) if self._is_signed(key))

    def verify(self, keys: Iterable[Vkey]) -> None:
        """Check that at least one of the keys signed, and that none is misused.

        Raises:
            SignatureRejectedError: None signed, or a signature of one does not hold.
        """
        if not self.signers(keys):
            raise SignatureRejectedError("no signature of a key that is known")

    def _is_signed(self, key: Vkey) -> bool:
        claimed = [signature for signature in self.signatures if signature.is_by(key)]
        for signature in claimed:
            key.verify(self.text.encode(), signature.data)
        return bool(claimed)


def parse_note(data: bytes) -> Note:
    """Return the note that has exactly these bytes; no signature is checked.

    Raises:
        NoteRejectedError: They are no note in its one form, or over the limits.
    """
    text, separator, lines = read_text(data, limit=MAX_NOTE_BYTES).rpartition("\n\n")
    if not separator or not lines or not text:
        raise NoteRejectedError("a note is a text, an empty line and signatures")
    return Note(text + "\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Return the signatures of lines that each end with a newline.

    Raises:
        NoteRejectedError: A line is none, there is no line, or there are more than 64.
    """
    *whole, rest = lines.split("\n")
    if rest or not 0 < len(whole) <= MAX_SIGNATURES:
        raise NoteRejectedError(f"1 to {MAX_SIGNATURES} whole lines of signatures are needed")
    return tuple(map(_parse_signature, whole))


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise NoteRejectedError("a signature line begins with a dash and a space")
    require_name(name)
    data = read_base64(encoded)
    if len(data) <= ID_BYTES:
        raise NoteRejectedError("a signature has a key id and more")
    return Signature(name, data[:ID_BYTES], data[ID_BYTES:])
