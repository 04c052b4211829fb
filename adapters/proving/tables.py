"""Read single columns of a bank's tables, as the mapping's own conditions leave them.

The statements of the mapping return records. A check also has to see what the mapping makes
nothing of, so it reads the columns themselves: a sample, or each value with how often it occurs.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from sqlglot import exp

from adapters.mapping.conditions import ConditionError, parse_condition, parse_expression
from adapters.mapping.model import Mapping
from adapters.mapping.readers import Row
from adapters.mapping.scalars import Scalar, read_text
from adapters.mapping.statements import Statement, render, slot
from adapters.proving.subject import Database

__all__ = ["Columns", "Tables"]

_ALIAS = "t"


class Columns(Protocol):
    """Values of single columns, wherever records are kept."""

    async def rows(self, columns: Sequence[str], limit: int) -> list[Row]:
        """Read rows in which the first column has a value."""
        ...

    async def values(self, column: str, limit: int) -> list[Scalar]:
        """Read values of a column; missing ones are left out."""
        ...

    async def counts(self, column: str, limit: int) -> dict[str, int]:
        """Count each text of a column, the most frequent first; empty ones are left out."""
        ...


class Tables:
    """The tables of one bank.

    Args:
        mapping: The bank's mapping.
        database: Where the tables are.
    """

    def __init__(self, mapping: Mapping, database: Database) -> None:
        self._mapping = mapping
        self._database = database
        conditions = {str(mapping.record.table): mapping.record.where}
        conditions |= {many.table: many.where for many in mapping.children}
        self._conditions = conditions
        self._computed = {
            column: parse_expression(
                text, database.engine.dialect, _ALIAS, table=column.rpartition(".")[0]
            ).tree
            for column, text in mapping.computed.items()
        }

    async def rows(self, columns: Sequence[str], limit: int) -> list[Row]:
        """Read rows of one table in which the first column has a value."""
        table = columns[0].rpartition(".")[0]
        query = self._from(table).select(*map(self._column, columns), copy=False)
        query.where(
            exp.Not(this=exp.Is(this=self._column(columns[0]), expression=exp.null())), copy=False
        )
        found = await self._ask(query, tuple(columns), limit)
        return [dict(zip(columns, row, strict=True)) for row in found]

    async def values(self, column: str, limit: int) -> list[Scalar]:
        """Read values of a column, not sorted; missing ones are left out."""
        return [row[column] for row in await self.rows((column,), limit)]

    async def counts(self, column: str, limit: int) -> dict[str, int]:
        """Count each text of a column, the most frequent first; empty ones are left out."""
        found = await self._count(column, limit)
        return {text: _whole(n) for value, n in found if (text := read_text(value))}

    async def _count(self, column: str, limit: int) -> list[tuple[Scalar, ...]]:
        """Count values by records: in a table of codes that is joined each would occur once."""
        if self._mapping.child_of(column) is None:
            return await self._database.ask(self._database.translator.counts(column), limit=[limit])
        count = exp.Count(this=exp.Star())
        query = self._from(column.rpartition(".")[0]).select(self._column(column), count)
        query.set("group", exp.Group(expressions=[self._column(column)]))
        query.set("order", exp.Order(expressions=[exp.Ordered(this=count.copy(), desc=True)]))
        return await self._ask(query, (column, "count"), limit)

    async def most(self, columns: Sequence[str]) -> int:
        """Count the rows that have the same values in some columns of one table, at most."""
        chosen = [self._column(column) for column in columns]
        count = exp.Count(this=exp.Star())
        query = self._from(columns[0].rpartition(".")[0]).select(count, copy=False)
        for column in chosen:
            some = exp.Not(this=exp.Is(this=column.copy(), expression=exp.null()))
            query.where(some, copy=False)
        query.set("group", exp.Group(expressions=chosen))
        query.set("order", exp.Order(expressions=[exp.Ordered(this=count.copy(), desc=True)]))
        found = await self._ask(query, ("count",), 1)
        return _whole(found[0][0]) if found else 0

    async def missing(self, columns: Sequence[str]) -> int:
        """Count the rows in which one of some columns of one table has no value."""
        count = exp.Count(this=exp.Star())
        query = self._from(columns[0].rpartition(".")[0]).select(count, copy=False)
        empty = (exp.Is(this=self._column(column), expression=exp.null()) for column in columns)
        query.where(exp.paren(exp.or_(*empty)), copy=False)
        return _whole((await self._ask(query, ("count",), 1))[0][0])

    async def size(self, table: str, limit: int) -> int:
        """Count the rows of a table, up to a limit."""
        some = exp.Select().select(exp.Literal.number(1)).from_(_table(table)).limit(1)
        some.set("limit", exp.Limit(expression=slot("limit")))
        query = exp.select(exp.Count(this=exp.Star())).from_(some.subquery("s"))
        statement = render(query, self._database.engine.dialect, ("count",))
        found = await self._database.ask(statement, limit=[limit])
        return _whole(found[0][0])

    def _from(self, table: str) -> exp.Select:
        query = exp.Select().from_(_table(table), copy=False)
        text = self._conditions.get(table)
        if text is None:
            return query
        with suppress(ConditionError):  # it speaks of joined tables too; more is read then
            dialect = self._database.engine.dialect
            condition = parse_condition(text, dialect, {table: _ALIAS}, table=table)
            query.where(condition.tree, copy=False)
        return query

    def _column(self, column: str) -> exp.Expr:
        found = self._computed.get(column)
        if found is not None:
            return found.copy()
        return exp.column(column.rpartition(".")[2], table=_ALIAS, quoted=True)

    async def _ask(
        self, query: exp.Select, columns: tuple[str, ...], limit: int
    ) -> list[tuple[Scalar, ...]]:
        query.set("limit", exp.Limit(expression=slot("limit")))
        statement: Statement = render(query, self._database.engine.dialect, columns)
        return await self._database.ask(statement, limit=[limit])


def _table(name: str) -> exp.Expr:
    parts = [exp.to_identifier(part, quoted=True) for part in name.split(".")]
    table = exp.Table(this=parts[-1], db=parts[-2] if len(parts) > 1 else None)
    return exp.alias_(table, _ALIAS, table=True, quoted=True)


def _whole(value: Scalar) -> int:
    return int(read_text(value) or 0)
