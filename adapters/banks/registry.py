"""Open any bank by its mapping. Banks do not know each other; only this module knows all."""

from __future__ import annotations

import asyncio
import threading
from collections import abc
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

from adapters.banks.plugins import Plugin, PluginMapping, open_plugin, read_plugin_mapping
from adapters.contract import Adapter, MappingError
from adapters.mapping.model import Mapping
from adapters.mapping.read import read_mapping

__all__ = ["NO_PLUGINS", "Plugins", "describe_bank", "open_bank"]

Plugins = abc.Mapping[str, Plugin]

NO_PLUGINS: Final[Plugins] = MappingProxyType({})


async def open_bank(mapping_path: Path, folder: Path, *, plugins: Plugins = NO_PLUGINS) -> Adapter:
    """Read a mapping and open its bank.

    Args:
        mapping_path: The mapping's file.
        folder: The bank's folder; the paths of the mapping are relative to it.
        plugins: The plug-ins that may be used, for a mapping of kind `plugin:NAME`.

    Raises:
        MappingError: The mapping is wrong; the text names file, line and key.
        PluginError: The plug-in fails; the text names its distribution.
    """
    mapping = await asyncio.to_thread(describe_bank, mapping_path)
    if isinstance(mapping, PluginMapping):
        return await open_plugin(mapping, folder, plugins=plugins)
    return await _OPENERS[mapping.bank.kind](mapping, folder)


def describe_bank(mapping_path: Path) -> Mapping | PluginMapping:
    """Read a mapping of any kind.

    Raises:
        MappingError: The mapping is wrong; the text names file, line and key.
    """
    return read_plugin_mapping(mapping_path) or read_mapping(mapping_path)


async def _open_sql(mapping: Mapping, folder: Path) -> Adapter:
    from adapters.banks.sql.open import open_sql

    return await open_sql(mapping, folder)


async def _open_files(mapping: Mapping, folder: Path) -> Adapter:
    """Load files into a read-only SQLite file beside the bank, and ask that."""
    from adapters.banks.files.load import load_files
    from adapters.banks.sql.open import open_database

    ended = threading.Event()
    try:
        database = await asyncio.to_thread(load_files, mapping, folder, ended.is_set)
    finally:
        # Where we were cancelled the thread reads on, and would keep the process from ending.
        ended.set()
    return await open_database(mapping, database)


async def _open_http(mapping: Mapping, folder: Path) -> Adapter:
    from adapters.banks.http.adapter import open_http

    return await open_http(mapping, folder)


async def _open_yente(mapping: Mapping, folder: Path) -> Adapter:
    from adapters.banks.http.yente import open_yente

    return await open_yente(mapping, folder)


async def _open_opensearch(mapping: Mapping, folder: Path) -> Adapter:
    from adapters.banks.opensearch.adapter import open_opensearch

    return await open_opensearch(mapping, folder)


async def _open_ldap(mapping: Mapping, folder: Path) -> Adapter:
    """Open a directory; its driver is an extra, for most nodes have none."""
    if find_spec("ldap3") is None:
        told = mapping.origin().tell(("bank", "kind"))
        raise MappingError(f"{told}: kind ldap needs its driver: pip install 'kalkan[ldap]'")
    from adapters.banks.ldap.adapter import open_ldap

    return await open_ldap(mapping, folder)


async def _open_node(mapping: Mapping, folder: Path) -> Adapter:
    from adapters.banks.node.adapter import open_node

    return await open_node(mapping, folder)


_OPENERS: Final[dict[str, Callable[[Mapping, Path], Awaitable[Adapter]]]] = {
    "sql": _open_sql,
    "files": _open_files,
    "http": _open_http,
    "ldap": _open_ldap,
    "node": _open_node,
    "yente": _open_yente,
    "opensearch": _open_opensearch,
}
