"""Hold a mapping against the bank: does every table and column that it names exist?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping as Map
from dataclasses import dataclass

from adapters.banks.sql.engine import Engine
from adapters.banks.sql.types import ColumnType
from adapters.contract import BankFaultError, MappingError
from adapters.mapping.check import suggest
from adapters.mapping.locate import Fault, Key, Location
from adapters.mapping.model import Mapping
from adapters.mapping.translate import Translator

__all__ = ["Schema", "read_schema"]

_TEXT = ColumnType("text")


@dataclass(frozen=True, slots=True)
class Schema:
    """The types of the columns that a mapping names, by `table.column` in small letters."""

    types: Map[str, ColumnType]

    def type_of(self, column: str) -> ColumnType:
        """Return the type of a column; one that was not read is a text."""
        return self.types.get(column.casefold(), _TEXT)


async def read_schema(
    engine: Engine, mapping: Mapping, translator: Translator, *, timeout_s: float
) -> Schema:
    """Read the types of all columns of a mapping.

    Raises:
        MappingError: A table or a column is not in the bank, or the bank does not understand a
            computed column; one line for each.
        AdapterError: The bank cannot be asked now.
    """
    tables = translator.tables()
    found = await asyncio.gather(*(engine.columns(table, timeout_s) for table in tables))
    known = dict(zip(tables, found, strict=True))
    faults = await _find_missing_tables(engine, mapping, known, timeout_s)
    faults += _find_missing_columns(engine, translator, known)
    if not faults:
        faults = await _find_computed(engine, mapping, translator, known, timeout_s=timeout_s)
    if faults:
        raise MappingError(mapping.origin().report(faults))
    types = {
        f"{table}.{name}".casefold(): kind
        for table, kinds in known.items()
        for name, kind in kinds.items()
    }
    for column in mapping.computed:
        codecs = {types[read.casefold()].codec for read in translator.reads(column)}
        codec = codecs.pop() if len(codecs) == 1 else ""
        types[column.casefold()] = ColumnType("text", codec=codec)
    return Schema(types)


async def _find_missing_tables(
    engine: Engine, mapping: Mapping, known: Map[str, Map[str, ColumnType]], timeout_s: float
) -> list[Fault]:
    missing = {table for table, columns in known.items() if not columns}
    if not missing:
        return []
    tables = await engine.tables(timeout_s)
    named: list[tuple[Location, str]] = [(("record", "table"), str(mapping.record.table))]
    named += [((*place, "table"), tie.table) for place, tie in mapping.ties()]
    return [
        (place, f"the bank has no table {table!r}{suggest(table, tables)}")
        for place, table in named
        if table in missing
    ]


def _find_missing_columns(
    engine: Engine,
    translator: Translator,
    known: Map[str, Map[str, ColumnType]],
) -> list[Fault]:
    faults: list[Fault] = []
    for use in translator.uses():
        table, _, column = use.column.rpartition(".")
        columns = known.get(table)
        if columns and not _has(columns, column, engine):
            hint = _quoted(use.place, column, columns) or suggest(column, list(columns))
            faults.append((use.place, f"table {table!r} has no column {column!r}{hint}"))
    return faults


def _quoted(place: Location, column: str, columns: Map[str, ColumnType]) -> str:
    """Say that SQL reads a name without quotes in other letters, where that is what is wrong."""
    same = next((name for name in columns if name.casefold() == column.casefold()), "")
    in_sql = place[0] == "computed" or "where" in place
    return f'; SQL reads it so without quotes: write "{same}"' if same and in_sql else ""


async def _find_computed(
    engine: Engine,
    mapping: Mapping,
    translator: Translator,
    known: Map[str, Map[str, ColumnType]],
    *,
    timeout_s: float,
) -> list[Fault]:
    """Ask for each computed column without a row: the bank itself says whether it understands."""
    faults: list[Fault] = []
    for column in mapping.computed:
        table, _, name = column.rpartition(".")
        if _has(known[table], name, engine):
            told = f"table {table!r} has a column {name!r} already; give it another name"
            faults.append((("computed", Key(column)), told))
        elif not await _is_understood(engine, translator, column, timeout_s):
            told = "the bank does not understand this; try it as SELECT in the bank's own client"
            faults.append((("computed", column), told))
    return faults


async def _is_understood(
    engine: Engine, translator: Translator, column: str, timeout_s: float
) -> bool:
    statement = translator.computed(column)
    try:
        await engine.rows(statement.text, statement.bind({"limit": [0]}), timeout_s)
    except BankFaultError:
        return False
    return True


def _has(columns: Map[str, ColumnType], column: str, engine: Engine) -> bool:
    """PostgreSQL and Oracle tell capital and small letters of a quoted column apart."""
    if engine.dialect in {"postgres", "oracle"}:
        return column in columns
    return column.casefold() in {name.casefold() for name in columns}
