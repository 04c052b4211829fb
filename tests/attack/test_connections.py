"""Bindings hold for the life of a connection: over resumed TLS sessions, and over time."""

from __future__ import annotations

from datetime import timedelta

import grpc
import pytest
from grpc.experimental import session_cache

from gateway import serving
from gateway.access.certificates import peer_of
from gateway.access.signatures import SigningKey
from gateway.client import BankEnd, Client, Ended
from gateway.clock import SystemClock
from gateway.errors import RefusedError
from gateway.ledger.kinds import Kind
from gateway.running import channel_credentials
from gateway.wire import error_info
from kalkan.v1 import search_service_pb2_grpc
from tests.kit.world import ask, build_world

SHORT = timedelta(hours=2)


class ShiftedClock(SystemClock):
    """The clock of the machine, some time ahead: TLS goes by the machine's own."""

    ahead = timedelta()

    def now(self):
        return super().now() + self.ahead


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ",))
    yield world
    await world.stop()


def replace_certificate(folder, issued):
    (folder / "certificate.key").unlink()
    issued.save(folder, "certificate")


def make_short(world, name="officer"):
    """Give a client a certificate that ends soon, and a token that is bound to it."""
    folder = world.home / "clients" / name
    issued = world.authority.issue_client("KAZ", name, SHORT)
    replace_certificate(folder, issued)
    key = SigningKey.load(folder / "query.key")
    token = world.issue("KAZ", ("investigator",), issued.certificate, key, officer=name)
    (folder / "token").write_text(token, encoding="utf-8")


@pytest.fixture
def contexts(monkeypatch):
    """What TLS said of each call that a server of this process served."""
    seen = []

    def look(context):
        seen.append(context)
        return peer_of(context)

    monkeypatch.setattr(serving, "peer_of", look)
    return seen


def dial(world, name, cache):
    """A new connection of a client that takes up an earlier session where it can."""
    settings = world.settings(name)
    credentials = channel_credentials(
        settings.at(settings.certificate), settings.at(settings.key), world.home / "ca.pem"
    )
    options = (
        ("grpc.ssl_target_name_override", "localhost"),
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.ssl_session_cache", cache),
    )
    return grpc.aio.secure_channel(world.federation.hub.address, credentials, options=options)


async def search_over(world, channel, client: Client):
    """Ask over this channel a question that this client signed; return how it ended."""
    stub = search_service_pb2_grpc.SearchServiceStub(channel)
    question = ask()
    request = client.sign(client.compose(question, [question.probe]))
    try:
        return [event.WhichOneof("event") async for event in stub.Search(request, timeout=60)][-1]
    except grpc.aio.AioRpcError as exc:
        return error_info(exc).reason


async def test_binding_to_the_certificate_holds_on_a_resumed_session(world, contexts):
    world.add_client("thief", "KAZ", ("investigator",))
    await world.start()
    officer, thief = await world.client(), await world.client("thief")
    caches = {name: session_cache.ssl_session_cache_lru(4) for name in ("officer", "thief")}
    for resumed in (False, True, True):
        for name, mine, others in (("officer", officer, thief), ("thief", thief, officer)):
            contexts.clear()
            async with dial(world, name, caches[name]) as channel:
                assert await search_over(world, channel, mine) == "ended"
                assert await search_over(world, channel, others) == "TOKEN_UNBOUND"
            calls = [
                c for c in contexts if c["ssl_session_reused"] == [str(resumed).lower().encode()]
            ]
            assert len([c for c in calls if peer_of(c).role == "client"]) == 2
            assert {peer_of(c).name for c in calls if peer_of(c).role == "client"} == {name}


async def test_session_of_another_makes_nobody_that_other(world, contexts):
    """A resumed session has the certificate that began it, whoever takes it up."""
    world.add_client("thief", "KAZ", ("investigator",))
    await world.start()
    officer, thief = await world.client(), await world.client("thief")
    cache = session_cache.ssl_session_cache_lru(4)
    async with dial(world, "officer", cache) as channel:
        assert await search_over(world, channel, officer) == "ended"
    async with dial(world, "thief", cache) as channel:
        ended = [await search_over(world, channel, client) for client in (officer, thief)]
    # The hub itself calls its nodes all the time.
    clients = [peer_of(c) for c in contexts if peer_of(c).role == "client"]
    assert len(clients) == 3
    name = {peer.name for peer in clients[-2:]}
    # One of the two is bound to the certificate of the connection; never both.
    assert sorted(ended) == ["TOKEN_UNBOUND", "ended"]
    assert name == ({"officer"} if ended[0] == "ended" else {"thief"})


async def test_certificate_that_expires_on_an_open_connection_is_refused_at_the_hub(
    world, monkeypatch
):
    clock = ShiftedClock()
    monkeypatch.setattr("gateway.hub.server.SystemClock", lambda: clock)
    make_short(world)
    await world.start()
    client = await world.client()
    assert isinstance((await client.search_once(ask()))[-1], Ended)
    clock.ahead = SHORT
    for call in (lambda: client.search_once(ask()), client.federation):
        with pytest.raises(RefusedError) as refused:
            await call()
        assert refused.value.reason == "PEER_FORBIDDEN"
        assert "expired" in refused.value.text
    refusals = [e.reason for e in world.entries() if e.kind is Kind.REFUSAL]
    assert refusals == ["PEER_FORBIDDEN"] * 2


async def test_certificate_of_the_hub_that_expires_on_an_open_connection_is_refused_at_nodes(
    world, monkeypatch
):
    clock = ShiftedClock()
    monkeypatch.setattr("gateway.node.server.SystemClock", lambda: clock)
    replace_certificate(world.home / "hub", world.authority.issue_hub(lifetime=SHORT))
    await world.start()
    client = await world.client()
    events = await client.search_once(ask())
    assert [e.state for e in events if isinstance(e, BankEnd)] == ["answered"]
    clock.ahead = SHORT
    events = await client.search_once(ask())
    (end,) = (e for e in events if isinstance(e, BankEnd))
    assert (end.state, end.rule) == ("refused", "node.peer_forbidden")
    intents = [e for e in world.entries("KAZ") if e.kind is Kind.INTENT]
    assert len(intents) == 1
