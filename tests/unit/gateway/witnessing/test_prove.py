from __future__ import annotations

import pytest

from gateway.ledger.tlog.hashing import hash_leaf, root_of
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.proof import parse_proof
from gateway.ledger.verify.proof import require_growth
from gateway.serving import NOBODY, Call
from gateway.witnessing.prove import Prover, wait_of
from tests.kit.cosigning import LONG_S, entry
from tests.kit.desk import Context
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


async def test_any_size_is_proved_to_continue_any_smaller_one(bench):
    prover = Prover(bench.ledger, bench.folder / "ledger", None)
    assert (prover.newest(), prover.size(), prover.witnessed()) == (b"", 0, b"")
    await bench.ledger.append_many([entry(n) for n in range(300)])
    await bench.ledger.covered(299)
    assert prover.size() == 300
    roots = [root_of([hash_leaf(entry(n).encode()) for n in range(size)]) for size in range(301)]
    for old, new in ((1, 300), (255, 256), (256, 300), (200, 290), (7, 7)):
        path = await prover.consistency(old, new)
        require_growth((old, roots[old]), (new, roots[new]), path)


async def test_without_a_quorum_the_signatures_that_are_there_are_counted(bench):
    seats = [await bench.seat("a"), bench.down("b")]
    prover = Prover(bench.ledger, bench.folder / "ledger", bench.collect(*seats))
    index = await bench.ledger.append(entry())
    await bench.alarm("witness_away")
    assert (prover.signatures(index), prover.quorum, prover.witnessed()) == (1, 2, b"")
    assert Prover(bench.ledger, bench.folder, None).quorum == 0


@pytest.mark.parametrize(("left", "seconds"), [(None, 10.0), (60.0, 10.0), (5.0, 4.8), (0.1, 0.0)])
def test_a_call_waits_until_its_deadline_and_ten_seconds_at_most(left, seconds):
    assert wait_of(Call("m", NOBODY, Context(left))) == seconds
