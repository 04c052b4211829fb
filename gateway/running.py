"""How a server lives: mutual TLS, readiness, draining, and stopping when its ledger breaks.

Shared by hub and node; it knows neither.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Self, cast

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from gateway.access.federation import Federation
from gateway.access.freshness import NonceMemory
from gateway.access.jwk import PublicKey
from gateway.access.keys import read_key, read_secret
from gateway.access.signatures import SigningKey
from gateway.clock import Clock
from gateway.errors import SettingsError
from gateway.ledger.custody import Custodian, read_point
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_entries
from gateway.ledger.seal import Sealer
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.tlog.signer import Signer
from gateway.serving import Gate
from gateway.settings import HubSettings, NodeSettings
from gateway.trace.meters import observe
from gateway.wire import SERVER_OPTIONS

log = logging.getLogger(__name__)

NONCE_ENTRIES: Final = 262_144
"""How many of the newest entries are read again for nonces after a restart."""
NONCE_WINDOW: Final = timedelta(seconds=150)


@dataclass(slots=True)
class Stopper:
    """Says when a process is to stop, and why."""

    event: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False

    @classmethod
    def listening(cls) -> Self:
        """A stopper that stops on SIGTERM and SIGINT."""
        stopper, loop = cls(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopper.event.set)
        return stopper

    def ledger_broke(self, error: LedgerUnavailableError) -> None:
        """Stop because a ledger cannot write: a process that cannot record must not answer."""
        log.critical("the ledger cannot write: %s", error.reason)
        self.broken = True
        self.event.set()


def read_pem(path: Path) -> bytes:
    """Read certificates; they are public."""
    return path.read_bytes()


def server_credentials(
    settings: HubSettings | NodeSettings, roots: bytes, gate: Gate
) -> grpc.ServerCredentials:
    """Mutual TLS; each handshake is counted at the gate.

    Args:
        settings: Where certificate and key are.
        roots: Whose certificates are taken, in PEM.
        gate: Counts.

    Raises:
        KeyFileError: The private key is missing or open to others.
    """
    key = read_secret(settings.at(settings.key))
    chain = read_pem(settings.at(settings.certificate))
    configuration = grpc.ssl_server_certificate_configuration([(key, chain)], roots)

    def fetch() -> None:
        # gRPC asks at each handshake; None keeps the configuration.
        gate.connections.began()

    return grpc.dynamic_ssl_server_credentials(
        # The stub does not know that None keeps the configuration.
        configuration,
        cast("Callable[[], grpc.ServerCertificateConfiguration]", fetch),
        require_client_authentication=True,
    )


def channel_credentials(certificate: Path, key: Path, ca: Path | bytes) -> grpc.ChannelCredentials:
    """Mutual TLS for a caller; `ca` is what is trusted in PEM, or its file.

    Raises:
        KeyFileError: The private key is missing or open to others.
    """
    roots = ca if isinstance(ca, bytes) else read_pem(ca)
    return grpc.ssl_channel_credentials(roots, read_secret(key), read_pem(certificate))


class Server:
    """A gRPC server with health and reflection that ends in order."""

    def __init__(self, gate: Gate, services: Sequence[grpc.ServiceRpcHandler]) -> None:
        """Serve `services` behind `gate`."""
        self._gate = gate
        self._grpc: grpc.aio.Server | None = grpc.aio.server(options=SERVER_OPTIONS)
        self._health = health.aio.HealthServicer()
        self._names = tuple(service.service_name() for service in services)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._grpc)
        names = (*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, self._grpc)
        self._grpc.add_generic_rpc_handlers((*services, gate.fallback()))

    async def start(self, address: str, credentials: grpc.ServerCredentials) -> int:
        """Listen; return the port.

        Raises:
            RuntimeError: The address is taken.
        """
        served = self._require_open()
        port = served.add_secure_port(address, credentials)
        await served.start()
        for name in ("", *self._names):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        return port

    async def drain(self, seconds: float) -> None:
        """Take no new call, let the running ones end, then stop.

        Raises:
            TimeoutError: A call did not end; the server has stopped all the same.
        """
        served = self._require_open()
        await self._health.enter_graceful_shutdown()
        self._gate.closing.set()  # calls that have no end of their own end now
        # The server's own stop returns before a handler's last lines have run: the gate counts.
        await served.stop(seconds)
        self._grpc = None
        async with asyncio.timeout(seconds + 1):
            await self._gate.idle.wait()

    async def end(self) -> None:
        """Stop at once, whatever runs; nothing happens where it was drained.

        A server that is still there when its loop has closed cannot end itself any more: whichever
        thread collects it waits for ever for the calls that it would take. Where this task is being
        cancelled all tasks of the loop may be, gRPC's own too: to stop it, or only to forget it,
        would then crash the process.
        """
        task = asyncio.current_task()
        if self._grpc is not None and not (task is not None and task.cancelling()):
            served, self._grpc = self._grpc, None
            await served.stop(None)

    def _require_open(self) -> grpc.aio.Server:
        assert self._grpc is not None, "the server has ended"  # noqa: S101 - its owner's order
        return self._grpc


def read_pinned(path: Path, ring: Iterable[PublicKey]) -> SigningKey:
    """Read a signing key under the name by which the federation file pins it.

    Raises:
        KeyFileError: The key is missing or open to others.
        SettingsError: The file pins others: nobody would believe what it signs.
    """
    key = SigningKey.load(path)
    kid = next((each.kid for each in ring if each.thumbprint == key.thumbprint), None)
    if kid is None:
        raise SettingsError(f"{path}: is not a key that the federation file pins")
    return SigningKey(key.private_key, kid)


def read_signer(
    settings: HubSettings | NodeSettings, federation: Federation, member: str
) -> Signer:
    """Read the key of a ledger; its origin is the federation's and the member's, or "HUB".

    Raises:
        KeyFileError: The key is missing or open to others.
        SettingsError: It is not Ed25519, or not the one that the federation file pins.
    """
    path = settings.at(settings.ledger_key)
    key = read_key(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsError(f"{path}: ledger_key: an Ed25519 key is needed")
    signer = Signer(origin_of(federation.id, member), key)
    found = federation.member(member)
    pinned = found.ledger_vkey if found is not None else federation.hub.ledger_vkey
    if pinned and pinned != str(signer.vkey):
        raise SettingsError(f"{path}: ledger_key: the federation file pins another ledger_vkey")
    return signer


async def open_ledger(folder: Path, clock: Clock, stopper: Stopper, signer: Signer) -> Ledger:
    """Open a ledger whose breaking stops the process."""
    return await Ledger.open(folder, clock, signer=signer, on_broken=stopper.ledger_broke)


def make_sealer(folder: Path, federation: Federation, clock: Clock) -> Sealer:
    """Seal what is personal in the entries of a ledger to the members that it is of."""
    custody = {
        member.code: tuple(Custodian(c.name, read_point(c.key)) for c in member.custodians)
        for member in federation.members
    }
    return Sealer(folder, custody, clock)


def observe_server(gate: Gate, ledger: Ledger, side: str, member: str) -> Callable[[], None]:
    """Let metrics tell how a server's ledger and door are doing; return what ends that."""
    ends = [
        observe("kalkan.ledger.backlog", side, member, lambda: ledger.backlog),
        observe("kalkan.ledger.entries", side, member, lambda: ledger.size),
        observe("kalkan.tls.refused", side, member, lambda: gate.connections.refused),
    ]

    def end() -> None:
        for one in ends:
            one()

    return end


def restore_nonces(memory: NonceMemory, ledger: Ledger, folder: Path, clock: Clock) -> None:
    """Learn again which nonces were used before a restart."""
    since = clock.now() - NONCE_WINDOW
    entries = read_entries(folder, max(0, ledger.size - NONCE_ENTRIES))
    memory.restore(
        (bank, bytes.fromhex(entry.nonce), bytes.fromhex(entry.query_sha256), entry.time)
        for _, entry in entries
        if entry.kind is Kind.INTENT and entry.time >= since and entry.nonce
        for bank in (entry.banks if entry.side == "node" else ("hub",))
    )
