"""Whether one row is one record: references that repeat, and joins that multiply."""

from __future__ import annotations

from typing import Final

from adapters.mapping.keys import MAX_REFERENCE, RecordKey
from adapters.mapping.locate import Location
from adapters.proving.report import Part
from adapters.proving.subject import Subject
from adapters.proving.tables import Tables

__all__ = ["check_keys"]

_ADVICE: Final = "join on a column that is different in each row, or write it as [[many]]"


async def check_keys(subject: Subject, tables: Tables) -> Part:
    """Count the rows of each reference and of each joined value; more than one is an error."""
    part = Part("keys")
    mapping = subject.mapping
    key = RecordKey(mapping.keys)
    place = subject.tell(("record", "key"))
    most = await _count(part, tables, key.columns)
    if most > 1:
        told = f"{most} rows have the same {key.name}; write a column that is different in each"
        if len(key.columns) > 1:
            told += ", or add one"
        part.error(f"{place}: {told}")
    await _check_references(subject, part, tables, key)
    for number, join in enumerate(mapping.joins):
        most = await _count(part, tables, tuple(join.on))
        if most > 1:
            where: Location = ("join", number, "on")
            told = f"up to {most} rows of {join.table!r} belong to one record; {_ADVICE}"
            part.error(f"{subject.tell(where)}: {told}")
    return part


async def _check_references(subject: Subject, part: Part, tables: Tables, key: RecordKey) -> None:
    """Rows without a reference, or with one that is too long, are never found."""
    place = subject.tell(("record", "key"))
    rows = await tables.rows(key.columns, subject.extent.most)
    blank = sum(not key.write(row) and None not in key.read(row) for row in rows)
    missing = await tables.missing(key.columns) + blank
    if missing:
        part.warn(f"{place}: {missing} rows have no {key.name}, so no reference: they are left out")
    long = sum(len(key.write(row)) > MAX_REFERENCE for row in rows)
    if long:
        told = f"{long} of {len(rows)} references have more than {MAX_REFERENCE} characters"
        part.error(f"{place}: {told}: these records are left out; write a shorter key")


async def _count(part: Part, tables: Tables, columns: tuple[str, ...]) -> int:
    most = await tables.most(columns)
    part.rows.append({"column": ", ".join(columns), "rows of one value at most": str(most)})
    return most
