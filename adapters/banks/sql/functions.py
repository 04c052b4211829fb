"""The adapter of a database that is asked through stored functions alone.

The bank's functions find, by numbers and by names; the node checks and scores what they found.
The session is read-only as for tables: a function that writes fails.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final

from adapters.banks.sql.deadline import Deadline
from adapters.banks.sql.engine import Engine
from adapters.banks.sql.types import ColumnType, convert
from adapters.contract import (
    BankFaultError,
    BankUnavailableError,
    Capability,
    Limits,
    MappingError,
    Named,
    Probe,
    ProbeKind,
    QueryRejectedError,
    Record,
    Result,
)
from adapters.mapping.functions import REFERENCE, call_function, read_values
from adapters.mapping.locate import Fault
from adapters.mapping.lookups import list_kinds
from adapters.mapping.model import Mapping
from adapters.mapping.readers import Row
from adapters.mapping.recheck import is_match
from adapters.mapping.records import MANY_ROWS, MAX_REFERENCE, RecordBuilder
from adapters.mapping.scalars import Scalar
from adapters.mapping.sources import Function

__all__ = ["FunctionAdapter"]

_REFERENCES: Final = 1_000
_TEXT: Final = ColumnType("text")
_NAMED: Final = frozenset((ProbeKind.PERSON, ProbeKind.ORGANISATION))


class FunctionAdapter:
    """One bank behind its stored functions.

    Args:
        mapping: Its mapping, with functions.
        engine: Its database; the adapter closes it.

    Raises:
        MappingError: A name of the mapping looks like a placeholder.
    """

    def __init__(self, mapping: Mapping, engine: Engine) -> None:
        self._mapping = mapping
        self._engine = engine
        self._functions = {function.answers: function for function in mapping.functions}
        self._columns = tuple(dict.fromkeys(use.column for use in mapping.columns()))
        self._statements = {
            function.answers: call_function(function, self._columns, engine.dialect)
            for function in mapping.functions
        }
        self._builder = RecordBuilder(mapping)
        self._checked = self._closed = False
        probes = frozenset(a for a in self._functions if isinstance(a, ProbeKind))
        self._capability = Capability(
            probes=probes,
            kinds=list_kinds(mapping),
            fields=frozenset(block.name for block in mapping.fields),
            fuzzy=bool(probes & _NAMED),
            scripts=mapping.bank.scripts,
            engine=f"{mapping.bank.kind} {engine.name}",
            strict=mapping.strict,
        )

    @property
    def capability(self) -> Capability:
        """What the functions answer; names too where one takes them."""
        return self._capability

    @property
    def faults(self) -> Counter[str]:
        """How many broken values each column had so far."""
        return self._builder.faults

    async def check(self, timeout_s: float) -> None:
        """Ask each function for no row, so that the bank itself proves its name and columns.

        Raises:
            MappingError: The bank has no such function, or its rows no such column.
            AdapterError: The bank cannot be asked now.
        """
        if self._checked:
            return
        deadline, faults = Deadline(timeout_s), list[Fault]()
        for number, function in enumerate(self._mapping.functions):
            faults += await self._try(number, function, deadline)
        if faults:
            raise MappingError(self._mapping.origin().report(faults))
        self._checked = True

    async def _try(self, number: int, function: Function, deadline: Deadline) -> list[Fault]:
        """Try all columns at once, and one by one only where the bank refused."""
        if await self._serves(function, self._columns, deadline):
            return []
        if not await self._serves(function, (), deadline):
            told = f"the bank has no function {function.name!r} with such parameters"
            return [(("function", number, "name"), f"{told}: {len(function.takes)}, in this order")]
        return [
            (use.place, f"the rows of {function.name!r} have no column {use.column!r}")
            for use in self._mapping.columns()
            if not await self._serves(function, (use.column,), deadline)
        ]

    async def _serves(
        self, function: Function, columns: tuple[str, ...], deadline: Deadline
    ) -> bool:
        statement = call_function(function, columns, self._engine.dialect)
        values = statement.bind({"value": [None] * len(function.takes), "limit": [0]})
        try:
            await self._engine.rows(statement.text, values, deadline.left())
        except BankFaultError:
            return False
        return True

    async def search(self, probe: Probe, limits: Limits) -> Result:
        """Ask the function for this kind of probe, and check what comes back.

        Raises:
            QueryRejectedError: There is none, or the probe lacks a value that it needs.
            BankUnavailableError: The bank cannot be reached.
            BankTimeoutError: The time was over.
            BankFaultError: The bank refused, or what it sent does not fit the mapping.
        """
        rows = await self._ask(probe.kind, probe, limits.rows + 1, Deadline(limits.timeout_s))
        records = [record for record in await self._build(rows) if is_match(probe, record)]
        return Result(tuple(records[: limits.rows]), truncated=len(rows) > limits.rows)

    async def fetch(self, references: Sequence[str], limits: Limits) -> Result:
        """Read records by reference, one by one; unknown ones are left out. Raises as search."""
        if len(references) > _REFERENCES:
            raise QueryRejectedError(f"at most {_REFERENCES} references in one call")
        deadline, found = Deadline(limits.timeout_s), dict[str, Record]()
        for reference in dict.fromkeys(references):
            if len(found) > limits.rows:
                break
            if not 0 < len(reference) <= MAX_REFERENCE or not convert(reference, _TEXT):
                continue
            for record in await self._build(await self._ask(REFERENCE, reference, 1, deadline)):
                if record.reference == reference:
                    found[reference] = record
        records = tuple(found[reference] for reference in sorted(found))
        return Result(records[: limits.rows], truncated=len(records) > limits.rows)

    async def _ask(
        self, answers: str, asked: Probe | str, limit: int, deadline: Deadline
    ) -> list[Row]:
        function = self._functions.get(answers)  # type: ignore[call-overload]  # str or ProbeKind
        values = read_values(function, asked, limit) if function is not None else None
        if values is None or not all(map(_can_bind, values)):
            raise QueryRejectedError("this bank has no function for this")
        await self._ready(deadline)
        statement = self._statements[answers]  # type: ignore[index]  # as above
        bound = statement.bind({"value": values, "limit": [limit]})
        rows = await self._engine.rows(statement.text, bound, deadline.left())
        return [dict(zip(statement.columns, row, strict=True)) for row in rows]

    async def _ready(self, deadline: Deadline) -> None:
        try:
            await self.check(deadline.left())
        except MappingError:
            raise BankFaultError("the bank's functions do not fit its mapping") from None

    async def _build(self, rows: Sequence[Row]) -> list[Record]:
        """Build the records, off the loop where they are many."""
        if len(rows) > MANY_ROWS:
            return await asyncio.to_thread(self._build_all, rows)
        return self._build_all(rows)

    def _build_all(self, rows: Sequence[Row]) -> list[Record]:
        built = (self._builder.build(row) for row in rows)
        found = {record.reference: record for record in built if record is not None}
        return [found[reference] for reference in sorted(found)]

    async def names(self) -> AsyncIterator[Named]:
        """Yield nothing: the functions find names themselves, and do not list them.

        Raises:
            BankUnavailableError: The bank was closed.
        """
        if self._closed:
            raise BankUnavailableError("the bank was closed")
        nothing: tuple[Named, ...] = ()
        for named in nothing:
            yield named

    async def watermark(self) -> str:
        """Return nothing: a function does not tell."""
        return await self._engine.stamp()

    async def as_of(self) -> datetime | None:
        """Of when the data are by the mapping's own word."""
        return self._mapping.as_of

    async def close(self) -> None:
        """Give back all connections. Safe to call twice."""
        self._closed = True
        await self._engine.close()


def _can_bind(value: Scalar) -> bool:
    return not isinstance(value, str) or bool(convert(value, _TEXT))
