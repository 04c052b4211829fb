"""Whether a node's answer holds: its signature, its digest, its labels, its limits.

Hub and client check the same things by the same code: the client does not take the hub's word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from google.protobuf.message import DecodeError

from gateway.access.errors import SignatureInvalidError
from gateway.access.jwk import PublicKey
from gateway.access.signatures import verify_answer
from gateway.errors import UntrustedError
from gateway.wire import MAX_ANSWER
from kalkan.v1 import model_pb2 as model

MAX_FIELDS: Final = 64
_NODE_STATES: Final = frozenset(
    {
        model.BANK_STATE_ANSWERED,
        model.BANK_STATE_NO_HIT,
        model.BANK_STATE_REFUSED,
        model.BANK_STATE_TIMED_OUT,
        model.BANK_STATE_UNAVAILABLE,
        model.BANK_STATE_NOT_CAPABLE,
    }
)
"""The states that a node can claim; the others are the hub's to say."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must fit.

    Attributes:
        federation_id: The federation of the query.
        digest: SHA-256 of the query's bytes.
        granularity: How much was asked for.
        limit: Hits for each probe at most.
        probes: How many probes the query has.
        keys: The answer keys of each member.
    """

    federation_id: str
    digest: bytes
    granularity: model.Granularity.ValueType
    limit: int
    probes: int
    keys: Mapping[str, Sequence[PublicKey]]


def read_answer(bank: str, data: bytes, signature: str, expected: Expected) -> model.Answer:
    """Verify and decode the answer of `bank`.

    Raises:
        UntrustedError: It is too large, not signed by the bank's member, not an Answer, or
            against the contract. The text names what, never a value.
    """
    member = bank.partition("/")[0]
    if len(data) > MAX_ANSWER:
        raise UntrustedError("the answer is too large")
    try:
        verify_answer(data, signature, expected.keys.get(member, ()))
        answer = model.Answer.FromString(data)
    except SignatureInvalidError:
        raise UntrustedError("the answer is not signed by its node") from None
    except DecodeError:
        raise UntrustedError("the answer is not an Answer") from None
    _require_origin(answer, bank, member, expected)
    _require_state(answer, expected)
    _require_tallies(answer, expected)
    _require_hits(answer, member, expected)
    return answer


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 - an assertion with our error
    if not holds:
        raise UntrustedError(what)


def _require_origin(answer: model.Answer, bank: str, member: str, expected: Expected) -> None:
    """It answers this question, as this bank."""
    _require(answer.federation_id == expected.federation_id, "the answer is of another federation")
    _require(answer.bank == bank and answer.member == member, "the answer is of another bank")
    _require(answer.query_sha256 == expected.digest, "the answer is to another question")


def _require_state(answer: model.Answer, expected: Expected) -> None:
    """Its state is a node's to claim and fits what it holds."""
    _require(answer.state in _NODE_STATES, "the state is not a node's to claim")
    answered = answer.state == model.BANK_STATE_ANSWERED
    _require(bool(answer.hits or answer.tallies) == answered, "the state does not fit the hits")
    refused = answer.state == model.BANK_STATE_REFUSED
    _require(bool(answer.refusal.rule) == refused, "a refusal names its rule")
    _require(answer.granularity <= expected.granularity, "the answer holds more than was asked")


def _require_tallies(answer: model.Answer, expected: Expected) -> None:
    """Tallies are only where hits are not given."""
    if answer.tallies:
        _require(answer.granularity <= model.GRANULARITY_COUNT, "tallies do not fit")
    _require(all(t.probe_index < expected.probes for t in answer.tallies), "no such probe")


def _require_hits(answer: model.Answer, member: str, expected: Expected) -> None:
    """Hits are the member's own, labelled, and within the limit of each probe."""
    if answer.hits:
        _require(answer.granularity >= model.GRANULARITY_REFERENCE, "hits do not fit")
    counts = [0] * expected.probes
    for hit in answer.hits:
        _require(hit.probe_index < expected.probes, "no such probe")
        counts[hit.probe_index] += 1
        _require_record(hit, answer, member)
    _require(all(c <= expected.limit for c in counts), "more hits than the limit")


def _require_record(hit: model.Hit, answer: model.Answer, member: str) -> None:
    record = hit.record
    _require(record.owner == member and record.bank == answer.bank, "a hit of another owner")
    _require(bool(record.reference), "a hit without a reference")
    _require(record.handling.tlp != model.TLP_UNSPECIFIED, "a hit without handling codes")
    _require(0.0 <= hit.score <= 1.0, "a score outside 0 to 1")
    _require(len(record.fields) <= MAX_FIELDS, "too many fields")
    whole = answer.granularity == model.GRANULARITY_RECORD
    _require(whole or not record.fields, "fields below the granularity of records")
    for field in record.fields:
        _require(field.handling.tlp != model.TLP_UNSPECIFIED, "a field without handling codes")
