"""The searching round trip: each chosen record has to be found by its own values."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from adapters.contract import (
    Document,
    DocumentProbe,
    Field,
    FieldName,
    Identifier,
    IdentifierKind,
    IdentifierProbe,
    Limits,
    OrganisationProbe,
    PersonName,
    PersonProbe,
    Probe,
    QueryRejectedError,
    Record,
    VehicleProbe,
)
from adapters.mapping.fields import IdentifierField
from adapters.mapping.locate import Location
from adapters.mapping.lookups import matches
from adapters.matching.documents import normalise_number
from adapters.matching.index import NameIndex
from adapters.proving.masks import mask_field
from adapters.proving.report import Part
from adapters.proving.sample import Sample
from adapters.proving.subject import TIMEOUT_S, Subject

__all__ = ["check_trips", "find_probe"]

_ROWS: Final = 200
"""Candidates of one search, as many as a node takes."""

_GOOD: Final = 0.9
"""Share of names that have to be found: hundreds of people may have one name."""

_ADDRESSES: Final = frozenset((IdentifierKind.EMAIL, IdentifierKind.HANDLE))


@dataclass(slots=True)
class _Count:
    """How many values of one field were looked for, and how that ended.

    Attributes:
        found: Records that were found by their value.
        crowded: Records whose value more have than one search tells: neither found nor lost.
        lost: One that was not found, masked.
    """

    asked: int = 0
    found: int = 0
    crowded: int = 0
    lost: str = ""


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks as a node does: names in an index of all of them, all else in the bank itself."""

    subject: Subject
    index: NameIndex
    alike: Counter[str]

    async def look(self, field: Field, probe: Probe) -> tuple[set[str], bool]:
        """Return the references that are found, and whether more records have that value."""
        names = _names_of(probe)
        if names and not self.subject.adapter.capability.fuzzy:
            found = await asyncio.to_thread(self.index.candidates, names, _ROWS)
            return set(found), max(self.alike[name] for name in names) > _ROWS
        result = await self.subject.adapter.search(probe, Limits(_ROWS, TIMEOUT_S))
        crowded = result.truncated and all(
            field.value in record.values(field.name) or matches(record, probe)
            for record in result.records
        )
        return {record.reference for record in result.records}, crowded


async def check_trips(subject: Subject, sample: Sample) -> Part:
    """Look for each chosen record by its names, documents and identifiers. Raises as search."""
    part = Part("round trip")
    counts: dict[str, _Count] = {}
    rows = [(each.reference, each.names) for each in sample.named]
    with closing(NameIndex.open(":memory:", secrets.token_bytes(32))) as index:
        await asyncio.to_thread(index.rebuild, rows)
        search = _Search(subject, index, Counter(name for _, names in rows for name in set(names)))
        for record in sample.records:
            for field, probe in _probes(subject, record):
                count = counts.setdefault(field.name.value, _Count())
                await _go(search, record, trip=(field, probe), count=count)
    counts = {what: count for what, count in counts.items() if count.asked}
    for what, count in counts.items():
        row = {"field": what, "looked for": count.asked, "found": count.found}
        row["too many alike"] = count.crowded
        part.rows.append({name: str(told) for name, told in row.items()})
        _judge(part, subject, what, count)
    if not counts and sample.records:
        part.error(f"{subject.tell(('field',))}: no record has a value to be searched by")
    return part


_Trip = tuple[Field, Probe]


async def _go(search: _Search, record: Record, *, trip: _Trip, count: _Count) -> None:
    try:
        references, crowded = await search.look(*trip)
    except QueryRejectedError:
        return
    count.asked += 1
    if record.reference in references:
        count.found += 1
    elif crowded:
        count.crowded += 1
    else:
        count.lost = count.lost or mask_field(trip[0])


def _names_of(probe: Probe) -> tuple[str, ...]:
    if isinstance(probe, PersonProbe):
        return tuple(name.text for name in probe.names)
    return (probe.name,) if isinstance(probe, OrganisationProbe) and probe.name else ()


def _probes(subject: Subject, record: Record) -> Iterator[_Trip]:
    for field in record.fields:
        probe = find_probe(field) if _is_searched(subject, field) else None
        if probe is not None and probe.kind in subject.adapter.capability.probes:
            yield field, probe


def _is_searched(subject: Subject, field: Field) -> bool:
    """Tell whether the mapping has a block that this value may be of and that is searched."""
    blocks = [b for b in subject.mapping.fields if b.search and b.name is field.name]
    if not isinstance(field.value, Identifier):
        return bool(blocks)
    kinds = {b.identifier_kind.const for b in blocks if isinstance(b, IdentifierField)}
    return None in kinds or field.value.kind.value in kinds


def find_probe(field: Field) -> Probe | None:
    """Return what a record is looked for by one of its fields; None where nobody asks for that."""
    match field.value:
        case PersonName():
            return PersonProbe((field.value,))
        case Document():
            number = normalise_number(field.value.number)
            return DocumentProbe(number) if number else None
        case Identifier(kind, value):
            plain = value if kind in _ADDRESSES else normalise_number(value)
            return IdentifierProbe(Identifier(kind, plain)) if plain else None
        case str():
            return _find_text_probe(field.name, field.value)
        case _:
            return None


def _find_text_probe(name: FieldName, text: str) -> Probe | None:
    number = normalise_number(text)
    match name:
        case FieldName.PLATE:
            return VehicleProbe(plate=number) if number else None
        case FieldName.VIN:
            return VehicleProbe(vin=number) if number else None
        case FieldName.REGISTRATION_NUMBER:
            return OrganisationProbe(number=number) if number else None
        case FieldName.ORGANISATION:
            return OrganisationProbe(name=text)
        case _:
            return None


def _place(subject: Subject, what: str) -> Location:
    """Return the first block of a field."""
    names = [block.name for block in subject.mapping.fields]
    return ("field", names.index(FieldName(what))) if what in names else ("field",)


def _judge(part: Part, subject: Subject, what: str, count: _Count) -> None:
    if count.crowded:
        part.warn(
            f"{count.crowded} of {count.asked} records share their {what} with more than {_ROWS} "
            f"others; whoever looks for it alone is told that there are more"
        )
    lost = count.asked - count.found - count.crowded
    if not lost:
        return
    text = f"{lost} of {count.asked} records are not found by their own {what}, as {count.lost}"
    some = any(b.name == what and not b.search for b in subject.mapping.fields)
    named = what in {FieldName.NAME, FieldName.ORGANISATION}
    if some or (named and lost <= (1 - _GOOD) * count.asked):
        part.warn(text)
    else:
        part.error(f"{subject.tell(_place(subject, what))}: {text}; look at its shapes")
