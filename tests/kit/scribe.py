"""A process that writes a ledger while its system calls are watched, and says what it was told.

strace counts calls by thread, so all of this runs in one: what the ledger gives to threads of its
own runs where it is given. What was acknowledged goes into shared memory, which needs no call and
outlives a kill. Clock, key and entries are the same in every life, so the n-th call is the same.

As a process it has done one life already, so that nothing is left to import; each line on its
stdin names a folder, a file for the notes and a limit to the size of files. It forks, stops
the child, prints its number; at the next line the child goes on, and its end is printed.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import resource
import signal
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from gateway.clock import ManualClock
from gateway.ledger import flusher
from gateway.ledger.entry import Entry, Kind, Side
from gateway.ledger.errors import LedgerCorruptError, LedgerUnavailableError
from gateway.ledger.flusher import Limits
from gateway.ledger.log import Ledger
from gateway.ledger.tiles import sequencer
from tests.kit.logs import NOON, SIGNER

CLOCK = ManualClock(NOON)
LIMITS = Limits(segment_bytes=8_000, checkpoint_s=0)
NOTES_BYTES = 1 << 20


class Inline(ThreadPoolExecutor):
    """Runs what it is given at once, in the thread that gives it."""

    def submit(self, fn, /, *args, **kwargs):
        done: Future = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - it goes to whoever asks for the result
            done.set_exception(error)
        return done


class InlineWorker:
    """Does a job at once, in the thread that asks for it, and tells of it a turn later."""

    def __init__(self, _name: str) -> None:
        self._loop = asyncio.get_running_loop()

    def do(self, run, ended) -> None:
        end: object
        try:
            end = run()
        except BaseException as error:  # noqa: BLE001 - the loop must know, as from the real one
            end = error
        self._loop.call_soon(ended, end)

    def end(self) -> None:
        pass


class Notes:
    """What the writer was told, one JSON value after the other."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(bytes(NOTES_BYTES))
        with path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), NOTES_BYTES)
        self.size = 0

    def add(self, *note: object) -> None:
        line = json.dumps(note).encode() + b"\n"
        self.memory[self.size : self.size + len(line)] = line
        self.size += len(line)


def read_notes(path: Path) -> list[list]:
    """All whole notes of a writer that has ended."""
    *lines, _ = path.read_bytes().rstrip(b"\0").split(b"\n")
    return [json.loads(line) for line in lines]


def make_entry(number: int, kind: Kind = Kind.INTENT) -> Entry:
    return Entry(kind=kind, time=NOON, side=Side.HUB, member="KAZ", search_id=f"{number:032x}")


async def live(folder: Path, notes: Notes) -> None:
    """Open, write three batches with a checkpoint after each, close; note what is told."""
    asyncio.get_running_loop().set_default_executor(Inline())
    try:
        ledger = await Ledger.open(folder, CLOCK, signer=SIGNER, limits=LIMITS)
    except (LedgerUnavailableError, LedgerCorruptError) as error:
        notes.add("not opened", type(error).__name__)
        return
    with suppress(LedgerUnavailableError):
        for number in (1, 2, 3):
            await write_batch(ledger, number, notes)
    if ledger.broken:
        await require_refused(ledger, notes)
    with suppress(LedgerUnavailableError):
        await ledger.close()
        notes.add("closed")


async def write_batch(ledger: Ledger, number: int, notes: Notes) -> None:
    async def append(entry: Entry) -> None:
        notes.add("acknowledged", await ledger.append(entry), entry.search_id, entry.kind)

    entries = [make_entry(number * 100 + each) for each in range(4)]
    ends = [make_entry(number * 100 + each, Kind.OUTCOME) for each in range(3)]
    for many in (entries, ends):  # of each batch one search stays open
        results = await asyncio.gather(*map(append, many), return_exceptions=True)
        for error in results:
            if error is not None:
                raise error
    await ledger.covered(ledger.size - 1)
    notes.add("covered", ledger.checkpoint().decode())


async def require_refused(ledger: Ledger, notes: Notes) -> None:
    try:
        await ledger.append(make_entry(999))
    except LedgerUnavailableError:
        notes.add("refused")


def run(folder: Path, notes: Path, limit: int) -> None:
    kept = Notes(notes)
    if limit:  # what would go beyond it is cut short, and then refused as too large
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    os.kill(os.getpid(), signal.SIGSTOP)
    asyncio.run(live(folder, kept))
    kept.add("ended")


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        flusher.Worker, sequencer.ThreadPoolExecutor = InlineWorker, Inline
        asyncio.run(live(Path(home) / "log", Notes(Path(home) / "notes")))
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            run(Path(order["folder"]), Path(order["notes"]), order["limit"])
            os._exit(0)
        os.waitpid(pid, os.WUNTRACED)
        print(pid, flush=True)
        sys.stdin.readline()
        os.kill(pid, signal.SIGCONT)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
