"""The events of a search as a client sees them, each verified when it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from google.protobuf.message import DecodeError

from gateway.access.errors import SignatureInvalidError
from gateway.access.jwk import PublicKey
from gateway.access.signatures import verify_receipt
from gateway.answers import Expected, read_answer
from gateway.errors import UntrustedError
from gateway.question import state_name
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire

_COMPLETE: Final = frozenset({model.BANK_STATE_ANSWERED, model.BANK_STATE_NO_HIT})
_NODES_ALONE: Final = _COMPLETE
"""Only a node's signed word can claim that a bank was searched."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The search is recorded; these banks are asked, those could have been."""

    search_id: str
    asked: tuple[str, ...]
    not_asked: tuple[str, ...]
    end_time: datetime


@dataclass(frozen=True, slots=True)
class BankEnd:
    """A bank has ended.

    Attributes:
        bank: As "KAZ/persons".
        state: As "no_hit".
        elapsed_s: Seconds it took, seen from the hub.
        answer: The node's verified answer; None where it gave none that holds.
        rule: The rule that refused.
        text: What the rule says.
        contact: Whom to ask about it.
    """

    bank: str
    state: str
    elapsed_s: float
    answer: model.Answer | None
    rule: str = ""
    text: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """Which hits are one subject: those with warnings first, then by score."""

    groups: tuple[wire.Group, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """The search has ended; `complete` where every bank that was asked has searched."""

    receipt: wire.Receipt
    complete: bool


Event = Accepted | BankEnd | Groups | Ended


class Reader:
    """Reads the events of one search and holds them against each other."""

    def __init__(self, expected: Expected, receipt_keys: Sequence[PublicKey]) -> None:
        """Expect answers that fit `expected` and a receipt by one of `receipt_keys`."""
        self._expected = expected
        self._receipt_keys = receipt_keys
        self._digests: dict[str, bytes] = {}
        self._states: dict[str, model.BankState.ValueType] = {}
        self._hits: dict[str, int] = {}
        self._asked: frozenset[str] | None = None
        self._ended = False

    def read(self, event: wire.SearchEvent) -> Event:
        """Verify one event.

        Raises:
            UntrustedError: It does not hold, or does not fit the others.
        """
        kind = event.WhichOneof("event")
        if kind == "accepted":
            return self._accepted(event.accepted)
        if kind == "bank_ended":
            return self.bank_end(event.bank_ended)
        if kind == "groups":
            return self._groups(event.groups)
        if kind == "ended":
            return self.ended(event.ended)
        raise UntrustedError("the hub sent an unknown event")

    def _accepted(self, event: wire.Accepted) -> Accepted:
        if event.search_id != self._expected.digest[:16].hex():
            raise UntrustedError("the hub accepted another question")
        self._asked = frozenset(event.asked)
        return Accepted(
            event.search_id,
            tuple(event.asked),
            tuple(event.not_asked),
            event.end_time.ToDatetime(tzinfo=UTC),
        )

    def bank_end(self, event: wire.BankEnded) -> BankEnd:
        """Verify how one bank ended.

        Raises:
            UntrustedError: The answer is not its node's, or the state is not its answer's.
        """
        if event.bank in self._states:
            raise UntrustedError("a bank ended twice")
        self._states[event.bank] = event.state
        elapsed = event.elapsed.ToNanoseconds() / 1e9
        if not event.answer:
            if event.state in _NODES_ALONE:
                raise UntrustedError("the hub speaks for a node")
            refusal = event.refusal
            return BankEnd(
                event.bank,
                state_name(event.state),
                elapsed,
                None,
                refusal.rule,
                refusal.text,
                refusal.contact.office,
            )
        return self._node_end(event, elapsed)

    def _node_end(self, event: wire.BankEnded, elapsed: float) -> BankEnd:
        """Verify the signed answer of a node."""
        answer = read_answer(event.bank, event.answer, event.answer_signature, self._expected)
        if answer.state != event.state:
            raise UntrustedError("the hub changed the state of a bank")
        self._digests[event.bank] = hashlib.sha256(event.answer).digest()
        self._hits[event.bank] = len(answer.hits)
        refusal = answer.refusal
        return BankEnd(
            event.bank,
            state_name(answer.state),
            elapsed,
            answer,
            refusal.rule,
            refusal.text,
            refusal.contact.office,
        )

    def _groups(self, event: wire.Groups) -> Groups:
        """Check that each hit is in exactly one group."""
        refs = [(ref.bank, ref.hit) for group in event.groups for ref in group.hits]
        hits = [(bank, hit) for bank, count in self._hits.items() for hit in range(count)]
        if sorted(refs) != sorted(hits):
            raise UntrustedError("the groups do not hold each hit once")
        return Groups(tuple(event.groups))

    def ended(self, event: wire.Ended) -> Ended:
        """Verify the receipt and hold it against everything that came before.

        Raises:
            UntrustedError: It is not the hub's, or leaves something out, or says it otherwise.
        """
        try:
            verify_receipt(event.receipt, event.receipt_signature, self._receipt_keys)
            receipt = wire.Receipt.FromString(event.receipt)
        except (SignatureInvalidError, DecodeError):
            raise UntrustedError("the receipt is not the hub's") from None
        if receipt.query_sha256 != self._expected.digest:
            raise UntrustedError("the receipt is for another question")
        covered = {c.bank: c for c in receipt.coverage if c.state != model.BANK_STATE_NOT_ASKED}
        self._require_coverage(covered)
        complete = all(c.state in _COMPLETE for c in covered.values())
        if receipt.complete != complete:
            raise UntrustedError("the receipt's completeness does not fit its coverage")
        self._ended = True
        return Ended(receipt, complete)

    def _require_coverage(self, covered: dict[str, wire.Coverage]) -> None:
        """The receipt covers exactly the banks that were asked, as each ended."""
        if covered.keys() != self._states.keys():
            raise UntrustedError("the receipt covers other banks than those that ended")
        if self._asked is not None and self._asked != covered.keys():
            raise UntrustedError("the receipt covers other banks than those that were asked")
        for bank, coverage in covered.items():
            if coverage.state != self._states[bank]:
                raise UntrustedError("the receipt says otherwise how a bank ended")
            if coverage.answer_sha256 != self._digests.get(bank, b""):
                raise UntrustedError("the receipt is for another answer")

    def require_ended(self) -> None:
        """Check that the search ended with its receipt.

        Raises:
            UntrustedError: The stream ended before.
        """
        if not self._ended:
            raise UntrustedError("the search ended without a receipt")
