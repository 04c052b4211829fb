"""Compare texts byte by byte, whatever the collation of a column says, in each dialect that can.

A collation that ignores case, or marks, or the script of a digit, would find what the mapping,
which compares exactly, takes for another word; a record would then be left out that the node keeps.
ClickHouse is no such dialect: it overlooks the zero bytes that fill up a FixedString.
"""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from adapters.mapping.statements import Dialect, slot

__all__ = ["EXACT", "list_exactly", "write_exactly"]

EXACT: Final = frozenset[Dialect](("sqlite", "postgres", "mysql", "oracle", "tsql", "trino"))
"""The dialects that can compare so."""

_COLLATIONS: Final[dict[str, exp.Expr]] = {
    "sqlite": exp.var("BINARY"),
    "postgres": exp.to_identifier("C", quoted=True),
    "tsql": exp.var("Latin1_General_BIN2"),
}
_TEXT: Final = exp.DataType.Type.TEXT
_WIDE: Final = exp.DataType.build("NVARCHAR(MAX)", dialect="tsql")


def write_exactly(column: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Return a column as what compares byte by byte; dialects of EXACT alone.

    SQL Server overlooks blanks at the end there, as the mapping does, which strips values.
    """
    if dialect == "oracle":
        # As RAW: a session may compare linguistically, and a CLOB, which TEXT is, not at all.
        return _call("NLSSORT", column, exp.Literal.string("NLS_SORT=BINARY"))
    if dialect == "trino":
        # As VARBINARY: what is below may compare by its own rules what Trino hands down to it.
        return _call("TO_UTF8", exp.cast(column, _TEXT))
    if dialect == "mysql":
        return exp.cast(exp.cast(column, _TEXT), exp.DataType.Type.BINARY)
    text = exp.cast(column, _WIDE.copy() if dialect == "tsql" else _TEXT)
    return exp.Collate(this=text, expression=_COLLATIONS[dialect].copy())


def list_exactly(column: exp.Expr, name: str, size: int, dialect: Dialect) -> exp.Expr:
    """Return `column IN (...)`, compared byte by byte, with placeholders for `size` values."""
    values = [slot(name, number) for number in range(size)]
    if dialect == "oracle":
        values = [write_exactly(value, dialect) for value in values]
    elif dialect == "trino":
        values = [_call("TO_UTF8", value) for value in values]
    return exp.In(this=write_exactly(column, dialect), expressions=values)


def _call(name: str, *values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(values))
