"""The adapter of a database: questions become statements, rows become records.

The bank compares exact values only. Names are found by the node's in-country index, which reads
`names` and comes back with references for `fetch`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Final

from adapters.banks.sql.engine import Engine
from adapters.banks.sql.schema import Schema, read_schema
from adapters.banks.sql.types import ColumnType
from adapters.contract import (
    BankFaultError,
    Capability,
    FieldName,
    Limits,
    Named,
    Probe,
    QueryRejectedError,
    Result,
)
from adapters.mapping.lookups import ask, find_lookups, find_probes, matches
from adapters.mapping.model import Mapping
from adapters.mapping.records import RecordBuilder
from adapters.mapping.scalars import Scalar, read_instant, read_text
from adapters.mapping.translate import PAGE, Translator

__all__ = ["MAX_REFERENCES", "SqlAdapter"]

MAX_REFERENCES: Final = 1000
"""References that one call of `fetch` takes."""

_PAGE_S: Final = 30.0
_CHILD_ROWS: Final = 64
_ANY: Final = ColumnType("any")
_NAMES: Final = frozenset((FieldName.NAME, FieldName.ORGANISATION))


class SqlAdapter:
    """One bank in a database.

    Args:
        mapping: Its mapping.
        engine: Its database; the adapter closes it.

    Raises:
        MappingError: A `where` of the mapping says more than a condition may.
    """

    def __init__(self, mapping: Mapping, engine: Engine) -> None:
        self._mapping = mapping
        self._engine = engine
        self._translator = Translator(mapping, engine.dialect)
        self._lookups = find_lookups(mapping)
        self._builder = RecordBuilder(mapping)
        self._namer = RecordBuilder(mapping, _NAMES)
        self._schema: Schema | None = None
        self._checking = asyncio.Lock()
        self._capability = Capability(
            probes=find_probes(mapping),
            kinds=_read_kinds(mapping),
            fields=frozenset(block.name for block in mapping.fields),
            scripts=mapping.bank.scripts,
            engine=f"{mapping.bank.kind} {engine.name}",
        )

    @property
    def capability(self) -> Capability:
        """What the bank can do; names only by `names` and `fetch`."""
        return self._capability

    @property
    def faults(self) -> dict[str, int]:
        """How many broken values each column had so far."""
        return dict(self._builder.faults + self._namer.faults)

    async def check(self, timeout_s: float) -> None:
        """Hold the mapping against the bank, once.

        Raises:
            MappingError: A table or column of the mapping is not in the bank.
            AdapterError: The bank cannot be asked now.
        """
        async with self._checking:
            if self._schema is None:
                self._schema = await read_schema(
                    self._engine, self._mapping, self._translator, timeout_s=timeout_s
                )

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Find records by document, plate, VIN, registration number or identifier."""
        questions = ask(probe, self._lookups, self._mapping.bank.scripts)
        if not questions:
            raise QueryRejectedError("this bank cannot be searched for this")
        async with _Deadline(limits) as deadline:
            schema = await self._ready(deadline)
            asked = (self._look_up(schema, question, limits, deadline) for question in questions)
            pages = [await page for page in asked]
            rows = {read_text(row[self._mapping.key]): row for page in pages for row in page}
            records, cut = await self._build(rows.values(), limits, deadline)
        found = tuple(record for record in records if matches(record, probe))
        more = cut or any(len(page) > limits.rows for page in pages)
        return Result(found[: limits.rows], truncated=more or len(found) > limits.rows)

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read records by reference, in the bank's order; unknown references are left out."""
        if len(references) > MAX_REFERENCES:
            raise QueryRejectedError(f"at most {MAX_REFERENCES} references in one call")
        async with _Deadline(limits) as deadline:
            schema = await self._ready(deadline)
            keys = _bindable(dict.fromkeys(references), self._type(schema, self._mapping.key))
            if not keys:
                return Result(())
            size, values = _fit("key", keys)
            rows = await self._ask(
                self._translator.fetch(size), {**values, "limit": [limits.rows + 1]}, deadline
            )
            records, cut = await self._build(rows[: limits.rows], limits, deadline)
        return Result(records, truncated=cut or len(rows) > limits.rows)

    async def names(self) -> AsyncIterator[Named]:
        """Read the names of persons and organisations, page by page in the order of references."""
        after: Scalar = None
        while True:
            rows, children = await self._read_page(after)
            for row in rows:
                reference = self._namer.reference(row)
                if reference:
                    mine = children.get(reference, {})
                    yield Named(reference, self._namer.names(row, mine))
            if len(rows) < PAGE:
                return
            after = rows[-1][self._mapping.key]

    async def watermark(self) -> str:
        """The newest value of the watermark column, or when the file of the bank was written."""
        column = self._mapping.record.watermark_column
        if column is None:
            return await self._engine.stamp()
        return read_text(await self._read_newest(column))

    async def as_of(self) -> datetime | None:
        """Of when the data are: fixed in the mapping, or the newest of the records."""
        column = self._mapping.record.as_of_column
        if self._mapping.as_of is not None or column is None:
            return self._mapping.as_of
        try:
            found = read_instant(await self._read_newest(column))
        except ValueError:
            raise BankFaultError("as_of_column holds no points in time") from None
        return found.astimezone(UTC) if found is not None else None

    async def close(self) -> None:
        """Give back all connections. Safe to call twice."""
        await self._engine.close()
