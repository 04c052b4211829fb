"""What a collector publishes. Bad witnesses are in tests/attack/test_cosigning.py."""

from __future__ import annotations

from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.note import parse_note
from tests.kit.cosigning import LONG_S, entry
from tests.kit.logs import SIGNER


async def test_each_new_entry_is_covered(bench):
    seats = [await bench.seat("a"), await bench.seat("b")]
    collector = bench.collect(*seats)
    assert (collector.witnessed, collector.quorum) == (None, 2)
    for number in range(3):
        index = await bench.ledger.append(entry(number))
        witnessed = await collector.covered(index, LONG_S)
        assert witnessed.size > index
        assert open_checkpoint(witnessed.note, SIGNER.vkey).size == witnessed.size
        assert len(parse_note(witnessed.note).signers([s.vkey for s in seats])) == 2
    collector.require_quorum()


async def test_the_logs_own_checkpoint_is_left_alone(bench):
    seat = await bench.seat("a")
    collector = bench.collect(seat, quorum=1)
    await collector.covered(await bench.ledger.append(entry()), LONG_S)
    note = (bench.folder / "ledger" / "checkpoint").read_bytes()
    assert parse_note(note).signers([seat.vkey]) == ()


async def test_below_the_quorum_nothing_is_published(bench):
    collector = bench.collect(await bench.seat("a"), bench.down("b"), quorum=2)
    index = await bench.ledger.append(entry())
    await bench.alarm("witness_away")
    assert await collector.covered(index, 0.0) is None
    assert not (bench.folder / "ledger" / "witnessed").exists()


async def test_it_ends_with_its_ledger(bench):
    collector = bench.collect(await bench.seat("a"), quorum=1)
    await bench.ledger.close()
    await collector.run()
