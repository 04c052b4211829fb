"""Put witnesses and collectors together for the composition roots of hub and node."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.access.issuers import node_roots
from gateway.access.keys import read_key
from gateway.errors import SettingsError
from gateway.ledger.disk import Disk
from gateway.ledger.errors import LedgerError
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.tlog.signer import Cosigner
from gateway.ledger.tlog.vkey import KeyType, Vkey
from gateway.ledger.witness.store import Store
from gateway.ledger.witness.witness import Witness
from gateway.running import channel_credentials
from gateway.serving import Method
from gateway.watch import Watch
from gateway.witnessing.alarm import MAX_ALARMS, LedgerAlarm
from gateway.witnessing.closing import read_closings
from gateway.witnessing.collect import Collector
from gateway.witnessing.follow import Follower
from gateway.witnessing.memory import Memory
from gateway.witnessing.panel import HUB, logs_of, panel_of, read_vkey, witness_name
from gateway.witnessing.serve import Alarms, HttpWitness, WitnessMethods
from gateway.witnessing.ways import HttpWay, NodeWay, Way
from kalkan.v1 import witness_service_pb2 as wire

if TYPE_CHECKING:
    import grpc

    from gateway.access.federation import Federation
    from gateway.clock import Clock
    from gateway.ledger.log import Ledger
    from gateway.recorder import Recorder
    from gateway.serving import Gate
    from gateway.settings import HubSettings, NodeSettings
    from gateway.witnessing.panel import Seat

log = logging.getLogger(__name__)

SERVICE = "kalkan.v1.WitnessService"


def nothing_required() -> None:
    """Require nothing: where a ledger has no witnesses, no quorum can be missing."""


def make_collector(
    settings: HubSettings | NodeSettings,
    federation: Federation,
    ledger: Ledger,
    recorder: Recorder,
    clock: Clock,
) -> Collector | None:
    """Make the collector of a server's ledger; None where the federation names no witnesses.

    Raises:
        SettingsError: The federation file contradicts itself about them.
    """
    panel = panel_of(federation, recorder.member)
    if panel is None:
        return None
    folder = settings.at(settings.ledger)
    followers = [Follower(seat, _way(seat, federation, settings), folder) for seat in panel.seats]
    return Collector(ledger, folder, panel, followers, recorder=recorder, clock=clock)


def quorum_of(collector: Collector | None) -> Callable[[], None]:
    """Return what a search has to require before it is answered; it raises UnwitnessedError."""
    return nothing_required if collector is None else collector.require_quorum


def alarms_of(
    federation: Federation, collector: Collector | None, alarms: Alarms
) -> Callable[[], list[LedgerAlarm]]:
    """Return what tells what a node knows to be wrong: with its own ledger, and with others'."""
    codes = (HUB, *(member.code for member in federation.members))
    origins = {origin_of(federation.id, code): code for code in codes}

    def tell() -> list[LedgerAlarm]:
        own = collector.alarms() if collector is not None else []
        return [*own, *alarms.of_members(origins)][-MAX_ALARMS:]

    return tell


def begin_collecting(collector: Collector | None, stack: AsyncExitStack) -> None:
    """Let a collector run until the stack ends."""
    if collector is None:
        return
    running = asyncio.create_task(collector.run(), name="witnesses")

    async def end() -> None:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await collector.close()

    stack.push_async_callback(end)


def open_alarms(settings: NodeSettings, recorder: Recorder, clock: Clock) -> Alarms:
    """Return the alarms of a witness, with those that were open before a restart.

    Raises:
        LedgerCorruptError: What was kept of them is not what was written.
    """
    if settings.witness_key is None:
        return Alarms(recorder, clock)
    return Alarms(recorder, clock, Memory(settings.at(settings.witness)))


def follow_closings(settings: NodeSettings, alarms: Alarms, stack: AsyncExitStack) -> None:
    """Close alarms as the operator's file says, now and for as long as the node serves."""
    path = settings.at(settings.closed_alarms)

    async def follow() -> None:
        try:
            await alarms.close(await asyncio.to_thread(read_closings, path))
        except (SettingsError, LedgerError) as exc:
            log.error("%s: no alarm is closed", exc)  # noqa: TRY400 - the text says it all

    async def run() -> None:
        watch = Watch([path], follow)
        await follow()
        await watch.run()

    following = asyncio.create_task(run(), name="closed alarms")
    stack.callback(following.cancel)


async def serve_witness(
    settings: NodeSettings,
    federation: Federation,
    gate: Gate,
    alarms: Alarms,
    stack: AsyncExitStack,
) -> list[grpc.ServiceRpcHandler]:
    """Begin to be a witness, if there is a key; return the service to add to the node's.

    Raises:
        SettingsError: Key or settings are none of a witness.
        LedgerError: Its memory is not what was written, or somebody else has it.
    """
    if settings.witness_key is None:
        return []
    store = await asyncio.to_thread(Store, settings.at(settings.witness), Disk())
    stack.callback(store.close)
    clock = gate.clock
    witness = Witness(
        _read_cosigner(settings, federation), _logs(settings, federation), store, clock
    )
    methods = WitnessMethods(witness, alarms, federation.id, clock)
    if settings.witness_listen:
        host, _, port = settings.witness_listen.rpartition(":")
        served = HttpWitness(witness, alarms)
        stack.push_async_callback(served.close)
        await served.start(host, int(port))
    method = Method("AddCheckpoint", wire.AddCheckpointRequest, unary=methods.add_checkpoint)
    return [gate.service(SERVICE, method)]


def _way(seat: Seat, federation: Federation, settings: HubSettings | NodeSettings) -> Way:
    member = federation.member(seat.member)
    if member is None:
        return HttpWay(seat.url)
    certificate, key = settings.at(settings.certificate), settings.at(settings.key)
    roots = node_roots(federation, member.code)
    return NodeWay(member, channel_credentials(certificate, key, roots))


def _logs(settings: NodeSettings, federation: Federation) -> dict[str, Vkey]:
    foreign = [read_vkey(text, KeyType.LOG) for text in settings.witness_logs]
    return {**{key.name: key for key in foreign}, **logs_of(federation)}


def _read_cosigner(settings: NodeSettings, federation: Federation) -> Cosigner:
    assert settings.witness_key is not None  # noqa: S101 - looked at by the caller
    path = settings.at(settings.witness_key)
    key = read_key(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsError(f"{path}: witness_key: an Ed25519 key is needed")
    cosigner = Cosigner(witness_name(federation.id, settings.member), key)
    member = federation.member(settings.member)
    pinned = member.witness_vkey if member is not None else ""
    if pinned and pinned != str(cosigner.vkey):
        raise SettingsError(f"{path}: witness_key: the federation file pins another witness_vkey")
    return cosigner
