"""What a log sends to a witness, and what it answers. Source: C2SP tlog-witness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.tlog.checkpoint import parse_checkpoint
from gateway.ledger.tlog.lines import read_decimal, read_hash, read_text, write_base64
from gateway.ledger.tlog.note import MAX_NOTE_BYTES, Signature, parse_note, parse_signatures

MAX_HASHES: Final = 63
MAX_BODY_BYTES: Final = MAX_NOTE_BYTES + (1 << 12)
MAX_SIZE_BYTES: Final = 20
SIZE_TYPE: Final = "text/x.tlog.size"
"""The content type of an answer that tells the size."""
_OLD: Final = "old "


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The body of `add-checkpoint`.

    Attributes:
        old_size: The size that the witness is believed to know.
        path: The consistency proof from there, at most 63 hashes.
        checkpoint: The signed note.
    """

    old_size: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """Return the body as it is sent.

        Raises:
            ValueError: There are more than 63 hashes.
        """
        if len(self.path) > MAX_HASHES:
            raise ValueError(f"a consistency proof has at most {MAX_HASHES} hashes")
        lines = (f"{_OLD}{self.old_size}", *map(write_base64, self.path), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint


def parse_request(data: bytes) -> AddCheckpoint:
    """Return the request that has exactly these bytes; only its form is checked.

    Raises:
        NoteRejectedError: They are no request in its one form: a witness answers 400.
    """
    head, separator, checkpoint = read_text(data, limit=MAX_BODY_BYTES).partition("\n\n")
    first, *lines = head.split("\n")
    if not separator or not first.startswith(_OLD) or len(lines) > MAX_HASHES:
        raise NoteRejectedError(
            f"old size, at most {MAX_HASHES} hashes and a checkpoint are needed"
        )
    note = checkpoint.encode()
    parse_checkpoint(parse_note(note).text)
    return AddCheckpoint(read_decimal(first.removeprefix(_OLD)), tuple(map(read_hash, lines)), note)


def encode_signatures(signatures: tuple[Signature, ...]) -> bytes:
    """Return the answer 200: the cosignatures."""
    return "".join(map(str, signatures)).encode()


def parse_cosignatures(data: bytes) -> tuple[Signature, ...]:
    """Return the cosignatures of an answer 200; none is checked.

    Raises:
        NoteRejectedError: They are not whole lines of signatures.
    """
    return parse_signatures(read_text(data, limit=MAX_NOTE_BYTES))


def encode_size(size: int) -> bytes:
    """Return the answer 409: the size that the witness knows."""
    return f"{size}\n".encode()


def parse_size(data: bytes) -> int:
    """Return the size of an answer 409.

    Raises:
        NoteRejectedError: It is not one number and a newline.
    """
    text = read_text(data, limit=MAX_SIZE_BYTES)
    if not text.endswith("\n"):
        raise NoteRejectedError("a size ends with a newline")
    return read_decimal(text[:-1])
