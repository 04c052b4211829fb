"""Clauses C01 to C05: the adapter has the shape, and its values the types, of the contract."""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Final

from adapters.conformance.asking import LIMITS
from adapters.conformance.clause import clause
from adapters.conformance.subject import Subject
from adapters.contract import (
    API_VERSION,
    Action,
    Capability,
    DateSpan,
    Document,
    DocumentKind,
    EuropolCode,
    Field,
    FieldName,
    Handling,
    Identifier,
    IdentifierKind,
    NameKind,
    PartialDate,
    PersonName,
    ProbeKind,
    Record,
    RecordKind,
    Result,
    Sex,
    Tlp,
    Urgency,
    Value,
    Warn,
)

__all__ = ["ShapeClauses"]

_COROUTINES: Final = {
    "search": 2,
    "fetch": 2,
    "watermark": 0,
    "as_of": 0,
    "close": 0,
}
_TYPES: Final[dict[FieldName, type | tuple[type, ...]]] = {
    FieldName.NAME: PersonName,
    FieldName.BIRTH_DATE: (PartialDate, DateSpan),
    FieldName.SEX: Sex,
    FieldName.DOCUMENT: Document,
    FieldName.IDENTIFIER: Identifier,
    FieldName.LOSS_DATE: (PartialDate, DateSpan),
}
_COUNTRIES: Final = frozenset((FieldName.NATIONALITY, FieldName.COUNTRY))
_COUNTRY: Final = re.compile(r"[A-Z]{3}")
_ISSUER: Final = re.compile(r"[A-Z]{0,3}")
_SCRIPT: Final = re.compile(r"[A-Z][a-z]{3}")
_MOST_FIELDS: Final = 64
_LONGEST_REFERENCE: Final = 100


class ShapeClauses(Subject):
    """What can be said of an adapter without knowing its bank."""

    @clause("C01")
    async def test_c01_adapter_is_of_this_version_and_has_every_method(self) -> None:
        """The adapter is written for this version of the contract and has all its methods."""
        assert self.made_for == API_VERSION, f"made_for must be {API_VERSION}"
        async with self.open_adapter() as adapter:
            for name, count in _COROUTINES.items():
                method = getattr(adapter, name, None)
                assert inspect.iscoroutinefunction(method), f"{name} must be a coroutine"
                inspect.signature(method).bind(*range(count))
            assert isinstance(adapter.names(), AsyncIterator), "names must give an async iterator"

    @clause("C02")
    async def test_c02_capability_is_well_formed_and_never_changes(self) -> None:
        """The capability has something in each part and stays the same from open to close."""
        async with self.open_adapter() as adapter:
            before = adapter.capability
            _require_capability(before)
            await adapter.fetch([one.reference for one in self.known()], LIMITS)
            assert adapter.capability == before
        assert adapter.capability == before

    @clause("C03")
    async def test_c03_values_have_the_types_of_the_contract(self) -> None:
        """Each value of a record has the type that FieldName tells, and is not empty."""
        for record in await _read_known(self):
            _require_record(record)
            for field in record.fields:
                _require_value(field.name, field.value)

    @clause("C04")
    async def test_c04_records_hold_only_what_is_declared(self) -> None:
        """No record is of a kind, and none has a field, that the capability does not declare."""
        async with self.open_adapter() as adapter:
            kinds, fields = adapter.capability.kinds, adapter.capability.fields
        for record in await _read_known(self):
            assert record.kind in kinds
            assert {field.name for field in record.fields} <= fields

    @clause("C05")
    async def test_c05_watermark_and_as_of_are_well_formed_and_steady(self) -> None:
        """The watermark is a text, and the same while nothing changes; as_of is aware or None."""
        async with self.open_adapter() as adapter:
            first = await adapter.watermark()
            assert isinstance(first, str)
            assert await adapter.watermark() == first, "it changed and the data did not"
            as_of = await adapter.as_of()
        if as_of is not None:
            assert isinstance(as_of, datetime)
            assert as_of.tzinfo is not None, "as_of must be aware"


async def _read_known(subject: Subject) -> tuple[Record, ...]:
    async with subject.open_adapter() as adapter:
        references = [one.reference for one in subject.known()]
        result = await adapter.fetch(references, LIMITS)
        assert isinstance(result, Result)
        assert isinstance(result.records, tuple)
        assert result.records, "no known record was found"
        return result.records


def _require_capability(told: Capability) -> None:
    assert isinstance(told, Capability)
    parts = ((told.probes, ProbeKind), (told.kinds, RecordKind), (told.fields, FieldName))
    for part, kind in parts:
        assert isinstance(part, frozenset)
        assert part, f"nothing is declared of {kind.__name__}"
        assert all(isinstance(each, kind) for each in part)
    assert told.fuzzy in {True, False}
    assert told.engine.strip(), "engine is for people; say something"
    assert all(_SCRIPT.fullmatch(script) for script in told.scripts), "ISO 15924, such as Cyrl"


def _require_record(record: Record) -> None:
    assert isinstance(record, Record)
    assert isinstance(record.reference, str)
    assert 1 <= len(record.reference) <= _LONGEST_REFERENCE
    assert isinstance(record.kind, RecordKind)
    assert isinstance(record.fields, tuple)
    assert len(record.fields) <= _MOST_FIELDS
    assert all(isinstance(field, Field) for field in record.fields)
    _require_handling(record.handling)
    for field in record.fields:
        if field.handling is not None:
            _require_handling(field.handling)
    assert all(isinstance(warning, Warn) for warning in record.warnings)
    assert record.action is None or isinstance(record.action, Action)
    assert record.urgency is None or isinstance(record.urgency, Urgency)
    assert record.as_of is None or record.as_of.tzinfo is not None, "as_of must be aware"


def _require_handling(handling: Handling) -> None:
    assert isinstance(handling, Handling)
    assert isinstance(handling.tlp, Tlp)
    assert all(isinstance(code, EuropolCode) for code in handling.europol)


def _require_value(name: FieldName, value: Value) -> None:
    assert isinstance(name, FieldName)
    wanted = _TYPES.get(name, str)
    assert isinstance(value, wanted), f"{name} has a value of another type"
    if wanted is str:
        assert not isinstance(value, StrEnum), f"{name} is a plain text"
        assert str(value).strip(), f"{name} is empty: leave the field out"
    if name in _COUNTRIES:
        assert _COUNTRY.fullmatch(str(value)), f"{name} is ISO 3166-1 alpha-3"
    _require_parts(value)


def _require_parts(value: Value) -> None:
    match value:
        case PersonName():
            assert value.text.strip(), "a name without text"
            assert isinstance(value.kind, NameKind)
        case Document():
            assert value.number.strip(), "a document without a number"
            assert value.kind is None or isinstance(value.kind, DocumentKind)
            assert _ISSUER.fullmatch(value.issuer), "issuer is alpha-3, ICAO's code, or empty"
        case Identifier():
            assert value.value.strip(), "an identifier without a value"
            assert isinstance(value.kind, IdentifierKind)
        case _:
            pass
