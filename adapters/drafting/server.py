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
        WITH named AS (
            SELECT c.oid, CASE WHEN n.nspname = ANY (current_schemas(false)) THEN c.relname::text
            ELSE n.nspname || '.' || c.relname END AS name
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        )
        SELECT c.name, k.oid::text, a.attname::text, f.name, b.attname::text
        FROM pg_constraint k
        JOIN named c ON c.oid = k.conrelid
        CROSS JOIN UNNEST(k.conkey, k.confkey) WITH ORDINALITY AS p (mine, theirs, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.mine
        LEFT JOIN named f ON f.oid = k.confrelid
        LEFT JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = p.theirs
        WHERE k.contype IN ('p', 'f')
        ORDER BY k.oid, p.place
        """,
    "mariadb": """
        SELECT table_name, constraint_name, column_name, referenced_table_name,
            referenced_column_name
        FROM information_schema.key_column_usage
        WHERE table_schema = DATABASE()
        AND (constraint_name = 'PRIMARY' OR referenced_table_name IS NOT NULL)
        ORDER BY constraint_name, ordinal_position
        """,
}
"""Each column of a primary key, and of what refers to another table; no target for the former."""

_INDEXES: Final = {
    "postgres": """
        SELECT CASE WHEN n.nspname = ANY (current_schemas(false)) THEN c.relname::text
            ELSE n.nspname || '.' || c.relname END, a.attname::text
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
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
    # Where two tables know as much, the one that stands in no schema of its own comes first.
    names = sorted(await engine.tables(_TIMEOUT_S), key=lambda n: ("." in n, n))[:_TABLES]
    return tuple([await _look_at(engine, name, ties, indexes) for name in names])


async def _look_at(
    engine: Engine, table: str, ties: list[tuple[str, ...]], indexes: list[tuple[str, ...]]
) -> Table:
    columns = [*await engine.columns(table, _TIMEOUT_S)]
    query = exp.select(*(exp.column(name, quoted=True) for name in columns))
    query = query.from_(_table(table)).limit(SAMPLE)
    rows = await engine.rows(query.sql(dialect=engine.dialect), (), _TIMEOUT_S)
    key, mine = _read_ties([tie[1:] for tie in ties if tie[0] == table])
    return Table(
        table,
        make_columns(columns, rows, {index[1] for index in indexes if index[0] == table}),
        key[0] if len(key) == 1 else None,
        mine,
        await _count(engine, table),
        joint=key if len(key) > 1 else (),
    )


def _read_ties(told: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[Tie, ...]]:
    """Gather the columns of each constraint: of the primary key, and of those that refer."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for constraint, column, table, target in told:
        found.setdefault((constraint, table), []).append((column, target))
    key = next((pairs for (_, table), pairs in found.items() if not table), [])
    ties = (
        Tie(pairs[0][0], table, pairs[0][1], tuple(pairs[1:]))
        for (_, table), pairs in found.items()
        if table
    )
    return tuple(column for column, _ in key), tuple(ties)


def _table(name: str) -> exp.Table:
    schema, _, table = name.rpartition(".")
    return exp.table_(table, db=schema or None, quoted=True)


async def _count(engine: Engine, table: str) -> int:
    some = exp.select("1").from_(_table(table)).limit(_COUNTED)
    query = exp.select(exp.Count(this=exp.Star())).from_(some.subquery("s"))
    rows: Sequence[Sequence[Scalar]] = await engine.rows(
        query.sql(dialect=engine.dialect), (), _TIMEOUT_S
    )
    return int(read_text(rows[0][0]))


async def _ask(engine: Engine, text: str) -> list[tuple[str, ...]]:
    rows = await engine.rows(text, (), _TIMEOUT_S)
    return [tuple(map(read_text, row)) for row in rows]
