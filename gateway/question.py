"""The question as it arrived: its bytes, its digest, its decoded form, and its limits.

Hub and node check the same limits by the same code, because a node does not take the hub's word.
Checking changes nothing: the bytes that were signed are the bytes that are passed on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

from gateway import limits
from gateway.errors import (
    DeadlineInvalidError,
    FieldInvalidError,
    OversizedError,
    PurposeMissingError,
    TargetsMissingError,
)
from gateway.wire import MAX_QUERY, decode
from kalkan.v1 import model_pb2 as model

DEFAULT_DEADLINE_S: Final = 3.0
MAX_DEADLINE_S: Final = 30.0
MAX_TARGETS: Final = 64
MAX_BATCH: Final = 200
MAX_LIMIT: Final = 100
DEFAULT_LIMIT: Final = 20
NONCE_BYTES: Final = 16
DIGEST_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Question:
    """A query that is within its limits.

    Attributes:
        data: The serialised Query as it came.
        query: The same, decoded.
        digest: SHA-256 of `data`, 32 bytes.
        search_id: The first 16 bytes of the digest, 32 hexadecimal digits.
        kind: What is looked for, as "person".
        fields: The names of the fields that are used, never their values.
        deadline_s: Seconds for the whole search, more than 0, at most 30.
        limit: Hits for each bank and probe, 1 to 100.
        granularity: How much is asked for.
    """

    data: bytes
    query: model.Query
    digest: bytes
    search_id: str
    kind: str
    fields: frozenset[str]
    deadline_s: float
    limit: int
    granularity: model.Granularity.ValueType

    @property
    def purpose(self) -> str:
        """The purpose as policies and ledgers name it, as "terrorism"."""
        return purpose_name(self.query.purpose)

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets as people write them: "kalkan", "KAZ", "KAZ/persons"."""
        return tuple(target_text(t) for t in self.query.targets)

    @property
    def target_pairs(self) -> tuple[tuple[str, str], ...]:
        """The targets as pairs of kind and value."""
        return tuple((t.WhichOneof("target") or "", target_text(t)) for t in self.query.targets)


def purpose_name(purpose: model.Purpose.ValueType) -> str:
    """The purpose as policies and ledgers name it."""
    return model.Purpose.Name(purpose).removeprefix("PURPOSE_").lower()


def granularity_name(granularity: model.Granularity.ValueType) -> str:
    """The granularity as policies and ledgers name it."""
    return model.Granularity.Name(granularity).removeprefix("GRANULARITY_").lower()


def state_name(state: model.BankState.ValueType) -> str:
    """The state as people and ledgers name it, as "no_hit"."""
    return model.BankState.Name(state).removeprefix("BANK_STATE_").lower()


def target_text(target: model.Target) -> str:
    """A target as people write it."""
    return target.project or target.member or target.bank


def read_question(data: bytes, *, batch: bool = False) -> Question:
    """Decode and check a serialised Query.

    Args:
        data: The bytes as they came.
        batch: Whether 1 to 200 document probes are expected instead of one probe.

    Raises:
        OversizedError: It is larger than 131,072 bytes.
        MalformedError: It is not a Query.
        FieldInvalidError: A field is against its limits; the metadata name field and limit.
        TargetsMissingError, PurposeMissingError, DeadlineInvalidError, MrzInvalidError: As named.
    """
    if len(data) > MAX_QUERY:
        raise OversizedError(f"query is larger than {MAX_QUERY} bytes", limit=f"{MAX_QUERY} bytes")
    query = decode(model.Query, data, MAX_QUERY)
    _require_head(query)
    deadline_s = _deadline_of(query)
    kind, fields = _require_probes(query, batch=batch)
    digest = hashlib.sha256(data).digest()
    return Question(
        data=data,
        query=query,
        digest=digest,
        search_id=digest[:16].hex(),
        kind=kind,
        fields=fields,
        deadline_s=deadline_s,
        limit=query.limit or DEFAULT_LIMIT,
        granularity=query.granularity or model.GRANULARITY_RECORD,
    )


def _require_head(query: model.Query) -> None:
    """Check everything but deadline and probes."""
    limits.require_text("federation_id", query.federation_id, 64, 1)
    _require_bytes("token_sha256", query.token_sha256, DIGEST_BYTES)
    _require_targets(query)
    if query.purpose == model.PURPOSE_UNSPECIFIED:
        raise PurposeMissingError("purpose is missing: say why it is asked", field="purpose")
    limits.require_known("purpose", query.purpose, model.Purpose.values())
    limits.require_known("granularity", query.granularity, model.Granularity.values())
    limits.require_said("case_reference", query.case_reference, 64, 1)
    _require_justification(query.justification)
    _require_bytes("nonce", query.nonce, NONCE_BYTES)
    if not query.HasField("time"):
        raise FieldInvalidError("time is missing", field="time", limit="present")
    if query.limit > MAX_LIMIT:
        raise FieldInvalidError("limit must be 1 to 100", field="limit", limit="1 to 100")


def _require_bytes(field: str, value: bytes, size: int) -> None:
    """Check the size of a byte field."""
    if len(value) != size:
        limit = f"{size} bytes"
        raise FieldInvalidError(f"{field} must have {limit}", field=field, limit=limit)


def _require_justification(why: model.Justification) -> None:
    """Check why it is necessary."""
    category = why.person_category
    limits.require_said("justification.offence", why.offence, 200)
    limits.require_known("justification.person_category", category, model.PersonCategory.values())
    limits.require_known("justification.aim", why.aim, model.Aim.values())
    limits.require_said("justification.text", why.text, 500)


def _require_targets(query: model.Query) -> None:
    """Check that somebody is named and nobody is called everybody."""
    if not query.targets:
        raise TargetsMissingError(
            "targets are missing: name a project, members or banks", field="targets"
        )
    if len(query.targets) > MAX_TARGETS:
        raise FieldInvalidError("targets must be at most 64", field="targets", limit="at most 64")
    for index, target in enumerate(query.targets):
        limits.require_text(f"targets[{index}]", target_text(target), 64, 1)


def _deadline_of(query: model.Query) -> float:
    """The seconds that the search may take."""
    if not query.HasField("deadline"):
        return DEFAULT_DEADLINE_S
    seconds = query.deadline.seconds + query.deadline.nanos / 1e9
    if not 0 < seconds <= MAX_DEADLINE_S:
        limit = "more than 0 s, at most 30 s"
        raise DeadlineInvalidError(f"deadline must be {limit}", field="deadline", limit=limit)
    return seconds


def _require_probes(query: model.Query, *, batch: bool) -> tuple[str, frozenset[str]]:
    """Check the probes; return their kind and the names of the fields used."""
    most = MAX_BATCH if batch else 1
    if not 1 <= len(query.probes) <= most:
        limit = f"1 to {most} probes" if batch else "exactly 1 probe"
        raise FieldInvalidError(f"probes must be {limit}", field="probes", limit=limit)
    today = _day_of(query)
    fields: set[str] = set()
    for index, probe in enumerate(query.probes):
        fields |= limits.check_probe(f"probes[{index}]", probe, today)
    kinds = {probe.WhichOneof("probe") for probe in query.probes}
    if batch and kinds != {"document"}:
        raise FieldInvalidError(
            "probes of a batch must be documents", field="probes", limit="documents"
        )
    return str(kinds.pop()), frozenset(fields)


def _day_of(query: model.Query) -> date:
    """The day on which the query was made."""
    try:
        return query.time.ToDatetime().date()
    except ValueError:
        raise FieldInvalidError(
            "time is impossible", field="time", limit="a possible time"
        ) from None
