"""The composition root of nodes: the only place that builds and connects their parts.

One process serves one member in a country, and several in the demonstration. Each has its own
port, certificate, ledger, policy and banks; they share the loop and the worker threads.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import grpc

from adapters.banks.plugins import Plugin, load_plugins
from adapters.banks.registry import Plugins, describe_bank, open_bank
from adapters.contract import Adapter, MappingError
from gateway import __version__
from gateway.access.federation import Federation, read_federation
from gateway.access.jwks import KeySets
from gateway.access.keys import read_secret
from gateway.access.revocation import require_not_revoked
from gateway.access.signatures import SigningKey
from gateway.auditing.comparable import ComparableMethods
from gateway.auditing.follow import Following
from gateway.auditing.reader import Readers, Standing
from gateway.auditing.retention import Retention
from gateway.auditing.service import SERVICE, AuditMethods
from gateway.clock import Clock, SystemClock
from gateway.errors import SettingsError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.node.bank import Bank, titles_of
from gateway.node.controls import Controls
from gateway.node.equip import Equipment, hide_banks, require_elsewhere
from gateway.node.lanes import Lanes
from gateway.node.node import Node, Parts
from gateway.node.nonces import open_nonces
from gateway.node.policies import Policies
from gateway.node.revoking import Revoking
from gateway.node.shadow import Means, Shadow
from gateway.recorder import Recorder
from gateway.running import (
    Server,
    Stopper,
    make_sealer,
    observe_server,
    open_ledger,
    read_signer,
    restore_nonces,
    server_credentials,
)
from gateway.serving import Gate, Method
from gateway.settings import HiddenSettings, NodeSettings, ShadowSettings
from gateway.trace.providers import start_tracing, stop_tracing
from gateway.watch import Watch
from gateway.witnessing.audit import ProofMethods
from gateway.witnessing.prove import Prover
from gateway.witnessing.serve import Alarms
from gateway.witnessing.start import (
    alarms_of,
    begin_collecting,
    make_collector,
    quorum_of,
    serve_witness,
)
from kalkan.v1 import node_service_pb2 as wire

WORKERS: Final = 8
"""Threads for blocking work and scoring, shared by the nodes of a process."""
MAX_CALLS: Final = 2_048
"""Calls that a node serves at the same time; more are refused as OVERLOADED."""
SHADOW_WORKERS: Final = 2
"""Threads for the scoring of shadows; they have no part of the others."""
REFRESH_S: Final = 30.0
"""How often a bank is asked whether it has changed."""


@dataclass(frozen=True, slots=True)
class Running:
    """A node that listens."""

    node: Node
    gate: Gate
    recorder: Recorder
    server: Server
    port: int
    drain_s: float


async def serve_nodes(
    settings: Sequence[NodeSettings],
    ready: Callable[[dict[str, int]], None],
    stopper: Stopper | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then drain. `ready` is told each member's port.

    Who passes a `stopper` says itself when to stop, and no signal is listened to.

    Raises:
        LedgerError, AccessError, SettingsError, MappingError, PluginError: A node cannot start.
        LedgerUnavailableError: It stopped because a ledger broke.
    """
    clock, stopper = SystemClock(), stopper or Stopper.listening()
    tracing = start_tracing(settings[0].trace, settings[0].folder, "kalkan-node")
    async with AsyncExitStack() as stack:
        # Metrics are sent a last time before there is nothing more to read.
        observed = stack.enter_context(ExitStack())
        stack.callback(stop_tracing, tracing)
        workers = stack.enter_context(ThreadPoolExecutor(WORKERS, thread_name_prefix="bank"))
        common = _Common(stack, workers, clock, stopper, observed)
        starts = [_start(one, common) for one in settings]
        running = [await start for start in starts]
        ready({one.node.member: one.port for one in running})
        await stopper.event.wait()
        await asyncio.gather(*(_stop(one, stopper) for one in running))


@dataclass(frozen=True, slots=True)
class _Common:
    """What the nodes of a process share."""

    stack: AsyncExitStack
    workers: Executor
    clock: Clock
    stopper: Stopper
    observed: ExitStack


async def _start(settings: NodeSettings, common: _Common) -> Running:
    """Put a node together and let it listen."""
    federation = read_federation(settings.at(settings.federation))
    folder = settings.at(settings.ledger)
    ledger, recorder = await _open_ledger(settings, federation, common)
    banks = await _open_banks(settings, common)
    policies = Policies(settings, recorder)
    await asyncio.to_thread(require_elsewhere, settings, federation)
    parts = _parts(settings, federation, banks, recorder, common)
    parts.controls = await _equip(settings, parts, common)
    parts.shadows = await _start_shadows(settings, parts, common)
    node = Node(parts)
    await _follow_members(settings, parts, common)
    restore_nonces(node.nonces, ledger, folder, common.clock)
    gate = Gate(recorder, limit=MAX_CALLS)
    provable = await _make_provable(settings, gate, ledger, parts, common)
    server = Server(gate, [_node_service(gate, node), *provable])
    common.stack.push_async_callback(server.end)
    await recorder.write(Kind.START, {"versions": {"kalkan": __version__}})
    await policies.begin(parts)
    _follow(policies, parts, common)
    port = await server.start(settings.listen, server_credentials(settings, federation.ca, gate))
    common.observed.callback(observe_server(gate, ledger, "node", settings.member))
    return Running(node, gate, recorder, server, port, settings.drain_s)


async def _open_ledger(
    settings: NodeSettings, federation: Federation, common: _Common
) -> tuple[Ledger, Recorder]:
    """Open the ledger, and what writes to it in this member's name."""
    folder = settings.at(settings.ledger)
    signer = read_signer(settings, federation, settings.member)
    ledger = await open_ledger(folder, common.clock, common.stopper, signer)
    common.stack.push_async_callback(ledger.close)
    sealer = make_sealer(folder, federation, common.clock)
    return ledger, Recorder(ledger, Side.NODE, settings.member, common.clock, sealer)


def _parts(
    settings: NodeSettings,
    federation: Federation,
    banks: dict[str, Bank],
    recorder: Recorder,
    common: _Common,
) -> Parts:
    """Read keys and policy."""
    member = federation.member(settings.member)
    if member is None:
        raise SettingsError(f"member: {settings.member} is not in the federation file")
    key = SigningKey.load(settings.at(settings.answer_key), member.answer_keys[0].kid)
    return Parts(
        federation=federation,
        member=settings.member,
        banks=banks,
        policy=Policies(settings, recorder).read(),
        key=key,
        recorder=recorder,
        clock=common.clock,
        workers=common.workers,
        nonces=open_nonces(settings.nonces, settings.folder, common.clock),
        published=KeySets(federation, common.clock),
        revoking=Revoking(
            federation.id, settings.member, key, common.clock, settings.at(settings.revocations)
        ),
    )


async def _make_provable(
    settings: NodeSettings, gate: Gate, ledger: Ledger, parts: Parts, common: _Common
) -> list[grpc.ServiceRpcHandler]:
    """Have the node's ledger witnessed, serve it to auditors, and be a witness of others."""
    collector = make_collector(settings, parts.federation, ledger, parts.recorder, common.clock)
    begin_collecting(collector, common.stack)
    parts.require_witnessed = quorum_of(collector)
    prover = Prover(ledger, settings.at(settings.ledger), collector)
    audit = _audit_service(settings, gate, prover, parts, common)
    alarms = Alarms(parts.recorder, common.clock)
    parts.ledger_alarms = alarms_of(parts.federation, collector, alarms)
    witness = await serve_witness(settings, parts.federation, gate, alarms, common.stack)
    return [audit, *witness]


def _follow(policies: Policies, parts: Parts, common: _Common) -> None:
    """Follow the policy files for as long as the node serves."""
    watch = Watch(policies.paths, lambda: policies.reload(parts))
    watching = asyncio.create_task(watch.run())
    common.stack.callback(watching.cancel)


async def _follow_members(settings: NodeSettings, parts: Parts, common: _Common) -> None:
    """Follow what members revoke and which token keys they publish."""
    if parts.nonces is not None:
        common.stack.push_async_callback(parts.nonces.close)
    _follow_revoked(settings, parts, common)
    await _follow_keys(parts.published, common)


async def _follow_keys(published: KeySets | None, common: _Common) -> None:
    """Fetch the token keys that members publish once, and then in the background."""
    if published is None or not published.members:
        return
    await published.refresh()
    following = asyncio.create_task(published.keep_fresh())
    common.stack.callback(following.cancel)


def _follow_revoked(settings: NodeSettings, parts: Parts, common: _Common) -> None:
    """Read the list of revocations, and follow it while the node serves.

    Raises:
        RevocationFileError: It does not hold.
    """

    async def follow() -> None:
        await parts.revoking.follow(parts.recorder)

    watch = Watch((settings.at(settings.revocations),), follow)
    parts.revoking.read()  # after the watch has looked, so that no change is between the two
    following = asyncio.create_task(watch.run())
    common.stack.callback(following.cancel)


async def _open_adapter(mapping: Path, plugins: dict[str, Plugin]) -> Adapter:
    """Open one bank.

    Raises:
        MappingError: The mapping does not fit its bank; the text names the whole path.
    """
    try:
        return await open_bank(mapping, mapping.parent, plugins=plugins)
    except MappingError as exc:
        raise MappingError(f"{mapping.parent}/{exc}") from None


async def _open_banks(settings: NodeSettings, common: _Common) -> dict[str, Bank]:
    """Open and prepare each bank, one after the other: memory stays small."""
    secret = read_secret(settings.at(settings.index_key))
    plugins = await asyncio.to_thread(load_plugins, settings.plugins)
    banks: dict[str, Bank] = {}
    for path in settings.banks:
        bank = await _prepare_bank(settings, path, plugins, secret, common)
        banks[bank.name] = bank
    return banks


async def _prepare_bank(
    settings: NodeSettings, path: Path, plugins: dict[str, Plugin], secret: bytes, common: _Common
) -> Bank:
    """Open a bank, make its index, and follow its changes."""
    mapping = settings.at(path)
    adapter = await _open_adapter(mapping, plugins)
    bank = _host_bank(settings.member, mapping, adapter, common)
    index = settings.at(settings.index) / f"{bank.name.partition('/')[2]}.sqlite"
    await bank.prepare(index, secret)
    refreshing = asyncio.create_task(_keep_prepared(bank, index, secret))
    common.stack.callback(refreshing.cancel)
    return bank


async def _equip(settings: NodeSettings, parts: Parts, common: _Common) -> Controls:
    """Open what the owner has in hand beside the policy."""
    secret = read_secret(settings.at(settings.index_key))
    plugins = await asyncio.to_thread(load_plugins, settings.plugins)
    hidden: list[tuple[HiddenSettings, Bank]] = []
    for one in settings.hidden:
        bank = await _prepare_bank(settings, one.mapping, plugins, secret, common)
        hidden.append((one, bank))
    equipment = Equipment(settings, parts, common.stack)
    return equipment.equip(hide_banks(hidden, parts), secret)


async def _start_shadows(
    settings: NodeSettings, parts: Parts, common: _Common
) -> dict[str, list[Shadow]]:
    """Begin to open the shadows; the node waits for none, and starts whatever is wrong with them.

    Raises:
        SettingsError: One shadows a bank that is not here.
    """
    shadows: dict[str, list[Shadow]] = {}
    if not settings.shadow:
        return shadows
    workers = ThreadPoolExecutor(SHADOW_WORKERS, thread_name_prefix="shadow")
    common.stack.callback(workers.shutdown, wait=False, cancel_futures=True)
    means = Means(parts.recorder, common.clock, workers)
    plugins = await asyncio.to_thread(load_plugins, settings.plugins)
    for one in settings.shadow:
        live = f"{settings.member}/{one.of}"
        if live not in parts.banks:
            raise SettingsError(f"shadow.of: {one.of} is not a bank of this node")
        shadow = _start_shadow(settings, one, means, plugins)
        common.stack.push_async_callback(shadow.close)
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


def _host_bank(member: str, mapping_path: Path, adapter: Adapter, common: _Common) -> Bank:
    mapping = describe_bank(mapping_path)
    name = f"{member}/{mapping.bank.id}"
    bank = Bank(name, adapter, titles_of(mapping), common.workers)
    common.stack.push_async_callback(bank.close)
    return bank


async def _keep_prepared(bank: Bank, index: Path, secret: bytes) -> None:
    """Follow the bank's changes for ever."""
    while True:
        await asyncio.sleep(REFRESH_S)
        await bank.prepare(index, secret)


def _node_service(gate: Gate, node: Node) -> grpc.ServiceRpcHandler:
    search = Method("Search", wire.NodeServiceSearchRequest, unary=node.search)
    return gate.service(
        "kalkan.v1.NodeService",
        Method("Describe", wire.DescribeRequest, unary=node.describe),
        search,
        SearchStream=Lanes(gate, search).handler(),
    )


def _audit_service(
    settings: NodeSettings, gate: Gate, prover: Prover, parts: Parts, common: _Common
) -> grpc.ServiceRpcHandler:
    """The node's ledger, for auditors of its member and, where it is willing, for the hub."""
    folder, federation = settings.at(settings.ledger), parts.federation
    standing = Standing(
        lambda requester: require_not_revoked(parts.revoking.current(), requester), parts.published
    )
    readers = Readers(federation, parts.clock, settings.member, standing)
    place = (folder, settings.at(settings.hold))
    retaining = asyncio.create_task(Retention(federation, parts.recorder, place, parts.clock).run())
    common.stack.callback(retaining.cancel)
    comparable = ComparableMethods(
        federation.id, parts.recorder, folder, parts.clock, permitted=settings.reconcile
    )
    audit = AuditMethods(readers, parts.recorder, folder, Following(folder, gate.closing))
    proofs = ProofMethods(readers, parts.recorder, prover)
    return gate.service(SERVICE, *audit.methods(), *proofs.methods(), comparable.method())


async def _stop(running: Running, stopper: Stopper) -> None:
    """Drain a node and record that it stopped."""
    await running.server.drain(running.drain_s)
    if not stopper.broken:
        refused = running.gate.connections.refused
        await running.recorder.write(Kind.STOP, {"count": refused, "action": "tls_refused"})
