"""Look at a database that SQLAlchemy can reach: tables, keys, ties, indexes, the first rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from adapters.drafting.shape import SAMPLE, DraftError, Seen, Table, Tie, make_columns

__all__ = ["look_at_database"]

_COUNTED: Final = 10_001
_TABLES: Final = 200


def look_at_database(url: sa.URL, folder: Path) -> Seen:
    """Look at a database.

    Args:
        url: Where it is; its driver has to be installed.
        folder: Where the mapping will be; the path of a SQLite file is written relative to it.

    Raises:
        DraftError: The database cannot be read.
    """
    if url.get_backend_name() == "sqlite":
        _require_file(url)
    try:
        engine = sa.create_engine(url)
    except (SQLAlchemyError, ImportError):
        raise DraftError("this database needs a driver that is not installed here") from None
    try:
        with warnings.catch_warnings(), engine.connect() as connection:
            warnings.simplefilter("ignore", SAWarning)  # types that SQLAlchemy does not know
            return Seen(_name(url), "sql", _block(url, folder), tuple(_look(connection)))
    except SQLAlchemyError:
        raise DraftError("the database cannot be read; check its address and rights") from None
    finally:
        engine.dispose()


def _require_file(url: sa.URL) -> None:
    """SQLAlchemy would make an empty file where there is none."""
    if not url.database or not Path(url.database).is_file():
        raise DraftError(f"{url.database or ':memory:'}: there is no such file")


def _name(url: sa.URL) -> str:
    return Path(url.database or "bank").stem


def _block(url: sa.URL, folder: Path) -> tuple[str, ...]:
    engine = url.get_backend_name()
    if engine != "sqlite":
        return ("[sql]", f'engine = "{engine}"', f'url = "{url.set(password=None)}"')
    path = Path(url.database or "").resolve()
    inside = path.is_relative_to(folder.resolve())
    written = path.relative_to(folder.resolve()) if inside else path
    return ("[sql]", 'engine = "sqlite"', f'url = "sqlite:///{written.as_posix()}"')


def _look(connection: sa.Connection) -> Iterator[Table]:
    inspector = sa.inspect(connection)
    for name in [*inspector.get_table_names(), *inspector.get_view_names()][:_TABLES]:
        columns = [column["name"] for column in inspector.get_columns(name)]
        key = inspector.get_pk_constraint(name)["constrained_columns"]
        indexed = {index["column_names"][0] or "" for index in inspector.get_indexes(name)}
        indexed |= {unique["column_names"][0] for unique in inspector.get_unique_constraints(name)}
        rows = _read(connection, name, columns)
        yield Table(
            name,
            make_columns(columns, rows, indexed),
            key[0] if len(key) == 1 else None,
            tuple(_ties(inspector, name)),
            _count(connection, name),
            joint=tuple(key) if len(key) > 1 else (),
        )


def _ties(inspector: sa.Inspector, table: str) -> Iterator[Tie]:
    for tie in inspector.get_foreign_keys(table):
        columns, targets = tie["constrained_columns"], tie["referred_columns"]
        if columns and len(columns) == len(targets):
            more = tuple(zip(columns[1:], targets[1:], strict=True))
            yield Tie(columns[0], tie["referred_table"], targets[0], more)


def _read(connection: sa.Connection, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    wanted: list[sa.ColumnClause[Any]] = [sa.column(name) for name in columns]
    query = sa.select(*wanted).select_from(sa.table(table)).limit(SAMPLE)
    with closing(connection.execute(query)) as result:
        return [tuple(row) for row in result]


def _count(connection: sa.Connection, table: str) -> int:
    some = sa.select(sa.literal(1)).select_from(sa.table(table)).limit(_COUNTED).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
