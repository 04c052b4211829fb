"""Checkpoints: what a log signs of itself. Source: C2SP tlog-checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gateway.ledger.errors import NoteRejectedError, SignatureRejectedError
from gateway.ledger.tlog.lines import read_decimal, read_hash, write_base64
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.vkey import Vkey

_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The text of a checkpoint.

    Attributes:
        origin: The log's name, one line.
        size: The number of entries.
        root: The root of the tree, 32 bytes.
        extensions: More lines; this project writes none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), write_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that has exactly this text, which `parse_note` has read.

    Raises:
        NoteRejectedError: It is in another form.
    """
    *lines, rest = text.split("\n")
    if rest or len(lines) < _LINES or not all(lines):
        raise NoteRejectedError("a checkpoint has three lines or more, none of them empty")
    origin, size, root, *extensions = lines
    return Checkpoint(origin, read_decimal(size), read_hash(root), tuple(extensions))


def open_checkpoint(data: bytes, key: Vkey) -> Checkpoint:
    """Return the checkpoint of a note that a log's key has signed.

    Raises:
        NoteRejectedError: It is no checkpoint in its one form.
        SignatureRejectedError: The key did not sign it, or it is of another log.
    """
    note = parse_note(data)
    note.verify((key,))
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != key.name:
        raise SignatureRejectedError("the checkpoint is of another log than its key")
    return checkpoint


def origin_of(federation: str, member: str) -> str:
    """Return the name of the log of a member's node, or of the hub ("HUB")."""
    return f"kalkan.example/{federation}/{member}"
