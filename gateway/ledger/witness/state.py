"""Whether a witness signs a checkpoint. Pure: what is known goes in, a judgement comes out.

A witness promises one thing: all that it has signed of a log are beginnings of one and the same
log. Source: C2SP tlog-witness.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from gateway.ledger.errors import NoteRejectedError, ProofRejectedError, SignatureRejectedError
from gateway.ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from gateway.ledger.tlog.merkle import EMPTY, Tree, verify_consistency
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.request import AddCheckpoint, parse_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.ledger.tlog.vkey import Vkey


class Verdict(IntEnum):
    """What a witness answers, as the status of HTTP."""

    COSIGNED = 200
    MALFORMED = 400
    UNSIGNED = 403
    UNKNOWN = 404
    CONFLICT = 409
    INCONSISTENT = 422


class Fault(StrEnum):
    """What a signed checkpoint shows against its own log."""

    FORKED = "log_forked"  # another root of a size that was signed before: proof by itself
    ROLLED_BACK = "log_rolled_back"  # a size below one that was signed before
    INCONSISTENT = "log_inconsistent"  # no proof that it continues what was signed before


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a request.

    Attributes:
        verdict: The answer.
        checkpoint: What was asked to be signed, where the log is known and has signed it.
        note: The same as it came.
        known: The tree that the witness knew before.
        fault: What it shows against the log, if anything.
    """

    verdict: Verdict
    checkpoint: Checkpoint | None = None
    note: bytes = b""
    known: Tree = EMPTY
    fault: Fault | None = None


def judge(
    body: bytes, logs: Mapping[str, Vkey], known_of: Callable[[str], Tree | None]
) -> Judgement:
    """Judge the body of `add-checkpoint`.

    Args:
        body: As it came, from anybody.
        logs: The keys of the logs that are witnessed, by origin.
        known_of: Tells the last tree that was signed for an origin, None before the first.
    """
    try:
        request = parse_request(body)
        note = parse_note(request.checkpoint)
        checkpoint = parse_checkpoint(note.text)
    except NoteRejectedError:
        return Judgement(Verdict.MALFORMED)
    key = logs.get(checkpoint.origin)
    if key is None:
        return Judgement(Verdict.UNKNOWN)
    try:
        note.verify((key,))
    except SignatureRejectedError:
        return Judgement(Verdict.UNSIGNED)
    if request.old_size > checkpoint.size:
        return Judgement(Verdict.MALFORMED)
    return _compare(request, checkpoint, known_of(checkpoint.origin) or EMPTY)


def _compare(request: AddCheckpoint, checkpoint: Checkpoint, known: Tree) -> Judgement:
    """Hold a signed checkpoint against what is known."""
    new = Tree(checkpoint.size, checkpoint.root)
    verdict, fault = Verdict.COSIGNED, None
    if new.size == known.size and new.root != known.root:
        verdict, fault = Verdict.CONFLICT, Fault.FORKED
    elif new.size < known.size:
        verdict, fault = Verdict.CONFLICT, Fault.ROLLED_BACK
    elif request.old_size != known.size:
        verdict = Verdict.CONFLICT
    else:
        try:
            verify_consistency(known, new, request.path)
        except ProofRejectedError:
            verdict, fault = Verdict.INCONSISTENT, Fault.INCONSISTENT
    return Judgement(verdict, checkpoint, request.checkpoint, known, fault)
