"""Kill the writing process, or a whole hub, at any moment: what it acknowledged is there.

As a script it kills a hub as often as is wanted, 100 times for each log, and goes on where it was
stopped: `python -m tests.attack.test_ledger_kill --kills 1000 --state FILE`.
"""

import argparse
import asyncio
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.clock import ManualClock
from gateway.ledger.entry import Kind
from gateway.ledger.errors import LedgerLockedError
from gateway.ledger.log import Ledger
from gateway.ledger.read import check_chain, read_entries
from tests.kit.killing import Killing

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

ROUNDS = 5
KILLS = 100


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


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_every_answer_of_a_hub_that_is_killed_has_its_entries_and_their_proofs(tmp_path):
    killing = Killing(tmp_path / "home", seed=5)
    await killing.run(KILLS)
    counts = killing.seen.counts
    assert counts["kills"] == KILLS
    assert counts["answers"] == counts["proved"] > KILLS
    assert counts["orphans"] > KILLS


def main(kills: int, state: Path) -> None:
    """Kill so often, counting those that the state file has; a log that was begun begins anew."""
    done = json.loads(state.read_text()) if state.exists() else []
    while (total := sum((Counter(each) for each in done), Counter()))["kills"] < kills:
        # A log that fails stays where it is, to be looked at.
        folder = tempfile.mkdtemp(prefix="kills-", dir=state.absolute().parent)
        killing = Killing(Path(folder) / "home", seed=len(done))
        asyncio.run(killing.run(min(KILLS, kills - total["kills"])))
        done.append(killing.seen.counts)
        new = state.with_name(f"{state.name}.new")
        new.write_text(json.dumps(done))
        new.replace(state)
        shutil.rmtree(folder)
        print(f"{dict(killing.seen.counts)}, {killing.seen.next_index} entries", flush=True)
    print(f"in all: {dict(total)}; every answer has its entries and their proofs")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--state", type=Path, default=Path("kills.json"))
    arguments = parser.parse_args()
    main(arguments.kills, arguments.state)
