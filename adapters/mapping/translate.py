"""Build every statement that a bank is asked, from its mapping, in its dialect.

Each shape is compiled once and remembered. The shapes are few: one for each kind of question and
each power of two of a list, so the texts that a bank can ever see are a finite set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from sqlglot import exp

from adapters.contract import FieldName, MappingError
from adapters.mapping.conditions import (
    Condition,
    ConditionError,
    parse_condition,
    parse_expression,
)
from adapters.mapping.days import Form, find_born
from adapters.mapping.exact import EXACT, list_exactly
from adapters.mapping.exclusions import Exclusion
from adapters.mapping.locate import Location
from adapters.mapping.lookups import Lookup
from adapters.mapping.model import ColumnUse, Join, Many, Mapping, columns_of
from adapters.mapping.statements import (
    Dialect,
    Statement,
    beyond,
    listed,
    listed_together,
    render,
    slot,
)
from adapters.mapping.within import write_within

__all__ = ["PAGE", "Translator"]

PAGE = 1000
"""Records in one page of the names scan."""

_NAMES = frozenset((FieldName.NAME, FieldName.ORGANISATION))
_RECORD, _MANY = "r", "m"


class Translator:
    """The statements of one mapping in one dialect.

    Args:
        mapping: A mapping of kind sql or files.
        dialect: The dialect of the bank.

    Raises:
        MappingError: A `where` or a computed column says more than it may.
    """

    def __init__(self, mapping: Mapping, dialect: Dialect) -> None:
        self._mapping = mapping
        self._dialect = dialect
        self._keys = mapping.keys
        self._aliases = {str(mapping.record.table): _RECORD}
        for number, join in enumerate(mapping.joins):
            self._aliases[join.table] = f"j{number}"
        self._children = {child.table: child for child in mapping.children}
        self._conditions = dict(self._read_conditions())
        self._computed = {column: self._read_computed(column) for column in mapping.computed}
        self._spelled: frozenset[str] = frozenset()
        self.born = find_born(mapping)
        self.fetch = cache(self._build_fetch)
        self.child = cache(self._build_child)
        self.child_tables = cache(self._find_child_tables)
        self.lookup = cache(self._build_lookup)
        self.names = cache(self._build_names)

    def spell(self, columns: Collection[str]) -> None:
        """Have columns told as texts by the bank itself; call it before the first statement."""
        self._spelled = frozenset(columns)

    def uses(self) -> Iterator[ColumnUse]:
        """Walk all columns that the statements read, conditions too."""
        yield from (use for use in self._mapping.columns() if use.column not in self._computed)
        computed = ((("computed", column), found) for column, found in self._computed.items())
        for place, condition in (*self._conditions.items(), *computed):
            for column, start in condition.starts.items():
                yield ColumnUse((*place, *start), column)

    def reads(self, computed: str) -> tuple[str, ...]:
        """Return the bank's own columns that a computed one is made of."""
        return self._computed[computed].columns

    def tables(self) -> tuple[str, ...]:
        """Return the tables that the statements read."""
        return (*self._aliases, *self._children)

    def _one_of_keys(self, size: int) -> exp.Expr:
        return listed_together([self._column(column) for column in self._keys], "key", size)

    def _find_child_tables(self, *, names: bool = False) -> tuple[str, ...]:
        """Return the `many` tables that hold fields; with `names` those that hold names."""
        return tuple(table for table in self._children if self._columns(table, names=names))

    def _build_fetch(self, size: int, form: Form | None = None) -> Statement:
        """Records by reference. Slots: keys[size], limit; with a form first and last, too.

        With the form of the birth date those are left out that were born on other days.
        """
        columns = self._columns(None)
        query = self._from_record().where(self._one_of_keys(size), copy=False)
        if form is not None and self.born is not None:
            dates = [self._column(column) for column in self.born.columns]
            query = query.where(write_within(dates, self.born, form, self._dialect), copy=False)
        return self._finish(query, columns, order=self._keys)

    def _build_child(self, table: str, size: int, *, names: bool = False) -> Statement:
        """Rows of one `many` table with the reference first. Slots: keys[size], limit."""
        columns = self._columns(table, names=names)
        many = self._children[table]
        query = self._select().from_(self._table(str(self._mapping.record.table)), copy=False)
        if self._hangs_on_joins(many):
            query = self._join_all(query)
        query = self._join_many(query, many)
        query = query.where(self._one_of_keys(size), copy=False)
        columns = (*self._keys, *columns)
        return self._finish(query, columns, order=columns, many=many)

    def _build_lookup(
        self, lookup: Lookup, values: int, series: int = 0, *, excluding: bool = False
    ) -> Statement:
        """Records by a value. Slots: value[values], series[series], other where excluding, limit.

        Other countries are left out where the lookup has an exclusion and texts compare exactly.
        """
        table = self._mapping.child_of(lookup.column)
        many = self._children[table] if table is not None else None
        query = self._from_record() if many is None else self._from_many(many)
        column = self._compared(lookup.column, many)
        query = query.where(listed(column, "value", values), copy=False)
        if lookup.series is not None:
            query = query.where(self._or_missing(self._compared(lookup.series, many), series))
        if excluding and lookup.exclusion is not None:
            query = query.where(self._exclude(lookup.exclusion), copy=False)
        return self._finish(query, self._columns(None), order=self._keys, many=many)

    def excludes(self, lookup: Lookup) -> bool:
        """Tell whether this dialect can leave out the other countries of a lookup."""
        return lookup.exclusion is not None and self._dialect in EXACT

    def _exclude(self, exclusion: Exclusion) -> exp.Expr:
        """Leave out words that mean another country; a row that says nothing stays."""
        column = self._column(exclusion.column)
        other = exp.not_(list_exactly(column.copy(), "other", exclusion.size, self._dialect))
        missing = exp.Is(this=column, expression=exp.null())
        return exp.paren(exp.or_(other, missing))

    def _or_missing(self, series: exp.Expr, size: int) -> exp.Expr:
        """A row without a series holds the whole number in the other column."""
        missing = exp.Is(this=series.copy(), expression=exp.null())
        return exp.paren(exp.or_(listed(series, "series", size), missing))

    def _build_names(self, *, after: bool) -> Statement:
        """One page of references and names. Slots: afters where asked, limit."""
        columns = self._columns(None, names=True)
        keys = [self._column(column) for column in self._keys]
        # A row without a key has no reference, and no page can begin after it.
        whole = (exp.not_(exp.Is(this=key.copy(), expression=exp.null())) for key in keys)
        query = self._from_record(joins=self._reads_joins(columns)).where(*whole, copy=False)
        if after:
            query = query.where(beyond(keys, "after", self._dialect), copy=False)
        return self._finish(query, columns, order=self._keys)

    def computed(self, column: str) -> Statement:
        """One computed column alone, to see whether the bank understands it. Slots: limit."""
        table = column.rpartition(".")[0]
        many = self._children.get(table)
        query = exp.select(self._column(column, many))
        query = query.from_(self._table(table, _MANY if many is not None else ""), copy=False)
        query.set("limit", exp.Limit(expression=slot("limit")))
        return render(query, self._dialect, (column,))

    def counts(self, column: str) -> Statement:
        """Each value of a column that records read, and in how many of them. Slots: limit.

        Not for `many` tables.
        """
        count = exp.Count(this=exp.Star())
        query = self._from_record(joins=self._reads_joins((column,)))
        query = query.select(self._column(column), count, copy=False)
        query.set("group", exp.Group(expressions=[self._column(column)]))
        query.set("order", exp.Order(expressions=[exp.Ordered(this=count.copy(), desc=True)]))
        query.set("limit", exp.Limit(expression=slot("limit")))
        return render(query, self._dialect, (column, "count"))

    def newest(self, column: str) -> Statement:
        """The MAX of a column of the record's table. No slots."""
        query = exp.select(exp.Max(this=self._column(column)))
        query = query.from_(self._table(str(self._mapping.record.table)), copy=False)
        return render(query.limit(1), self._dialect, (column,))

    def _finish(
        self,
        query: exp.Select,
        columns: tuple[str, ...],
        *,
        order: tuple[str, ...],
        many: Many | None = None,
    ) -> Statement:
        """Add what all have: columns, the mapping's condition, an order, a limit."""
        chosen = [self._told(column, many) for column in columns]
        if self._dialect == "oracle":
            # Oracle puts a limit around the query, where two columns of one name are ambiguous.
            chosen = [exp.alias_(c, f"c{n}", quoted=True) for n, c in enumerate(chosen)]
        query = query.select(*chosen, copy=False)
        query.set("order", exp.Order(expressions=[self._column(c, many) for c in order]))
        query.set("limit", exp.Limit(expression=slot("limit")))
        return render(query, self._dialect, columns)

    def _select(self) -> exp.Select:
        return exp.Select()

    def _from_record(self, *, joins: bool = True) -> exp.Select:
        """FROM the record's table with its joins and its condition."""
        query = self._select().from_(self._table(str(self._mapping.record.table)), copy=False)
        condition = self._conditions.get(("record", "where"))
        if condition is not None:
            query = query.where(condition.tree.copy(), copy=False)
            joins = joins or self._reads_joins(condition.columns)
        return self._join_all(query) if joins else query

    def _from_many(self, many: Many) -> exp.Select:
        """FROM a `many` table first: the search begins at its index."""
        if self._hangs_on_joins(many):
            return self._join_many(self._from_record(), many)
        record = self._table(str(self._mapping.record.table))
        query = self._select().from_(self._table(many.table, _MANY), copy=False)
        query = query.join(record, on=self._tie(many), join_type="inner", copy=False)
        for place in (("record", "where"), self._place(many)):
            if place in self._conditions:
                query = query.where(self._conditions[place].tree.copy(), copy=False)
        return self._join_all(query)

    def _join_all(self, query: exp.Select) -> exp.Select:
        for join in self._mapping.joins:
            query = query.join(
                self._table(join.table), on=self._tie(join), join_type="left", copy=False
            )
        return query

    def _join_many(self, query: exp.Select, many: Many) -> exp.Select:
        table = self._table(many.table, _MANY)
        query = query.join(table, on=self._tie(many), join_type="inner", copy=False)
        condition = self._conditions.get(self._place(many))
        return query.where(condition.tree.copy(), copy=False) if condition is not None else query

    def _tie(self, tie: Join | Many) -> exp.Expr:
        many = tie if isinstance(tie, Many) else None
        pairs = (
            exp.EQ(this=self._column(left, many), expression=self._column(right, many))
            for left, right in tie.on.items()
        )
        return exp.and_(*pairs)

    def _table(self, name: str, alias: str = "") -> exp.Expr:
        parts = [exp.to_identifier(part, quoted=True) for part in name.split(".")]
        table = exp.Table(this=parts[-1], db=parts[-2] if len(parts) > 1 else None)
        return exp.alias_(table, alias or self._aliases[name], table=True, quoted=True)

    def _column(self, column: str, many: Many | None = None) -> exp.Expr:
        computed = self._computed.get(column)
        if computed is not None:
            return computed.tree.copy()
        table, _, name = column.rpartition(".")
        alias = _MANY if many is not None and table == many.table else self._aliases[table]
        return exp.column(name, table=alias, quoted=True)

    def _told(self, column: str, many: Many | None) -> exp.Expr:
        """A column as it is read."""
        found = self._column(column, many)
        return exp.cast(found, exp.DataType.Type.CHAR) if column in self._spelled else found

    def _compared(self, column: str, many: Many | None) -> exp.Expr:
        """A column that values are compared with; a computed one of some engines as text."""
        found = self._column(column, many)
        typed = column in self._computed and self._dialect in {"postgres", "trino"}
        return exp.cast(found, exp.DataType.Type.TEXT) if typed else found

    def _columns(self, home: str | None, *, names: bool = False) -> tuple[str, ...]:
        """Return the columns of the record's row, or of a `many` table, that records need."""
        mapping = self._mapping
        found = [*self._keys] if home is None else []
        for block in mapping.fields:
            if not names or (block.name in _NAMES and block.search):
                found += columns_of(block)
        if not names:
            found += [use.column for use in mapping.columns() if use.place[0] not in _NOT_READ]
            found += [mapping.full(c) for c in (mapping.record.as_of_column,) if c is not None]
        mine = (column for column in found if mapping.child_of(column) == home)
        return tuple(dict.fromkeys(mine))

    def _reads_joins(self, columns: tuple[str, ...]) -> bool:
        return any(c.rpartition(".")[0] != self._mapping.record.table for c in columns)

    def _hangs_on_joins(self, many: Many) -> bool:
        return self._reads_joins(tuple(many.on.values()))

    def _place(self, many: Many) -> Location:
        return ("many", self._mapping.children.index(many), "where")

    def _read_conditions(self) -> Iterator[tuple[Location, Condition]]:
        record = self._mapping.record
        if record.where is not None:
            place: Location = ("record", "where")
            yield place, self._read_condition(record.where, place, str(record.table))
        for many in self._mapping.children:
            if many.where is not None:
                place = self._place(many)
                yield place, self._read_condition(many.where, place, many.table)

    def _read_computed(self, column: str) -> Condition:
        table = column.rpartition(".")[0]
        alias = self._aliases.get(table, _MANY)
        try:
            return parse_expression(
                self._mapping.computed[column], self._dialect, alias, table=table
            )
        except ConditionError as exc:
            told = self._mapping.origin().tell(("computed", column, *exc.place))
            raise MappingError(f"{told}: {exc}") from None

    def _read_condition(self, text: str, place: Location, table: str) -> Condition:
        aliases = self._aliases if table in self._aliases else {table: _MANY}
        try:
            return parse_condition(text, self._dialect, aliases, table=table)
        except ConditionError as exc:
            raise MappingError(
                f"{self._mapping.origin().tell((*place, *exc.place))}: {exc}"
            ) from None


_NOT_READ = frozenset(("join", "many", "record", "field"))
