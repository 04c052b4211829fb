"""How the engine means to run each shape of query: a table that is read whole costs every search.

Plans are the engine's own. Where it tells no number of rows, a table that is read whole counts
with its size. Small tables are read whole rightly, so only what is above the budget is an error.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.banks.sql.schema import read_schema
from adapters.contract import BankFaultError, PartialDate
from adapters.mapping.keys import RecordKey, spread
from adapters.mapping.locate import Location
from adapters.mapping.lookups import Lookup, find_lookups
from adapters.mapping.scalars import Scalar, read_text
from adapters.mapping.statements import Dialect, Statement, pad
from adapters.proving.report import Part
from adapters.proving.subject import TIMEOUT_S, Database, Subject
from adapters.proving.tables import Tables

__all__ = ["Step", "check_budget", "check_plans", "read_plan"]

_Lists = dict[str, Sequence[Scalar]]

_VALUES: Final = 8
_SEEN: Final = 100
"""Rows that are read to find some with a whole key."""
_BORN: Final = PartialDate(1980)
_DECIDED: Final = "fetch by birth_date"
_EXPLAIN: Final[dict[Dialect, str]] = {
    "sqlite": "EXPLAIN QUERY PLAN ",
    "postgres": "EXPLAIN (FORMAT JSON) ",
    "mysql": "EXPLAIN ",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One table of a plan.

    Attributes:
        alias: What the statement calls the table.
        whole: Whether all of it is read.
        rows: How many rows the engine expects, None where it does not tell.
    """

    alias: str
    whole: bool
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """One query shape with values to explain it with, and the block of the mapping that it is of.

    `many` is the table that is called m.
    """

    name: str
    statement: Statement
    lists: _Lists
    many: str = ""
    place: Location = ("record",)


async def check_plans(subject: Subject, database: Database, tables: Tables) -> Part:
    """Ask the engine for the plan of each query shape and hold it against the budget."""
    part = Part("plans")
    if database.engine.dialect not in _EXPLAIN:
        return check_budget(subject)
    budget, record = subject.extent.budget, subject.mapping.record
    async for shape in _shapes(subject, database, tables):
        try:
            steps = await _explain(database, shape)
        except BankFaultError:  # who may read a view alone is not told what is behind it
            return check_budget(subject)
        for step in steps:
            table = _table_of(subject, shape, step.alias)
            rows = await tables.size(table, budget + 1) if step.whole and table else step.rows
            part.rows.append(_row(shape, step, table, rows))
            if rows is not None and rows > budget:
                text = f"{subject.tell(shape.place)}: {shape.name}: {_tell(step)} {table}"
                text += f", more than {budget} rows"
                if record.scan == "allowed":
                    part.warn(text)
                else:
                    part.error(f'{text}; make an index, or write scan = "allowed" in [record]')
    if subject.mapping.strict and _DECIDED not in {row["query"] for row in part.rows}:
        told = {"table": str(record.table), "way": "the node alone", "rows": ""}
        part.rows.append({"query": _DECIDED, **told})
    return part


def check_budget(subject: Subject) -> Part:
    """Hold what the mapping declares against the budget: of such a bank no plan can be seen."""
    part = Part("plans")
    declared, most = subject.mapping.record.budget, subject.extent.budget
    names = [f"{each.name.value} by {each.column}" for each in find_lookups(subject.mapping)]
    rows = "not declared" if declared is None else f"{declared} at most, declared"
    part.rows += [{"query": name, "rows": rows} for name in ("fetch", "names", *names)]
    place = subject.tell(("record",))
    if declared is None:
        advice = "write budget = the rows that one query reads at most, by the owner's word"
        part.warn(f"{place}: the plans of this bank cannot be seen; {advice}")
    elif declared > most and subject.mapping.record.scan != "allowed":
        part.error(
            f"{place}: a query may read {declared} rows, more than {most}; have what is searched "
            'indexed and write a smaller budget, or write scan = "allowed"'
        )
    return part


def _tell(step: Step) -> str:
    return "reads the whole of" if step.whole else "reads much of"


def _row(shape: Shape, step: Step, table: str, rows: int | None) -> dict[str, str]:
    return {
        "query": shape.name,
        "table": table or step.alias,
        "way": "whole table" if step.whole else "index",
        "rows": "" if rows is None else str(rows),
    }


def _table_of(subject: Subject, shape: Shape, alias: str) -> str:
    mapping = subject.mapping
    names = {"r": str(mapping.record.table), "m": shape.many}
    names |= {f"j{number}": join.table for number, join in enumerate(mapping.joins)}
    return names.get(alias, "")


async def _shapes(subject: Subject, database: Database, tables: Tables) -> AsyncIterator[Shape]:
    """Yield each shape that searches use, with a value that the bank holds."""
    translator = database.translator
    keys = await _read_keys(subject, tables)
    if keys:
        size = pad(len(keys))
        lists: _Lists = {"limit": [len(keys)], **spread("key", keys)}
        yield Shape("fetch", translator.fetch(size), lists)
        async for shape in _decided(subject, database, keys):
            yield shape
        names = translator.names(after=True)
        yield Shape("names", names, {"limit": [1000], **spread("after", keys[:1])})
        for child in translator.child_tables():
            place = next(place for place, tie in subject.mapping.ties() if tie.table == child)
            yield Shape(f"rows of {child}", translator.child(child, size), lists, child, place)
    for lookup in find_lookups(subject.mapping):
        async for shape in _lookup_shapes(subject, database, tables, lookup):
            yield shape


async def _read_keys(subject: Subject, tables: Tables) -> list[tuple[Scalar, ...]]:
    """Read one key; of several columns some, for an engine may run a list of those otherwise."""
    key = RecordKey(subject.mapping.keys)
    rows = await tables.rows(key.columns, _SEEN)
    most = 1 if len(key.columns) == 1 else _VALUES
    return [key.read(row) for row in rows if key.write(row)][:most]


async def _decided(
    subject: Subject, database: Database, keys: list[tuple[Scalar, ...]]
) -> AsyncIterator[Shape]:
    """Yield the reading of records that a birth date decides on, where the bank is asked to."""
    engine, translator = database.engine, database.translator
    if translator.born is None:
        return
    schema = await read_schema(engine, subject.mapping, translator, timeout_s=TIMEOUT_S)
    families = [schema.type_of(column).family for column in translator.born.columns]
    form = translator.born.find_form(families, engine.dialect)
    bounds = translator.born.bound(_BORN, form) if form is not None else None
    if bounds is not None:
        lists: _Lists = {"limit": [len(keys)], "first": [bounds[0]], "last": [bounds[1]]}
        lists |= spread("key", keys)
        yield Shape(_DECIDED, translator.fetch(pad(len(keys)), form), lists)


async def _lookup_shapes(
    subject: Subject, database: Database, tables: Tables, lookup: Lookup
) -> AsyncIterator[Shape]:
    """Yield a lookup, and once more with other countries left out where the bank is asked to."""
    lists: _Lists = {"limit": [100]}
    lists["value"] = await tables.values(lookup.column, 1)
    if lookup.series is not None:
        lists["series"] = await tables.values(lookup.series, 1)
    if not all(lists.values()):
        return
    translator, series = database.translator, _VALUES if lookup.series is not None else 0
    many = subject.mapping.child_of(lookup.column) or ""
    name = f"{lookup.name.value} by {lookup.column}"
    place = ("field", lookup.place)
    yield Shape(name, translator.lookup(lookup, _VALUES, series), lists, many, place)
    if lookup.exclusion is not None and translator.excludes(lookup):
        statement = translator.lookup(lookup, _VALUES, series, excluding=True)
        others = [*lookup.exclusion.words]
        name = f"{name} without other countries"
        yield Shape(name, statement, {**lists, "other": others}, many, place)


async def _explain(database: Database, shape: Shape) -> list[Step]:
    dialect = database.engine.dialect
    text = _EXPLAIN[dialect] + shape.statement.text
    values = shape.statement.bind(shape.lists)
    rows = await database.engine.rows(text, values, TIMEOUT_S)
    # What is asked for by several keys is a step for each of them.
    steps = list(dict.fromkeys(read_plan(dialect, rows)))
    if not steps:
        # The engine has read by a unique index while it planned, and nothing is left.
        return [Step("r", whole=False)]
    if shape.name != "names":
        return steps
    # The page of names ends at its limit, whatever the engine expects behind it.
    return [step if step.whole else Step(step.alias, whole=False) for step in steps]


def read_plan(dialect: Dialect, rows: Sequence[Sequence[Scalar]]) -> list[Step]:
    """Read the tables of a plan as the engine of a dialect writes it."""
    if dialect == "postgres":
        return [*_read_postgres(json.loads(read_text(rows[0][0]))[0]["Plan"])]
    return [*(_read_sqlite(rows) if dialect == "sqlite" else _read_mariadb(rows))]


def _read_sqlite(rows: Sequence[Sequence[Scalar]]) -> Iterator[Step]:
    """An automatic index is made for one statement: its table is read whole for that."""
    for row in rows:
        words = read_text(row[3]).split()
        if words[0] in {"SCAN", "SEARCH"} and "CONSTANT" not in words:
            yield Step(words[1], whole=words[0] == "SCAN" or "AUTOMATIC" in words)


def _read_mariadb(rows: Sequence[Sequence[Scalar]]) -> Iterator[Step]:
    for row in rows:
        if row[2] is not None:
            whole = read_text(row[3]) in {"ALL", "index"}
            yield Step(read_text(row[2]), whole=whole, rows=int(read_text(row[8]) or 0))


def _read_postgres(plan: dict[str, Any]) -> Iterator[Step]:
    if "Relation Name" in plan:
        whole = plan["Node Type"] == "Seq Scan"
        yield Step(plan["Alias"], whole=whole, rows=int(plan["Plan Rows"]))
    for below in plan.get("Plans", ()):
        yield from _read_postgres(below)
