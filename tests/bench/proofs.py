"""How soon searches are provable: `python -m tests.bench.proofs [--seconds N] [--rate N]`.

A hub and three witness nodes, each a process of its own, over gRPC with mutual TLS. Under a steady
load (10 searches a second) and then under 64 searches at once, each for a bounded time, of the
hub's ledger alone:

- checkpoint: from the end of a search until a checkpoint covers its outcome (promise: at most 1 s)
- cosigned: from that checkpoint until a quorum of witnesses has signed one that covers it (5 s)
- proof: from the end of a search until its tlog-proof is here and checked (7 s)

The first two are seen by looking at the hub's files every 5 ms, so they are up to 5 ms too long, or
more where this process is kept from running: its own delay is told beside them. A proof is asked
for one search in ten: who asks is load too.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from gateway.access.witnesses import Witnessing
from gateway.client import Client, Ended
from gateway.receipts.proof import State, check_given
from tests.bench.fanout import process
from tests.kit.world import MEMBERS, World, ask, build_world

PANEL = Witnessing(witnesses=MEMBERS, quorum=2)
LOOK_S = 0.005
PROVED = 10
"""One search in so many is proved."""
LONG_S = 30.0
PROMISED = {"checkpoint": 1.0, "cosigned": 5.0, "proof": 7.0}


@dataclass
class Watch:
    """When the hub's checkpoint, and that of the quorum, came to which size."""

    folder: Path
    sizes: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """Look for ever."""
        paths = {"checkpoint": self.folder / "checkpoint"}
        paths["cosigned"] = self.folder / "witnessed" / "checkpoint"
        stamps: dict[str, int] = {}
        while True:
            begin = time.perf_counter()
            for name, path in paths.items():
                if path.exists() and (stamp := path.stat().st_mtime_ns) != stamps.get(name):
                    stamps[name] = stamp
                    size = int(path.read_text(encoding="utf-8").split("\n")[1])
                    self.sizes.setdefault(name, []).append((size, time.perf_counter()))
            await asyncio.sleep(LOOK_S)
            self.late.append(time.perf_counter() - begin - LOOK_S)

    def first(self, name: str, index: int) -> float | None:
        """When a checkpoint first covered an entry."""
        return next((at for size, at in self.sizes.get(name, ()) if size > index), None)


@dataclass
class Load:
    """The searches of one kind of load: when each ended, and how long its proof took."""

    world: World
    ends: dict[int, float] = field(default_factory=dict)
    proofs: list[float] = field(default_factory=list)
    pending: int = 0
    proving: list[asyncio.Task[None]] = field(default_factory=list)

    async def search(self, client: Client) -> None:
        """Ask; prove one in ten."""
        ended = (await client.search_once(ask("Рустам Каримов", deadline_s=10.0)))[-1]
        assert isinstance(ended, Ended)
        now, receipt = time.perf_counter(), ended.receipt
        self.ends[receipt.ledger_index] = now
        if len(self.ends) % PROVED == 0:
            proof = self._prove(client, receipt.search_id, receipt.ledger_index, now)
            self.proving.append(asyncio.create_task(proof))

    async def _prove(self, client: Client, search_id: str, index: int, began: float) -> None:
        given = await client.standing(search_id, index, LONG_S)
        if not given.proof:
            self.pending += 1
            return
        seen = check_given(given, self.world.federation, "HUB")
        assert seen.state is State.WITNESSED
        self.proofs.append(time.perf_counter() - began)


async def steady(load: Load, client: Client, seconds: float, rate: float) -> None:
    """Ask at a fixed rate, whether or not the answers come."""
    began, running = time.perf_counter(), []
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        running.append(asyncio.create_task(load.search(client)))
    await asyncio.gather(*running)


async def at_once(load: Load, client: Client, seconds: float, count: int) -> None:
    """Keep so many searches running."""
    until = time.perf_counter() + seconds

    async def one() -> None:
        while time.perf_counter() < until:
            await load.search(client)

    await asyncio.gather(*(one() for _ in range(count)))


async def settled(load: Load, watch: Watch) -> None:
    """Wait until the last search is covered by the quorum, and all proofs are here."""
    await asyncio.gather(*load.proving)
    async with asyncio.timeout(2 * LONG_S):
        while watch.first("cosigned", max(load.ends)) is None:  # noqa: ASYNC110 - a server's file
            await asyncio.sleep(LOOK_S)


def report(title: str, load: Load, watch: Watch, seconds: float) -> None:
    """Say what was measured, in seconds."""
    made = {index: watch.first("checkpoint", index) for index in load.ends}
    signed = {index: watch.first("cosigned", index) for index in load.ends}
    found = {
        "checkpoint": [made[i] - end for i, end in load.ends.items()],
        "cosigned": [signed[i] - made[i] for i in load.ends],
        "proof": load.proofs,
    }
    rate = len(load.ends) / seconds
    print(f"\n{title}: {len(load.ends)} searches, {rate:.1f} a second; {load.pending} pending")
    print(f"{'':12}{'count':>7}{'median s':>10}{'p99 s':>9}{'max s':>9}{'promised':>10}")
    for name, times in found.items():
        values = sorted(max(0.0, each) for each in times)
        p99 = values[min(len(values) - 1, int(len(values) * 0.99))]
        median, most = statistics.median(values), values[-1]
        verdict = "holds" if most <= PROMISED[name] else "DOES NOT HOLD"
        print(
            f"{name:12}{len(values):7}{median:10.3f}{p99:9.3f}{most:9.3f}"
            f"{PROMISED[name]:10.0f}  {verdict}"
        )
    late = sorted(watch.late)
    print(f"this process was late by {late[int(len(late) * 0.99)]:.3f} s (p99)")
    watch.late.clear()


async def start(world: World, stack: AsyncExitStack) -> None:
    """Start three nodes and the hub."""
    home = world.home
    servers = [("node", home / "nodes" / member / "node.toml") for member in MEMBERS]
    for verb, settings in [*servers, ("hub", home / "hub" / "hub.toml")]:
        arguments = ("gateway.cli.main", verb, "serve", "--settings", str(settings))
        await stack.enter_async_context(process(*arguments))


async def main(seconds: float, rate: float, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder) / "home", witnessing=PANEL)
        async with AsyncExitStack() as stack:
            await start(world, stack)
            client = await stack.enter_async_context(Client(world.settings()))
            watch = Watch(world.home / "hub" / "ledger")
            watching = asyncio.create_task(watch.run())
            stack.callback(watching.cancel)
            await settled(await warm(world, client), watch)
            for title, run, value in (
                (f"{rate:g} searches a second", steady, rate),
                (f"{count} searches at once", at_once, count),
            ):
                load = Load(world)
                began = time.perf_counter()
                await run(load, client, seconds, value)
                took = time.perf_counter() - began
                await settled(load, watch)
                report(title, load, watch, took)


async def warm(world: World, client: Client) -> Load:
    """Ask a few times before it counts."""
    load = Load(world)
    for _ in range(5):
        await load.search(client)
    return load


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--count", type=int, default=64)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.seconds, chosen.rate, chosen.count))
