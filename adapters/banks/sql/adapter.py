"""The adapter of a database: questions become statements, rows become records.

The bank compares exact values only. Names are found by the node's in-country index, which reads
`names` and comes back with references for `fetch`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Final

from adapters.banks.sql.deadline import Deadline
from adapters.banks.sql.engine import Engine
from adapters.banks.sql.rows import ChildRows, RowReader
from adapters.contract import (
    BankFaultError,
    Capability,
    FieldName,
    Limits,
    Named,
    Probe,
    QueryRejectedError,
    Record,
    Result,
)
from adapters.mapping.lookups import ask, find_lookups, find_probes, list_kinds, matches
from adapters.mapping.model import Mapping
from adapters.mapping.records import MANY_ROWS, RecordBuilder, Row
from adapters.mapping.scalars import Scalar, read_instant, read_text
from adapters.mapping.translate import PAGE

__all__ = ["MAX_REFERENCES", "SqlAdapter"]

MAX_REFERENCES: Final = 1000
"""References that one call of `fetch` takes."""

_PAGE_S: Final = 30.0
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
        self._reader = RowReader(mapping, engine)
        self._lookups = find_lookups(mapping)
        self._builder = RecordBuilder(mapping)
        self._namer = RecordBuilder(mapping, _NAMES)
        self._capability = Capability(
            probes=find_probes(mapping),
            kinds=list_kinds(mapping),
            fields=frozenset(block.name for block in mapping.fields),
            scripts=mapping.bank.scripts,
            engine=f"{mapping.bank.kind} {engine.name}",
            strict=mapping.strict,
        )

    @property
    def capability(self) -> Capability:
        """What the bank can do; persons and organisations' names by `names` and `fetch`."""
        return self._capability

    @property
    def faults(self) -> dict[str, int]:
        """How many broken values each column had so far."""
        return dict(self._builder.faults + self._namer.faults)

    async def check(self, timeout_s: float) -> None:
        """Hold the mapping against the bank.

        Raises:
            MappingError: A table or column of the mapping is not in the bank.
            AdapterError: The bank cannot be asked now.
        """
        await self._reader.check(Deadline(timeout_s))

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Find records by document, plate, VIN, registration number or identifier."""
        questions = ask(probe, self._lookups, self._mapping.bank.scripts)
        if not questions:
            raise QueryRejectedError("this bank cannot be searched for this")
        deadline = Deadline(limits.timeout_s)
        rows: dict[str, Row] = {}
        more = False
        for question in questions:
            found = await self._reader.find(question, limits.rows + 1, deadline)
            more = more or len(found) > limits.rows
            rows.update((self._reader.key.write(row), row) for row in found)
        records, cut = await self._build(list(rows.values()), deadline)
        same = tuple(record for record in records if matches(record, probe))
        return Result(same[: limits.rows], more or cut or len(same) > limits.rows)

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read records by reference, in the bank's order; unknown references are left out."""
        if len(references) > MAX_REFERENCES:
            raise QueryRejectedError(f"at most {MAX_REFERENCES} references in one call")
        deadline = Deadline(limits.timeout_s)
        rows = await self._reader.fetch(references, limits.rows + 1, deadline, birth=limits.birth)
        records, cut = await self._build(rows[: limits.rows], deadline)
        return Result(records, cut or len(rows) > limits.rows)

    async def names(self) -> AsyncIterator[Named]:
        """Read the names of persons and organisations, page by page in the order of references."""
        after: tuple[Scalar, ...] = ()
        while True:
            deadline = Deadline(_PAGE_S)
            rows = await self._reader.page(after, deadline)
            children, _ = await self._reader.children(rows, deadline, names=True)
            for named in await asyncio.to_thread(self._name, rows, children):
                yield named
            if len(rows) < PAGE:
                return
            # A driver may make nothing of a value, and no page can begin behind that.
            keys = (self._reader.key.read(row) for row in reversed(rows))
            after = next((key for key in keys if None not in key), ())
            if not after:
                raise BankFaultError("a whole page of records has no key that can be read")

    def _name(self, rows: Sequence[Row], children: ChildRows) -> list[Named]:
        found: list[Named] = []
        for row in rows:
            reference = self._namer.reference(row)
            names = self._namer.names(row, children.get(reference, {})) if reference else ()
            if names:
                found.append(Named(reference, names))
        return found

    async def _build(
        self, rows: Sequence[Row], deadline: Deadline
    ) -> tuple[tuple[Record, ...], bool]:
        """Read the child rows and build the records, off the loop where they are many."""
        if not rows:
            return (), False
        children, cut = await self._reader.children(rows, deadline)
        if len(rows) > MANY_ROWS:
            return await asyncio.to_thread(self._build_all, rows, children), cut
        return self._build_all(rows, children), cut

    def _build_all(self, rows: Sequence[Row], children: ChildRows) -> tuple[Record, ...]:
        write = self._reader.key.write
        built = (self._builder.build(row, children.get(write(row), {})) for row in rows)
        return tuple(record for record in built if record is not None)

    async def watermark(self) -> str:
        """The newest value of the watermark column, or when the file of the bank was written."""
        column = self._mapping.record.watermark_column
        if column is None:
            return await self._engine.stamp()
        return read_text(await self._reader.newest(column, Deadline(_PAGE_S)))

    async def as_of(self) -> datetime | None:
        """Of when the data are: fixed in the mapping, or the newest of the records."""
        column = self._mapping.record.as_of_column
        if self._mapping.as_of is not None or column is None:
            return self._mapping.as_of
        try:
            found = read_instant(await self._reader.newest(column, Deadline(_PAGE_S)))
        except ValueError:
            raise BankFaultError("as_of_column holds no points in time") from None
        return found.astimezone(UTC) if found is not None else None

    async def close(self) -> None:
        """Give back all connections. Safe to call twice."""
        await self._engine.close()
