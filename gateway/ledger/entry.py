"""Decide what one entry is and what its stored bytes are.

The stored bytes are the thing that is hashed, chained and proved, so they have exactly one form:
UTF-8 JSON, keys sorted, no spaces, empty fields left out. Nobody ever makes them a second time:
they are built once, when the entry is appended, and read back strictly. Bytes that differ in
anything are rejected: a second spelling of the same entry would have another hash, and a reader
that forgives hides a writer that is wrong.

An entry says who asked, why, whom, and how it ended. It names the fields of a probe and never
their values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import orjson

from gateway.ledger import fields as checks
from gateway.ledger.errors import EntryRejectedError, EntryTooLargeError
from gateway.ledger.kinds import OF_A_SEARCH, BankOutcome, Kind, Side

__all__ = ["BankOutcome", "Draft", "Entry", "Kind", "Side", "draft_entry", "parse_entry"]

VERSION: Final = 1
"""The version of the stored form. A change of any byte of it needs another number."""

MAX_ENTRY_BYTES: Final = 65_535
"""The largest entry: a tile log stores the length in two bytes. Source: C2SP tlog-tiles."""


class _Given:
    """What an entry remembers beside its fields: which of them were given, few of many."""

    __slots__ = ("_given",)
    _given: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(_Given):
    """One entry of a ledger; a field that is empty or None is not stored.

    Texts are printable and at most 128 characters; numbers are whole, 0 to 2**53 - 1.

    Attributes:
        kind: What happened.
        time: When, aware, UTC; stored as RFC 3339 with microseconds.
        side: Hub or node.
        member: The member whose ledger this is.
        search_id: 32 hexadecimal digits; needed by INTENT, OUTCOME and RECOVERED.
        query_sha256: Digest of the query's bytes as they came.
        nonce: The query's nonce, so that a restart does not accept it again.
        answer_sha256: Digest of the answer's bytes as they went out.
        who: Pseudonym of the officer or system.
        requester_member: The member that vouches for `who`.
        token_id: Id of the token.
        certificate_sha256: Digest of the peer's certificate.
        roles: The roles of the requester.
        unit: The requester's unit.
        purpose: Why it was asked, as a code.
        person_category: How the person relates to the case, as a code.
        aim: What is to be learnt, as a code.
        has: Which parts of the justification were given: "case", "offence", "text".
        granularity: The most that was asked for.
        probe: Kind of the probe.
        probe_fields: Names of the fields used, never their values.
        targets: What the question named: projects, members or banks.
        banks: The banks that are asked.
        states: How each bank ended.
        reason: Name of the ErrorReason.
        rule: Id of the rule that decided.
        shadow_rule: Id of the rule of a policy on trial that would have decided otherwise.
        shadow_granularity: How much that policy would have let out; empty where it refuses.
        policy_epoch: The policies that were in force.
        policy_sha256: Digest of the policies.
        versions: Versions of the software and mappings involved, by name.
        method: The called method.
        action: What an administrator or auditor did, as a code.
        count: Hits or other things counted.
        batch: Number of probes.
        probe_index: Which probe of a batch this is the end of, from 0.
        size_bytes: Size of the message.
        elapsed_ms: Milliseconds that the whole took.
        sealed: What is personal, sealed to each authority; see `gateway.ledger.seal`.
        authority: Whose key a KEY entry is about.
        period: The month of that key, as "2026-11".
        key_id: Which key, 16 hexadecimal digits.
        key_sha256: Digest of the file with its wrapped forms.
        version: Version of the stored form.

    Raises:
        EntryRejectedError: A value is against its limits, or a search id is missing.
    """

    kind: Kind
    time: datetime
    side: Side
    member: str
    search_id: str = ""
    query_sha256: str = ""
    nonce: str = ""
    answer_sha256: str = ""
    who: str = ""
    requester_member: str = ""
    token_id: str = ""
    certificate_sha256: str = ""
    roles: tuple[str, ...] = ()
    unit: str = ""
    purpose: str = ""
    person_category: str = ""
    aim: str = ""
    has: tuple[str, ...] = ()
    granularity: str = ""
    probe: str = ""
    probe_fields: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    banks: tuple[str, ...] = ()
    states: tuple[BankOutcome, ...] = ()
    reason: str = ""
    rule: str = ""
    shadow_rule: str = ""
    shadow_granularity: str = ""
    policy_epoch: str = ""
    policy_sha256: str = ""
    versions: Mapping[str, str] = field(default_factory=dict, hash=False)
    method: str = ""
    action: str = ""
    count: int | None = None
    batch: int | None = None
    probe_index: int | None = None
    size_bytes: int | None = None
    elapsed_ms: int | None = None
    sealed: Mapping[str, str] = field(default_factory=dict, hash=False)
    authority: str = ""
    period: str = ""
    key_id: str = ""
    key_sha256: str = ""
    version: int = VERSION

    def __post_init__(self) -> None:
        given = {n: value for n, default in _DEFAULTS if (value := getattr(self, n)) is not default}
        _require_sound(given)
        object.__setattr__(self, "_given", given)
        # The caller keeps no handle that could change the entry after the check.
        for name in ("versions", "sealed"):
            given[name] = MappingProxyType(dict(given[name]))
            object.__setattr__(self, name, given[name])

    def encode(self) -> bytes:
        """Return the stored bytes.

        Raises:
            EntryTooLargeError: They are more than 65,535: shorten the lists first.
        """
        return _encode(self.as_json())

    def as_json(self) -> dict[str, object]:
        """Return the stored form as an object for a JSON writer."""
        return _as_json(self._given)


class Draft(NamedTuple):
    """An entry that is only to be written.

    Attributes:
        kind: What happened.
        stored: Its stored bytes.
    """

    kind: Kind
    stored: bytes

    def encode(self) -> bytes:
        """Return the stored bytes."""
        return self.stored


def draft_entry(values: Mapping[str, Any]) -> Draft:
    """Check and encode an entry that nobody here looks at: `Entry` in half the time.

    Args:
        values: By the names of the fields of `Entry`.

    Raises:
        EntryRejectedError: As `Entry`, or a field is missing or unknown.
        EntryTooLargeError: As `Entry.encode`.
    """
    _require_sound(values)
    return Draft(values["kind"], _encode(_as_json(values)))


def _require_sound(values: Mapping[str, Any]) -> None:
    if not values.keys() >= _NEEDED:
        raise EntryRejectedError("an entry has a kind, a time, a side and a member")
    for name, value in values.items():
        check = _CHECKS.get(name)
        if check is None:
            raise EntryRejectedError("an entry has no unknown keys")
        check(name, value)
    if not values.get("search_id") and values["kind"] in OF_A_SEARCH:
        raise EntryRejectedError(f"search_id: needed by an entry of the kind {values['kind']}")


def _as_json(values: Mapping[str, Any]) -> dict[str, object]:
    # A zero is stored, None and what is empty is not.
    stored = {name: value for name, value in values.items() if value or type(value) is int}
    stored["version"] = VERSION
    stored["time"] = format_time(values["time"])
    if "states" in stored:
        stored["states"] = [state.as_json() for state in values["states"]]
    for name in ("versions", "sealed"):
        if name in stored:
            stored[name] = dict(values[name])
    return stored


def _encode(stored: Mapping[str, object]) -> bytes:
    data = orjson.dumps(stored, option=orjson.OPT_SORT_KEYS)
    if len(data) > MAX_ENTRY_BYTES:
        raise EntryTooLargeError(
            f"an entry has at most {MAX_ENTRY_BYTES} bytes, this one has {len(data)}"
        )
    return data


def format_time(time: datetime) -> str:
    """Return RFC 3339 in UTC with six decimals, `2026-11-21T08:00:00.000000Z`."""
    return time.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _require_version(name: str, value: object) -> None:
    if type(value) is not int or value != VERSION:
        raise EntryRejectedError(f"{name}: only {VERSION} is known")


def _require_kind(name: str, value: object) -> None:
    if not isinstance(value, Kind):
        raise EntryRejectedError(f"{name}: not a kind of entry")


def _require_side(name: str, value: object) -> None:
    if not isinstance(value, Side):
        raise EntryRejectedError(f"{name}: hub or node is needed")


def _require_states(name: str, value: object) -> None:
    if not isinstance(value, tuple) or not all(isinstance(item, BankOutcome) for item in value):
        raise EntryRejectedError(f"{name}: a tuple of bank outcomes is needed")


_SPECIAL_CHECKS: Final[Mapping[str, checks.Check]] = {
    "version": _require_version,
    "kind": _require_kind,
    "side": _require_side,
    "time": checks.require_time,
    "member": checks.require_filled_text,
    "search_id": checks.require_search_id,
    "nonce": checks.require_search_id,
    "query_sha256": checks.require_sha256,
    "answer_sha256": checks.require_sha256,
    "certificate_sha256": checks.require_sha256,
    "policy_sha256": checks.require_sha256,
    "key_sha256": checks.require_sha256,
    "sealed": checks.require_sealed,
    "roles": checks.require_texts,
    "has": checks.require_texts,
    "probe_fields": checks.require_texts,
    "targets": checks.require_texts,
    "banks": checks.require_texts,
    "states": _require_states,
    "versions": checks.require_text_map,
    "count": checks.require_optional_number,
    "batch": checks.require_optional_number,
    "probe_index": checks.require_optional_number,
    "size_bytes": checks.require_optional_number,
    "elapsed_ms": checks.require_optional_number,
}

_DEFAULTS: Final = tuple((item.name, item.default) for item in fields(Entry))

# A field without a check of its own is a text: a new field is never unchecked.
_CHECKS: Final[Mapping[str, checks.Check]] = {
    name: _SPECIAL_CHECKS.get(name, checks.require_text) for name, _ in _DEFAULTS
}

_NEEDED: Final = frozenset({"kind", "time", "side", "member"})
_OUTCOME_NAMES: Final = frozenset(item.name for item in fields(BankOutcome))


def parse_entry(data: bytes) -> Entry:
    """Return the entry that has exactly these stored bytes.

    Raises:
        EntryTooLargeError: More than 65,535 bytes.
        EntryRejectedError: Not UTF-8 JSON, a key twice or unknown, a value of the wrong type or
            against its limits, or bytes in another form than the stored one.
    """
    if len(data) > MAX_ENTRY_BYTES:
        raise EntryTooLargeError(f"an entry has at most {MAX_ENTRY_BYTES} bytes, not {len(data)}")
    entry = _build_entry(_load(data))
    if entry.encode() != data:
        raise EntryRejectedError("the bytes of an entry are not in their stored form")
    return entry


def _load(data: bytes) -> Mapping[str, object]:
    try:
        loaded = json.loads(data.decode(), object_pairs_hook=_collect)
    except (ValueError, RecursionError) as error:
        raise EntryRejectedError("an entry is UTF-8 JSON") from error
    if not isinstance(loaded, dict):
        raise EntryRejectedError("an entry is a JSON object")
    return loaded


def _collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
    collected = dict(pairs)
    if len(collected) != len(pairs):
        raise EntryRejectedError("an entry has no key twice")
    return collected


def _build_entry(loaded: Mapping[str, object]) -> Entry:
    if not loaded.keys() <= _CHECKS.keys():
        raise EntryRejectedError("an entry has no unknown keys")
    values = {name: _READERS.get(name, _keep)(value) for name, value in loaded.items()}
    try:
        return Entry(**values)  # type: ignore[arg-type] # each value is checked by the class
    except TypeError as error:
        raise EntryRejectedError("an entry has a kind, a time, a side and a member") from error


def _build_outcome(value: object) -> BankOutcome:
    if not isinstance(value, dict) or not value.keys() <= _OUTCOME_NAMES:
        raise EntryRejectedError("states: an object with known keys is needed")
    try:
        return BankOutcome(**value)
    except TypeError as error:
        raise EntryRejectedError("states: a bank and a state are needed") from error


def _keep(value: object) -> object:
    return value


def _read_kind(value: object) -> object:
    return Kind(value) if isinstance(value, str) and value in Kind.__members__ else value


def _read_side(value: object) -> object:
    return Side(value) if isinstance(value, str) and value in _SIDES else value


def _read_time(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise EntryRejectedError("time: RFC 3339 is needed") from error


def _read_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _read_states(value: object) -> object:
    return tuple(map(_build_outcome, value)) if isinstance(value, list) else value


_SIDES: Final = frozenset(side.value for side in Side)

# A value of the wrong type goes on unchanged: the class rejects it and names the field.
_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "kind": _read_kind,
    "side": _read_side,
    "time": _read_time,
    "roles": _read_list,
    "has": _read_list,
    "probe_fields": _read_list,
    "targets": _read_list,
    "banks": _read_list,
    "states": _read_states,
}
