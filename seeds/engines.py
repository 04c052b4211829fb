"""Write the banks of members with a server of their own into PostgreSQL and MariaDB.

The same tables and rows as in the embedded databases; of the mapping only the block ``[sql]``
changes. All banks of a member share one database, as they would on a ministry's server.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from seeds.banks.bank import Bank
from seeds.banks.registry import BANKS
from seeds.make import Maker, find_folder, find_mapping
from seeds.planted import make_subjects
from seeds.store import Layout, Row, Table, batch_rows, create_indexes, create_table

POSTGRES_TYPES = {"key": "TEXT PRIMARY KEY", "text": "TEXT", "int": "INTEGER", "date": "DATE"}
MARIADB_TYPES = {
    "key": "VARCHAR(100) PRIMARY KEY",
    "text": "VARCHAR(190)",
    "int": "INTEGER",
    "date": "DATE",
}

_SQL_BLOCK = re.compile(r"^\[sql\]\n(?:[^\n\[]+\n)+", re.MULTILINE)


class Writer(Protocol):
    """Writes to one database."""

    @property
    def types(self) -> Mapping[str, str]:
        """The engine's own words for the types of columns."""
        ...

    async def execute(self, statement: str) -> None:
        """Run a statement whose names are quoted as SQL does."""
        ...

    async def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows into a table."""
        ...

    async def close(self) -> None:
        """Close the connection."""
        ...


class PostgresWriter:
    """Writes to a PostgreSQL database with asyncpg."""

    types = POSTGRES_TYPES

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - asyncpg ships without types
        self._connection = connection

    async def execute(self, statement: str) -> None:
        """Run a statement."""
        await self._connection.execute(statement)

    async def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Copy rows into a table; dates become native ones."""
        dated = [kind == "date" for _, kind in table.columns]
        records = [_convert_dates(row, dated) for row in rows]
        names = [name for name, _ in table.columns]
        await self._connection.copy_records_to_table(table.name, records=records, columns=names)

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()


class MariadbWriter:
    """Writes to a MariaDB database with asyncmy."""

    types = MARIADB_TYPES

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - asyncmy ships without types
        self._connection = connection

    async def execute(self, statement: str) -> None:
        """Run a statement; names are quoted with double quotes."""
        async with self._connection.cursor() as cursor:
            await cursor.execute(statement)

    async def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert rows into a table."""
        marks = ", ".join("%s" for _ in table.columns)
        statement = f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - our own tables
        async with self._connection.cursor() as cursor:
            await cursor.executemany(statement, rows)
        await self._connection.commit()

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.ensure_closed()


def build_servers(home: Path, urls: Mapping[str, str], *, seed: int, rows: int) -> tuple[str, ...]:
    """Write the banks of members into their servers and point their mappings there.

    Args:
        home: Where ``build`` put the banks; their mappings are rewritten.
        urls: For each member the address of its database, as a mapping writes it, such as
            ``postgres://postgres@127.0.0.1:5432/kaz``. The database is made anew.
        seed: As for ``build``.
        rows: As for ``build``.

    Returns:
        The names of the banks that moved.
    """
    return asyncio.run(move_banks(home, urls, seed=seed, rows=rows))


async def move_banks(
    home: Path, urls: Mapping[str, str], *, seed: int, rows: int
) -> tuple[str, ...]:
    """Do what ``build_servers`` does, inside a running event loop."""
    maker = Maker(seed, rows, 0, make_subjects(seed))
    moved: list[str] = []
    for member, url in urls.items():
        await create_database(url)
        for bank in BANKS:
            if bank.member == member and bank.layout is not None and bank.engine:
                await write_bank(url, bank.layout, maker.stream(bank))
                target = find_folder(home, bank) / "mapping.toml"
                target.write_text(point_mapping(bank, url), encoding="utf-8")
                moved.append(bank.name)
    return tuple(moved)


def point_mapping(bank: Bank, url: str) -> str:
    """Return a bank's mapping with the address of a server in place of the embedded database."""
    block = f'[sql]\nengine = "{bank.engine}"\nurl = "{url}"\npool = 4\n'
    text = find_mapping(bank).read_text(encoding="utf-8")
    return _SQL_BLOCK.sub(lambda _: block, text)


async def write_bank(url: str, layout: Layout, entries: Iterable[Any]) -> None:
    """Write a bank's tables into the database of an address."""
    writer = await connect(urlsplit(url))
    try:
        for table in layout.tables:
            await writer.execute(create_table(table, writer.types))
        for table, rows in batch_rows(layout, entries):
            await writer.insert(table, rows)
        for statement in create_indexes(layout):
            await writer.execute(statement)
    finally:
        await writer.close()


async def create_database(url: str) -> None:
    """Make the database of an address anew and empty."""
    address = urlsplit(url)
    name = address.path.strip("/")
    root = "/postgres" if address.scheme == "postgres" else "/mysql"
    writer = await connect(address._replace(path=root))
    try:
        await writer.execute(f'DROP DATABASE IF EXISTS "{name}"')
        await writer.execute(f'CREATE DATABASE "{name}"{_charset(address.scheme)}')
    finally:
        await writer.close()


async def connect(address: SplitResult) -> Writer:
    """Connect to the database of an address without a password.

    Raises:
        ValueError: the engine is neither postgres nor mariadb.
    """
    place = {"host": address.hostname, "port": address.port, "user": address.username}
    database = address.path.strip("/")
    if address.scheme == "postgres":
        import asyncpg  # type: ignore[import-untyped] # asyncpg ships no types

        return PostgresWriter(await asyncpg.connect(database=database, **place))
    if address.scheme == "mariadb":
        import asyncmy

        mode = "SET SESSION sql_mode = 'ANSI_QUOTES'"
        connection = await asyncmy.connect(
            db=database, charset="utf8mb4", init_command=mode, **place
        )
        return MariadbWriter(connection)
    raise ValueError("engine must be postgres or mariadb")


def _charset(engine: str) -> str:
    return "" if engine == "postgres" else " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"


def _convert_dates(row: Row, dated: Sequence[bool]) -> Row:
    pairs = zip(row, dated, strict=True)
    return tuple(date.fromisoformat(v) if is_date and v else v for v, is_date in pairs)
