"""Open any bank by its mapping. Banks do not know each other; only this module knows all."""

from __future__ import annotations

import asyncio
from pathlib import Path

from adapters.contract import Adapter
from adapters.mapping.model import Mapping
from adapters.mapping.read import read_mapping

__all__ = ["open_bank"]


async def open_bank(mapping_path: Path, folder: Path) -> Adapter:
    """Read a mapping and open its bank.

    Args:
        mapping_path: The mapping's file.
        folder: The bank's folder; the paths of the mapping are relative to it.

    Raises:
        MappingError: The mapping is wrong; the text names file, line and key.
    """
    mapping = await asyncio.to_thread(read_mapping, mapping_path)
    if mapping.bank.kind == "files":
        return await _open_files(mapping, folder)
    if mapping.bank.kind == "http":
        from adapters.banks.http.adapter import open_http

        return await open_http(mapping, folder)
    from adapters.banks.sql.open import open_sql

    return await open_sql(mapping, folder)


async def _open_files(mapping: Mapping, folder: Path) -> Adapter:
    """Load files into a read-only SQLite file beside the bank, and ask that."""
    from adapters.banks.files.load import load_files
    from adapters.banks.sql.open import open_database

    database = await asyncio.to_thread(load_files, mapping, folder)
    return await open_database(mapping, database)
