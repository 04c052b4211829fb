"""Proofs for one entry, checked offline with the log's key alone. Source: C2SP tlog-proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from gateway.ledger.tlog.hashing import hash_leaf
from gateway.ledger.tlog.lines import read_base64, read_decimal, read_hash, read_text, write_base64
from gateway.ledger.tlog.merkle import Tree, verify_inclusion
from gateway.ledger.tlog.note import MAX_NOTE_BYTES

if TYPE_CHECKING:
    from gateway.ledger.tlog.vkey import Vkey

MAX_HASHES: Final = 63
MAX_PROOF_BYTES: Final = MAX_NOTE_BYTES + (1 << 17)
_HEAD: Final = "c2sp.org/tlog-proof@v1"
_EXTRA: Final = "extra "
_INDEX: Final = "index "


@dataclass(frozen=True, slots=True)
class Proof:
    """All that is needed beside the entry and the keys.

    Attributes:
        index: The entry's index.
        path: Hashes from the leaf's sibling up, at most 63.
        checkpoint: The signed note, as it is stored.
        extra: Anything; nothing vouches for it.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        """Return the content of a `.tlog-proof` file."""
        extra = [_EXTRA + write_base64(self.extra)] if self.extra else []
        lines = (_HEAD, *extra, f"{_INDEX}{self.index}", *map(write_base64, self.path), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint

    def verify(self, entry: bytes, key: Vkey) -> Checkpoint:
        """Check that the log with this key holds the entry; return the checkpoint that says so.

        Raises:
            NoteRejectedError: The checkpoint is none.
            SignatureRejectedError: The log did not sign it.
            ProofRejectedError: The entry is not in it at this index.
        """
        checkpoint = open_checkpoint(self.checkpoint, key)
        tree = Tree(checkpoint.size, checkpoint.root)
        verify_inclusion(hash_leaf(entry), self.index, self.path, tree)
        return checkpoint


def parse_proof(data: bytes) -> Proof:
    """Return the proof that has exactly these bytes; nothing is proved yet.

    Raises:
        NoteRejectedError: They are no proof in its one form.
    """
    head, separator, checkpoint = read_text(data, limit=MAX_PROOF_BYTES).partition("\n\n")
    first, *lines = head.split("\n")
    if first != _HEAD or not separator:
        raise NoteRejectedError("a proof has its head and a checkpoint")
    extra = read_base64(lines.pop(0).removeprefix(_EXTRA)) if _has_extra(lines) else b""
    if not lines or not lines[0].startswith(_INDEX) or len(lines) > MAX_HASHES + 1:
        raise NoteRejectedError(f"a proof has an index and at most {MAX_HASHES} hashes")
    index = read_decimal(lines[0].removeprefix(_INDEX))
    return Proof(index, tuple(map(read_hash, lines[1:])), checkpoint.encode(), extra)


def _has_extra(lines: list[str]) -> bool:
    return bool(lines) and lines[0].startswith(_EXTRA)
