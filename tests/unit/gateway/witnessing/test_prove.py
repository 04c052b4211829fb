from __future__ import annotations

from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.proof import parse_proof
from gateway.witnessing.prove import Prover
from tests.kit.cosigning import LONG_S, entry
from tests.kit.logs import SIGNER


async def test_a_proof_holds_under_log_and_witness(bench):
    seat = await bench.seat("a")
    prover = Prover(bench.ledger, bench.folder / "ledger", bench.collect(seat, quorum=1))
    indices = await bench.ledger.append_many([entry(n) for n in range(5)])
    for index in indices:
        proof = parse_proof(await prover.prove(index, LONG_S))
        stored = await prover.entry(index)
        assert stored.count == index
        proof.verify(stored.encode(), SIGNER.vkey)
        assert parse_note(proof.checkpoint).signers([seat.vkey]) == (seat.vkey,)


async def test_without_witnesses_the_logs_own_checkpoint_will_do(bench):
    prover = Prover(bench.ledger, bench.folder / "ledger", None)
    index = await bench.ledger.append(entry())
    await bench.ledger.covered(index)
    proof = parse_proof(await prover.prove(index, 0.0))
    proof.verify(entry().encode(), SIGNER.vkey)
    assert await prover.prove(index + 1, 0.0) is None
    assert await prover.entry(index + 1) is None


async def test_without_a_quorum_there_is_none(bench):
    collector = bench.collect(bench.down("a"), quorum=1)
    prover = Prover(bench.ledger, bench.folder / "ledger", collector)
    assert await prover.prove(await bench.ledger.append(entry()), 0.0) is None
