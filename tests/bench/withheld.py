"""Can a caller tell a withheld record from none by the time? `python -m tests.bench.withheld`.

A node in its own process, over gRPC with TLS, asked as the hub asks: in one class for somebody who
is in a hidden bank that the policy shows to nobody, in the other for somebody who is nowhere, in a
random order. Welch's |t| of the two is wanted below 4.5, of all answers and of the fastest; sizes
must be the same for all. `--plant-us 200` then asks nodes with a planted leak of so many
microseconds (`tests.bench.leaky`), to show that one would be seen: on a machine that has nothing
else to do, for what it keeps waiting hides more than that.

16 at once on a grid of 100 ms are 160 calls a second: 100,000 of each class take 21 minutes, and
20,000 of each class by each of the two planted nodes 4 minutes more.
"""

import argparse
import asyncio
import math
import random
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from gateway.client import Client
from gateway.hub.link import Address, GrpcLink
from gateway.running import channel_credentials
from kalkan.v1 import node_service_pb2 as wire
from tests.bench.fanout import process
from tests.kit.hidden import hide_bank
from tests.kit.world import World, ask, build_world

NAMES = ("Рустам Каримов", "Виктор Орланов")
"""Who is withheld, and who is nowhere, not even among candidates: as long, in the same script."""
LIMIT = 4.5
"""Welch's |t| from which on two classes differ."""
CROPS = (90, 50)
"""Percent of the fastest answers that are compared by themselves."""
WARM = 200
LEAST = 30
"""Calls of a class without which nothing is told."""


def sign(client: Client, name: str) -> bytes:
    question = ask(name, "KAZ")
    signed = client.sign(client.compose(question, [question.probe]))
    return wire.NodeServiceSearchRequest(
        bank="KAZ/persons",
        query=signed.query,
        token=signed.token,
        signature=signed.signature,
        public_key=signed.public_key,
    ).SerializeToString()


def open_link(world: World) -> GrpcLink:
    hub = world.home / "hub"
    credentials = channel_credentials(
        hub / "certificate.pem", hub / "certificate.key", world.home / "ca.pem"
    )
    return GrpcLink(Address(f"127.0.0.1:{world.ports['KAZ']}", "localhost"), credentials)


async def sample(client: Client, link: GrpcLink, count: int, at_once: int) -> tuple[list, set]:
    """Ask so many of each class; return the seconds of each class, and the sizes of all answers."""
    order = [0, 1] * count
    random.Random(1).shuffle(order)
    seconds: tuple[list[float], list[float]] = ([], [])
    sizes: set[tuple[int, int]] = set()
    turns = iter(order)

    async def work() -> None:
        for kind in turns:
            request = sign(client, NAMES[kind])
            began = time.perf_counter()
            response = await link.search(request, 10.0)
            seconds[kind].append(time.perf_counter() - began)
            sizes.add((len(response.answer), len(response.signature)))

    await asyncio.gather(*(work() for _ in range(at_once)))
    return list(seconds), sizes


def welch(one: list[float], other: list[float]) -> float:
    """Welch's |t|; 0 where one has too few to tell."""
    if min(len(one), len(other)) < LEAST:
        return 0.0
    spread = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    return abs(statistics.fmean(one) - statistics.fmean(other)) / math.sqrt(spread)


def crop(times: list[list[float]], share: int) -> list[list[float]]:
    """What of each class is below so many percent of both together.

    The slowest answers are those that the machine kept waiting; without them a small difference
    shows that is lost in them otherwise.
    """
    most = statistics.quantiles([*times[0], *times[1]], n=100)[share - 1]
    return [[second for second in each if second <= most] for each in times]


async def measure(options: argparse.Namespace, count: int, leak: tuple[str, ...] = ()) -> bool:
    """Measure a node, with a planted leak or without; return whether the classes differ."""
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder) / "home", ("KAZ",))
        hide_bank(world, "KAZ", withheld=True)
        settings = world.home / "nodes" / "KAZ" / "node.toml"
        with settings.open("a", encoding="utf-8") as file:
            file.write(f"[grid_ms]\npersons = {options.grid}\n")
        async with AsyncExitStack() as stack:
            command = ("tests.bench.leaky", *leak) if leak else ("gateway.cli.main",)
            serve = (*command, "node", "serve", "--settings", str(settings))
            await stack.enter_async_context(process(*serve))
            client = await stack.enter_async_context(Client(world.settings()))
            link = open_link(world)
            stack.push_async_callback(link.close)
            await sample(client, link, WARM, options.at_once)
            times, sizes = await sample(client, link, count, options.at_once)
    print(f"{count} of each class, {options.at_once} at once, a grid of {options.grid} ms")
    if leak:
        print(f"planted: {leak[0]} us where somebody is withheld, {leak[1]}")
    return tell(times, sizes)


def tell(times: list[list[float]], sizes: set[tuple[int, int]]) -> bool:
    """Print what was measured; return whether the classes differ."""
    for name, seconds in zip(("withheld", "absent"), times, strict=True):
        points = statistics.quantiles(seconds, n=100)
        told = ", ".join(f"p{p} {points[p - 1] * 1e3:.2f}" for p in (1, 25, 50, 75, 99))
        print(f"{name:9} mean {statistics.fmean(seconds) * 1e3:.3f} ms; {told}")
    found = {"all": welch(*times)}
    found |= {f"lowest {share} %": welch(*crop(times, share)) for share in CROPS}
    for name, t in found.items():
        print(f"Welch |t|, {name}: {t:.2f}")
    sized = len(sizes) > 1
    print(f"sizes of answer and signature: {sorted(sizes)}{' DIFFER' if sized else ''}")
    return sized or max(found.values()) >= LIMIT


async def main(options: argparse.Namespace) -> bool:
    """Measure without a leak, then with the planted one; return whether all is as wanted."""
    held = not await measure(options, options.count)
    print(f"no difference: {yes(held)}\n", flush=True)
    for where in ("late", "early") if options.plant_us else ():
        seen = await measure(options, options.planted, (str(options.plant_us), where))
        wanted = where == "late"  # the grid hides what is before it
        print(f"{'seen' if wanted else 'hidden by the grid'}: {yes(seen is wanted)}\n", flush=True)
        held &= seen is wanted
    return held


def yes(held: bool) -> str:  # noqa: FBT001 - a word for a truth value
    return "yes" if held else "NO"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="calls of each class")
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--grid", type=int, default=100, help="milliseconds")
    parser.add_argument("--plant-us", type=float, default=0.0, help="then with such a leak, too")
    parser.add_argument("--planted", type=int, default=20_000, help="calls of each class then")
    raise SystemExit(not asyncio.run(main(parser.parse_args())))
