"""Make any single call to the disk fail, or cut the power at it: what was acknowledged is there."""

import asyncio
import errno
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.clock import ManualClock
from gateway.ledger.disk import Disk
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger
from gateway.ledger.read import check_chain, read_entries
from tests.kit.disks import LOSSES, ErrorDisk, PowerDisk, ShortDisk
from tests.kit.logs import UnsyncedDisk

CLOCK = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
LIMITS = Limits(segment_bytes=1_500)


def make_entry(number: int, kind: Kind = Kind.INTENT) -> Entry:
    return Entry(
        kind=kind,
        time=CLOCK.now(),
        side=Side.NODE,
        member="UZB",
        search_id=f"{number:032x}",
        targets=("x" * 100,) * (number % 3),
    )


async def write_batches(directory: Path, disk: Disk, acknowledged: dict[int, Entry]) -> Ledger:
    """Open, write four batches of up to five entries, close; note what was acknowledged."""
    ledger = await Ledger.open(directory, CLOCK, disk=disk, limits=LIMITS)

    async def append(number: int) -> None:
        entry = make_entry(number)
        acknowledged[await ledger.append(entry)] = entry

    for batch in range(4):
        appends = (append(batch * 5 + n) for n in range(5))
        await asyncio.gather(*appends, return_exceptions=True)
    await ledger.close()
    return ledger


async def prepare(directory: Path) -> dict[int, Entry]:
    """Write a first life of the ledger that ended in a crash: two open searches, a torn end."""
    ledger = await Ledger.open(directory, CLOCK, limits=LIMITS)
    entries = [make_entry(100), make_entry(101), make_entry(100, Kind.OUTCOME), make_entry(102)]
    indices = await ledger.append_many(entries)
    await ledger.close()
    with (directory / "00000000.log").open("ab") as file:
        file.write(b"\xffKL1 torn")
    return dict(zip(indices, entries, strict=True))


async def require_all(directory: Path, acknowledged: dict[int, Entry]) -> None:
    """Open the ledger on a sound disk and look for every acknowledged entry."""
    await (await Ledger.open(directory, CLOCK, disk=UnsyncedDisk(), limits=LIMITS)).close()
    found = dict(read_entries(directory))
    assert acknowledged.items() <= found.items()
    assert check_chain(directory) == len(found)
    opened = [e.search_id for e in found.values() if e.kind is Kind.INTENT]
    ended = [e.search_id for e in found.values() if e.kind is not Kind.INTENT]
    assert sorted(opened) == sorted(ended)


async def for_each_call(
    tmp_path: Path, attempt: Callable[[Path, int, dict[int, Entry]], Awaitable[bool]]
) -> int:
    """Repeat with the first, second, ... call failing, until none fails; return how often."""
    nth = 0
    failing = True
    while failing:
        nth += 1
        directory = tmp_path / str(nth)
        failing = await attempt(directory, nth, await prepare(directory))
    return nth


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("kind", [ErrorDisk, ShortDisk])
async def test_acknowledged_entries_are_there_when_any_call_fails(tmp_path, kind, code):
    async def attempt(directory, nth, acknowledged):
        disk = kind(nth, code)
        try:
            ledger = await write_batches(directory, disk, acknowledged)
        except LedgerUnavailableError:
            assert disk.failed
        else:
            if disk.failed:
                with pytest.raises(LedgerUnavailableError):
                    await ledger.append(make_entry(0))
        # A descriptor that failed is never written to or synced again.
        assert disk.after == []
        await require_all(directory, acknowledged)
        return disk.failed

    assert await for_each_call(tmp_path, attempt) > 25


@pytest.mark.parametrize(("keep", "names"), LOSSES)
async def test_acknowledged_entries_are_there_when_the_power_is_cut(tmp_path, keep, names):
    async def attempt(directory, nth, acknowledged):
        disk = PowerDisk(nth)
        disk.adopt(directory)
        try:
            await write_batches(directory, disk, acknowledged)
        except LedgerUnavailableError:
            assert disk.failed
        disk.lose(directory, keep, names=names)
        await require_all(directory, acknowledged)
        return disk.failed

    assert await for_each_call(tmp_path, attempt) > 25


async def test_acknowledged_entries_are_there_when_every_write_is_short(tmp_path):
    class SmallDisk(Disk):
        def write(self, fd, data):
            return super().write(fd, data[:7])

    acknowledged = await prepare(tmp_path)
    await write_batches(tmp_path, SmallDisk(), acknowledged)
    assert len(acknowledged) == 24
    await require_all(tmp_path, acknowledged)
