"""The composition root of nodes: the only place that builds and connects their parts.

One process serves one member in a country, and several in the demonstration. Each has its own
port, certificate, ledger, policy and banks; they share the loop and the worker threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from typing import Final

import grpc

from adapters.banks.plugins import load_plugins
from gateway import __version__
from gateway.access.federation import Federation, Member, read_federation
from gateway.access.issuers import Issuers
from gateway.access.jwks import KeySets
from gateway.access.keys import read_secret
from gateway.access.revocation import require_not_revoked
from gateway.auditing.comparable import ComparableMethods
from gateway.auditing.follow import Following
from gateway.auditing.reader import Readers, Standing
from gateway.auditing.retention import Retention
from gateway.auditing.service import SERVICE, AuditMethods
from gateway.clock import SystemClock
from gateway.errors import SettingsError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.node.bank import Bank
from gateway.node.controls import Controls
from gateway.node.equip import Equipment, hide_banks, require_elsewhere
from gateway.node.hosting import Shared, open_banks, prepare_bank, start_shadows
from gateway.node.lanes import Lanes
from gateway.node.node import Node, Parts
from gateway.node.nonces import open_nonces
from gateway.node.policies import Policies
from gateway.node.revoking import Revoking
from gateway.recorder import Recorder
from gateway.running import (
    Server,
    Stopper,
    make_sealer,
    observe_server,
    open_ledger,
    read_pinned,
    read_signer,
    restore_nonces,
    server_credentials,
)
from gateway.serving import Gate, Method
from gateway.settings import HiddenSettings, NodeSettings
from gateway.trace.providers import start_tracing, stop_tracing
from gateway.watch import Watch
from gateway.witnessing.audit import ProofMethods
from gateway.witnessing.prove import Prover
from gateway.witnessing.start import (
    alarms_of,
    begin_collecting,
    follow_closings,
    make_collector,
    open_alarms,
    quorum_of,
    serve_witness,
)
from kalkan.v1 import node_service_pb2 as wire

WORKERS: Final = 8
"""Threads for blocking work and scoring, shared by the nodes of a process."""
MAX_CALLS: Final = 2_048
"""Calls that a node serves at the same time; more are refused as OVERLOADED."""


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
        shared = Shared(stack, workers, clock, stopper, observed)
        starts = [_start(one, shared) for one in settings]
        running = [await start for start in starts]
        ready({one.node.member: one.port for one in running})
        await stopper.event.wait()
        await asyncio.gather(*(_stop(one, stopper) for one in running))


async def _start(settings: NodeSettings, shared: Shared) -> Running:
    """Put a node together and let it listen."""
    federation = read_federation(settings.at(settings.federation))
    _member_of(settings, federation)  # before anything is opened in a name that is none
    folder = settings.at(settings.ledger)
    ledger, recorder = await _open_ledger(settings, federation, shared)
    banks = await open_banks(settings, shared)
    policies = Policies(settings, recorder)
    await asyncio.to_thread(require_elsewhere, settings, federation)
    parts = _parts(settings, federation, banks, recorder, shared)
    parts.controls = await _equip(settings, parts, shared)
    parts.shadows = await start_shadows(settings, parts, shared)
    node = Node(parts)
    await _follow_members(settings, parts, shared)
    restore_nonces(node.nonces, ledger, folder, shared.clock)
    issuers = Issuers(federation)
    gate = Gate(recorder, limit=MAX_CALLS, issuers=issuers)
    provable = await _make_provable(settings, gate, ledger, parts, shared)
    server = Server(gate, [_node_service(gate, node), *provable])
    shared.stack.push_async_callback(server.end)
    await recorder.write(Kind.START, {"versions": {"kalkan": __version__}})
    await policies.begin(parts)
    _follow(policies, parts, shared)
    port = await server.start(settings.listen, server_credentials(settings, issuers.roots, gate))
    shared.observed.callback(observe_server(gate, ledger, "node", settings.member))
    return Running(node, gate, recorder, server, port, settings.drain_s)


def _member_of(settings: NodeSettings, federation: Federation) -> Member:
    member = federation.member(settings.member)
    if member is None:
        raise SettingsError(f"member: {settings.member} is not in the federation file")
    return member


async def _open_ledger(
    settings: NodeSettings, federation: Federation, shared: Shared
) -> tuple[Ledger, Recorder]:
    """Open the ledger, and what writes to it in this member's name."""
    folder = settings.at(settings.ledger)
    signer = read_signer(settings, federation, settings.member)
    ledger = await open_ledger(folder, shared.clock, shared.stopper, signer)
    shared.stack.push_async_callback(ledger.close)
    sealer = make_sealer(folder, federation, shared.clock)
    return ledger, Recorder(ledger, Side.NODE, settings.member, shared.clock, sealer)


def _parts(
    settings: NodeSettings,
    federation: Federation,
    banks: dict[str, Bank],
    recorder: Recorder,
    shared: Shared,
) -> Parts:
    """Read keys and policy."""
    member = _member_of(settings, federation)
    key = read_pinned(settings.at(settings.answer_key), member.answer_keys)
    return Parts(
        federation=federation,
        member=settings.member,
        banks=banks,
        policy=Policies(settings, recorder).read(),
        key=key,
        recorder=recorder,
        clock=shared.clock,
        workers=shared.workers,
        nonces=open_nonces(settings.nonces, settings.folder, shared.clock),
        published=KeySets(federation, shared.clock),
        revoking=Revoking(
            federation.id, settings.member, key, shared.clock, settings.at(settings.revocations)
        ),
    )


async def _make_provable(
    settings: NodeSettings, gate: Gate, ledger: Ledger, parts: Parts, shared: Shared
) -> list[grpc.ServiceRpcHandler]:
    """Have the node's ledger witnessed, serve it to auditors, and be a witness of others."""
    collector = make_collector(settings, parts.federation, ledger, parts.recorder, shared.clock)
    begin_collecting(collector, shared.stack)
    parts.require_witnessed = quorum_of(collector)
    prover = Prover(ledger, settings.at(settings.ledger), collector)
    audit = _audit_service(settings, gate, prover, parts, shared)
    alarms = open_alarms(settings, parts.recorder, shared.clock)
    follow_closings(settings, alarms, shared.stack)
    parts.ledger_alarms = alarms_of(parts.federation, collector, alarms)
    witness = await serve_witness(settings, parts.federation, gate, alarms, shared.stack)
    return [audit, *witness]


def _follow(policies: Policies, parts: Parts, shared: Shared) -> None:
    """Follow the policy files for as long as the node serves."""
    watch = Watch(policies.paths, lambda: policies.reload(parts))
    watching = asyncio.create_task(watch.run())
    shared.stack.callback(watching.cancel)


async def _follow_members(settings: NodeSettings, parts: Parts, shared: Shared) -> None:
    """Follow what members revoke and which token keys they publish."""
    if parts.nonces is not None:
        shared.stack.push_async_callback(parts.nonces.close)
    _follow_revoked(settings, parts, shared)
    await _follow_keys(parts.published, shared)


async def _follow_keys(published: KeySets | None, shared: Shared) -> None:
    """Fetch the token keys that members publish once, and then in the background."""
    if published is None or not published.members:
        return
    await published.refresh()
    following = asyncio.create_task(published.keep_fresh())
    shared.stack.callback(following.cancel)


def _follow_revoked(settings: NodeSettings, parts: Parts, shared: Shared) -> None:
    """Read the list of revocations, and follow it while the node serves.

    Raises:
        RevocationFileError: It does not hold.
    """

    async def follow() -> None:
        await parts.revoking.follow(parts.recorder)

    watch = Watch((settings.at(settings.revocations),), follow)
    parts.revoking.read()  # after the watch has looked, so that no change is between the two
    following = asyncio.create_task(watch.run())
    shared.stack.callback(following.cancel)


async def _equip(settings: NodeSettings, parts: Parts, shared: Shared) -> Controls:
    """Open what the owner has in hand beside the policy."""
    secret = read_secret(settings.at(settings.index_key))
    plugins = await asyncio.to_thread(load_plugins, settings.plugins)
    hidden: list[tuple[HiddenSettings, Bank]] = []
    for one in settings.hidden:
        bank = await prepare_bank(settings, one.mapping, plugins, secret, shared)
        hidden.append((one, bank))
    equipment = Equipment(settings, parts, shared.stack)
    return equipment.equip(hide_banks(hidden, parts), secret)


def _node_service(gate: Gate, node: Node) -> grpc.ServiceRpcHandler:
    search = Method("Search", wire.NodeServiceSearchRequest, unary=node.search)
    return gate.service(
        "kalkan.v1.NodeService",
        Method("Describe", wire.DescribeRequest, unary=node.describe),
        search,
        SearchStream=Lanes(gate, search).handler(),
    )


def _audit_service(
    settings: NodeSettings, gate: Gate, prover: Prover, parts: Parts, shared: Shared
) -> grpc.ServiceRpcHandler:
    """The node's ledger, for auditors of its member and, where it is willing, for the hub."""
    folder, federation = settings.at(settings.ledger), parts.federation
    standing = Standing(
        lambda requester: require_not_revoked(parts.revoking.current(), requester), parts.published
    )
    readers = Readers(federation, parts.clock, settings.member, standing)
    place = (folder, settings.at(settings.hold))
    retaining = asyncio.create_task(Retention(federation, parts.recorder, place, parts.clock).run())
    shared.stack.callback(retaining.cancel)
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
