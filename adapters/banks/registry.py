"""Open any bank by its mapping. Banks do not know each other; only this module knows all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from adapters.contract import Adapter, MappingError
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
    return await _OPENERS[mapping.bank.kind](mapping, folder)


async def _open_sql(mapping: Mapping, folder: Path) -> Adapter:
    from adapters.banks.sql.open import open_sql

    return await open_sql(mapping, folder)


async def _open_files(mapping: Mapping, folder: Path) -> Adapter:
    """Load files into a read-only SQLite file beside the bank, and ask that."""
    from adapters.banks.files.load import load_files
    from adapters.banks.sql.open import open_database

    database = await asyncio.to_thread(load_files, mapping, folder)
    return await open_database(mapping, database)


async def _open_http(mapping: Mapping, folder: Path) -> Adapter:
    from adapters.banks.http.adapter import open_http

    return await open_http(mapping, folder)


async def _open_yente(mapping: Mapping, folder: Path) -> Adapter:
    from adapters.banks.http.yente import open_yente

    return await open_yente(mapping, folder)


async def _open_ldap(mapping: Mapping, folder: Path) -> Adapter:
    """Open a directory; its driver is an extra, for most nodes have none."""
    if find_spec("ldap3") is None:
        told = mapping.origin().tell(("bank", "kind"))
        raise MappingError(f"{told}: kind ldap needs its driver: pip install 'kalkan[ldap]'")
    from adapters.banks.ldap.adapter import open_ldap

    return await open_ldap(mapping, folder)


_OPENERS: Final[dict[str, Callable[[Mapping, Path], Awaitable[Adapter]]]] = {
    "sql": _open_sql,
    "files": _open_files,
    "http": _open_http,
    "ldap": _open_ldap,
    "yente": _open_yente,
}
