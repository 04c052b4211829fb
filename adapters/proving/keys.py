"""Whether one row is one record: references that repeat, and joins that multiply."""

from __future__ import annotations

from typing import Final

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
    key = (mapping.key,)
    most = await _count(part, tables, key)
    if most > 1:
        told = f"{most} rows have the same {mapping.key}; write a column that is different in each"
        part.error(f"{subject.tell(('record', 'key'))}: {told}")
    for number, join in enumerate(mapping.joins):
        most = await _count(part, tables, tuple(join.on))
        if most > 1:
            place: Location = ("join", number, "on")
            told = f"up to {most} rows of {join.table!r} belong to one record; {_ADVICE}"
            part.error(f"{subject.tell(place)}: {told}")
    return part


async def _count(part: Part, tables: Tables, columns: tuple[str, ...]) -> int:
    most = await tables.most(columns)
    part.rows.append({"column": ", ".join(columns), "rows of one value at most": str(most)})
    return most
