"""The composition root of the hub: the only place that builds and connects its parts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import grpc

from gateway import __version__
from gateway.access.federation import Federation, read_federation
from gateway.access.issuers import Issuers, node_roots
from gateway.access.jwks import KeySets
from gateway.access.policy import Policy
from gateway.auditing.follow import Following
from gateway.auditing.reader import Readers, Standing
from gateway.auditing.retention import Retention
from gateway.auditing.service import SERVICE, AuditMethods
from gateway.clock import Clock, SystemClock
from gateway.hub.breaker import Breaker
from gateway.hub.compare import Comparison
from gateway.hub.directory import Directory
from gateway.hub.fanout import FanOut
from gateway.hub.link import Address, GrpcLink, Link
from gateway.hub.lookup import DirectoryMethods
from gateway.hub.plan import Planner
from gateway.hub.proofs import ReceiptMethods
from gateway.hub.published import Published
from gateway.hub.search import Parts, Searcher
from gateway.hub.service import SearchMethods
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.recorder import Recorder
from gateway.running import (
    Server,
    Stopper,
    channel_credentials,
    make_sealer,
    observe_server,
    open_ledger,
    read_pinned,
    read_signer,
    restore_nonces,
    server_credentials,
)
from gateway.serving import Gate, Method
from gateway.settings import HubSettings
from gateway.stopping import StopFile, StopList
from gateway.trace.providers import start_tracing, stop_tracing
from gateway.witnessing.audit import ProofMethods
from gateway.witnessing.collect import Collector
from gateway.witnessing.prove import Prover
from gateway.witnessing.start import begin_collecting, make_collector, quorum_of
from kalkan.v1 import (
    directory_service_pb2,
    receipt_service_pb2,
    search_service_pb2,
)

MEMBER = "HUB"
"""The name under which the hub writes its ledger."""


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub that is put together.

    Attributes:
        searcher: Runs searches.
        directory: Knows members and banks.
        gate: Serves the methods.
        recorder: Writes the ledger.
        services: What the server serves.
        stop_file: Follows what is stopped.
        published: The token keys that members publish.
        comparison: Holds the ledgers of hub and nodes against each other.
        retention: Destroys the keys of months that are over.
        collector: Collects the signatures of witnesses, where there are any.
    """

    searcher: Searcher
    directory: Directory
    gate: Gate
    recorder: Recorder
    services: tuple[grpc.ServiceRpcHandler, ...]
    stop_file: StopFile
    published: KeySets
    comparison: Comparison
    retention: Retention
    collector: Collector | None = None


def build_hub(settings: HubSettings, ledger: Ledger, clock: Clock) -> Hub:
    """Put a hub together; nothing listens yet."""
    federation = read_federation(settings.at(settings.federation))
    sealer = make_sealer(settings.at(settings.ledger), federation, clock)
    recorder = Recorder(ledger, Side.HUB, MEMBER, clock, sealer)
    breaker = Breaker(clock)
    directory = Directory(federation, _links(settings, federation), clock, Published(recorder))
    stops = StopList(federation)
    published = KeySets(federation, clock)
    collector = make_collector(settings, federation, ledger, recorder, clock)
    parts = Parts(
        federation=federation,
        planner=Planner(directory, Policy.for_hub(), stops),
        fanout=FanOut(clock, breaker),
        recorder=recorder,
        key=read_pinned(settings.at(settings.receipt_key), federation.hub.receipt_keys),
        clock=clock,
        stops=stops,
        board=directory.board,
        published=published,
        require_witnessed=quorum_of(collector),
        quorum=collector.quorum if collector is not None else 0,
    )
    directory.ledger_alarms.own = collector.alarms if collector is not None else tuple
    searcher = Searcher(parts)
    gate = Gate(recorder, limit=settings.max_searches, issuers=Issuers(federation))
    lookup = DirectoryMethods(searcher, directory, breaker, gate)
    folder = settings.at(settings.ledger)
    lookup.comparison = comparison = Comparison(directory, recorder, folder, clock)
    standing = Standing(parts.board.require_standing, published)
    readers = Readers(federation, clock, standing=standing)
    prover = Prover(ledger, folder, collector)
    audit_service = _audit(gate, readers, recorder, prover)
    receipts = _receipts(gate, ReceiptMethods(searcher, prover))
    services = (_search_service(gate, searcher), _directory(gate, lookup), audit_service, receipts)
    stop_file = StopFile(settings.at(settings.stops), stops, recorder)
    retention = Retention(federation, recorder, (folder, settings.at(settings.hold)), clock)
    beside = (stop_file, published, comparison, retention, collector)
    return Hub(searcher, directory, gate, recorder, services, *beside)


def _links(settings: HubSettings, federation: Federation) -> dict[str, Link]:
    """One link for each member's node."""
    certificate, key = settings.at(settings.certificate), settings.at(settings.key)
    return {
        member.code: GrpcLink(
            Address(member.node, member.node_name),
            channel_credentials(certificate, key, node_roots(federation, member.code)),
        )
        for member in federation.members
    }


def _search_service(gate: Gate, searcher: Searcher) -> grpc.ServiceRpcHandler:
    methods = SearchMethods(searcher)
    pb = search_service_pb2
    return gate.service(
        "kalkan.v1.SearchService",
        Method("Search", pb.SearchRequest, stream=methods.search),
        Method("SearchOnce", pb.SearchOnceRequest, unary=methods.search_once),
        Method("CheckDocuments", pb.CheckDocumentsRequest, unary=methods.check_documents),
    )


def _directory(gate: Gate, methods: DirectoryMethods) -> grpc.ServiceRpcHandler:
    pb = directory_service_pb2
    return gate.service(
        "kalkan.v1.DirectoryService",
        Method("GetFederation", pb.GetFederationRequest, unary=methods.get_federation),
        Method("ExplainAccess", pb.ExplainAccessRequest, unary=methods.explain_access),
    )


def _audit(
    gate: Gate, readers: Readers, recorder: Recorder, prover: Prover
) -> grpc.ServiceRpcHandler:
    following = Following(prover.folder, gate.closing)
    audit = AuditMethods(readers, recorder, prover.folder, following)
    proofs = ProofMethods(readers, recorder, prover)
    return gate.service(SERVICE, *audit.methods(), *proofs.methods())


def _receipts(gate: Gate, methods: ReceiptMethods) -> grpc.ServiceRpcHandler:
    pb = receipt_service_pb2
    return gate.service(
        "kalkan.v1.ReceiptService",
        Method("GetProof", pb.GetProofRequest, unary=methods.get_proof),
    )


async def serve_hub(
    settings: HubSettings, ready: Callable[[int], None], stopper: Stopper | None = None
) -> None:
    """Serve until SIGTERM or SIGINT, then drain. `ready` is told the port.

    Who passes a `stopper` says itself when to stop, and no signal is listened to.

    Raises:
        LedgerError, AccessError, SettingsError: It cannot start.
        LedgerUnavailableError: It stopped because its ledger broke.
    """
    clock, stopper = SystemClock(), stopper or Stopper.listening()
    tracing = start_tracing(settings.trace, settings.folder, "kalkan-hub")
    folder = settings.at(settings.ledger)
    federation = read_federation(settings.at(settings.federation))
    signer = read_signer(settings, federation, MEMBER)
    ledger = await open_ledger(folder, clock, stopper, signer)
    observed = contextlib.ExitStack()
    try:
        hub = build_hub(settings, ledger, clock)
        restore_nonces(hub.searcher.nonces, ledger, folder, clock)
        await hub.recorder.write(Kind.START, {"versions": {"kalkan": __version__}})
        await hub.directory.published.begin()
        observed.callback(observe_server(hub.gate, ledger, "hub", MEMBER))
        async with contextlib.AsyncExitStack() as stack:
            begin_collecting(hub.collector, stack)
            await _serve(settings, hub, stopper, ready)
    finally:
        await ledger.close()
        # Metrics are sent a last time before there is nothing more to read.
        stop_tracing(tracing)
        observed.close()


async def _serve(
    settings: HubSettings, hub: Hub, stopper: Stopper, ready: Callable[[int], None]
) -> None:
    """Listen, refresh the directory, and end: in order, or at once where that fails."""
    server = Server(hub.gate, hub.services)
    try:
        await _serve_until(settings, hub, server, stopper, ready)
    finally:
        await server.end()


async def _serve_until(
    settings: HubSettings,
    hub: Hub,
    server: Server,
    stopper: Stopper,
    ready: Callable[[int], None],
) -> None:
    roots = Issuers(hub.directory.federation).roots
    credentials = server_credentials(settings, roots, hub.gate)
    await asyncio.gather(hub.directory.refresh(), hub.published.refresh())
    beside = _start_beside(hub)
    port = await server.start(settings.listen, credentials)
    ready(port)
    await stopper.event.wait()
    for task in beside:
        task.cancel()
    await server.drain(settings.drain_s)
    if not stopper.broken:
        refused = hub.gate.connections.refused
        await hub.recorder.write(Kind.STOP, {"count": refused, "action": "tls_refused"})
    await asyncio.gather(*beside, return_exceptions=True)
    for link in hub.directory.links.values():
        await link.close()


def _start_beside(hub: Hub) -> list[asyncio.Task[None]]:
    """Start what the hub does beside serving, for as long as it serves."""
    runs = (
        hub.directory.keep_fresh(),
        hub.published.keep_fresh(),
        hub.stop_file.watch.run(),
        hub.comparison.run(),
        hub.retention.run(),
    )
    return [asyncio.create_task(run) for run in runs]
