"""Which columns the mapping reads and of which type they are, and what it leaves unread."""

from __future__ import annotations

from typing import Final

from adapters.proving.report import Part
from adapters.proving.subject import TIMEOUT_S, Database, Subject

__all__ = ["check_columns", "find_unmapped"]

_MOST: Final = 40


async def check_columns(subject: Subject, database: Database) -> Part:
    """List each column with its type and what it is used for; one that is missing is an error."""
    part = Part("columns")
    known = await _read_types(database)
    for column, used in _uses(database).items():
        kind = known.get(column.casefold(), "")
        part.rows.append({"column": column, "type": kind or "MISSING", "used for": used})
        if not kind:
            part.error(f"{subject.mapping.origin().file}: the bank has no column {column!r}")
    return part


def _uses(database: Database) -> dict[str, str]:
    """Return each column with the blocks that use it."""
    uses: dict[str, dict[str, None]] = {}
    for use in database.translator.uses():
        block = ".".join(str(p + 1) if isinstance(p, int) else p for p in use.place)
        uses.setdefault(use.column, {})[block] = None
    return {column: ", ".join(blocks) for column, blocks in uses.items()}


async def _read_types(database: Database) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in database.translator.tables():
        types = await database.engine.columns(table, TIMEOUT_S)
        found |= {f"{table}.{name}".casefold(): kind.family for name, kind in types.items()}
    return found


async def find_unmapped(subject: Subject, database: Database) -> Part:
    """List the columns and tables that nothing is made of. They are no faults."""
    part = Part("not mapped")
    used = {column.casefold() for column in _uses(database)}
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
