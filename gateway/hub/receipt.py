"""The signed statement at the end of a search: who was asked, and how each ended."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gateway.access.signatures import Domain, SigningKey
from gateway.hub.fanout import End
from gateway.hub.plan import Plan
from gateway.ledger.kinds import BankOutcome
from gateway.question import Question, granularity_name, state_name
from gateway.trace.spans import step
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from kalkan.v1.receipt_service_pb2 import PROOF_STATE_PENDING

COMPLETE: Final = frozenset(
    {model.BANK_STATE_ANSWERED, model.BANK_STATE_NO_HIT, model.BANK_STATE_NOT_CAPABLE}
)
"""States that leave no gap: a bank that cannot search for this was never going to know."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a receipt states.

    Attributes:
        federation_id: The federation.
        question: The question.
        plan: Whom it asked.
        ends: How each bank ended.
        policy_epoch: The hub's policy in force.
        start: When the search began.
        end: When it ended.
        ledger_index: The number of its outcome in the hub's ledger.
        quorum: How many witnesses must sign that; 0 where none must.
    """

    federation_id: str
    question: Question
    plan: Plan
    ends: Sequence[End]
    policy_epoch: str
    start: datetime
    end: datetime
    ledger_index: int
    quorum: int = 0


@step("kalkan.receipt")
def write_receipt(statement: Statement, key: SigningKey) -> wire.Ended:
    """Serialise and sign a receipt."""
    receipt = wire.Receipt(
        federation_id=statement.federation_id,
        search_id=statement.question.search_id,
        query_sha256=statement.question.digest,
        complete=is_complete(statement.ends),
        policy_epoch=statement.policy_epoch,
        ledger_index=statement.ledger_index,
        cosignatures_needed=statement.quorum,
    )
    if statement.quorum:
        # What is signed now no witness can have seen: the proof comes later, and not in here.
        receipt.proof_state = PROOF_STATE_PENDING
    receipt.start_time.FromDatetime(statement.start)
    receipt.end_time.FromDatetime(statement.end)
    receipt.coverage.extend(_coverage(e) for e in sorted(statement.ends, key=lambda e: e.bank))
    for bank in statement.plan.not_asked:
        receipt.coverage.add(bank=bank, state=model.BANK_STATE_NOT_ASKED)
    data = receipt.SerializeToString()
    return wire.Ended(receipt=data, receipt_signature=key.sign(Domain.RECEIPT, data))


def is_complete(ends: Sequence[End]) -> bool:
    """Whether somebody was asked and no bank that can search for this is missing."""
    return bool(ends) and all(end.state in COMPLETE for end in ends)


def _coverage(end: End) -> wire.Coverage:
    coverage = wire.Coverage(bank=end.bank, state=end.state, rule=rule_of(end))
    coverage.elapsed.FromNanoseconds(int(end.elapsed_s * 1e9))
    if end.answer is not None:
        coverage.answer_sha256 = hashlib.sha256(end.data).digest()
        coverage.truncated = end.answer.truncated
        coverage.policy_epoch = end.answer.policy_epoch
        coverage.attestation = end.attestation
        coverage.attestation_signature = end.attestation_signature
    return coverage


def rule_of(end: End) -> str:
    """The rule that refused, said by the node or by the hub; empty where none did."""
    return end.answer.refusal.rule if end.answer is not None else end.rule


def bank_ended(end: End) -> wire.BankEnded:
    """The event of one bank's end, with the node's signed bytes unchanged."""
    event = wire.BankEnded(
        bank=end.bank,
        state=end.state,
        answer=end.data,
        answer_signature=end.signature,
        attestation=end.attestation,
        attestation_signature=end.attestation_signature,
    )
    event.elapsed.FromNanoseconds(int(end.elapsed_s * 1e9))
    if end.rule:
        event.refusal.rule = end.rule
        event.refusal.text = end.text
        event.refusal.contact.office = end.contact
    return event


def outcomes_of(ends: Sequence[End]) -> tuple[BankOutcome, ...]:
    """The ends as the ledger names them."""
    return tuple(_outcome_of(end) for end in sorted(ends, key=lambda e: e.bank))


def _outcome_of(end: End) -> BankOutcome:
    """One end, with what an auditor holds against the entry of its node."""
    answer = end.answer
    facts: dict[str, Any] = {
        "bank": end.bank,
        "state": state_name(end.state),
        "elapsed_ms": int(end.elapsed_s * 1000),
        "rule": rule_of(end),
    }
    if answer is not None:
        facts |= {
            "hits": len(answer.hits),
            "truncated": answer.truncated,
            "answer_sha256": hashlib.sha256(end.data).hexdigest(),
            "granularity": granularity_name(answer.granularity),
            "policy_epoch": answer.policy_epoch,
        }
    return BankOutcome(**facts)  # once: each value is checked
