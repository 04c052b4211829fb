"""Kill the writing process at any moment: what it acknowledged is there."""

import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.clock import ManualClock
from gateway.ledger.entry import Kind
from gateway.ledger.errors import LedgerLockedError
from gateway.ledger.log import Ledger
from gateway.ledger.read import check_chain, read_entries

WRITER = """
import asyncio, os, sys
from pathlib import Path
from gateway.clock import SystemClock
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger

async def main():
    clock = SystemClock()
    ledger = await Ledger.open(Path(sys.argv[1]), clock, limits=Limits(segment_bytes=200_000))
    async def write():
        while True:
            search_id = os.urandom(16).hex()
            index = await ledger.append(Entry(
                kind=Kind.INTENT, time=clock.now(), side=Side.HUB, member="KAZ",
                search_id=search_id, targets=("x" * 100,) * (search_id.count("a") * 5),
            ))
            os.write(1, f"{index} {search_id}\\n".encode())
    await asyncio.gather(*(write() for _ in range(8)))

asyncio.run(main())
"""

ROUNDS = 20


def start_writer(directory: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, directory], stdout=subprocess.PIPE)


def read_lines(stream) -> Iterator[tuple[int, str]]:
    """Yield what was acknowledged, without a last line that is not whole."""
    for line in stream:
        if line.endswith(b"\n"):
            index, search_id = line.decode().split()
            yield int(index), search_id


def write_until_killed(directory: Path, wanted: int) -> dict[int, str]:
    with start_writer(directory) as process:
        lines = read_lines(process.stdout)
        acknowledged = dict(next(lines) for _ in range(wanted))
        process.kill()
        acknowledged.update(lines)
    return acknowledged


async def test_every_acknowledged_entry_is_found_when_the_writer_is_killed(tmp_path):
    choice = random.Random(7)
    acknowledged: dict[int, str] = {}
    for _ in range(ROUNDS):
        found = write_until_killed(tmp_path, choice.randrange(1, 400))
        assert not found.keys() & acknowledged.keys()
        acknowledged.update(found)
        stored = {index: entry.search_id for index, entry in read_entries(tmp_path)}
        assert acknowledged.items() <= stored.items()
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    await (await Ledger.open(tmp_path, clock)).close()
    opened, ended = [], []
    for _, entry in read_entries(tmp_path):
        (opened if entry.kind is Kind.INTENT else ended).append(entry.search_id)
    assert sorted(opened) == sorted(ended)
    assert check_chain(tmp_path) == len(opened) * 2 >= len(acknowledged) * 2


async def test_second_process_cannot_write_until_the_first_is_killed(tmp_path):
    clock = ManualClock(datetime(2026, 11, 21, tzinfo=UTC))
    with start_writer(tmp_path) as process:
        next(read_lines(process.stdout))
        with pytest.raises(LedgerLockedError, match=f"process {process.pid}$"):
            await Ledger.open(tmp_path, clock)
        process.kill()
    await (await Ledger.open(tmp_path, clock)).close()
