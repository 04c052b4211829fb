"""Ask a bank for rows: by reference, by value, page by page, and the child rows that belong."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final

from adapters.banks.sql.deadline import Deadline
from adapters.banks.sql.engine import Engine
from adapters.banks.sql.schema import Schema, read_schema
from adapters.banks.sql.types import convert
from adapters.contract import BankFaultError, DateSpan, MappingError, PartialDate
from adapters.mapping.days import Form
from adapters.mapping.fields import DateField
from adapters.mapping.keys import RecordKey, spread
from adapters.mapping.lookups import Question
from adapters.mapping.model import Mapping, columns_of
from adapters.mapping.readers import Row
from adapters.mapping.scalars import Scalar, read_stored_day, read_text
from adapters.mapping.statements import MAX_LIST, MAX_TUPLES, Statement, pad
from adapters.mapping.translate import PAGE, Translator

__all__ = ["ChildRows", "RowReader"]

ChildRows = dict[str, dict[str, list[Row]]]
"""By reference and `many` table."""

_Lists = dict[str, Sequence[Scalar]]

_Key = tuple[Scalar, ...]
"""The values of one key, one for each column of it."""

_NATIVE: Final = frozenset(("date", "instant"))

_CHILDREN: Final = 64
"""Rows of one `many` table for each record, on average: as many as a record has fields."""


class RowReader:
    """Asks one bank.

    Args:
        mapping: The bank's mapping.
        engine: The bank's database.

    Raises:
        MappingError: A `where` of the mapping says more than a condition may.
    """

    def __init__(self, mapping: Mapping, engine: Engine) -> None:
        self._mapping = mapping
        self.key = RecordKey(mapping.keys)
        """The columns of the reference."""
        self._engine = engine
        self._translator = Translator(mapping, engine.dialect)
        self._schema: Schema | None = None
        self._spelled: frozenset[str] = frozenset()
        self._checking = asyncio.Lock()

    async def check(self, deadline: Deadline) -> Schema:
        """Hold the mapping against the bank, once; the types of its columns are remembered.

        Raises:
            MappingError: A table or column of the mapping is not in the bank.
            AdapterError: The bank cannot be asked now.
        """
        async with self._checking:
            if self._schema is None:
                self._schema = await read_schema(
                    self._engine, self._mapping, self._translator, timeout_s=deadline.left()
                )
                self._spelled = frozenset(self._find_partial_days(self._schema))
                self._translator.spell(self._spelled)
            return self._schema

    def _find_partial_days(self, schema: Schema) -> Iterator[str]:
        """Native dates of MariaDB may be 1982-00-00, of which its driver makes no value at all."""
        if self._engine.dialect != "mysql":
            return
        mapping = self._mapping
        as_of = mapping.full(mapping.record.as_of_column or "")
        whole = {*mapping.computed, *mapping.keys, as_of}
        for block in mapping.fields:
            if isinstance(block, DateField):
                native = (column for column in columns_of(block) if column not in whole)
                yield from (c for c in native if schema.type_of(c).family in _NATIVE)

    async def find(self, question: Question, limit: int, deadline: Deadline) -> list[Row]:
        """Read the records that hold one of the spellings of a question. Raises as search."""
        lookup = question.lookup
        values = await self._bindable(lookup.column, question.values, deadline)
        lists: _Lists = {"value": values, "limit": [limit]}
        series: list[Scalar] = []
        if lookup.series is not None:
            series = await self._bindable(lookup.series, question.series, deadline)
            lists["series"] = series
        if not values or (lookup.series is not None and not series):
            return []
        excluding = bool(question.others) and self._translator.excludes(lookup)
        if excluding:
            lists["other"] = question.others
        statement = self._translator.lookup(
            lookup, pad(len(values)), pad(len(series)) if series else 0, excluding=excluding
        )
        return await self._ask(statement, lists, deadline)

    async def fetch(
        self,
        references: Sequence[str],
        limit: int,
        deadline: Deadline,
        *,
        birth: PartialDate | DateSpan | None = None,
    ) -> list[Row]:
        """Read records by reference, without those that a birth date rules out. Raises as search.

        The date is asked of the bank where the mapping lets it decide and can be inverted.
        """
        asked = frozenset(references)
        keys = await self._find_keys(references, deadline)
        form, days = await self._bound(birth, deadline)
        found: list[Row] = []
        for part in self._cut(keys):
            statement = self._translator.fetch(pad(len(part)), form)
            lists: _Lists = {"limit": [limit - len(found)], **spread("key", part), **days}
            rows = await self._ask(statement, lists, deadline)
            found += rows if len(self.key.columns) == 1 else self._drop_others(rows, asked)
            if len(found) >= limit:
                break
        return found

    async def _find_keys(self, references: Sequence[str], deadline: Deadline) -> list[_Key]:
        """Return the keys that references may stand for, each once; others are of no record."""
        schema = await self._ready(deadline)
        kinds = [schema.type_of(column) for column in self.key.columns]
        found: dict[_Key, None] = {}
        for reference in references:
            values = map(convert, self.key.split(reference), kinds)
            found |= {key: None for key in product(*values) if key}
        return list(found)

    def _drop_others(self, rows: Sequence[Row], asked: frozenset[str]) -> Iterator[Row]:
        """Leave out what engines hold for equal though its reference is another: 012-7, a-7."""
        return (row for row in rows if self.key.write(row) in asked)

    async def _bound(
        self, birth: PartialDate | DateSpan | None, deadline: Deadline
    ) -> tuple[Form | None, _Lists]:
        """Tell in which form the days asked for are bound, and the first and the last of them."""
        born = self._translator.born
        if born is None or birth is None:
            return None, {}
        schema = await self._ready(deadline)
        families = [schema.type_of(column).family for column in born.columns]
        form = born.find_form(families, self._engine.dialect)
        bounds = born.bound(birth, form) if form is not None else None
        if bounds is None:
            return None, {}
        return form, {"first": bounds[:1], "last": bounds[1:]}

    async def page(self, after: Sequence[Scalar], deadline: Deadline) -> list[Row]:
        """Read the next PAGE references with their names; `after` () begins. Raises as search."""
        await self._ready(deadline)
        statement = self._translator.names(after=bool(after))
        lists: _Lists = spread("after", [tuple(after)]) if after else {}
        return await self._ask(statement, {**lists, "limit": [PAGE]}, deadline)

    async def children(
        self, rows: Sequence[Row], deadline: Deadline, *, names: bool = False
    ) -> tuple[ChildRows, bool]:
        """Read the child rows of records, and tell whether some were left out. Raises as search."""
        found: ChildRows = {}
        cut = False
        for part in self._cut([self.key.read(row) for row in rows]):
            limit = _CHILDREN * len(part)
            lists: _Lists = {"limit": [limit], **spread("key", part)}
            for table in self._translator.child_tables(names=names):
                statement = self._translator.child(table, pad(len(part)), names=names)
                children = await self._ask(statement, lists, deadline)
                cut = cut or len(children) == limit
                for child in children:
                    mine = found.setdefault(self.key.write(child), {})
                    mine.setdefault(table, []).append(child)
        return found, cut

    async def newest(self, column: str, deadline: Deadline) -> Scalar:
        """Read the MAX of a column of the record's table. Raises as search."""
        await self._ready(deadline)
        full = self._mapping.full(column)
        rows = await self._ask(self._translator.newest(full), {}, deadline)
        return rows[0][full] if rows else None

    async def _ready(self, deadline: Deadline) -> Schema:
        if self._schema is not None:
            return self._schema
        try:
            return await self.check(deadline)
        except MappingError:
            raise BankFaultError("the bank's tables do not fit its mapping") from None

    async def _bindable(
        self, column: str, texts: Iterable[str], deadline: Deadline
    ) -> list[Scalar]:
        """Turn texts into values of a column's type, each once; those it cannot hold are gone."""
        kind = (await self._ready(deadline)).type_of(column)
        found = (value for text in texts for value in convert(text, kind))
        return list(dict.fromkeys(found))

    def _cut(self, keys: Sequence[_Key]) -> Iterator[Sequence[_Key]]:
        most = MAX_LIST if len(self.key.columns) == 1 else MAX_TUPLES
        for start in range(0, len(keys), most):
            yield keys[start : start + most]

    async def _ask(self, statement: Statement, lists: _Lists, deadline: Deadline) -> list[Row]:
        values = statement.bind(lists)
        rows = await self._engine.rows(statement.text, values, deadline.left())
        found = [dict(zip(statement.columns, row, strict=True)) for row in rows]
        for column in self._spelled.intersection(statement.columns):
            for each in found:
                each[column] = read_stored_day(read_text(each[column]))
        return [*found]
