"""The events of a search as a client sees them, each verified when it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from google.protobuf.message import DecodeError

from gateway.access.errors import SignatureInvalidError
from gateway.access.jwk import PublicKey
from gateway.access.signatures import verify_receipt
from gateway.answers import Expected, read_answer
from gateway.attestations import NOTHING, Signed, require_attestation
from gateway.errors import UntrustedError
from gateway.groups import refs_of, require_groups
from gateway.question import state_name
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire

_COMPLETE: Final = frozenset(
    {model.BANK_STATE_ANSWERED, model.BANK_STATE_NO_HIT, model.BANK_STATE_NOT_CAPABLE}
)
"""States that leave no gap: a bank that cannot search for this was never going to know."""
_HUBS: Final = frozenset(
    {
        model.BANK_STATE_REFUSED,
        model.BANK_STATE_TIMED_OUT,
        model.BANK_STATE_UNAVAILABLE,
        model.BANK_STATE_SUSPENDED,
        model.BANK_STATE_NOT_CAPABLE,
        model.BANK_STATE_FAULTY,
    }
)
"""The hub's own to say; only a node's signed word can claim that a bank was searched."""
_ORDER: Final = {"accepted": (0, 1), "bank_ended": (1, 1), "groups": (1, 2), "ended": (2, 3)}
"""The step in which an event may come, and the step after it."""


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
    """The search has ended; `complete` where every bank that can search for this has searched.

    `signed` holds the receipt as it came, with the hub's signature.
    """

    receipt: wire.Receipt
    complete: bool
    signed: Signed = NOTHING


Event = Accepted | BankEnd | Groups | Ended


class Reader:
    """Reads the events of one search and holds them against each other."""

    def __init__(
        self,
        expected: Expected,
        receipt_keys: Sequence[PublicKey],
        banks: Collection[str] = (),
    ) -> None:
        """Expect answers that fit `expected` and a receipt by one of `receipt_keys`.

        `banks` are those that the targets are known to mean: none of them may be left out.
        """
        self._expected = expected
        self._receipt_keys = receipt_keys
        self._banks = frozenset(banks)
        self._step = 0
        self._digests: dict[str, bytes] = {}
        self._attested: dict[str, Signed] = {}
        self._states: dict[str, model.BankState.ValueType] = {}
        self._hits: dict[str, Sequence[model.Hit]] = {}
        self._asked: frozenset[str] | None = None
        self._ended = False

    def read(self, event: wire.SearchEvent) -> Event:
        """Verify one event.

        Raises:
            UntrustedError: It does not hold, or does not fit the others.
        """
        kind = event.WhichOneof("event")
        self._require_order(kind)
        if kind == "accepted":
            return self._accepted(event.accepted)
        if kind == "bank_ended":
            return self.bank_end(event.bank_ended)
        if kind == "groups":
            return self._groups(event.groups)
        return self.ended(event.ended)

    def _require_order(self, kind: str | None) -> None:
        """Accepted, the ends of banks, groups, ended: what comes out of order hides something."""
        at, following = _ORDER.get(kind or "", (-1, -1))
        if at != self._step:
            raise UntrustedError("the hub sent an event that does not belong here")
        self._step = following

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
            if event.state not in _HUBS:
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
        signed = Signed(event.attestation, event.attestation_signature)
        require_attestation(signed, answer, event.answer, self._expected)
        self._attested[event.bank] = signed
        if answer.state != event.state:
            raise UntrustedError("the hub changed the state of a bank")
        self._digests[event.bank] = hashlib.sha256(event.answer).digest()
        self._hits[event.bank] = answer.hits
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
        """Check that each hit is in one group, and that groups are what follows from their hits."""
        require_groups(event.groups, self._hits)
        return Groups(tuple(event.groups))

    def require_outcomes(self, outcomes: Sequence[wire.DocumentOutcome]) -> None:
        """Hold the outcomes of a batch against the answers; after all `bank_end`.

        Raises:
            UntrustedError: One is missing, or hits or completeness are not those of the answers.
        """
        if [one.probe_index for one in outcomes] != list(range(self._expected.probes)):
            raise UntrustedError("the outcomes are not those of the documents")
        refs = [(one.probe_index, ref.bank, ref.hit) for one in outcomes for ref in one.hits]
        if sorted(refs) != refs_of(self._hits):
            raise UntrustedError("the outcomes do not hold each hit once")
        complete = self._complete()
        if any(one.complete != complete for one in outcomes):
            raise UntrustedError("the outcomes' completeness does not fit the answers")

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
        if receipt.federation_id != self._expected.federation_id:
            raise UntrustedError("the receipt is of another federation")
        if receipt.search_id != self._expected.digest[:16].hex():
            raise UntrustedError("the receipt is for another search")
        if receipt.query_sha256 != self._expected.digest:
            raise UntrustedError("the receipt is for another question")
        covered = {c.bank: c for c in receipt.coverage if c.state != model.BANK_STATE_NOT_ASKED}
        if len({c.bank for c in receipt.coverage}) != len(receipt.coverage):
            raise UntrustedError("the receipt says twice how a bank ended")
        self._require_coverage(covered)
        complete = self._complete()
        if receipt.complete != complete:
            raise UntrustedError("the receipt's completeness does not fit its coverage")
        self._ended = True
        return Ended(receipt, complete, Signed(event.receipt, event.receipt_signature))

    def _complete(self) -> bool:
        """Whether somebody was asked and no bank that can search for this is missing."""
        states = self._states.values()
        return bool(states) and all(state in _COMPLETE for state in states)

    def _require_coverage(self, covered: dict[str, wire.Coverage]) -> None:
        """The receipt covers exactly the banks that were asked, as each ended."""
        if covered.keys() != self._states.keys():
            raise UntrustedError("the receipt covers other banks than those that ended")
        if self._asked is not None and self._asked != covered.keys():
            raise UntrustedError("the receipt covers other banks than those that were asked")
        if not self._banks <= covered.keys():
            raise UntrustedError("the hub left out a bank of the targets")
        for bank, coverage in covered.items():
            if coverage.state != self._states[bank]:
                raise UntrustedError("the receipt says otherwise how a bank ended")
            if coverage.answer_sha256 != self._digests.get(bank, b""):
                raise UntrustedError("the receipt is for another answer")
            signed = Signed(coverage.attestation, coverage.attestation_signature)
            if signed != self._attested.get(bank, NOTHING):
                raise UntrustedError("the receipt holds another attestation than the node gave")

    def require_ended(self) -> None:
        """Check that the search ended with its receipt.

        Raises:
            UntrustedError: The stream ended before.
        """
        if not self._ended:
            raise UntrustedError("the search ended without a receipt")
