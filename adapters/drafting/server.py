"""Look at PostgreSQL and MariaDB with the drivers that the bank itself will be asked with."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlglot import exp

from adapters.banks.sql.address import Address
from adapters.banks.sql.engine import Engine
from adapters.banks.sql.mariadb import MariadbEngine
from adapters.banks.sql.postgres import PostgresEngine
from adapters.drafting.shape import SAMPLE, DraftError, Seen, Table, Tie, make_columns
from adapters.mapping.scalars import Scalar, read_text

__all__ = ["ENGINES", "look_at_server"]

ENGINES: Final = {
    **dict.fromkeys(("postgresql", "postgres"), "postgres"),
    **dict.fromkeys(("mysql", "mariadb"), "mariadb"),
}
"""What addresses call an engine, to what mappings call it."""

_PORTS: Final = {"postgres": 5432, "mariadb": 3306}
_TIMEOUT_S: Final = 30.0
_COUNTED: Final = 10_001
_TABLES: Final = 200

_TIES: Final = {
    "postgres": """
        SELECT c.relname::text, a.attname::text, f.relname::text, b.attname::text
        FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        LEFT JOIN pg_class f ON f.oid = k.confrelid
        LEFT JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
        WHERE k.contype IN ('p', 'f') AND cardinality(k.conkey) = 1
        AND c.relnamespace::regnamespace::text = ANY (current_schemas(false)::text[])
        """,
    "mariadb": """
        SELECT table_name, MIN(column_name), MIN(referenced_table_name), MIN(referenced_column_name)
        FROM information_schema.key_column_usage
        WHERE table_schema = DATABASE()
        AND (constraint_name = 'PRIMARY' OR referenced_table_name IS NOT NULL)
        GROUP BY table_name, constraint_name HAVING COUNT(*) = 1
        """,
}
"""Primary keys of one column, and what columns refer to; no target for a primary key."""

_INDEXES: Final = {
    "postgres": """
        SELECT c.relname::text, a.attname::text FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        """,
    "mariadb": """
        SELECT table_name, column_name FROM information_schema.statistics
        WHERE seq_in_index = 1 AND table_schema = DATABASE()
        """,
}


def look_at_server(url: sa.URL, folder: Path, password_file: str) -> Seen:
    """Look at a database of a server.

    Args:
        url: Where it is. A password in it is used and written nowhere.
        folder: Where the mapping will be.
        password_file: Holds the password, relative to the folder; may be empty.

    Raises:
        DraftError: The address lacks a part, or the password cannot be read.
        AdapterError: The server cannot be asked.
    """
    name = ENGINES[url.get_backend_name()]
    if not (url.host and url.username and url.database):
        raise DraftError(f"write {name}://user@host:port/database")
    address = Address(
        url.host,
        url.port or _PORTS[name],
        url.username,
        url.database,
        _read_password(url, folder, password_file),
    )
    tables = asyncio.run(_look_and_close(name, address))
    place = f"{name}://{url.username}@{address.host}:{address.port}/{address.database}"
    block = ["[sql]", f'engine = "{name}"', f'url = "{place}"']
    notes: tuple[str, ...] = ()
    if password_file:
        block.append(f'password_file = "{password_file}"')
    elif url.password:
        notes = ("Put the password into a file beside this one and write password_file in [sql].",)
    return Seen(address.database, "sql", tuple(block), tables, notes)


def _read_password(url: sa.URL, folder: Path, password_file: str) -> str:
    if not password_file:
        return str(url.password or "")
    try:
        return (folder / password_file).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise DraftError(f"{password_file}: this file cannot be read") from None


async def _look_and_close(name: str, address: Address) -> tuple[Table, ...]:
    engine = PostgresEngine(address, 2) if name == "postgres" else MariadbEngine(address, 2)
    try:
        return await _look(engine)
    finally:
        await engine.close()


async def _look(engine: Engine) -> tuple[Table, ...]:
    ties = await _ask(engine, _TIES[engine.name])
    indexes = await _ask(engine, _INDEXES[engine.name])
    names = sorted(await engine.tables(_TIMEOUT_S))[:_TABLES]
    return tuple([await _look_at(engine, name, ties, indexes) for name in names])


async def _look_at(
    engine: Engine, table: str, ties: list[tuple[str, ...]], indexes: list[tuple[str, ...]]
) -> Table:
    columns = [*await engine.columns(table, _TIMEOUT_S)]
    query = exp.select(*(exp.column(name, quoted=True) for name in columns))
    query = query.from_(exp.table_(table, quoted=True)).limit(SAMPLE)
    rows = await engine.rows(query.sql(dialect=engine.dialect), (), _TIMEOUT_S)
    mine = [tie[1:] for tie in ties if tie[0] == table]
    return Table(
        table,
        make_columns(columns, rows, {index[1] for index in indexes if index[0] == table}),
        next((column for column, target, _ in mine if not target), None),
        tuple(Tie(*tie) for tie in mine if tie[1]),
        await _count(engine, table),
    )


async def _count(engine: Engine, table: str) -> int:
    some = exp.select("1").from_(exp.table_(table, quoted=True)).limit(_COUNTED)
    query = exp.select(exp.Count(this=exp.Star())).from_(some.subquery("s"))
    rows: Sequence[Sequence[Scalar]] = await engine.rows(
        query.sql(dialect=engine.dialect), (), _TIMEOUT_S
    )
    return int(read_text(rows[0][0]))


async def _ask(engine: Engine, text: str) -> list[tuple[str, ...]]:
    rows = await engine.rows(text, (), _TIMEOUT_S)
    return [tuple(map(read_text, row)) for row in rows]
