"""What one exact document lookup costs above the bare driver: `python -m tests.bench.lookup`.

The same document is looked up by the node's own way (mapping, records and scoring included) and by
the bare driver, which is given the very statements that the adapter sent; in a small bank and in a
large one; in turns, so that what else the machine does meets all four alike. Each document is
measured once by each way. All were asked for before, so that the bank's pages are in memory; what
our side remembers of their numbers is forgotten first.
"""

import argparse
import asyncio
import os
import platform
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from adapters.banks.sql.adapter import SqlAdapter
from adapters.banks.sql.open import choose_engine
from adapters.contract import DocumentProbe, Limits
from adapters.mapping.read import read_mapping
from adapters.matching.documents import normalise_number
from gateway.node.bank import CANDIDATES, Bank, titles_of
from gateway.node.scoring import score_candidates, score_records
from seeds.servers import Server, run_mariadb, run_postgres
from tests.bench.bare import BareMariadb, BarePostgres, BareSqlite, Statement
from tests.bench.passports import make_bank, number

SMALL, LARGE = 100_000, 10_000_000
ABOVE_MS = 0.5
"""Milliseconds that a lookup may cost above the bare driver."""
GROWTH = 1.3
"""How many times as long a lookup may take in the large bank."""
TIMEOUT_S = 2.9
"""A question's usual deadline, less what the node keeps."""


class Noting:
    """An engine that notes what it is asked before it passes it on."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.noted: list[Statement] = []

    def __getattr__(self, name: str):
        return getattr(self.engine, name)

    async def rows(self, text: str, values, timeout_s: float):
        self.noted.append((text, tuple(values)))
        return await self.engine.rows(text, values, timeout_s)


@dataclass
class Way:
    """One way to look a document up, and how long it took."""

    name: str
    rows: int
    look: Callable[[int], Awaitable[None]]
    seconds: list[float] = field(default_factory=list)

    async def time(self, row: int) -> None:
        started = time.perf_counter()
        await self.look(row)
        self.seconds.append(time.perf_counter() - started)

    def ms(self, share: float = 0.5) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * share)] * 1e3


@dataclass
class Subject:
    """One bank of one engine, by both ways."""

    engine: str
    rows: int
    path: Path
    server: Server | None
    statements: dict[int, list[Statement]] = field(default_factory=dict)

    def bare(self):
        if self.server is None:
            return BareSqlite(self.path.parent / "documents.sqlite")
        kind = BarePostgres if self.engine == "postgres" else BareMariadb
        return kind(self.server, f"documents_{self.rows}")

    async def ways(self, stack: AsyncExitStack, rows: list[int]) -> tuple[Way, Way]:
        """Open both, and ask for each document once."""
        bare = self.bare()
        await bare.open()
        stack.push_async_callback(bare.close)
        mapping = read_mapping(self.path)
        adapter = SqlAdapter(mapping, choose_engine(mapping, self.path.parent))
        workers = stack.enter_context(ThreadPoolExecutor(8))
        bank = Bank("XPO/documents", adapter, titles_of(mapping), workers)
        stack.push_async_callback(bank.close)
        await self.note(mapping, rows)

        async def ours(row: int) -> None:
            probe = DocumentProbe(number(row))
            result = await bank.search(probe, Limits(CANDIDATES, TIMEOUT_S))
            matches = await score_candidates(workers, probe, result.records, score_records)
            assert [match.record.reference for match in matches] == [str(row)]

        async def floor(row: int) -> None:
            await bare.ask(self.statements[row])

        ways = (Way("bare", self.rows, floor), Way("kalkan", self.rows, ours))
        for row in rows:
            for way in ways:
                await way.look(row)
        return ways

    async def note(self, mapping, rows: list[int]) -> None:
        """Find out which statements the adapter sends for each document."""
        noting = Noting(choose_engine(mapping, self.path.parent))
        adapter = SqlAdapter(mapping, noting)
        await adapter.check(10)
        for row in rows:
            noting.noted.clear()
            await adapter.search(DocumentProbe(number(row)), Limits(CANDIDATES, TIMEOUT_S))
            self.statements[row] = list(noting.noted)
        await adapter.close()


async def measure(subjects: list[Subject], lookups: int) -> list[Way]:
    """Look up documents in all banks by both ways, in an order that changes each time."""
    rng = random.Random(3)
    async with AsyncExitStack() as stack:
        chosen = {s.rows: rng.sample(range(1, s.rows + 1), lookups) for s in subjects}
        pairs = [await subject.ways(stack, chosen[subject.rows]) for subject in subjects]
        normalise_number.cache_clear()
        ways = [way for pair in pairs for way in pair]
        for turn in range(lookups):
            rng.shuffle(ways)
            for way in ways:
                await way.time(chosen[way.rows][turn])
    return sorted(ways, key=lambda way: (way.rows, way.name))


def report(engine: str, ways: list[Way]) -> bool:
    """Print what was measured; tell whether both figures hold."""
    print(f"\n{engine}: {len(ways[0].seconds)} lookups each, in turns")
    print(f"{'':10}{'rows':>12}{'p50 ms':>9}{'p95 ms':>9}")
    for way in ways:
        print(f"{way.name:10}{way.rows:12,}{way.ms():9.3f}{way.ms(0.95):9.3f}")
    small_bare, small, large_bare, large = ways
    above = max(small.ms() - small_bare.ms(), large.ms() - large_bare.ms())
    growth, floor = large.ms() / small.ms(), large_bare.ms() / small_bare.ms()
    for bare, ours in ((small_bare, small), (large_bare, large)):
        ratio = ours.ms() / bare.ms()
        print(f"{ours.rows:,} rows: {ours.ms() - bare.ms():+.3f} ms, {ratio:.2f} times the driver")
    holds = (above <= ABOVE_MS, growth <= GROWTH)
    words = ["FAIL", "pass"]
    print(f"{words[holds[0]]}: at most {ABOVE_MS} ms above the bare driver: {above:.3f}")
    print(f"{words[holds[1]]}: at most {GROWTH} times as long: {growth:.2f} (driver {floor:.2f})")
    return all(holds)


def machine() -> str:
    """Say what was measured on, and how busy it was."""
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, Linux"
        f" {platform.release()}, Python {platform.python_version()};"
        f" load {busy} over 1, 5 and 15 minutes"
    )


def make_folder(above: Path, rows: int) -> Path:
    made = above / f"{rows}"
    made.mkdir()
    return made


async def run(engine: str, folder: Path, server: Server | None, chosen) -> bool:
    """Make both banks in one engine and measure."""
    subjects = []
    for rows in (chosen.small, chosen.rows):
        started = time.perf_counter()
        path = await make_bank(engine, make_folder(folder, rows), rows, server)
        print(f"{engine}: {rows:,} rows made in {time.perf_counter() - started:.0f} s", flush=True)
        subjects.append(Subject(engine, rows, path, server))
    print(machine())
    return report(engine, await measure(subjects, chosen.lookups))


def main(chosen) -> int:
    held = []
    servers = {"postgres": run_postgres, "mariadb": run_mariadb}
    for engine in chosen.engines:
        with tempfile.TemporaryDirectory(prefix="kalkan-") as name:
            folder = Path(name)
            folder.chmod(0o711)
            if engine == "sqlite":
                held.append(asyncio.run(run(engine, folder, None, chosen)))
                continue
            with servers[engine](folder / "data") as server:
                held.append(asyncio.run(run(engine, folder, server, chosen)))
    print(f"\n{'pass' if all(held) else 'FAIL'}: both figures hold in {sum(held)} of {len(held)}")
    return 0 if all(held) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=LARGE, help="of the large bank")
    parser.add_argument("--small", type=int, default=SMALL, help="of the small bank")
    parser.add_argument("--lookups", type=int, default=2_000, help="by each way")
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgres", "mariadb"])
    raise SystemExit(main(parser.parse_args()))
