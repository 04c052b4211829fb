"""Open what a node hosts: its banks with their indexes, and the shadows beside them."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.banks.plugins import Plugin, load_plugins
from adapters.banks.registry import Plugins, describe_bank, open_bank
from adapters.contract import Adapter, MappingError
from gateway.access.keys import read_secret
from gateway.clock import Clock
from gateway.errors import SettingsError
from gateway.node.bank import Bank, titles_of
from gateway.node.parts import Parts
from gateway.node.shadow import Means, Shadow
from gateway.running import Stopper
from gateway.settings import NodeSettings, ShadowSettings

log = logging.getLogger(__name__)

SHADOW_WORKERS: Final = 2
"""Threads for the scoring of shadows; they have no part of the others."""
REFRESH_S: Final = 30.0
"""How often a bank is asked whether it has changed."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the nodes of a process share."""

    stack: AsyncExitStack
    workers: Executor
    clock: Clock
    stopper: Stopper
    observed: ExitStack


async def _open_adapter(mapping: Path, plugins: dict[str, Plugin]) -> Adapter:
    """Open one bank.

    Raises:
        MappingError: The mapping does not fit its bank; the text names the whole path.
    """
    try:
        return await open_bank(mapping, mapping.parent, plugins=plugins)
    except MappingError as exc:
        raise MappingError(f"{mapping.parent}/{exc}") from None


async def open_banks(settings: NodeSettings, shared: Shared) -> dict[str, Bank]:
    """Open and prepare each bank, one after the other: memory stays small."""
    secret = read_secret(settings.at(settings.index_key))
    plugins = await asyncio.to_thread(load_plugins, settings.plugins)
    banks: dict[str, Bank] = {}
    for path in settings.banks:
        bank = await prepare_bank(settings, path, plugins, secret, shared)
        banks[bank.name] = bank
    return banks


async def prepare_bank(
    settings: NodeSettings, path: Path, plugins: dict[str, Plugin], secret: bytes, shared: Shared
) -> Bank:
    """Open a bank, make its index, and follow its changes."""
    mapping = settings.at(path)
    adapter = await _open_adapter(mapping, plugins)
    bank = _host_bank(settings.member, mapping, adapter, shared)
    index = settings.at(settings.index) / f"{bank.name.partition('/')[2]}.sqlite"
    await bank.prepare(index, secret)
    refreshing = asyncio.create_task(_keep_prepared(bank, index, secret))
    shared.stack.callback(refreshing.cancel)
    return bank


async def start_shadows(
    settings: NodeSettings, parts: Parts, shared: Shared
) -> dict[str, list[Shadow]]:
    """Begin to open the shadows; the node waits for none, and starts whatever is wrong with them.

    Raises:
        SettingsError: One shadows a bank that is not here.
    """
    shadows: dict[str, list[Shadow]] = {}
    if not settings.shadow:
        return shadows
    workers = ThreadPoolExecutor(SHADOW_WORKERS, thread_name_prefix="shadow")
    shared.stack.callback(workers.shutdown, wait=False, cancel_futures=True)
    means = Means(parts.recorder, shared.clock, workers)
    plugins = await asyncio.to_thread(load_plugins, settings.plugins)
    for one in settings.shadow:
        live = f"{settings.member}/{one.of}"
        if live not in parts.banks:
            raise SettingsError(f"shadow.of: {one.of} is not a bank of this node")
        shadow = _start_shadow(settings, one, means, plugins)
        shared.stack.push_async_callback(shadow.close)
        shadows.setdefault(live, []).append(shadow)
    return shadows


def _start_shadow(
    settings: NodeSettings, one: ShadowSettings, means: Means, plugins: Plugins
) -> Shadow:
    path = settings.at(one.mapping)
    name = f"shadow:{settings.member}/{path.parent.name}"

    async def open_shadow() -> Bank:
        adapter = await open_bank(path, path.parent, plugins=plugins)
        titles = titles_of(await asyncio.to_thread(describe_bank, path))
        return Bank(name, adapter, titles, means.workers)

    shadow = Shadow(name, open_shadow, means=means, deadline_s=one.deadline_s)
    # Of its own: it may have the id of the bank that it is to replace.
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:16]
    index = settings.at(settings.index) / f"shadow-{digest}.sqlite"
    shadow.start(index, read_secret(settings.at(settings.index_key)))
    return shadow


def _host_bank(member: str, mapping_path: Path, adapter: Adapter, shared: Shared) -> Bank:
    mapping = describe_bank(mapping_path)
    name = f"{member}/{mapping.bank.id}"
    bank = Bank(name, adapter, titles_of(mapping), shared.workers)
    shared.stack.push_async_callback(bank.close)
    return bank


async def _keep_prepared(bank: Bank, index: Path, secret: bytes) -> None:
    """Follow the bank's changes for ever.

    An adapter that breaks its contract once is asked again: else nobody would find what the bank
    has had since.
    """
    while True:
        await asyncio.sleep(REFRESH_S)
        try:
            await bank.prepare(index, secret)
        except Exception as exc:  # noqa: BLE001 - whatever an adapter raises, it ends no more than this look
            bank.available = False
            log.warning("%s cannot be prepared: %s", bank.name, type(exc).__name__)
