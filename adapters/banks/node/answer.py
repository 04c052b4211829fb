"""What a question asks for, and whether an answer is the one to it."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Final

from google.protobuf.message import DecodeError

from adapters.banks.node.proof import Keys
from adapters.contract import (
    AdapterError,
    BankFaultError,
    BankRefusedError,
    BankTimeoutError,
    BankUnavailableError,
    QueryRejectedError,
    SignedQuestion,
)
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

__all__ = ["Wanted", "read_answer", "read_wanted", "require_searched", "require_whole"]

_RULE: Final = "relay.granularity"
_TEXT: Final = (
    "This bank stands behind another node, and less than whole records cannot be told of it. "
    "Ask for records, or ask its owner."
)

_LIMIT: Final = 20
"""Hits for each probe where a question does not say."""

_WHOLE: Final = (model.GRANULARITY_UNSPECIFIED, model.GRANULARITY_RECORD)
_SEARCHED: Final = (model.BANK_STATE_ANSWERED, model.BANK_STATE_NO_HIT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer must fit.

    Attributes:
        bank: The bank that is asked, as MEMBER/bank.
        federation_id: The federation of the question.
        digest: SHA-256 of the question's bytes.
        probes: How many probes it has.
        granularity: How much it asks for.
        limit: Hits for each probe at most.
    """

    bank: str
    federation_id: str
    digest: bytes
    probes: int
    granularity: int
    limit: int


def read_wanted(question: SignedQuestion) -> Wanted:
    """Read what a question asks for.

    Raises:
        QueryRejectedError: It is none.
    """
    try:
        query = model.Query.FromString(question.query)
    except DecodeError:
        raise QueryRejectedError("the question cannot be read") from None
    return Wanted(
        bank=question.bank,
        federation_id=query.federation_id,
        digest=hashlib.sha256(question.query).digest(),
        probes=len(query.probes),
        granularity=query.granularity,
        limit=query.limit or _LIMIT,
    )


def read_answer(
    response: wire.NodeServiceSearchResponse, keys: Keys, wanted: Wanted
) -> model.Answer:
    """Verify and read an answer.

    Raises:
        BankFaultError: It is not signed by a pinned key, is to another question or of another
            bank, or contradicts itself.
    """
    keys.verify_answer(response.answer, response.signature)
    try:
        answer = model.Answer.FromString(response.answer)
    except DecodeError:
        raise BankFaultError("the node sent something else than an answer") from None
    member = wanted.bank.partition("/")[0]
    if (answer.member, answer.bank) != (member, wanted.bank):
        raise BankFaultError("the answer is of another bank")
    if (answer.federation_id, answer.query_sha256) != (wanted.federation_id, wanted.digest):
        raise BankFaultError("the answer is to another question")
    _require_state(answer)
    _require_hits(answer, wanted)
    return answer


def _require_hits(answer: model.Answer, wanted: Wanted) -> None:
    member = wanted.bank.partition("/")[0]
    counts: Counter[int] = Counter(hit.probe_index for hit in answer.hits)
    if any(probe >= wanted.probes or n > wanted.limit for probe, n in counts.items()):
        raise BankFaultError("the answer holds more than was asked")
    for hit in answer.hits:
        if (hit.record.owner, hit.record.bank) != (member, wanted.bank):
            raise BankFaultError("a record is of another owner")


def _require_state(answer: model.Answer) -> None:
    answered = answer.state == model.BANK_STATE_ANSWERED
    if bool(answer.hits or answer.tallies) != answered:
        raise BankFaultError("the answer's state does not fit what it holds")


def require_searched(answer: model.Answer) -> None:
    """Require that the owner's bank was searched.

    Raises:
        AdapterError: It was not; the kind of error says how it ended.
    """
    if answer.state not in _SEARCHED:
        raise _ended(answer)


def require_whole(granularity: int, contact: str) -> None:
    """Require that whole records are asked for, and may be answered.

    The node in front scores and labels records: from a count it could make no answer of its own.
    It depends on the request alone, hit or no hit, so that it tells nothing of a record.

    Raises:
        BankRefusedError: It is less.
    """
    if granularity not in _WHOLE:
        raise BankRefusedError(_RULE, _TEXT, contact)


def _ended(answer: model.Answer) -> AdapterError:
    match answer.state:
        case model.BANK_STATE_REFUSED if answer.refusal.rule:
            return _refusal(answer.refusal)
        case model.BANK_STATE_TIMED_OUT:
            return BankTimeoutError("the owner's bank did not answer in time")
        case model.BANK_STATE_UNAVAILABLE:
            return BankUnavailableError("the owner's bank cannot be reached")
        case model.BANK_STATE_NOT_CAPABLE:
            return QueryRejectedError("the owner's bank cannot be searched for this")
        case _:
            return BankFaultError("the answer has a state that is not a node's to claim")


def _refusal(refusal: model.Refusal) -> BankRefusedError:
    """Hand the owner's own words on: its rule, its text, whom to ask."""
    contact = refusal.contact
    told = ", ".join(part for part in (contact.office, contact.phone, contact.email) if part)
    return BankRefusedError(
        _plain(refusal.rule)[:100], _plain(refusal.text)[:300], _plain(told)[:100]
    )


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
