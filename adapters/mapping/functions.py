"""Stored functions as the source of records: one statement for each, values always bound.

The bank's own code decides what it finds; the mapping says which of our values each parameter
takes, and the columns of the rows that come back are used like those of a table.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlglot import exp

from adapters.contract import (
    DateSpan,
    DocumentProbe,
    IdentifierProbe,
    OrganisationProbe,
    PartialDate,
    PersonProbe,
    Probe,
    ProbeKind,
    VehicleProbe,
)
from adapters.mapping.locate import Fault, Key, suggest
from adapters.mapping.model import Mapping
from adapters.mapping.scalars import Scalar
from adapters.mapping.sources import Function
from adapters.mapping.statements import Dialect, Statement, render, slot

__all__ = ["REFERENCE", "call_function", "find_function_faults", "read_values"]

REFERENCE: Final = "reference"

LIMIT: Final = "limit"

_VALUES: Final[dict[str, tuple[str, ...]]] = {
    ProbeKind.PERSON: (
        *("name", "given", "family", "patronymic", "birth_first", "birth_last"),
        *("sex", "nationality", "place"),
    ),
    ProbeKind.DOCUMENT: ("number", "issuer", "document_kind"),
    ProbeKind.VEHICLE: ("plate", "vin", "country"),
    ProbeKind.ORGANISATION: ("name", "number", "country"),
    ProbeKind.IDENTIFIER: ("value", "identifier_kind", "country"),
    REFERENCE: (REFERENCE,),
}
"""What a parameter can be given, beside the limit of rows."""

_QUALIFIERS: Final = frozenset(
    ("issuer", "document_kind", "country", "identifier_kind", "sex", "nationality", LIMIT)
)
"""Values that narrow a search; a function that is asked with these alone would tell half a bank."""

_ENGINES: Final = ("postgres", "oracle", "mssql", "trino")
_WRAPPED: Final = frozenset(("oracle", "trino"))


def find_function_faults(mapping: Mapping) -> Iterator[Fault]:
    """Find what is wrong with the functions of a mapping."""
    if not mapping.functions:
        return
    yield from _find_place(mapping)
    asked = [function.answers for function in mapping.functions]
    for number, function in enumerate(mapping.functions):
        yield from _find_values(number, function)
        if function.answers in asked[:number]:
            told = f"{function.answers} is answered twice; write it once"
            yield ("function", number, "answers"), told
    if REFERENCE not in asked:
        yield ("function", 0), 'write one with answers = "reference" too, to read a record again'


def _find_place(mapping: Mapping) -> Iterator[Fault]:
    """Functions stand alone, in an engine whose functions can stand in FROM."""
    engine = mapping.sql.engine if mapping.sql is not None else mapping.bank.kind
    if engine not in _ENGINES:
        told = f"{engine} has no functions that can stand in FROM; make a view of what it finds"
        yield ("function", 0), f"{told} and write it as [record] table"
    if mapping.record.table is not None:
        yield ("record", Key("table")), "functions give the records; take it out"
    if mapping.record.watermark_column is not None:
        told = "a function does not tell its newest record; take it out"
        yield ("record", Key("watermark_column")), told
    if mapping.children:
        yield ("many", 0), "a function gives one row for each record; take it out"


def _find_values(number: int, function: Function) -> Iterator[Fault]:
    known = [*_VALUES[function.answers], LIMIT]
    taken = [name.removesuffix("?") for name in function.takes]
    for place, name in enumerate(taken):
        if name not in known:
            yield (
                ("function", number, "takes", place),
                (
                    f"{function.answers} has no {name!r}; write one of {', '.join(known)}"
                    f"{suggest(name, known)}"
                ),
            )
    if not set(taken) - _QUALIFIERS:
        yield ("function", number, "takes"), "write a value that is looked for, not only limits"


def call_function(function: Function, columns: tuple[str, ...], dialect: Dialect) -> Statement:
    """Write the statement that asks a function.

    Args:
        function: The function.
        columns: The columns of its rows that are read; none to see whether it is there.
        dialect: The dialect of the bank.

    Returns:
        A statement whose slots are `value` 0 to n for the parameters, and `limit`.

    Raises:
        MappingError: A name of the mapping looks like a placeholder.
    """
    *homes, name = function.name.split(".")
    values = [slot("value", number) for number in range(len(function.takes))]
    call = exp.Anonymous(this=exp.to_identifier(name, quoted=True), expressions=values)
    parts = [*(exp.to_identifier(home, quoted=True) for home in homes), call]
    source: exp.Expr = exp.Dot.build(parts) if homes else call
    if dialect in _WRAPPED:
        source = exp.Anonymous(this="TABLE", expressions=[source])
    chosen: list[exp.Expr] = [exp.column(c, table="r", quoted=True) for c in columns]
    rows = exp.alias_(exp.Table(this=source), "r", table=True, quoted=True)
    query = exp.select(*(chosen or [exp.Literal.number(1)])).from_(rows, copy=False)
    return render(query.limit(slot("limit"), copy=False), dialect, columns)


def read_values(function: Function, asked: Probe | str, limit: int) -> tuple[Scalar, ...] | None:
    """Return what each parameter of a function is given.

    Args:
        function: The function.
        asked: A probe of the kind that it answers, or a reference.
        limit: How many rows are wanted.

    Returns:
        None where a value is missing that the function needs, or nothing is looked for.
    """
    told: dict[str, Scalar] = {REFERENCE: asked} if isinstance(asked, str) else _read(asked)
    told[LIMIT] = limit
    names = [name.removesuffix("?") for name in function.takes]
    found = [told.get(name) or None for name in names]
    needed = zip(function.takes, found, strict=True)
    if any(value is None and not taken.endswith("?") for taken, value in needed):
        return None
    sought = (value for name, value in zip(names, found, strict=True) if name not in _QUALIFIERS)
    return tuple(found) if any(value is not None for value in sought) else None


def _read(probe: Probe) -> dict[str, Scalar]:
    """Read the values of a probe; what it does not say is empty."""
    match probe:
        case PersonProbe():
            return _read_person(probe)
        case DocumentProbe():
            kind = probe.document.value if probe.document else None
            return {"number": probe.number, "issuer": probe.issuer, "document_kind": kind}
        case VehicleProbe():
            return {"plate": probe.plate, "vin": probe.vin, "country": probe.country}
        case OrganisationProbe():
            return {"name": probe.name, "number": probe.number, "country": probe.country}
        case IdentifierProbe():
            about = probe.identifier
            kind = about.kind.value
            return {"value": about.value, "identifier_kind": kind, "country": probe.country}


def _read_person(probe: PersonProbe) -> dict[str, Scalar]:
    name = probe.names[0]
    first, last = _read_birth(probe.birth)
    return {
        "name": name.text,
        "given": name.given,
        "family": name.family,
        "patronymic": name.patronymic,
        "birth_first": first,
        "birth_last": last,
        "sex": probe.sex.value if probe.sex else None,
        "nationality": probe.nationalities[0] if probe.nationalities else None,
        "place": probe.place,
    }


def _read_birth(birth: PartialDate | DateSpan | None) -> tuple[date | None, date | None]:
    """Return the first and the last day that a birth may have been on."""
    if birth is None or isinstance(birth, DateSpan):
        return (birth.first, birth.last) if birth is not None else (None, None)
    first, last = birth.month or 1, birth.month or 12
    days = monthrange(birth.year, last)[1]
    begin = date(birth.year, first, birth.day or 1)
    return begin, date(birth.year, last, birth.day or days)
