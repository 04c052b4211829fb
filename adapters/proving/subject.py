"""The bank that is checked: its mapping, its adapter, and its database where it has one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.banks.files.load import load_files
from adapters.banks.registry import open_bank
from adapters.banks.sql.engine import Engine
from adapters.banks.sql.open import choose_engine
from adapters.banks.sql.sqlite import SqliteEngine
from adapters.contract import Adapter, MappingError
from adapters.mapping.locate import Location
from adapters.mapping.model import Mapping
from adapters.mapping.read import read_mapping
from adapters.mapping.scalars import Scalar
from adapters.mapping.statements import Statement
from adapters.mapping.translate import Translator

__all__ = ["TIMEOUT_S", "Database", "Extent", "Subject", "open_subject"]

TIMEOUT_S: Final = 30.0
"""Seconds for each question of the check."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is done.

    Attributes:
        budget: Rows that one query may read.
        most: Records that are read at most.
        trips: Records that are looked for by their own values.
        seed: Decides which.
        references: Records that are there by the engineer's word, for a bank that lists none.
    """

    budget: int = 10_000
    most: int = 20_000
    trips: int = 25
    seed: int = 1
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Database:
    """The database behind a bank of kind sql or files."""

    engine: Engine
    translator: Translator

    async def ask(self, statement: Statement, **lists: list[Scalar]) -> list[tuple[Scalar, ...]]:
        """Run one of the mapping's own statements."""
        return await self.engine.rows(statement.text, statement.bind(lists), TIMEOUT_S)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is checked, and how much."""

    mapping: Mapping
    adapter: Adapter
    database: Database | None
    extent: Extent
    folder: Path

    def tell(self, place: Location) -> str:
        """Write a place as `file:line:column: block.key`."""
        return self.mapping.origin().tell(place)


@asynccontextmanager
async def open_subject(path: Path, extent: Extent) -> AsyncIterator[Subject]:
    """Open the bank of a mapping for a check.

    Raises:
        MappingError: The mapping is wrong by itself, or names what the bank does not have.
        AdapterError: The bank cannot be asked.
    """
    mapping = await asyncio.to_thread(read_mapping, path)
    _require_file(mapping, path.parent)
    adapter = await open_bank(path, path.parent)
    database: Database | None = None
    try:
        if mapping.has_tables:
            engine = await _open_engine(mapping, path.parent)
            database = Database(engine, Translator(mapping, engine.dialect))
        yield Subject(mapping, adapter, database, extent, path.parent)
    finally:
        if database is not None:
            await database.engine.close()
        await adapter.close()


def _require_file(mapping: Mapping, folder: Path) -> None:
    """A node waits for a file that is not there yet; who checks has written its name wrong.

    Raises:
        MappingError: The file of a SQLite bank is not there.
    """
    if mapping.sql is None or mapping.sql.engine != "sqlite":
        return
    name = mapping.sql.url.removeprefix("sqlite:///")
    if not (folder / name).is_file():
        place = mapping.origin().tell(("sql", "url"))
        raise MappingError(f"{place}: there is no file {name!r} where the mapping is")


async def _open_engine(mapping: Mapping, folder: Path) -> Engine:
    if mapping.bank.kind == "sql":
        return choose_engine(mapping, folder)
    return SqliteEngine(await asyncio.to_thread(load_files, mapping, folder), 1)
