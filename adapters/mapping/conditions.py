"""Take the `where` of a mapping apart and keep only what can do no harm.

A condition is written by the bank's engineer in the bank's own SQL. It may compare columns of the
tables that the mapping reads with constants, and nothing else: no subquery, no function that is
not listed here, no second statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from adapters.mapping.statements import Dialect

__all__ = ["Condition", "ConditionError", "parse_condition"]

_ALLOWED: Final = (
    *(exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Tuple),
    *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE),
    *(exp.Is, exp.In, exp.Between, exp.Like, exp.ILike, exp.Escape),
    *(exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod),
    *(exp.Lower, exp.Upper, exp.Trim, exp.Coalesce, exp.Length),
    *(exp.Cast, exp.DataType, exp.CurrentDate),
)


class ConditionError(ValueError):
    """A condition says what it may not; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A confined condition: its tree, with the aliases of its tables, and the columns it reads."""

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
                f"{node.key} cannot stand in where; compare columns with constants"
            )
        if isinstance(node, exp.Column):
            columns.append(_confine(node, dialect, aliases, table))
    return Condition(exp.paren(tree, copy=False), tuple(dict.fromkeys(columns)))


def _parse(text: str, dialect: Dialect) -> exp.Expr:
    try:
        trees = sqlglot.parse(text, dialect=dialect)
    except SqlglotError:
        raise ConditionError("this is not a condition in the bank's SQL") from None
    if len(trees) != 1 or trees[0] is None:
        raise ConditionError("write one condition, without a semicolon")
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
