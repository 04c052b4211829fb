"""What proofs and checkpoints of any ledger of the federation show, by the federation file alone.

Keys and quorum come from the reader's own copy of the file; hashes are made by the path of
`gateway.ledger.verify`, which shares nothing with the server's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gateway.errors import InputError
from gateway.ledger.errors import ProofRejectedError
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.vkey import KeyType, Vkey
from gateway.ledger.verify.proof import check_entry, require_growth
from gateway.witnessing.panel import HUB, panel_of, read_vkey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gateway.access.federation import Federation

HASH_BYTES: Final = 32


class State(StrEnum):
    """How far something is proved."""

    PENDING = "pending"  # too few witnesses have signed
    WITNESSED = "witnessed"  # a quorum has signed
    LOGGED = "logged"  # the log has signed, and the federation asks for no witness
    WRONG = "wrong"  # something does not hold


@dataclass(frozen=True, slots=True)
class Given:
    """An entry and its proof as a server gives them; nothing is checked yet.

    Attributes:
        index: Its number.
        entry: Its bytes as stored; empty where it is pending at the receipt's service.
        proof: The C2SP tlog-proof; empty while it is pending.
        signed: How many witnesses have signed one checkpoint that covers it.
        needed: How many must; 0 where the federation asks for none.
    """

    index: int
    entry: bytes
    proof: bytes
    signed: int
    needed: int

    @property
    def state(self) -> State:
        """What the server says."""
        if not self.proof:
            return State.PENDING
        return State.WITNESSED if self.needed else State.LOGGED

    def tell(self) -> str:
        """The state in words, as "pending: 1 of 2 witnesses have signed"."""
        if not self.needed:
            return f"{self.state}: the federation asks for no witness"
        if not self.proof:
            return f"{self.state}: {self.signed} of {self.needed} witnesses have signed"
        return f"{self.state}: {self.signed} witnesses have signed, {self.needed} are needed"


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The checkpoints of a ledger as a server gives them.

    Attributes:
        newest: Signed by the log alone; empty before the first.
        witnessed: The newest that a quorum has signed; empty before the first.
        signed: How many witnesses have signed `newest`, or a later one.
        needed: How many must.
    """

    newest: bytes
    witnessed: bytes
    signed: int
    needed: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a checkpoint shows.

    Attributes:
        origin: The name of the log.
        size: How many entries it covers.
        root: Its root, 32 bytes.
        witnesses: The names of the witnesses of the federation file that signed it.
        quorum: How many must.
    """

    origin: str
    size: int
    root: bytes
    witnesses: tuple[str, ...]
    quorum: int

    @property
    def state(self) -> State:
        """How far it is proved."""
        if not self.quorum:
            return State.LOGGED
        return State.WITNESSED if len(self.witnesses) >= self.quorum else State.PENDING


def check_given(given: Given, federation: Federation, log: str) -> Seen:
    """Check a proof; return what its checkpoint shows.

    Args:
        given: With its proof.
        federation: Whose keys count.
        log: The member whose ledger it is, or "HUB".

    Raises:
        LedgerError: Proof or signature does not hold.
        ProofRejectedError: It is the proof of another entry.
        InputError: The federation file has no key of this ledger.
    """
    key = key_of(federation, log)
    shown = check_entry(given.entry, given.proof, key)
    if shown.index != given.index:
        raise ProofRejectedError("the proof is of another entry")
    return check_note(shown.note, federation, log)


def check_note(note: bytes, federation: Federation, log: str) -> Seen:
    """Check the signatures of a checkpoint; return what it shows.

    Raises:
        LedgerError: The log has not signed it, or a signature of a witness does not hold.
        InputError: The federation file has no key of this ledger.
    """
    checkpoint = open_checkpoint(note, key_of(federation, log))
    panel = panel_of(federation, log)
    signers = parse_note(note).signers(panel.keys if panel else ())
    names = tuple(key.name for key in signers)
    quorum = panel.quorum if panel else 0
    return Seen(checkpoint.origin, checkpoint.size, checkpoint.root, names, quorum)


def verify_growth(old: Seen, new: Seen, hashes: Sequence[bytes]) -> None:
    """Check that the newer of two checkpoints of a log continues the older.

    Raises:
        ProofRejectedError: It does not.
    """
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofRejectedError("a hash of the proof is none")
    require_growth((old.size, old.root), (new.size, new.root), hashes)


def key_of(federation: Federation, log: str) -> Vkey:
    """The key of a ledger, by the federation file.

    Raises:
        InputError: It has none.
    """
    owner = federation.hub if log == HUB else federation.member(log)
    if owner is None or not owner.ledger_vkey:
        raise InputError(f"the federation file has no ledger_vkey of {log}", field="ledger_vkey")
    return read_vkey(owner.ledger_vkey, KeyType.LOG)
