"""Stop the ledger between any two steps, with or without power: it goes on, whole and signed."""

import asyncio
import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.clock import ManualClock
from gateway.ledger.disk import Disk
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.errors import LedgerCorruptError, LedgerUnavailableError
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger
from gateway.ledger.read import read_stored
from gateway.ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from gateway.ledger.verify.hashing import leaf_hashes, root_over
from tests.kit.disks import LOSSES, ErrorDisk, NthDisk, PowerDisk, ShortDisk
from tests.kit.logs import SIGNER, UnsyncedDisk, check, copy_log, write_log

CLOCK = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
LIMITS = Limits(segment_bytes=20_000, checkpoint_s=0)
BEFORE = 250
"""Entries of the life before: a few more make a full tile."""
ENTRY = Entry(kind=Kind.ADMIN, time=CLOCK.now(), side=Side.NODE, member="UZB")


def open_ledger(directory: Path, disk: Disk | None = None):
    return Ledger.open(directory, CLOCK, signer=SIGNER, disk=disk, limits=LIMITS)


def read_checkpoint(note: bytes) -> Checkpoint:
    return open_checkpoint(note, SIGNER.vkey)


async def live(directory: Path, disk: Disk, seen: list[Checkpoint]) -> int:
    """Open, append twice so that a tile becomes full, close; return what is acknowledged."""
    ledger = await open_ledger(directory, disk)
    size = ledger.size
    try:
        for count in (4, 3):
            size = (await ledger.append_many([ENTRY] * count)).stop
            await ledger.covered(size - 1)
            seen.append(read_checkpoint(ledger.checkpoint()))
    finally:
        await ledger.close()
    return size


async def require_whole(directory: Path, seen: list[Checkpoint]) -> None:
    """Go on with a sound disk: all is covered, and every checkpoint that was seen is continued."""
    ledger = await open_ledger(directory, UnsyncedDisk())
    await ledger.append(ENTRY)
    await ledger.close()
    report = check(directory)
    assert report.findings == ()
    assert report.size == report.entries > BEFORE
    leaves = leaf_hashes(stored for _, stored in read_stored(directory))
    for checkpoint in seen:
        assert root_over(leaves[: checkpoint.size]) == checkpoint.root


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("ledger") / "before"
    write_log(directory, [100, BEFORE])
    return directory


def make_power_disk(nth: int, directory: Path) -> PowerDisk:
    disk = PowerDisk(nth)
    disk.adopt(directory)
    return disk


def leave(disk: NthDisk, directory: Path) -> None:
    """Leave what is there as it is."""


async def for_each_call(tmp_path, before, make_disk, after=leave) -> int:
    """Repeat with the first, second, ... call failing, until none fails; return how often."""
    nth, failed = 0, True
    while failed:
        nth += 1
        directory = copy_log(before, tmp_path / str(nth))
        disk = make_disk(nth, directory)
        seen = [read_checkpoint((directory / "checkpoint").read_bytes())]
        try:
            await live(directory, disk, seen)
        except LedgerUnavailableError:
            assert disk.failed
        failed = disk.failed
        after(disk, directory)
        # What was handed out is never taken back, not even by a power cut.
        stored = read_checkpoint((directory / "checkpoint").read_bytes())
        assert stored.size >= max(checkpoint.size for checkpoint in seen)
        await require_whole(directory, seen)
    return nth


@pytest.mark.parametrize(("kind", "code"), [(ErrorDisk, errno.EIO), (ShortDisk, errno.ENOSPC)])
async def test_the_log_is_whole_after_any_call_has_failed(tmp_path, before, kind, code):
    assert await for_each_call(tmp_path, before, lambda nth, _: kind(nth, code)) > 50


async def test_the_log_is_whole_after_a_kill_between_any_two_steps(tmp_path, before):
    assert await for_each_call(tmp_path, before, make_power_disk) > 50


@pytest.mark.parametrize(("keep", "names"), LOSSES)
async def test_the_log_is_whole_after_the_power_was_cut(tmp_path, before, keep, names):
    def cut(disk: PowerDisk, directory: Path) -> None:
        disk.lose(directory, keep, names=names)

    assert await for_each_call(tmp_path, before, make_power_disk, cut) > 50


class FlippingDisk(Disk):
    """A disk that turns one bit of the n-th file that is put in its place, after it was written."""

    def __init__(self, nth: int) -> None:
        self.nth = nth
        self.flipped: Path | None = None

    def rename(self, source, target):
        super().rename(source, target)
        self.nth -= 1
        if self.nth == 0:
            data = bytearray(target.read_bytes())
            data[len(data) // 2] ^= 4
            target.write_bytes(data)
            self.flipped = target


async def append_and_cover(ledger):
    """Fails at either step: a bit may be found before the entries are told to be durable."""
    await ledger.append_many([ENTRY] * 300)  # three bundles, three tiles, one above, the checkpoint
    await ledger.covered(ledger.size - 1)


@pytest.mark.parametrize("nth", range(1, 9))
async def test_a_bit_that_fell_over_is_never_signed(tmp_path, before, nth):
    directory = copy_log(before, tmp_path / "ledger")
    note = (directory / "checkpoint").read_bytes()
    broken = []
    disk = FlippingDisk(nth)
    ledger = await Ledger.open(
        directory, CLOCK, signer=SIGNER, disk=disk, limits=LIMITS, on_broken=broken.append
    )
    if nth == 8:
        await append_and_cover(ledger)
        assert disk.flipped == directory / "checkpoint"
        assert await append_until_broken(ledger)
    else:
        with pytest.raises(LedgerUnavailableError):
            await append_and_cover(ledger)
        assert "tile" in disk.flipped.parts
        assert (directory / "checkpoint").read_bytes() == note == ledger.checkpoint()
    await asyncio.sleep(0)
    assert ledger.broken
    assert len(broken) == 1
    with pytest.raises(LedgerUnavailableError):
        await ledger.append(ENTRY)
    await ledger.close()


async def append_until_broken(ledger: Ledger) -> bool:
    """A checkpoint that was altered is found before the next one is signed."""
    await ledger.append(ENTRY)
    with pytest.raises(LedgerUnavailableError):
        await ledger.covered(ledger.size - 1)
    return True


async def test_a_ledger_that_was_rolled_back_is_refused(tmp_path, before):
    directory = copy_log(before, tmp_path / "ledger")
    newer = copy_log(before, tmp_path / "newer")
    await live(newer, Disk(), [])
    for name in ("checkpoint", "tile"):
        (newer / name).rename(tmp_path / name)
    (tmp_path / "checkpoint").replace(directory / "checkpoint")
    with pytest.raises(LedgerCorruptError, match=r"checkpoint: .* covers 257 entries, the log has"):
        await open_ledger(directory)


async def test_a_ledger_with_another_past_is_refused(tmp_path, before):
    other = tmp_path / "other"
    write_log(other, [100])
    ledger = await Ledger.open(other, CLOCK)
    await ledger.append_many([ENTRY] * 200)
    await ledger.close()
    (other / "checkpoint").write_bytes((before / "checkpoint").read_bytes())
    with pytest.raises(LedgerCorruptError, match="is not of the 250 entries that the log begins"):
        await open_ledger(other)


async def test_a_ledger_with_other_tiles_is_refused(tmp_path, before):
    directory = copy_log(before, tmp_path / "ledger")
    tile = directory / "tile/0/000.p/250"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    with pytest.raises(LedgerCorruptError, match="is not of the tiles"):
        await open_ledger(directory)
    tile.unlink()
    with pytest.raises(LedgerCorruptError, match=r"000\.p/250: the file is missing"):
        await open_ledger(directory)


async def test_tiles_are_made_again_from_the_segments_where_there_is_no_checkpoint(
    tmp_path, before
):
    directory = copy_log(before, tmp_path / "ledger")
    (directory / "checkpoint").unlink()
    (directory / "tile/0/000.p/250").write_bytes(b"old")
    await require_whole(directory, [])
