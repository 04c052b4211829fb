from __future__ import annotations

import asyncio
import os
import signal
import stat
from contextlib import suppress
from datetime import timedelta

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from gateway.access.errors import KeyFileError, NonceReusedError
from gateway.access.federation import Federation, Hub
from gateway.access.freshness import NonceMemory
from gateway.access.signatures import SigningKey
from gateway.clock import SystemClock
from gateway.errors import SettingsError
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.recorder import Recorder
from gateway.running import (
    NONCE_WINDOW,
    Server,
    Stopper,
    channel_credentials,
    open_ledger,
    read_pinned,
    read_signer,
    restore_nonces,
    server_credentials,
)
from gateway.serving import Gate, Method
from gateway.settings import HubSettings
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.logs import SIGNER

NAME = "test.Door"
PATIENCE_S = 20.0
SEARCH_ID, SHA = "0" * 32, "a" * 64
NONCE = "b" * 32


def settings_of(certificates, **changes) -> HubSettings:
    values = {
        "listen": "127.0.0.1:0",
        "federation": "federation.toml",
        "certificate": "hub.pem",
        "key": "hub.key",
        "receipt_key": "receipt.key",
        "ledger_key": "ledger.key",
        "ledger": "ledger",
        "folder": certificates,
    }
    return HubSettings.model_validate({**values, **changes}, strict=False)


@pytest.fixture
def settings(certificates):
    return settings_of(certificates)


@pytest.fixture
async def ledger(tmp_path):
    ledger = await Ledger.open(tmp_path / "ledger", SystemClock())
    yield ledger
    await ledger.close()


@pytest.fixture
def gate(ledger):
    return Gate(Recorder(ledger, Side.HUB, "HUB", SystemClock()), limit=8)


class Waiting:
    """A handler that waits until it is released, and then ends in its own time."""

    def __init__(self) -> None:
        self.entered, self.release = asyncio.Event(), asyncio.Event()
        self.ended = self.drained = False
        self.peers = []

    async def wait(self, request, call):
        self.peers.append(call.peer)
        self.entered.set()
        await self.release.wait()
        for _ in range(20):
            await asyncio.sleep(0)
        self.ended = True
        return request


@pytest.fixture
def waiting():
    return Waiting()


@pytest.fixture
def credentials(settings, certificates, gate):
    return server_credentials(settings, (certificates / "ca.pem").read_bytes(), gate)


@pytest.fixture
async def served(gate, waiting, credentials, credentials_of):
    """A server with mutual TLS, and a channel to it."""
    service = gate.service(NAME, Method("Wait", wire.DescribeRequest, unary=waiting.wait))
    server = Server(gate, [service])
    port = await server.start("127.0.0.1:0", credentials)
    async with grpc.aio.secure_channel(f"localhost:{port}", credentials_of("client")) as channel:
        yield server, channel, port
    if not waiting.drained:
        await drain_at_once(server, gate)


def ask(channel):
    return channel.unary_unary(f"/{NAME}/Wait")(b"", timeout=PATIENCE_S)


async def drain_at_once(server, gate):
    """Give up what runs; what a busy machine has not ended within a second ends after it."""
    with suppress(TimeoutError):
        await server.drain(0.01)
    await gate.idle.wait()


async def test_caller_is_known_by_its_certificate(served, waiting):
    _, channel, _ = served
    waiting.release.set()
    await ask(channel)
    (peer,) = waiting.peers
    assert (peer.role, peer.member, peer.name) == ("client", "KAZ", "officer")


@pytest.mark.parametrize("name", ["", NAME])
async def test_health_says_that_it_serves(served, name):
    _, channel, _ = served
    request = health_pb2.HealthCheckRequest(service=name)
    response = await health_pb2_grpc.HealthStub(channel).Check(request, timeout=PATIENCE_S)
    assert response.status == health_pb2.HealthCheckResponse.SERVING


async def test_reflection_names_the_services(served):
    _, channel, _ = served
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)
    asked = iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    async for response in stub.ServerReflectionInfo(asked, timeout=PATIENCE_S):
        names = {service.name for service in response.list_services_response.service}
        assert NAME in names


async def test_handshake_that_fails_is_counted_and_one_that_passes_is_not(served, waiting, gate):
    _, channel, port = served
    waiting.release.set()
    await ask(channel)
    assert gate.connections.refused == 0
    async with grpc.aio.secure_channel(
        f"localhost:{port}", grpc.ssl_channel_credentials()
    ) as stranger:
        with pytest.raises(grpc.aio.AioRpcError):
            await ask(stranger)
    assert gate.connections.refused >= 1


async def test_draining_waits_for_running_calls_to_their_last_line(served, waiting, gate):
    server, channel, _ = served
    call = asyncio.ensure_future(ask(channel))
    await waiting.entered.wait()
    waiting.drained = True
    draining = asyncio.create_task(server.drain(PATIENCE_S))
    await asyncio.sleep(0)
    assert not draining.done()
    waiting.release.set()
    await draining
    assert waiting.ended
    assert gate.running == 0
    assert await call == b""


async def test_draining_takes_no_new_call(served, waiting):
    server, channel, _ = served
    waiting.release.set()
    await ask(channel)
    waiting.drained = True
    await server.drain(PATIENCE_S)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(channel)
    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_draining_gives_up_a_call_that_does_not_end(served, waiting, gate):
    server, channel, _ = served
    call = asyncio.ensure_future(ask(channel))
    await waiting.entered.wait()
    waiting.drained = True
    await drain_at_once(server, gate)
    assert gate.running == 0
    assert not waiting.ended
    with pytest.raises(grpc.aio.AioRpcError):
        await call


async def test_address_that_is_taken_is_an_error(served, gate, credentials):
    _, _, port = served
    other = Server(gate, [])
    with pytest.raises(RuntimeError):
        await other.start(f"127.0.0.1:{port}", credentials)


def test_private_key_that_others_can_read_is_not_used(certificates, tmp_path, gate):
    for name in ("hub.pem", "hub.key", "ca.pem"):
        (tmp_path / name).write_bytes((certificates / name).read_bytes())
    key = tmp_path / "hub.key"
    key.chmod(stat.S_IRUSR | stat.S_IROTH)
    with pytest.raises(KeyFileError):
        server_credentials(settings_of(tmp_path), b"", gate)
    with pytest.raises(KeyFileError):
        channel_credentials(tmp_path / "hub.pem", key, tmp_path / "ca.pem")


async def test_broken_ledger_stops_the_process_and_says_why(caplog):
    stopper = Stopper()
    assert not stopper.event.is_set()
    stopper.ledger_broke(LedgerUnavailableError("disk of /var"))
    assert stopper.broken
    assert stopper.event.is_set()
    assert "LEDGER_UNAVAILABLE" in caplog.text
    assert "/var" not in caplog.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signal_stops_the_process_in_order(number):
    stopper = Stopper.listening()
    try:
        os.kill(os.getpid(), number)
        await stopper.event.wait()
        assert not stopper.broken
    finally:
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(each)


async def test_ledger_is_opened_with_a_stopper(tmp_path):
    ledger = await open_ledger(tmp_path / "new", SystemClock(), Stopper(), SIGNER)
    assert ledger.size == 0
    await ledger.close()


async def restore(clock, tmp_path, side, *entries) -> NonceMemory:
    """Write entries before a restart, and learn from them again."""
    folder = tmp_path / "before"
    ledger = await Ledger.open(folder, clock)
    recorder = Recorder(ledger, side, "KAZ", clock)
    for kind, facts in entries:
        await recorder.write(kind, {"search_id": SEARCH_ID, "query_sha256": SHA, **facts})
    memory = NonceMemory(clock)
    restore_nonces(memory, ledger, folder, clock)
    await ledger.close()
    return memory


def admit(memory, bank, digest=b"\x01" * 32) -> bool:
    """Whether a query with the known nonce is new at a bank."""
    return memory.admit(bank, bytes.fromhex(NONCE), digest, memory._clock.now())


async def test_nonce_is_known_again_after_a_restart_of_a_node(clock, tmp_path):
    facts = {"nonce": NONCE, "banks": ("KAZ/persons",)}
    memory = await restore(clock, tmp_path, Side.NODE, (Kind.INTENT, facts))
    assert not admit(memory, "KAZ/persons", bytes.fromhex(SHA))
    with pytest.raises(NonceReusedError):
        admit(memory, "KAZ/persons")
    assert admit(memory, "KAZ/vehicles")


async def test_nonce_is_known_again_after_a_restart_of_the_hub(clock, tmp_path):
    facts = {"nonce": NONCE, "banks": ("KAZ/persons", "TUR/persons")}
    memory = await restore(clock, tmp_path, Side.HUB, (Kind.INTENT, facts))
    assert len(memory) == 1
    with pytest.raises(NonceReusedError):
        admit(memory, "hub")


@pytest.mark.parametrize(
    ("kind", "facts"),
    [(Kind.OUTCOME, {"nonce": NONCE}), (Kind.REFUSAL, {"nonce": NONCE}), (Kind.INTENT, {})],
)
async def test_only_intents_with_a_nonce_are_learnt(clock, tmp_path, kind, facts):
    memory = await restore(clock, tmp_path, Side.HUB, (kind, facts))
    assert len(memory) == 0


@pytest.mark.parametrize(("age_s", "known"), [(-1, 1), (0, 1), (1, 0)])
async def test_nonce_is_learnt_as_long_as_its_query_could_come_again(clock, tmp_path, age_s, known):
    folder = tmp_path / "before"
    ledger = await Ledger.open(folder, clock)
    recorder = Recorder(ledger, Side.HUB, "HUB", clock)
    facts = {"search_id": SEARCH_ID, "query_sha256": SHA, "nonce": NONCE}
    await recorder.write(Kind.INTENT, facts)
    clock.advance((NONCE_WINDOW + timedelta(seconds=age_s)).total_seconds())
    memory = NonceMemory(clock)
    restore_nonces(memory, ledger, folder, clock)
    assert len(memory) == known
    await ledger.close()


@pytest.fixture
def federation():
    hub = Hub(
        address="127.0.0.1:1", name="localhost", receipt_keys=(SigningKey.generate().public_key,)
    )
    return Federation.model_construct(id="test", hub=hub, members=())


def test_key_of_a_ledger_is_read_under_the_name_of_federation_and_member(
    settings, federation, tmp_path
):
    settings = settings.model_copy(update={"folder": tmp_path})
    SigningKey.generate("Ed25519").save(settings.at(settings.ledger_key))
    vkey = read_signer(settings, federation, "HUB").vkey
    assert vkey.name == "kalkan.example/test/HUB"
    pinned = federation.hub.model_copy(update={"ledger_vkey": str(vkey)})
    federation = federation.model_copy(update={"hub": pinned})
    assert read_signer(settings, federation, "HUB").vkey == vkey
    pinned = federation.hub.model_copy(update={"ledger_vkey": str(SIGNER.vkey)})
    with pytest.raises(SettingsError, match="pins another ledger_vkey"):
        read_signer(settings, federation.model_copy(update={"hub": pinned}), "HUB")


def test_key_of_a_ledger_is_ed25519(settings, federation, tmp_path):
    settings = settings.model_copy(update={"folder": tmp_path})
    SigningKey.generate("P-256").save(settings.at(settings.ledger_key))
    with pytest.raises(SettingsError, match="an Ed25519 key is needed"):
        read_signer(settings, federation, "HUB")


def test_signing_key_has_the_name_by_which_it_is_pinned(tmp_path):
    path = tmp_path / "answer.key"
    SigningKey.generate().save(path)
    ring = [SigningKey.generate(kid="old").public_key, SigningKey.load(path, "new").public_key]
    assert read_pinned(path, ring).kid == "new"
    with pytest.raises(SettingsError, match="pins"):
        read_pinned(path, ring[:1])
