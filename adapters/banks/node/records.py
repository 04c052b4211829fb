"""Turn what another node answers into the contract's words. What is not understood is a fault.

The wire's vocabulary and the contract's have the same names. A word that is missing here was added
later: a handling code that is not understood must not be dropped, so nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from google.protobuf.timestamp_pb2 import Timestamp

from adapters import contract
from adapters.contract import BankFaultError, FieldName, Value
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

__all__ = ["read_capability", "read_hit", "read_instant"]

_WordT = TypeVar("_WordT", bound=StrEnum)


def _table(words: type[_WordT], prefix: str, numbers: Mapping[str, Any]) -> dict[int, _WordT]:
    return {int(numbers[f"{prefix}_{word.name}"]): word for word in words}


_PROBES: Final = _table(contract.ProbeKind, "PROBE_KIND", dict(wire.ProbeKind.items()))
_FIELDS: Final = _table(FieldName, "FIELD_NAME", dict(model.FieldName.items()))
_KINDS: Final = _table(contract.RecordKind, "RECORD_KIND", dict(model.RecordKind.items()))
_SEXES: Final = _table(contract.Sex, "SEX", dict(model.Sex.items()))
_NAMES: Final = _table(contract.NameKind, "NAME_KIND", dict(model.NameKind.items()))
_DOCUMENTS: Final = _table(contract.DocumentKind, "DOCUMENT_KIND", dict(model.DocumentKind.items()))
_IDENTIFIERS: Final = _table(
    contract.IdentifierKind, "IDENTIFIER_KIND", dict(model.IdentifierKind.items())
)
_WARNINGS: Final = _table(contract.Warn, "WARNING", dict(model.Warning.items()))
_ACTIONS: Final = _table(contract.Action, "ACTION", dict(model.Action.items()))
_URGENCIES: Final = _table(contract.Urgency, "URGENCY", dict(model.Urgency.items()))
_TLPS: Final = _table(contract.Tlp, "TLP", dict(model.Tlp.items()))
_EUROPOL: Final = _table(contract.EuropolCode, "EUROPOL_CODE", dict(model.EuropolCode.items()))


def read_capability(bank: wire.BankDescription) -> contract.Capability:
    """Read what a bank of the other node can do. Words that were added later are left out."""
    return contract.Capability(
        probes=_known(_PROBES, bank.probes),
        kinds=_known(_KINDS, bank.kinds),
        fields=_known(_FIELDS, bank.fields),
        fuzzy=True,
        scripts=tuple(bank.scripts),
        engine=f"node {bank.engine}"[:64].strip(),
    )


def _known(table: Mapping[int, _WordT], numbers: Iterable[int]) -> frozenset[_WordT]:
    return frozenset(table[number] for number in numbers if number in table)


def read_hit(hit: model.Hit) -> contract.Record:
    """Read a released record with its labels. A value that is masked is no value: it is left out.

    Raises:
        BankFaultError: A part of it is against the contract, or is not known here.
    """
    try:
        return _read_record(hit.record, hit.score)
    except (ValueError, OverflowError, LookupError):
        raise BankFaultError("the node sent a record that cannot be understood") from None


def _read_record(message: model.Record, score: float) -> contract.Record:
    if not message.reference or not 0.0 <= score <= 1.0:
        raise ValueError("a record has a reference, and a score of 0 to 1")
    return contract.Record(
        reference=message.reference,
        kind=_KINDS[message.kind],
        fields=tuple(_read_field(field) for field in message.fields if not field.masked),
        handling=_read_handling(message.handling),
        warnings=tuple(_WARNINGS[number] for number in message.warnings),
        action=_ACTIONS[message.action] if message.action else None,
        urgency=_URGENCIES[message.urgency] if message.urgency else None,
        as_of=read_instant(message.as_of_time) if message.HasField("as_of_time") else None,
        score=score,
    )


def read_instant(stamp: Timestamp) -> datetime:
    """Read a point in time, aware.

    Raises:
        ValueError: It is none.
    """
    return stamp.ToDatetime(tzinfo=UTC)


def _read_handling(message: model.Handling) -> contract.Handling:
    return contract.Handling(
        tlp=_TLPS[message.tlp],
        europol=tuple(_EUROPOL[number] for number in message.europol),
        confirm_first=message.confirm_first,
    )


def _read_field(message: model.Field) -> contract.Field:
    name = _FIELDS[message.field]
    slot = message.WhichOneof("value") or ""
    if slot not in _SLOTS.get(name, ("text",)):
        raise ValueError("a field has a value of another type")
    value = _READERS[slot](getattr(message, slot))
    return contract.Field(name, value, _read_handling(message.handling))


def _read_text(text: str) -> Value:
    if not text.strip():
        raise ValueError("a text is empty")
    return text


def _read_name(name: model.PersonName) -> Value:
    kind = _NAMES[name.kind] if name.kind else contract.NameKind.PRIMARY
    read = contract.PersonName(name.full, name.given, name.family, name.patronymic, kind)
    _read_text(read.text)
    return read


def _read_date(value: model.PartialDate) -> contract.PartialDate:
    return contract.PartialDate(value.year, value.month or None, value.day or None)


def _read_range(value: model.DateRange) -> Value:
    first: date = _read_date(value.first).span.first
    return contract.DateSpan(first, _read_date(value.last).span.last)


def _read_document(value: model.Document) -> Value:
    _read_text(value.number)
    kind = _DOCUMENTS[value.kind] if value.kind else None
    return contract.Document(value.number, kind, value.issuer)


def _read_identifier(value: model.Identifier) -> Value:
    _read_text(value.value)
    return contract.Identifier(_IDENTIFIERS[value.kind], value.value)


_DATES: Final = ("date", "range")
_SLOTS: Final[dict[FieldName, tuple[str, ...]]] = {
    FieldName.NAME: ("name",),
    FieldName.BIRTH_DATE: _DATES,
    FieldName.LOSS_DATE: _DATES,
    FieldName.SEX: ("sex",),
    FieldName.DOCUMENT: ("document",),
    FieldName.IDENTIFIER: ("identifier",),
}
"""The fields whose values are not texts, and where on the wire their values are."""

_READERS: Final[dict[str, Callable[[Any], Value]]] = {
    "text": _read_text,
    "name": _read_name,
    "date": _read_date,
    "range": _read_range,
    "sex": lambda number: _SEXES[number],
    "document": _read_document,
    "identifier": _read_identifier,
}
