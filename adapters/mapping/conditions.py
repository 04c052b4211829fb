"""Take the SQL of a mapping apart and keep only what can do no harm.

Conditions and computed columns are written by the bank's engineer in the bank's own SQL. A
condition may compare columns of the tables that the mapping reads with constants; a computed
column may cut, join and choose among the columns of its own table. Neither may do anything else:
no subquery, no function that is not listed here, no second statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

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
_TOLD: Final = (
    "use ||, CONCAT, SUBSTRING, LEFT, RIGHT, REPLACE, TRIM, UPPER, LOWER, COALESCE, NULLIF, CASE, "
    "CAST, ROUND, EXTRACT and the like, on columns of its own table"
)


class ConditionError(ValueError):
    """A condition says what it may not; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Confined SQL: its tree, with the aliases of its tables, and the columns it reads."""

    tree: exp.Expr
    columns: tuple[str, ...]


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
    columns: list[str] = []
    for node in list(tree.walk()):
        node.pop_comments()
        if type(node) not in _ALLOWED:
            raise ConditionError(
                f"{_name(node)} cannot stand in where; compare columns with constants"
            )
        if isinstance(node, exp.Column):
            columns.append(_confine(node, dialect, aliases, table))
    return Condition(exp.paren(tree, copy=False), tuple(dict.fromkeys(columns)))


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
    select = _parse(f"SELECT {text}", dialect, "an expression")
    told = {name for name, value in select.args.items() if value}
    if not isinstance(select, exp.Select) or told != {"expressions"}:
        raise ConditionError("write one expression alone, without FROM or anything behind it")
    if len(select.expressions) != 1:
        raise ConditionError("write one expression, without a comma")
    tree: exp.Expr = select.expressions[0]
    columns: list[str] = []
    for node in list(tree.walk()):
        node.pop_comments()
        if dialect == "mysql" and isinstance(node, exp.Or) and "||" in text:
            raise ConditionError("|| means OR in MariaDB; write CONCAT(one, other)")
        if type(node) not in _COMPUTED:
            raise ConditionError(f"{_name(node)} cannot stand in a computed column; {_TOLD}")
        if isinstance(node, exp.Column):
            columns.append(_confine(node, dialect, {table: alias}, table))
    if not columns:
        raise ConditionError(f"it reads no column of {table!r}; write const where it is always so")
    return Condition(exp.paren(tree.copy(), copy=False), tuple(dict.fromkeys(columns)))


def _name(node: exp.Expr) -> str:
    return f"{node.name.upper()}()" if isinstance(node, exp.Anonymous) else node.key


def _parse(text: str, dialect: Dialect, what: str = "a condition") -> exp.Expr:
    try:
        trees = sqlglot.parse(text, dialect=dialect)
    except SqlglotError:
        raise ConditionError(f"this is not {what} in the bank's SQL") from None
    if len(trees) != 1 or trees[0] is None:
        raise ConditionError(f"write {what}, without a semicolon")
    return trees[0]


def _confine(column: exp.Column, dialect: Dialect, aliases: Mapping[str, str], table: str) -> str:
    """Give a column its alias and quotes, and return it as the mapping writes it."""
    parts = [_fold(part, dialect) for part in column.parts]
    home = ".".join(parts[:-1]) or table
    alias = aliases.get(home)
    if alias is None:
        raise ConditionError(f"no table {home!r} here; write a column of {', '.join(aliases)}")
    for level in ("db", "catalog"):
        column.set(level, None)
    column.set("table", exp.to_identifier(alias, quoted=True))
    column.set("this", exp.to_identifier(parts[-1], quoted=True))
    return f"{home}.{parts[-1]}"


def _fold(part: exp.Expr, dialect: Dialect) -> str:
    """PostgreSQL reads a name without quotes as lower case, Oracle as upper case."""
    if dialect in {"postgres", "oracle"} and isinstance(part, exp.Identifier) and not part.quoted:
        return part.name.lower() if dialect == "postgres" else part.name.upper()
    return part.name
