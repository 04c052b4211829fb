"""Which columns the mapping reads and of which type they are, and what it leaves unread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from adapters.mapping.locate import Location, name_place
from adapters.mapping.model import ColumnUse
from adapters.proving.report import Part
from adapters.proving.subject import TIMEOUT_S, Database, Subject

__all__ = ["check_columns", "find_unmapped", "group_uses", "name_places"]

_MOST: Final = 40


async def check_columns(subject: Subject, database: Database) -> Part:
    """List each column with its type and what it is used for; one that is missing is an error."""
    part = Part("columns")
    known = await _read_types(database)
    for column, places in group_uses(database.translator.uses()).items():
        kind, used = known.get(column.casefold(), ""), name_places(places)
        part.rows.append({"column": column, "type": kind or "MISSING", "used for": used})
        if not kind:
            part.error(f"{subject.tell(places[0])}: the bank has no column {column!r}")
    return part


def group_uses(uses: Iterable[ColumnUse]) -> dict[str, list[Location]]:
    """Return each column with the places that use it."""
    found: dict[str, list[Location]] = {}
    for use in uses:
        found.setdefault(use.column, []).append(use.place)
    return found


def name_places(places: Iterable[Location]) -> str:
    """Write the ways to some places, each once."""
    return ", ".join(dict.fromkeys(map(name_place, places)))


async def _read_types(database: Database) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in database.translator.tables():
        types = await database.engine.columns(table, TIMEOUT_S)
        found |= {f"{table}.{name}".casefold(): kind.family for name, kind in types.items()}
    return found


async def find_unmapped(subject: Subject, database: Database) -> Part:
    """List the columns and tables that nothing is made of. They are no faults."""
    part = Part("not mapped")
    used = {use.column.casefold() for use in database.translator.uses()}
    read = database.translator.tables()
    for table in read:
        types = await database.engine.columns(table, TIMEOUT_S)
        left = [name for name in types if f"{table}.{name}".casefold() not in used]
        if left:
            part.rows.append({"table": table, "columns": ", ".join(left[:_MOST])})
    if subject.mapping.bank.kind == "sql":
        others = sorted(set(await database.engine.tables(TIMEOUT_S)) - set(read))
        part.rows += [{"table": table, "columns": "all"} for table in others[:_MOST]]
    return part
