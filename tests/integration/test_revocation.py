"""Revoking over the real wire: the command, a node, the hub, and a stream that runs."""

import asyncio
import sys

import pytest

from gateway.access.revocation import RevokedKind, make_entry, revoke, undo
from gateway.client import Accepted, BankEnd, Ended
from gateway.clock import SystemClock
from gateway.errors import RefusedError
from gateway.ledger.kinds import Kind
from tests.kit.world import ask, build_world, thumbprint


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    yield world
    await world.stop()


def list_of(world, member):
    return world.home / "nodes" / member / "revocations.toml"


async def until_refused(client):
    """Ask until the hub refuses; how often depends on the machine."""
    while True:
        try:
            await client.search_once(ask())
        except RefusedError as refused:
            return refused.reason


async def until_answered(client):
    while True:
        try:
            return await client.search_once(ask())
        except RefusedError as refused:
            if refused.reason != "TOKEN_REVOKED":
                raise


async def search_and_revoke(world, client, seen):
    """Revoke the officer when two banks have answered; collect whatever comes until the end."""
    async for event in client.search(ask(deadline_s=29.0)):
        seen.append(event)
        if len(seen) == 3:
            clock = SystemClock()
            entry = make_entry(RevokedKind.OFFICER, "officer", "left", clock)
            revoke(list_of(world, "KAZ"), entry, clock)


async def test_stream_that_runs_ends_when_its_officer_is_revoked(world):
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.kit.rogue", str(world.home / "nodes" / "TUR"), "hangs"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert await process.stdout.readline() == b"ready\n"
        await world.start("KAZ", "GEO")
        client = await world.client()
        seen = []
        with pytest.raises(RefusedError) as refused:
            await search_and_revoke(world, client, seen)
    finally:
        process.kill()
        await process.communicate()
    assert refused.value.reason == "TOKEN_REVOKED"
    assert [type(event) for event in seen] == [Accepted, BankEnd, BankEnd]
    assert not any(isinstance(event, Ended) for event in seen)
    last = world.entries()[-1]
    assert (last.kind, last.reason, last.who) == (Kind.REFUSAL, "TOKEN_REVOKED", "officer")
    assert last.search_id == seen[0].search_id


@pytest.mark.parametrize("kind", [RevokedKind.CERTIFICATE, RevokedKind.MEMBER])
async def test_revoked_is_refused_until_it_is_undone(world, kind):
    await world.start()
    client = await world.client()
    await client.search_once(ask())
    pem = (world.home / "clients" / "officer" / "certificate.pem").read_bytes()
    value = "KAZ" if kind is RevokedKind.MEMBER else thumbprint(pem).hex()
    clock, path = SystemClock(), list_of(world, "KAZ")
    revoke(path, make_entry(kind, value, "lost", clock), clock)
    assert await until_refused(client) == "TOKEN_REVOKED"
    assert [e.action for e in world.entries("KAZ") if e.kind is Kind.ADMIN] == ["revocations"]
    undo(path, kind, value, clock)
    assert isinstance((await until_answered(client))[-1], Ended)


async def test_member_cannot_revoke_the_officer_of_another(world):
    await world.start()
    client = await world.client()
    clock = SystemClock()
    revoke(list_of(world, "TUR"), make_entry(RevokedKind.OFFICER, "officer", "", clock), clock)
    while not [e for e in world.entries("TUR") if e.action == "revocations"]:
        await client.search_once(ask())
    events = await client.search_once(ask())
    assert {e.state for e in events if isinstance(e, BankEnd)} == {"answered"}
