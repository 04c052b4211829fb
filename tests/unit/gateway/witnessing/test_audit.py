"""What is proved to whom, over a real ledger; tests/integration runs it over the wire."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.access.errors import TokenInvalidError
from gateway.auditing.reader import Readers
from gateway.clock import ManualClock
from gateway.errors import FieldInvalidError, PolicyRefusedError
from gateway.ledger.flusher import Limits
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.verify.proof import check_entry
from gateway.recorder import Recorder
from gateway.witnessing.audit import ProofMethods
from gateway.witnessing.prove import Prover
from kalkan.v1 import audit_service_pb2 as wire
from kalkan.v1.receipt_service_pb2 import PROOF_STATE_PENDING, PROOF_STATE_READY
from tests.kit.desk import Desk
from tests.kit.signed import make_federation

SIGNER = Signer("kalkan.example/test/HUB", Ed25519PrivateKey.generate())
SEARCH = "ab" * 16


@pytest.fixture
async def parts(tmp_path, monkeypatch):
    monkeypatch.setattr("gateway.witnessing.prove.PATIENCE_S", 60.0)  # a disk may stall
    clock, federation = ManualClock(datetime(2026, 11, 24, 8, 0, tzinfo=UTC)), make_federation()
    limits = Limits(checkpoint_s=0.01)
    ledger = await Ledger.open(tmp_path, clock, signer=SIGNER, limits=limits)
    recorder = Recorder(ledger, Side.HUB, "HUB", clock)
    methods = ProofMethods(Readers(federation, clock), recorder, Prover(ledger, tmp_path, None))
    yield methods, recorder, Desk(federation, clock, roles=("auditor",))
    await ledger.close()


async def prove(methods, call, **request):
    stream = methods.prove_entries(wire.ProveEntriesRequest(**request), call)
    async with asyncio.timeout(100):
        return [response async for response in stream]


async def test_the_access_is_an_entry_before_anything_is_proved(parts):
    methods, recorder, desk = parts
    await recorder.write(Kind.START, {})
    (response,) = await prove(methods, desk.call(), index=0)
    assert (response.state, response.quorum) == (PROOF_STATE_READY, 0)
    assert check_entry(response.entry, response.proof, SIGNER.vkey).index == 0
    assert await recorder.write(Kind.STOP, {}) == 2


async def test_entries_of_a_search_are_those_of_ones_own_member(parts):
    methods, recorder, desk = parts
    for member in ("KAZ", "TUR", "KAZ"):
        facts = {"search_id": SEARCH, "requester_member": member}
        await recorder.write(Kind.INTENT, facts)
    for asked in (SEARCH, SEARCH[:8]):
        found = await prove(methods, desk.call(), search_id=asked)
        assert [one.index for one in found] == [0, 2]
    for wrong in ({"index": 1}, {"index": 2**60}, {"search_id": "cd" * 16}, {"search_id": "AB"}):
        with pytest.raises(FieldInvalidError):
            await prove(methods, desk.call(), **wrong)


async def test_no_more_than_a_thousand_are_proved(parts, monkeypatch):
    monkeypatch.setattr("gateway.witnessing.audit.MAX_PROVED", 3)
    methods, recorder, desk = parts
    facts = {"search_id": SEARCH, "requester_member": "KAZ"}
    await recorder.write_all(Kind.INTENT, [facts] * 5)
    assert len(await prove(methods, desk.call(), search_id=SEARCH)) == 3


async def test_a_call_without_time_gets_what_is_pending(parts):
    methods, recorder, desk = parts
    await recorder.write_all(Kind.START, [{}] * 300)
    (response,) = await prove(methods, desk.call(seconds=0.0), index=299)
    assert response.state in {PROOF_STATE_PENDING, PROOF_STATE_READY}
    assert (response.state == PROOF_STATE_READY) is bool(response.proof)
    assert response.entry


async def test_an_officer_has_checkpoints_and_no_proofs_of_entries(parts):
    methods, recorder, desk = parts
    officer = Desk(desk.federation, desk.clock, member="TUR")
    index = await recorder.write_all(Kind.START, [{}] * 9)
    await prove(methods, desk.call(), index=index)
    found = await methods.get_checkpoint(wire.GetCheckpointRequest(), officer.call())
    assert found.newest
    assert (found.witnessed, found.cosignature_count, found.quorum) == (b"", 0, 0)
    request = wire.ProveConsistencyRequest(old_size=3, new_size=9)
    assert (await methods.prove_consistency(request, officer.call())).hashes
    with pytest.raises(PolicyRefusedError):
        await prove(methods, officer.call(), index=0)


@pytest.mark.parametrize("sizes", [(0, 0), (0, 1), (2, 1), (1, 2**40)])
async def test_sizes_without_a_checkpoint_are_refused(parts, sizes):
    methods, recorder, desk = parts
    await prove(methods, desk.call(), index=await recorder.write(Kind.START, {}))
    request = wire.ProveConsistencyRequest(old_size=sizes[0], new_size=sizes[1])
    with pytest.raises(FieldInvalidError):
        await methods.prove_consistency(request, desk.call())


async def test_nobody_without_a_token_has_a_checkpoint(parts):
    methods, _, desk = parts
    with pytest.raises(TokenInvalidError):
        await methods.get_checkpoint(wire.GetCheckpointRequest(), desk.call(metadata=()))
