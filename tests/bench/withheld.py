"""Can a caller tell a withheld record from none by the time? `python -m tests.bench.withheld`.

A node in its own process, over gRPC with TLS, asked as the hub asks: in one class for somebody who
is in a hidden bank that the policy shows to nobody, in the other for somebody who is nowhere, in a
random order. Welch's |t| of the two is wanted below 4.5; sizes must be the same for all.
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

NAMES = ("Рустам Каримов", "Рустем Қарымов")
"""Who is withheld, and who is nowhere: as long, in the same script."""


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
    spread = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    return (statistics.fmean(one) - statistics.fmean(other)) / math.sqrt(spread)


async def main(count: int, at_once: int, grid_ms: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder) / "home", ("KAZ",))
        hide_bank(world, "KAZ", withheld=True)
        settings = world.home / "nodes" / "KAZ" / "node.toml"
        with settings.open("a", encoding="utf-8") as file:
            file.write(f"[grid_ms]\npersons = {grid_ms}\n")
        async with AsyncExitStack() as stack:
            serve = ("gateway.cli.main", "node", "serve", "--settings", str(settings))
            await stack.enter_async_context(process(*serve))
            client = await stack.enter_async_context(Client(world.settings()))
            link = open_link(world)
            stack.push_async_callback(link.close)
            await sample(client, link, 200, at_once)
            (withheld, absent), sizes = await sample(client, link, count, at_once)
    print(f"{count} of each class, {at_once} at once, a grid of {grid_ms} ms; sizes {sizes}")
    for name, times in (("withheld", withheld), ("absent", absent)):
        points = statistics.quantiles(times, n=100)
        told = ", ".join(f"p{p} {points[p - 1] * 1e3:.2f}" for p in (1, 25, 50, 75, 99))
        print(f"{name:9} mean {statistics.fmean(times) * 1e3:.3f} ms; {told}")
    t = abs(welch(withheld, absent))
    print(f"Welch |t| = {t:.2f}, wanted below 4.5: {'yes' if t < 4.5 else 'NO'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--grid", type=int, default=100)
    options = parser.parse_args()
    asyncio.run(main(options.count, options.at_once, options.grid))
