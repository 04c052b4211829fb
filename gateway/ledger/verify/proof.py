"""Check proofs from the top of the tree down, as RFC 6962 defines them.

What makes proofs, and what a receipt is checked with, goes from the leaf up by the loops of RFC
9162; who trusts neither has this. Sources: RFC 6962, section 2.1; C2SP tlog-proof.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from gateway.ledger.errors import NoteRejectedError, ProofRejectedError
from gateway.ledger.tlog.checkpoint import open_checkpoint

if TYPE_CHECKING:
    from gateway.ledger.tlog.vkey import Vkey

MAX_BYTES: Final = 1 << 20
_ANY, _OF_TWO, _OF_ONE = rb"[A-Za-z0-9+/]", rb"[AEIMQUYcgkosw048]", rb"[AQgw]"
"""Base64, and its last character after two bytes and after one, in which no bit is left over."""
_BASE64: Final = rb"(?:%b{4})*(?:%b{4}|%b{2}%b=|%b%b==)" % (
    _ANY,
    _ANY,
    _ANY,
    _OF_TWO,
    _ANY,
    _OF_ONE,
)
_FORM: Final = re.compile(
    rb"c2sp\.org/tlog-proof@v1\n(?:extra %b\n)?index (0|[1-9][0-9]{0,18})\n"
    rb"((?:%b{42}%b=\n){0,63})\n" % (_BASE64, _ANY, _OF_TWO)
)
_LEAF: Final = b"\0"
_NODE: Final = b"\1"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a proof shows.

    Attributes:
        index: The number of the entry.
        size: The size of the log that it is in.
        root: The root of that log.
        note: The checkpoint, with all signatures as they came.
    """

    index: int
    size: int
    root: bytes
    note: bytes


def check_entry(entry: bytes, proof: bytes, key: Vkey) -> Shown:
    """Return what the bytes of a tlog-proof show of an entry, by the log's key.

    Raises:
        NoteRejectedError: They are no proof.
        SignatureRejectedError: The log did not sign the checkpoint.
        ProofRejectedError: The entry is not in it.
    """
    found = _FORM.match(proof) if len(proof) <= MAX_BYTES else None
    if found is None:
        raise NoteRejectedError("this is no proof")
    index, note = int(found[1]), proof[found.end() :]
    path = [a2b_base64(line) for line in found[2].splitlines()]
    checkpoint = open_checkpoint(note, key)
    root = _climb(sha256(_LEAF + entry).digest(), index, checkpoint.size, path)
    if path or root != checkpoint.root:
        raise ProofRejectedError("the entry is not in the log at this index")
    return Shown(index, checkpoint.size, checkpoint.root, note)


def require_growth(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> None:
    """Check that a log of one size and root continues one that had another.

    Raises:
        ProofRejectedError: It does not.
    """
    rest = list(path)
    if not 0 < old[0] <= new[0]:
        raise ProofRejectedError("a log does not continue a larger or an empty one")
    roots = _descend(old, new[0], rest, whole=True)
    if rest or roots != (old[1], new[1]):
        raise ProofRejectedError("the log does not continue the one before")


def _climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root of a tree by one leaf and its path, the topmost sibling last."""
    if not 0 <= index < size:
        raise ProofRejectedError("the log has no such entry")
    if size == 1:
        return leaf
    middle, sibling = _split(size), _take(path)
    if index < middle:
        return _join(_climb(leaf, index, middle, path), sibling)
    return _join(sibling, _climb(leaf, index - middle, size - middle, path))


def _descend(
    old: tuple[int, bytes], size: int, path: list[bytes], *, whole: bool
) -> tuple[bytes, bytes]:
    """The roots of the old tree and of the new one below a node, the topmost sibling last."""
    count, root = old
    if count == size:
        same = root if whole else _take(path)
        return same, same
    middle, sibling = _split(size), _take(path)
    if count <= middle:
        before, after = _descend(old, middle, path, whole=whole)
        return before, _join(after, sibling)
    before, after = _descend((count - middle, root), size - middle, path, whole=False)
    return _join(sibling, before), _join(sibling, after)


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def _take(path: list[bytes]) -> bytes:
    if not path:
        raise ProofRejectedError("the proof is too short")
    return path.pop()


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()
