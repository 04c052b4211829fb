"""What a collector publishes. Bad witnesses are in tests/attack/test_cosigning.py."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from gateway.clock import ManualClock
from gateway.ledger.read import read_entries
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.note import parse_note
from gateway.witnessing.collect import Collector, UnwitnessedError
from gateway.witnessing.follow import Follower
from gateway.witnessing.panel import Panel
from tests.kit.cosigning import LONG_S, Bench, LongWay, entry
from tests.kit.logs import NOON, SIGNER, write_log


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


class Patient(Bench):
    """A ledger whose collector is looked at step by step, on a clock that stands."""

    def __init__(self, folder, stack):
        super().__init__(folder, stack)
        self.clock = ManualClock(NOON)

    def still(self, *seats, quorum=1, patience_s=60.0, away_s=10.0):
        """A collector that does nothing by itself."""
        folder = self.folder / "ledger"
        followers = [Follower(seat, LongWay(seat.url), folder) for seat in seats]
        collector = Collector(
            self.ledger,
            folder,
            Panel(SIGNER.vkey, seats, quorum, patience_s),
            followers,
            recorder=self.recorder,
            clock=self.clock,
            interval_s=0.0,
            away_s=away_s,
        )
        self.stack.push_async_callback(collector.close)
        return collector

    async def round(self, collector):
        await collector._round(self.ledger.checkpoint())


@pytest.fixture
async def patient(tmp_path):
    async with AsyncExitStack() as stack:
        patient = Patient(tmp_path, stack)
        await patient.open()
        await patient.ledger.covered(await patient.ledger.append(entry()))
        yield patient


def told(patient):
    return [e.action for _, e in read_entries(patient.folder / "ledger") if e.action]


async def test_witness_that_is_away_for_long_is_told_once_and_when_it_is_back(patient):
    away, seat = patient.down("a"), await patient.seat("a")
    collector = patient.still(away)
    for seconds in (0.0, 9.9):
        patient.clock.advance(seconds)
        await patient.round(collector)
        assert told(patient) == []
    for _ in range(2):
        patient.clock.advance(0.2)
        await patient.round(collector)
        assert told(patient) == ["witness_away"]
    (follower,) = collector._followers
    await follower.way.close()
    follower.way = LongWay(seat.url)
    for _ in range(2):
        await patient.round(collector)
        assert told(patient) == ["witness_away", "witness_back"]


async def test_time_away_begins_anew_after_each_signature(patient):
    seat = await patient.seat("a")
    collector = patient.still(patient.down("a"))
    (follower,) = collector._followers
    down, up = follower.way, LongWay(seat.url)
    for way in (down, up, down):
        follower.way = way
        await patient.round(collector)
        patient.clock.advance(9.0)
    assert told(patient) == []
    await up.close()


async def test_alarm_that_cannot_be_recorded_ends_the_round_alone(patient):
    collector = patient.still(patient.down("a"), away_s=0.0)
    note = patient.ledger.checkpoint()
    await patient.ledger.close()
    await collector._round(note)
    assert told(patient) == []


async def test_nothing_is_answered_when_the_quorum_is_missing_longer_than_patience(patient):
    collector = patient.still(await patient.seat("a"), patience_s=60.0)
    collector.require_quorum()  # nothing has been waited for yet
    collector._alone_since = patient.clock.monotonic()
    patient.clock.advance(60.0)
    collector.require_quorum()
    patient.clock.advance(0.001)
    with pytest.raises(UnwitnessedError, match="1 of 1"):
        collector.require_quorum()
    await patient.round(collector)
    collector.require_quorum()


async def test_quorum_is_remembered_over_a_restart(patient):
    seats = [await patient.seat("a"), await patient.seat("b")]
    first = patient.still(*seats, quorum=2)
    await patient.round(first)
    again = patient.still(*seats, quorum=2)
    assert again.witnessed == first.witnessed
    assert again.witnessed.size == patient.ledger.size == 1


@pytest.mark.parametrize("spoil", ["", "other witnesses", "ledger"])
async def test_what_no_quorum_of_today_has_signed_does_not_count(patient, spoil, tmp_path):
    seats = [await patient.seat("a"), await patient.seat("b")]
    await patient.round(patient.still(*seats, quorum=2))
    path = patient.folder / "ledger" / "witnessed" / "checkpoint"
    if spoil == "other witnesses":
        seats = [await patient.seat("c"), seats[1]]
    elif spoil == "ledger":  # it has signed more than this ledger has
        (longer,) = write_log(tmp_path / "longer", [3])
        path.write_bytes(longer.note)
    else:
        path.write_bytes(path.read_bytes()[:-1])
    assert patient.still(*seats, quorum=0 if spoil == "ledger" else 2).witnessed is None


async def test_ways_to_witnesses_are_closed(patient):
    collector = patient.still(await patient.seat("a"))
    await patient.round(collector)
    session = collector._followers[0].way._session
    await collector.close()
    assert session.closed


async def test_signatures_are_counted_up_to_the_quorum(bench):
    seat = await bench.seat("a")
    collector = bench.collect(seat, bench.down("b"), quorum=2)
    index = await bench.ledger.append(entry())
    await bench.alarm("witness_away")
    assert (collector.signatures(index), collector.signatures(10**6)) == (1, 0)
    assert collector.witnessed is None
    alone = bench.collect(seat, quorum=1)
    await alone.covered(index, LONG_S)
    assert alone.signatures(index) == 1
    assert bench.collect(seat, quorum=1).signatures(index) == 1  # restored


async def test_alarms_last_as_long_as_what_they_tell(bench):
    seat = await bench.seat("a")
    collector = bench.collect(seat, bench.down("b"), quorum=2)
    assert collector.alarms() == []
    await bench.ledger.append(entry())
    await bench.alarm("quorum_missing")
    await bench.alarm("witness_away")
    told = {(one.what, one.member, one.witness) for one in collector.alarms()}
    assert told == {("quorum_missing", "KAZ", ""), ("witness_away", "KAZ", "b")}


async def test_a_quorum_that_comes_back_ends_its_alarm(bench):
    late = bench.late("b")
    collector = bench.collect(await bench.seat("a"), late.seat, quorum=2)
    await bench.ledger.append(entry())
    await bench.alarm("quorum_missing")
    await late.start()
    await bench.alarm("quorum_back")
    await bench.alarm("witness_back")
    assert collector.alarms() == []
