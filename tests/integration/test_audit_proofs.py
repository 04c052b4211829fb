"""Checkpoints and proofs at hub and node over gRPC, checked by the path that imports no writer."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import grpc
import pytest

from gateway.access.witnesses import Witnessing
from gateway.errors import RefusedError
from gateway.inspector import Inspector
from gateway.ledger.entry import parse_entry
from gateway.ledger.errors import ProofRejectedError
from gateway.ledger.kinds import Kind
from gateway.receipts.proof import State, check_given, check_note, verify_growth
from gateway.running import channel_credentials
from kalkan.v1 import audit_service_pb2 as wire
from tests.kit.world import ask, build_world

PANEL = Witnessing(witnesses=("KAZ", "TUR", "GEO"), quorum=2, patience_s=600)
LONG_S = 60.0


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", witnessing=PANEL)
    world.add_client("turk", "TUR", ("auditor",))
    await world.start()
    await (await world.client()).search_once(ask("Рустам Каримов"))
    yield world
    await world.stop()


def inspector(world, name="auditor", at="hub"):
    return Inspector(world.settings(name), at)


async def refused(world, name, call, at="hub"):
    async with inspector(world, name, at) as reader:
        with pytest.raises(RefusedError) as caught:
            await call(reader)
    return caught.value


async def witnessed(reader):
    """The checkpoints, once a quorum has signed one."""
    async with asyncio.timeout(LONG_S):
        while not (found := await reader.checkpoints()).witnessed:  # noqa: ASYNC110 - a server's state
            await asyncio.sleep(0.05)
    return found


@pytest.mark.parametrize(("name", "at", "log"), [("auditor", "hub", "HUB"), ("turk", "TUR", "TUR")])
async def test_entries_of_a_search_are_proved_by_number_and_by_search(world, name, at, log):
    search_id = next(e.search_id for e in world.entries(log) if e.kind is Kind.INTENT)
    async with inspector(world, name, at) as reader:
        found = await reader.proofs(search_id=search_id)
        assert [one.index for one in await reader.proofs(search_id=search_id[:8])] == [
            one.index for one in found
        ]
    assert [parse_entry(one.entry).kind.value for one in found] == ["INTENT", "OUTCOME"]
    for given in found:
        seen = check_given(given, world.federation, log)
        assert (given.state, seen.state) == (State.WITNESSED, State.WITNESSED)
        assert (given.needed, seen.quorum) == (2, 2)
        assert given.signed >= 2
        assert len(seen.witnesses) >= 2
        async with inspector(world, name, at) as reader:
            (alone,) = await reader.proofs(given.index)
        assert alone.entry == given.entry
        check_given(alone, world.federation, log)
    told = world.entries(log)[-1]
    assert (told.kind, told.action, told.count) == (Kind.ADMIN, "prove_entries", 1)
    assert told.requester_member == ("TUR" if log == "TUR" else "KAZ")


async def test_a_proof_of_an_altered_entry_is_refused(world):
    async with inspector(world) as reader:
        (given,) = await reader.proofs(0)
    altered = given.entry.replace(b"START", b"STOP!")
    with pytest.raises(ProofRejectedError):
        check_given(replace(given, entry=altered), world.federation, "HUB")


async def test_proofs_are_for_who_may_see_the_entries(world):
    error = await refused(world, "officer", lambda i: i.proofs(0))
    assert error.metadata["rule"] == "ledger.auditor"
    assert world.entries()[-1].kind is Kind.REFUSAL
    search_id = next(e.search_id for e in world.entries() if e.kind is Kind.INTENT)
    for call in (
        lambda i: i.proofs(search_id=search_id),  # of another member's officer
        lambda i: i.proofs(10**6),
        lambda i: i.proofs(search_id="0" * 32),
        lambda i: i.proofs(search_id="x"),
    ):
        error = await refused(world, "turk", call)
        assert error.reason == "FIELD_INVALID"
    error = await refused(world, "turk", lambda i: i.proofs(0), "KAZ")
    assert error.metadata["rule"] == "ledger.own_member"


@pytest.mark.parametrize("at", ["hub", "KAZ"])
async def test_checkpoints_are_for_every_member_and_leave_no_entry(world, at):
    log = at.upper()
    async with inspector(world, "turk", at) as reader:
        given = await witnessed(reader)
        old = check_note(given.witnessed, world.federation, log)
        new = check_note(given.newest, world.federation, log)
        verify_growth(old, new, await reader.consistency(old.size, new.size))
    assert (given.needed, old.state) == (2, State.WITNESSED)
    assert not [e for e in world.entries(log) if e.who == "turk"]


async def test_a_ledger_is_proved_to_continue_and_another_is_not(world):
    async with inspector(world, "officer") as reader:
        old = check_note((await witnessed(reader)).newest, world.federation, "HUB")
        await (await world.client()).search_once(ask("Nobody Atall"))
        async with inspector(world) as auditor:
            (given,) = await auditor.proofs(len(world.entries()) - 1)
        new = check_given(given, world.federation, "HUB")
        hashes = await reader.consistency(old.size, new.size)
    assert new.size > old.size
    verify_growth(old, new, hashes)
    path = world.home / "nodes" / "KAZ" / "ledger" / "checkpoint"
    other = check_note(path.read_bytes(), world.federation, "KAZ")
    for before, after, path in ((other, new, hashes), (old, new, hashes[1:]), (old, new, ())):
        with pytest.raises(ProofRejectedError):
            verify_growth(before, after, path)


@pytest.mark.parametrize("sizes", [(0, 1), (2, 1), (1, 10**6), (10**6, 10**6)])
async def test_sizes_that_no_checkpoint_has_are_refused(world, sizes):
    error = await refused(world, "officer", lambda i: i.consistency(*sizes))
    assert error.reason == "FIELD_INVALID"
    assert error.metadata["field"] in {"old_size", "new_size"}


async def test_a_call_without_a_token_is_refused(world):
    settings = world.settings("auditor")
    credentials = channel_credentials(
        settings.at(settings.certificate), settings.at(settings.key), world.federation.ca
    )
    options = (("grpc.ssl_target_name_override", "localhost"),)
    async with grpc.aio.secure_channel(
        world.federation.hub.address, credentials, options=options
    ) as channel:
        for method in ("GetCheckpoint", "ProveConsistency"):
            call = channel.unary_unary(f"/kalkan.v1.AuditService/{method}")
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call(wire.GetCheckpointRequest().SerializeToString(), timeout=60)
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
