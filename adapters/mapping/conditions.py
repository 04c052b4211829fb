"""Take the SQL of a mapping apart and keep only what can do no harm.

Conditions and computed columns are written by the bank's engineer in the bank's own SQL. A
condition may compare columns of the tables that the mapping reads with constants; a computed
column may cut, join and choose among the columns of its own table. Neither may do anything else:
no subquery, no function that is not listed here, no second statement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from adapters.mapping.block import BlockError
from adapters.mapping.locate import Inside, Location
from adapters.mapping.statements import Dialect

__all__ = ["Condition", "ConditionError", "parse_condition", "parse_expression"]

_ALLOWED: Final = (
    *(exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple),
    *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE),
    *(exp.Is, exp.In, exp.Between, exp.Like, exp.ILike, exp.Escape),
    *(exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod),
    *(exp.Lower, exp.Upper, exp.Trim, exp.Coalesce, exp.Length),
    *(exp.Cast, exp.DataType, exp.CurrentDate),
)

_COMPUTED: Final = (
    *_ALLOWED,
    *(exp.DPipe, exp.Concat, exp.ConcatWs, exp.Substring, exp.SubstringIndex, exp.SplitPart),
    *(exp.Left, exp.Right, exp.Pad, exp.Reverse, exp.Replace, exp.Translate, exp.StrPosition),
    *(exp.Case, exp.If, exp.Nullif, exp.DecodeCase, exp.Greatest, exp.Least),
    *(exp.Abs, exp.Round, exp.Extract, exp.Var, exp.Convert, exp.DataTypeParam),
    *(
        exp.TimeToStr,
        exp.StrToDate,
        exp.StrToTime,
        exp.Date,
        exp.TsOrDsToTimestamp,
        exp.TsOrDsToDate,
    ),
    *(
        exp.JSONExtractScalar,
        exp.JSONPath,
        exp.JSONPathRoot,
        exp.JSONPathKey,
        exp.JSONPathSubscript,
    ),
)
_SELECT: Final = "SELECT "
_UNENDED: Final = re.compile(r"^Missing .+ from \d+:(\d+)$")
_TOLD: Final = (
    "use ||, CONCAT, SUBSTRING, LEFT, RIGHT, REPLACE, TRIM, UPPER, LOWER, COALESCE, NULLIF, CASE, "
    "CAST, ROUND, EXTRACT and the like, on columns of its own table"
)


class ConditionError(BlockError):
    """A condition says what it may not; the message says what to write instead.

    Its `place` is the way from the text to the character where it does; empty for the whole text.
    """

    def __init__(self, told: str, start: int | None = None) -> None:
        super().__init__(told, *(() if start is None else (Inside(start),)))


@dataclass(frozen=True, slots=True)
class Condition:
    """Confined SQL: its tree, with the aliases of its tables, and the columns it reads.

    Attributes:
        starts: Each column with the way from the text to a place where it is read.
    """

    tree: exp.Expr
    starts: dict[str, Location]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(self.starts)


def parse_condition(
    text: str, dialect: Dialect, aliases: Mapping[str, str], *, table: str
) -> Condition:
    """Read and confine one condition.

    Args:
        text: The bank's own SQL.
        dialect: The dialect that it is written in.
        aliases: The tables it may read, to their aliases in the statement.
        table: The table of columns that are written without one.

    Raises:
        ConditionError: It is no condition, or says more than a condition may.
    """
    tree = _parse(text, dialect)
    starts: dict[str, Location] = {}
    for node in list(tree.walk()):
        node.pop_comments()
        if type(node) not in _ALLOWED:
            told = f"{_name(node)} cannot stand in where; compare columns with constants"
            raise ConditionError(told, _start(node))
        _refuse_table(node)
        if isinstance(node, exp.Column):
            starts.setdefault(*_confine(node, dialect, aliases, table))
    return Condition(exp.paren(tree, copy=False), starts)


def parse_expression(text: str, dialect: Dialect, alias: str, *, table: str) -> Condition:
    """Read and confine the expression of one computed column.

    Args:
        text: The bank's own SQL.
        dialect: The dialect that it is written in.
        alias: What its table is called in the statement.
        table: The table whose columns it may read.

    Raises:
        ConditionError: It is no expression, says more than one may, or reads no column.
    """
    select = _parse(text, dialect, "an expression", before=_SELECT)
    told = {name for name, value in select.args.items() if value}
    if not isinstance(select, exp.Select) or told != {"expressions"}:
        raise ConditionError("write one expression alone, without FROM or anything behind it")
    if len(select.expressions) != 1:
        start = _start(select.expressions[1], _SELECT)
        raise ConditionError("write one expression, without a comma", start)
    tree: exp.Expr = select.expressions[0]
    starts: dict[str, Location] = {}
    for node in list(tree.walk()):
        node.pop_comments()
        if dialect == "mysql" and isinstance(node, exp.Or) and "||" in text:
            told_or = "|| means OR in MariaDB; write CONCAT(one, other)"
            raise ConditionError(told_or, text.index("||"))
        if type(node) not in _COMPUTED:
            raise ConditionError(
                f"{_name(node)} cannot stand in a computed column; {_TOLD}", _start(node, _SELECT)
            )
        _refuse_table(node, _SELECT)
        if isinstance(node, exp.Column):
            starts.setdefault(*_confine(node, dialect, {table: alias}, table, before=_SELECT))
    if not starts:
        raise ConditionError(f"it reads no column of {table!r}; write const where it is always so")
    return Condition(exp.paren(tree.copy(), copy=False), starts)


def _refuse_table(node: exp.Expr, before: str = "") -> None:
    """SQLite and ClickHouse read `IN name` as all rows of a table.

    Raises:
        ConditionError: The node says that.
    """
    if isinstance(node, exp.In) and node.args.get("field") is not None:
        raise ConditionError("write IN with its values in brackets", _start(node, before))


def _name(node: exp.Expr) -> str:
    return f"{node.name.upper()}()" if isinstance(node, exp.Anonymous) else node.key


def _start(node: exp.Expr, before: str = "") -> int | None:
    """Return where in the text the first part of a node is that sqlglot tells a place of."""
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    return max(min(starts) - len(before), 0) if starts else None


def _parse(text: str, dialect: Dialect, what: str = "a condition", *, before: str = "") -> exp.Expr:
    """Read one piece of SQL; `before` is put before it."""
    whole = before + text
    try:
        trees = sqlglot.parse(whole, dialect=dialect, error_message_context=len(whole))
    except SqlglotError as exc:
        start = _find_error(exc)
        told = f"this is not {what} in the bank's SQL"
        raise ConditionError(told, start and max(start - len(before), 0)) from None
    if len(trees) != 1 or trees[0] is None:
        start = next((_start(tree, before) for tree in trees[1:] if tree is not None), None)
        raise ConditionError(f"write {what}, without a semicolon", start)
    return trees[0]


def _find_error(error: SqlglotError) -> int | None:
    """Return where in the text sqlglot could not go on, as far as it tells."""
    if isinstance(error, ParseError) and error.errors:
        return len(str(error.errors[0]["start_context"]))
    unended = _UNENDED.search(str(error.__cause__))
    return int(unended[1]) if unended else None


def _confine(
    column: exp.Column,
    dialect: Dialect,
    aliases: Mapping[str, str],
    table: str,
    *,
    before: str = "",
) -> tuple[str, Location]:
    """Give a column its alias and quotes; return it as the mapping writes it, and its place."""
    start = _start(column, before)
    parts = [_fold(part, dialect) for part in column.parts]
    home = ".".join(parts[:-1]) or table
    alias = aliases.get(home)
    if alias is None:
        told = f"no table {home!r} here; write a column of {', '.join(aliases)}"
        raise ConditionError(told, start)
    for level in ("db", "catalog"):
        column.set(level, None)
    column.set("table", exp.to_identifier(alias, quoted=True))
    column.set("this", exp.to_identifier(parts[-1], quoted=True))
    return f"{home}.{parts[-1]}", () if start is None else (Inside(start),)


def _fold(part: exp.Expr, dialect: Dialect) -> str:
    """PostgreSQL reads a name without quotes as lower case, Oracle as upper case."""
    if dialect in {"postgres", "oracle"} and isinstance(part, exp.Identifier) and not part.quoted:
        return part.name.lower() if dialect == "postgres" else part.name.upper()
    return part.name
