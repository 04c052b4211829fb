"""The parts of a node's answer that do not depend on any record."""

from __future__ import annotations

import hashlib
from datetime import datetime

from gateway.access.policy import Decision
from gateway.ledger.kinds import BankOutcome
from gateway.node.convert import timestamp
from gateway.node.parts import Asked, Parts
from gateway.question import state_name
from kalkan.v1 import attestation_pb2 as attestations
from kalkan.v1 import model_pb2 as model


def begin_answer(parts: Parts, asked: Asked, decision: Decision) -> model.Answer:
    """Begin the answer with what every answer says."""
    granularity = asked.question.granularity
    if decision.permitted:
        granularity = model.Granularity.Value(f"GRANULARITY_{decision.granularity.upper()}")
    answer = model.Answer(
        federation_id=parts.federation.id,
        member=parts.member,
        bank=asked.bank.name,
        query_sha256=asked.question.digest,
        state=model.BANK_STATE_NO_HIT,
        granularity=min(granularity, asked.question.granularity),
        policy_epoch=asked.policy.epoch,
    )
    as_of = timestamp(asked.bank.as_of)
    if as_of is not None:
        answer.as_of_time.CopyFrom(as_of)
    return answer


def refuse(answer: model.Answer, decision: Decision) -> None:
    """End as refused, by the rule that decided."""
    answer.state = model.BANK_STATE_REFUSED
    answer.refusal.CopyFrom(refusal_of(decision.rule, decision.text, decision.contact))


def refusal_of(rule: str, text: str, contact: str) -> model.Refusal:
    """Write a refusal, within the limits of the contract; one always names a rule."""
    refusal = model.Refusal(rule=rule[:100] or "unnamed", text=text[:300])
    refusal.contact.office = contact[:100]
    return refusal


def end_without(answer: model.Answer, state: model.BankState.ValueType) -> None:
    """End without hits: what was found for earlier probes does not stand alone."""
    del answer.hits[:]
    del answer.tallies[:]
    answer.truncated = False
    answer.state = state


def outcome_of(answer: model.Answer, elapsed_s: float) -> BankOutcome:
    """How the bank ended, as the ledger names it."""
    return BankOutcome(
        bank=answer.bank,
        state=state_name(answer.state),
        hits=len(answer.hits),
        elapsed_ms=int(elapsed_s * 1000),
        rule=answer.refusal.rule,
        truncated=answer.truncated,
    )


def attest(asked: Asked, answer: model.Answer, data: bytes, index: int) -> bytes:
    """State how a bank ended, without what it found, to be shown to who may not see the answer."""
    attestation = attestations.Attestation(
        federation_id=answer.federation_id,
        bank=answer.bank,
        query_sha256=asked.question.digest,
        state=answer.state,
        answer_sha256=hashlib.sha256(data).digest(),
        truncated=answer.truncated,
        policy_epoch=answer.policy_epoch,
        time=answer.time,
        ledger_index=index,
    )
    return attestation.SerializeToString()


def notice_of(asked: Asked, outcome: BankOutcome, now: datetime) -> dict[str, object]:
    """What an owner is told of a question: never a value of it."""
    return {
        "time": now.isoformat(),
        "search_id": asked.question.search_id,
        "member": asked.requester.member,
        "officer": asked.requester.officer,
        "unit": asked.requester.unit,
        "purpose": asked.question.purpose,
        "bank": outcome.bank,
        "state": outcome.state,
        "hits": outcome.hits,
        "rule": outcome.rule,
    }


def hits_per_probe(asked: Asked, answer: model.Answer) -> list[int]:
    """How many hits each probe has."""
    counts = [0] * len(asked.question.query.probes)
    for hit in answer.hits:
        counts[hit.probe_index] += 1
    return counts
