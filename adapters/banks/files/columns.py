"""Which columns of the loaded tables the mapping uses: they must be there, some get an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from collections.abc import Mapping as Tables

from adapters.banks.files.store import add_index
from adapters.contract import MappingError
from adapters.mapping.check import suggest
from adapters.mapping.fields import DocumentField, FieldBlock, IdentifierField, TextField
from adapters.mapping.model import Mapping

__all__ = ["index_columns", "require_column", "require_columns"]

_SEARCHED = frozenset({"plate", "vin", "registration_number"})
"""The text fields that a bank looks up by their value."""


def require_columns(mapping: Mapping, known: Tables[str, tuple[str, ...]]) -> None:
    """Require that every column of the mapping is in a loaded table.

    Raises:
        MappingError: One is not; the text names mapping file, line and column.
    """
    for use in mapping.columns():
        try:
            require_column(use.column, known)
        except MappingError as exc:
            raise MappingError(f"{mapping.origin().tell(use.place)}: {exc}") from exc


def require_column(use: str, known: Tables[str, tuple[str, ...]]) -> None:
    """Require that `table.column` is in a loaded table.

    Raises:
        MappingError: It is not.
    """
    table, _, column = use.rpartition(".")
    columns = known.get(table, ())
    if column not in columns:
        hint = suggest(column, list(columns))
        raise MappingError(f"table {table!r} has no column {column!r}{hint}")


def index_columns(connection: sqlite3.Connection, mapping: Mapping) -> None:
    """Index the reference, the ties between tables, and what is looked up by its value."""
    for columns in dict.fromkeys(_searched_columns(mapping)):
        table = columns[0].rpartition(".")[0]
        add_index(connection, table, columns=[column.rpartition(".")[2] for column in columns])


def _searched_columns(mapping: Mapping) -> Iterator[tuple[str, ...]]:
    """Walk the columns that are searched, those of one table together that are so searched."""
    yield mapping.keys
    for ties in (mapping.joins, mapping.children):
        for tie in ties:
            yield tuple(tie.on)
            homes = {right.rpartition(".")[0] for right in tie.on.values()}
            rights = tuple(tie.on.values())
            yield from [rights] if len(homes) == 1 else [(right,) for right in rights]
    for field in mapping.fields:
        column = _searched_column(field) if field.search else None
        if column is not None:
            yield (column,)


def _searched_column(field: FieldBlock) -> str | None:
    if isinstance(field, DocumentField):
        return field.number
    if isinstance(field, IdentifierField):
        return field.column
    if isinstance(field, TextField) and field.field in _SEARCHED:
        return field.column
    return None
