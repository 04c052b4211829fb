"""Decide which field blocks answer a probe, and what is asked of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.contract import (
    Document,
    DocumentProbe,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    OrganisationProbe,
    PersonProbe,
    Probe,
    ProbeKind,
    Record,
    RecordKind,
    VehicleProbe,
)
from adapters.mapping.exclusions import Exclusion, find_country, find_exclusion
from adapters.mapping.fields import DocumentField, FieldBlock, IdentifierField, NameField, TextField
from adapters.mapping.model import Mapping
from adapters.mapping.spellings import spell, spell_series
from adapters.matching.documents import normalise_number

__all__ = ["Lookup", "Question", "ask", "find_lookups", "find_probes", "list_kinds", "matches"]

_SAME_LETTERS = frozenset((IdentifierKind.EMAIL, IdentifierKind.HANDLE))
_PROBES = {
    FieldName.DOCUMENT: ProbeKind.DOCUMENT,
    FieldName.PLATE: ProbeKind.VEHICLE,
    FieldName.VIN: ProbeKind.VEHICLE,
    FieldName.ORGANISATION: ProbeKind.ORGANISATION,
    FieldName.REGISTRATION_NUMBER: ProbeKind.ORGANISATION,
    FieldName.IDENTIFIER: ProbeKind.IDENTIFIER,
    FieldName.NAME: ProbeKind.PERSON,
}


@dataclass(frozen=True, slots=True)
class Lookup:
    """One field block that is found by an exact value.

    Attributes:
        place: Which `[[field]]` block it is, from 0.
        column: The column that is compared.
        series: A second column that holds the beginning of the number.
        exclusion: Where other countries are left out, if the mapping tells them by codes.
    """

    place: int
    name: FieldName
    column: str
    series: str | None = None
    shapes: tuple[str, ...] = ()
    kind: IdentifierKind | None = None
    exclusion: Exclusion | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One lookup with the spellings that are asked for; `series` only where the block has one.

    Attributes:
        others: The bank's words that mean another country than the one that was asked for.
    """

    lookup: Lookup
    values: tuple[str, ...]
    series: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def find_lookups(mapping: Mapping) -> tuple[Lookup, ...]:
    """Return the field blocks of a mapping that a bank can be searched by."""
    found = (_find_lookup(mapping, place, block) for place, block in enumerate(mapping.fields))
    return tuple(lookup for lookup in found if lookup is not None)


def _find_lookup(mapping: Mapping, place: int, block: FieldBlock) -> Lookup | None:
    if not block.search:
        return None
    if isinstance(block, DocumentField):
        excluded = find_exclusion(mapping, block)
        return Lookup(
            place, block.name, block.number, block.series, block.shapes, exclusion=excluded
        )
    if isinstance(block, IdentifierField):
        const = block.identifier_kind.const
        kind = IdentifierKind(const) if const is not None else None
        return Lookup(place, block.name, block.column, shapes=block.shapes, kind=kind)
    exact = {FieldName.PLATE, FieldName.VIN, FieldName.REGISTRATION_NUMBER}
    if isinstance(block, TextField) and block.name in exact and block.column is not None:
        excluded = find_exclusion(mapping, block)
        return Lookup(place, block.name, block.column, shapes=block.shapes, exclusion=excluded)
    return None


def find_probes(mapping: Mapping) -> frozenset[ProbeKind]:
    """Return the kinds of probe that a mapping can answer, names by the in-country index."""
    exact = {_PROBES[lookup.name] for lookup in find_lookups(mapping)}
    named = {
        _PROBES[block.name]
        for block in mapping.fields
        if block.search and (isinstance(block, NameField) or block.name is FieldName.ORGANISATION)
    }
    return frozenset(exact | named)


def list_kinds(mapping: Mapping) -> frozenset[RecordKind]:
    """Return the kinds of records that a mapping can tell."""
    source = mapping.kind
    if source.const is not None:
        return frozenset({RecordKind(source.const)})
    if source.codes is not None:
        return frozenset(map(RecordKind, mapping.codes[source.codes].values()))
    return frozenset(RecordKind)


def ask(probe: Probe, lookups: tuple[Lookup, ...], scripts: tuple[str, ...]) -> list[Question]:
    """Turn a probe into questions; empty where no block can answer it."""
    wanted = dict(_wanted(probe))
    found: list[Question] = []
    for lookup in lookups:
        value = wanted.get(lookup.name, "")
        if not value or not _same_kind(probe, lookup):
            continue
        others = lookup.exclusion.others(find_country(probe)) if lookup.exclusion else ()
        if lookup.series is not None:
            series, values = spell_series(value, scripts, lookup.shapes)
            found.append(Question(lookup, values, series, others))
        else:
            spelled = _spell(probe, value, scripts, lookup)
            found.append(Question(lookup, spelled, others=others))
    return found


def _wanted(probe: Probe) -> Iterator[tuple[FieldName, str]]:
    """Say which value is looked for in which field."""
    match probe:
        case DocumentProbe():
            yield FieldName.DOCUMENT, probe.number
        case VehicleProbe():
            yield FieldName.PLATE, probe.plate
            yield FieldName.VIN, probe.vin
        case OrganisationProbe():
            yield FieldName.REGISTRATION_NUMBER, probe.number
        case IdentifierProbe():
            yield FieldName.IDENTIFIER, probe.identifier.value
        case PersonProbe():
            return


def _same_kind(probe: Probe, lookup: Lookup) -> bool:
    if not isinstance(probe, IdentifierProbe) or lookup.kind is None:
        return True
    return probe.identifier.kind is lookup.kind


def _spell(probe: Probe, value: str, scripts: tuple[str, ...], lookup: Lookup) -> tuple[str, ...]:
    if not isinstance(probe, IdentifierProbe):
        return spell(value, scripts, lookup.shapes)
    if probe.identifier.kind in _SAME_LETTERS:
        return tuple(dict.fromkeys((value, value.lower(), value.upper())))
    number = normalise_number(value)
    plain = spell(number, scripts, lookup.shapes) if number else ()
    plus = (f"+{number}",) if probe.identifier.kind is IdentifierKind.PHONE else ()
    return tuple(dict.fromkeys((value, *plus, *plain)))


def matches(record: Record, probe: Probe) -> bool:
    """Tell whether a record that was fetched holds the value that was asked for."""
    return any(
        _same(value, wanted, probe)
        for name, wanted in _wanted(probe)
        if wanted
        for value in record.values(name)
    )


def _same(value: object, wanted: str, probe: Probe) -> bool:
    if isinstance(value, Identifier) and isinstance(probe, IdentifierProbe):
        if value.kind is not probe.identifier.kind:
            return False
        if value.kind in _SAME_LETTERS:
            return value.value.casefold() == wanted.casefold()
        value = value.value
    text = value.number if isinstance(value, Document) else value
    number = normalise_number(text) if isinstance(text, str) else ""
    return number != "" and number == normalise_number(wanted)
