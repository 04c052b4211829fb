"""Let any single system call of the write path fail, be cut short or be the last one.

CI tries a sample: each call for each kind of file. `python -m tests.attack.test_ledger_syscalls`
tries all of them.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from gateway.ledger.entry import Kind
from gateway.ledger.kinds import CLOSING
from gateway.ledger.log import Ledger
from gateway.ledger.read import check_chain, read_entries, read_stored
from gateway.ledger.segments import segment_path
from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.verify.hashing import leaf_hashes, root_over
from tests.kit.logs import SIGNER, UnsyncedDisk, check, copy_log, write_log
from tests.kit.scribe import CLOCK, LIMITS, make_entry
from tests.kit.strace import Call, Life, Scribe, list_calls, require_strace

BEFORE = 250
"""Entries of the life before: a few more make a full tile."""
WRITES = {"openat", "write", "pwrite64", "fdatasync", "fsync", "rename", "ftruncate", "mkdir"}


def prepare(folder: Path) -> Path:
    """A life that ended in a crash: open searches that no checkpoint covers, and a torn end."""
    write_log(folder, [100, BEFORE])
    asyncio.run(append_open(folder))
    with segment_path(folder, 0).open("ab") as file:
        file.write(b"\xffKL1 torn")
    return folder


async def append_open(folder: Path) -> None:
    ledger = await Ledger.open(folder, CLOCK, disk=UnsyncedDisk())
    await ledger.append_many([make_entry(11), make_entry(12)])
    await ledger.close()


def ways(call: Call) -> Iterator[tuple[str, ...]]:
    """How a call is tried."""
    yield ("error=EIO",)
    if call.name in WRITES:
        yield ("error=ENOSPC",)
    yield ("signal=SIGKILL",)


class Trial:
    """Lives of writers that all begin with the same folder, each in a copy.

    Args:
        scribe: Forks the writers.
        home: Where the copies are.
        before: What they begin with; None begins with nothing.
    """

    def __init__(self, scribe: Scribe, home: Path, before: Path | None) -> None:
        self.scribe = scribe
        self.home = home
        self.before = before
        self.number = 0

    def live(self, *inject: str, limit: int = 0) -> tuple[Path, Life]:
        self.number += 1
        folder = self.home / str(self.number) / "log"
        folder.parent.mkdir(parents=True)
        if self.before is not None:
            copy_log(self.before, folder)
        return folder, self.scribe.live(folder, *inject, limit=limit)

    def list_calls(self) -> list[Call]:
        """The calls about the folder in a life that nothing disturbs."""
        folder, life = self.live()
        assert life.said("closed")
        assert len(life.acknowledged) == 21
        require_kept(folder, life)
        return list_calls(life, folder)

    def attempt(self, call: Call, way: str) -> str:
        """Try a call in a way; return what came of it."""
        folder, life = self.live("-e", f"inject={call.name}:{way}:when={call.nth}")
        if way == "signal=SIGKILL":
            assert life.status == -9
            end = "killed"
        else:
            (injected,) = (line for line in life.lines if line.endswith("(INJECTED)"))
            assert str(folder) in injected
            end = how_it_ended(life)
            known = injected.startswith(f'mkdir("{folder}"')  # a folder that is there is one
            assert end != "went on" or known or call.name not in WRITES, injected
        require_kept(folder, life)
        return end

    def list_limits(self) -> range:
        """Sizes up to that of the largest file after a life that nothing disturbs."""
        folder, _ = self.live()
        return range(16, max(path.stat().st_size for path in folder.rglob("*")))

    def attempt_limit(self, limit: int) -> str:
        """Let no file grow beyond a size: the write that reaches it is short, the next fails."""
        folder, life = self.live(limit=limit)
        require_kept(folder, life)
        return how_it_ended(life)


def how_it_ended(life: Life) -> str:
    """What a writer made of an error; whatever else it did than these is a fault."""
    assert life.status == 0
    assert life.said("ended")
    if life.said("not opened"):
        assert life.acknowledged == {}
        return "not opened"
    if life.said("refused"):
        return "refused"
    return "went on" if life.said("closed") else "not closed"


def require_kept(folder: Path, life: Life) -> None:
    """What was acknowledged is there, before and after the next life, which is whole."""
    if life.acknowledged:
        require_found(folder, life)
    asyncio.run(live_on(folder))
    require_found(folder, life)
    found = dict(read_entries(folder))
    opened = [entry.search_id for entry in found.values() if entry.kind is Kind.INTENT]
    ended = [entry.search_id for entry in found.values() if entry.kind in CLOSING]
    assert Counter(opened) <= Counter(ended)
    assert check_chain(folder) == len(found)
    report = check(folder)
    assert report.findings == ()
    assert report.size == report.entries == len(found)
    leaves = leaf_hashes(stored for _, stored in read_stored(folder))
    for note in life.checkpoints:
        checkpoint = open_checkpoint(note, SIGNER.vkey)
        assert root_over(leaves[: checkpoint.size]) == checkpoint.root


def require_found(folder: Path, life: Life) -> None:
    found = {i: (entry.search_id, entry.kind) for i, entry in read_entries(folder)}
    assert life.acknowledged.items() <= found.items()
    assert len(set(life.acknowledged.values())) == len(life.acknowledged)


async def live_on(folder: Path) -> None:
    ledger = await Ledger.open(folder, CLOCK, signer=SIGNER, disk=UnsyncedDisk(), limits=LIMITS)
    await ledger.append(make_entry(7_000, Kind.OUTCOME))
    await ledger.close()


@pytest.fixture(scope="module")
def scribe() -> Iterator[Scribe]:
    require_strace()
    with Scribe() as scribe:
        yield scribe


@pytest.fixture(params=["new", "torn"])
def trial(request, tmp_path, scribe) -> Trial:
    before = prepare(tmp_path / "before") if request.param == "torn" else None
    return Trial(scribe, tmp_path / "lives", before)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["error=EIO", "error=ENOSPC", "signal=SIGKILL"])
def test_what_was_acknowledged_is_there_whichever_call_fails(trial, way):
    calls = trial.list_calls()
    assert {call.name for call in calls} >= WRITES - {"ftruncate"}
    ends = Counter(trial.attempt(call, way) for call in sample(calls, way))
    assert ends.total() >= 14


@pytest.mark.slow
def test_what_was_acknowledged_is_there_when_a_write_is_short(trial):
    limits = random.Random(5).sample(trial.list_limits(), 8)
    ends = Counter(map(trial.attempt_limit, limits))
    # A file of the life before may be larger than all that grow in this one.
    assert ends.keys() <= {"refused", "not opened", "went on"}
    assert ends["went on"] < ends.total()


def sample(calls: Sequence[Call], way: str) -> list[Call]:
    """One call of each name for each kind of file; of those that only read, one of each name."""
    choice = random.Random(way)
    alike: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        if (way,) in ways(call):
            about = call.about if call.name in WRITES else ""
            alike.setdefault((call.name, about), []).append(call)
    return [choice.choice(some) for some in alike.values()]


def try_all(trial: Trial) -> Iterator[tuple[str, str, str]]:
    """Try every call in every way; yield what came of each, a fault with its words."""
    lives = [
        (call.name, way, partial(trial.attempt, call, way))
        for call in trial.list_calls()
        for (way,) in ways(call)
    ]
    limits = trial.list_limits()
    lives += [
        ("write", "short", partial(trial.attempt_limit, limit))
        for limit in limits[:: len(limits) // 200]
    ]
    for name, way, attempt in lives:
        try:
            yield name, way, attempt()
        except Exception:  # noqa: BLE001 - all faults of one run are wanted
            traceback.print_exc()
            yield name, way, "FAULT"


def main() -> int:
    """Try all; 1 if there was a fault."""
    faults = 0
    with tempfile.TemporaryDirectory() as home, Scribe() as scribe:
        before = prepare(Path(home) / "before")
        for name, begin in (("new", None), ("torn", before)):
            ends = Counter(try_all(Trial(scribe, Path(home) / name, begin)))
            print(f"a {name} folder: {ends.total()} lives", flush=True)
            for (call, way, end), count in sorted(ends.items()):
                print(f"{count:6} {call} {way}: {end}", flush=True)
                faults += count * (end == "FAULT")
    print(f"{faults} faults")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
