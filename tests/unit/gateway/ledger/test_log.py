import asyncio
import threading

import pytest

from gateway.ledger.disk import Disk
from gateway.ledger.entry import Kind
from gateway.ledger.errors import (
    EntryTooLargeError,
    LedgerBusyError,
    LedgerCorruptError,
    LedgerLockedError,
    LedgerUnavailableError,
    ProofPendingError,
)
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger
from gateway.ledger.mark import read_mark
from gateway.ledger.read import check_chain, read_entries
from gateway.ledger.segments import list_segments, segment_path
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.tlog.proof import parse_proof
from tests.kit.logs import SIGNER


class HeldDisk(Disk):
    """A disk whose syncs wait for the test, from the moment it says so."""

    def __init__(self):
        self.go = threading.Event()
        self.go.set()
        self.error = None

    def fdatasync(self, fd):
        self.go.wait(60)  # a failed test must not hold the process
        if self.error is not None:
            raise self.error
        super().fdatasync(fd)


async def test_ledger_gives_indices_from_zero_and_goes_on_after_a_restart(
    tmp_path, clock, make_entry
):
    directory = tmp_path / "new" / "ledger"
    ledger = await Ledger.open(directory, clock)
    assert [await ledger.append(make_entry(n)) for n in range(3)] == [0, 1, 2]
    assert await ledger.append_many([make_entry(3), make_entry(4)]) == range(3, 5)
    assert await ledger.append_many([]) == range(0)
    assert ledger.size == 5
    await ledger.close()
    ledger = await Ledger.open(directory, clock)
    assert await ledger.append(make_entry(5)) == 5
    await ledger.close()
    assert list(read_entries(directory)) == [(n, make_entry(n)) for n in range(6)]


async def test_ledger_keeps_every_entry_of_many_writers_in_segments(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock, limits=Limits(segment_bytes=4_000))

    async def write(writer):
        return [await ledger.append(make_entry(writer * 100 + n)) for n in range(10)]

    indices = await asyncio.gather(*map(write, range(16)))
    await ledger.close()
    stored = {index: int(entry.search_id, 16) for index, entry in read_entries(tmp_path)}
    assert len(list_segments(tmp_path)) > 3
    assert check_chain(tmp_path) == 160
    for writer, own in enumerate(indices):
        assert [stored[index] for index in own] == [writer * 100 + n for n in range(10)]


async def test_append_is_durable_when_its_caller_is_cancelled(tmp_path, clock, make_entry):
    disk = HeldDisk()
    ledger = await Ledger.open(tmp_path, clock, disk=disk)
    disk.go.clear()
    caller = asyncio.create_task(ledger.append(make_entry(1)))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    disk.go.set()
    await ledger.close()
    assert list(read_entries(tmp_path)) == [(0, make_entry(1))]


async def test_append_waits_for_the_sync(tmp_path, clock, make_entry):
    disk = HeldDisk()
    ledger = await Ledger.open(tmp_path, clock, disk=disk)
    disk.go.clear()
    caller = asyncio.create_task(ledger.append(make_entry(1)))
    done, _ = await asyncio.wait({caller}, timeout=0.05)
    assert not done
    assert ledger.size == 0
    disk.go.set()
    assert await caller == 0
    await ledger.close()


async def test_ledger_refuses_a_second_writer(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    with pytest.raises(LedgerLockedError, match="already written by process"):
        await Ledger.open(tmp_path, clock)
    assert await ledger.append(make_entry()) == 0
    await ledger.close()
    await (await Ledger.open(tmp_path, clock)).close()


async def test_ledger_gives_the_lock_back_when_opening_fails(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    await ledger.append(make_entry())
    await ledger.close()
    path = segment_path(tmp_path, 0)
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    with pytest.raises(LedgerCorruptError):
        await Ledger.open(tmp_path, clock)
    path.write_bytes(good)
    disk = HeldDisk()
    disk.error = OSError(5, "EIO")
    with pytest.raises(LedgerUnavailableError, match="cannot be recovered"):
        await Ledger.open(tmp_path, clock, disk=disk)
    await (await Ledger.open(tmp_path, clock)).close()


async def test_ledger_cannot_be_opened_where_a_file_is_in_the_way(tmp_path, clock):
    (tmp_path / "file").touch()
    with pytest.raises(LedgerUnavailableError, match="cannot be opened"):
        await Ledger.open(tmp_path / "file", clock)


async def test_ledger_closes_the_searches_that_a_crash_left_open(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    intents = [
        make_entry(n, Kind.INTENT, who=f"p{n}", requester_member="TUR", query_sha256="ab" * 32)
        for n in range(600)
    ]
    await ledger.append_many(intents)
    await ledger.append(make_entry(7, Kind.OUTCOME))
    await ledger.close()
    clock.advance(60)
    ledger = await Ledger.open(tmp_path, clock)
    assert ledger.size == 601 + 599
    await ledger.close()
    added = [entry for _, entry in read_entries(tmp_path, 601)]
    for intent, entry in zip([i for i in intents if i != intents[7]], added, strict=True):
        assert entry.kind is Kind.RECOVERED
        assert entry.time == clock.now()
        for name in ("side", "member", "search_id", "query_sha256", "who", "requester_member"):
            assert getattr(entry, name) == getattr(intent, name)
    ledger = await Ledger.open(tmp_path, clock)
    assert ledger.size == 1200
    await ledger.close()


async def test_ledger_makes_the_mark_anew_when_it_is_missing(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    await ledger.append(make_entry())
    await ledger.close()
    (tmp_path / "mark").unlink()
    await (await Ledger.open(tmp_path, clock)).close()
    assert read_mark(tmp_path) == 1


async def test_ledger_says_where_a_torn_end_went(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    await ledger.append(make_entry())
    await ledger.close()
    with segment_path(tmp_path, 0).open("ab") as file:
        file.write(b"torn")
    ledger = await Ledger.open(tmp_path, clock)
    assert ledger.recovered.torn == tmp_path / "torn-1.bin"
    assert await ledger.append(make_entry()) == 1
    await ledger.close()
    assert check_chain(tmp_path) == 2


async def test_ledger_that_breaks_fails_all_callers_and_says_so_once(tmp_path, clock, make_entry):
    disk, reported = HeldDisk(), []
    ledger = await Ledger.open(tmp_path, clock, disk=disk, on_broken=reported.append)
    disk.go.clear()
    disk.error = OSError(5, "EIO")
    callers = [asyncio.create_task(ledger.append(make_entry(n))) for n in range(5)]
    await asyncio.sleep(0)
    disk.go.set()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert all(isinstance(result, LedgerUnavailableError) for result in results)
    disk.error = None
    with pytest.raises(LedgerUnavailableError):
        await ledger.append(make_entry())
    assert ledger.broken
    assert len(reported) == 1
    await ledger.close()


async def test_ledger_that_stalls_keeps_the_lock(tmp_path, clock, make_entry):
    disk = HeldDisk()
    ledger = await Ledger.open(tmp_path, clock, disk=disk, limits=Limits(stall_s=0.01))
    disk.go.clear()
    with pytest.raises(LedgerUnavailableError):
        await ledger.append(make_entry())
    await ledger.close()
    with pytest.raises(LedgerLockedError):
        await Ledger.open(tmp_path, clock)
    disk.go.set()


async def test_ledger_cannot_be_opened_when_its_orphans_cannot_be_closed(
    tmp_path, clock, make_entry
):
    class FailingDisk(Disk):
        def write(self, _fd, _data):
            raise OSError(28, "ENOSPC")

    ledger = await Ledger.open(tmp_path, clock)
    await ledger.append(make_entry(1, Kind.INTENT))
    await ledger.close()
    with pytest.raises(LedgerUnavailableError):
        await Ledger.open(tmp_path, clock, disk=FailingDisk())
    ledger = await Ledger.open(tmp_path, clock)
    assert [o.search_id for o in ledger.recovered.orphans] == [f"{1:032x}"]
    await ledger.close()


async def test_overload_refuses_an_intent_before_an_outcome(tmp_path, clock, make_entry):
    disk = HeldDisk()
    ledger = await Ledger.open(tmp_path, clock, limits=Limits(waiting_bytes=150), disk=disk)
    assert len(make_entry(1, Kind.OUTCOME).encode()) > 75
    disk.go.clear()
    written = asyncio.create_task(ledger.append(make_entry(0, Kind.OUTCOME)))
    first = asyncio.create_task(ledger.append(make_entry(1, Kind.OUTCOME)))
    await asyncio.sleep(0)
    with pytest.raises(LedgerBusyError):
        await ledger.append(make_entry(2, Kind.INTENT))
    with pytest.raises(LedgerBusyError):
        await ledger.append_many([make_entry(1, Kind.OUTCOME), make_entry(2, Kind.INTENT)])
    second = asyncio.create_task(ledger.append(make_entry(3, Kind.OUTCOME)))
    await asyncio.sleep(0)
    disk.go.set()
    assert await asyncio.gather(written, first, second) == [0, 1, 2]
    await ledger.close()


async def test_append_refuses_an_entry_above_the_limit_and_lives_on(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    large = make_entry(targets=("x" * 100,) * 700)
    with pytest.raises(EntryTooLargeError):
        await ledger.append(large)
    with pytest.raises(EntryTooLargeError):
        await ledger.append_many([make_entry(), large])
    assert await ledger.append(make_entry()) == 0
    await ledger.close()


async def test_closed_ledger_refuses_entries_and_may_be_closed_again(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    await ledger.close()
    await ledger.close()
    with pytest.raises(LedgerUnavailableError, match="closed"):
        await ledger.append(make_entry())


async def test_ledger_says_what_waits(tmp_path, clock, make_entry):
    disk = HeldDisk()
    ledger = await Ledger.open(tmp_path, clock, disk=disk)
    assert ledger.backlog == 0
    disk.go.clear()
    written = asyncio.create_task(ledger.append(make_entry(0)))
    waiting = asyncio.create_task(ledger.append(make_entry(1)))
    await asyncio.sleep(0)
    assert ledger.backlog == len(make_entry(1).encode())
    disk.go.set()
    await asyncio.gather(written, waiting)
    assert ledger.backlog == 0
    await ledger.close()


@pytest.fixture
async def signed(tmp_path, clock, make_entry):
    """A ledger with a key and 300 entries that a checkpoint covers."""
    ledger = await Ledger.open(
        tmp_path / "signed", clock, signer=SIGNER, limits=Limits(checkpoint_s=0)
    )
    with pytest.raises(ProofPendingError, match="no checkpoint yet"):
        ledger.checkpoint()
    await ledger.covered((await ledger.append_many([make_entry(n) for n in range(300)]))[-1])
    yield ledger
    await ledger.close()


async def test_ledger_with_a_key_proves_each_entry(signed, make_entry):
    assert open_checkpoint(signed.checkpoint(), SIGNER.vkey).size == 300
    for index in (0, 255, 256, 299):
        proof = parse_proof(await signed.inclusion(index))
        assert proof.verify(make_entry(index).encode(), SIGNER.vkey).size == 300


@pytest.mark.parametrize("index", [-1, 300])
async def test_what_no_checkpoint_covers_has_no_proof(signed, index):
    with pytest.raises(ProofPendingError, match=f"covers entry {index} yet"):
        await signed.inclusion(index)


async def test_ledger_without_a_key_proves_nothing(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path, clock)
    await ledger.append(make_entry())
    with pytest.raises(ProofPendingError):
        ledger.checkpoint()
    with pytest.raises(ProofPendingError):
        await ledger.inclusion(0)
    with pytest.raises(LedgerUnavailableError, match="has no key"):
        await ledger.covered(0)
    await ledger.close()


async def test_ledger_that_is_closed_twice_is_closed_once(tmp_path, clock):
    ledger = await Ledger.open(tmp_path, clock)
    await ledger.close()
    other = await Ledger.open(tmp_path, clock)
    await ledger.close()
    with pytest.raises(LedgerLockedError):
        await Ledger.open(tmp_path, clock)
    await other.close()
