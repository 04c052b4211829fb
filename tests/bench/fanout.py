"""What the hub costs beside a bare fan-out: `python -m tests.bench.fanout [--rounds N]`.

Both hubs run at the same time, ask the same fifteen nodes and are asked the same questions, in
turns. Only ratios mean something: seconds depend on the machine.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import psutil

from gateway.client import Client
from gateway.running import channel_credentials
from seeds.ports import reserve_port
from tests.kit.world import World, ask, build_world

COUNTRIES = (
    "AFG AZE BGD GEO IND IRN KAZ KGZ LKA MDV NPL PAK TJK TUR UZB".split()  # noqa: SIM905 - read as one line
)


@dataclass
class Hub:
    """One of the two hubs, and what was measured on it."""

    name: str
    process: psutil.Process
    call: grpc.aio.UnaryStreamMultiCallable
    seconds: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    def cpu(self) -> float:
        """CPU seconds that the process has used."""
        times = self.process.cpu_times()
        return times.user + times.system


@asynccontextmanager
async def process(*arguments: str):
    """Run a Python module until the end of the block."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        line = await child.stdout.readline()
        assert b"ready" in line, line
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        await child.communicate()


def open_call(world: World, address: str) -> grpc.aio.UnaryStreamMultiCallable:
    settings = world.settings()
    credentials = channel_credentials(
        settings.at(settings.certificate), settings.at(settings.key), world.home / "ca.pem"
    )
    options = [("grpc.ssl_target_name_override", "localhost")]
    channel = grpc.aio.secure_channel(address, credentials, options=options)
    return channel.unary_stream("/kalkan.v1.SearchService/Search")


async def search(hub: Hub, request: bytes) -> None:
    started = time.perf_counter()
    events = [event async for event in hub.call(request, timeout=10)]
    hub.seconds.append(time.perf_counter() - started)
    assert len(events) == len(COUNTRIES) + 3


async def turn(hub: Hub, client: Client, searches: int, at_once: int) -> None:
    """Ask one hub some questions; charge it with the CPU that it used meanwhile."""
    question = ask("Rustam Karimov")
    requests = [
        client.sign(client.compose(question, [question.probe])).SerializeToString()
        for _ in range(searches)
    ]
    before = hub.cpu()
    waiting = asyncio.Semaphore(at_once)

    async def one(request: bytes) -> None:
        async with waiting:
            await search(hub, request)

    await asyncio.gather(*(one(request) for request in requests))
    hub.cpu_s += hub.cpu() - before


def report(title: str, bare: Hub, ours: Hub) -> None:
    print(f"\n{title}: {len(ours.seconds)} searches each")
    print(f"{'':10}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms/search':>16}{'peak MiB':>10}")
    for hub in (bare, ours):
        times = sorted(hub.seconds)
        p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        cpu = hub.cpu_s / len(times)
        memory = hub.process.memory_info().rss / 2**20
        print(f"{hub.name:10}{p50 * 1e3:9.2f}{p95 * 1e3:9.2f}{cpu * 1e3:16.2f}{memory:10.0f}")
    ratio = statistics.median(ours.seconds) / statistics.median(bare.seconds)
    cpu_ratio = (ours.cpu_s / len(ours.seconds)) / (bare.cpu_s / len(bare.seconds))
    print(f"{'ratio':10}{ratio:9.2f}{'':9}{cpu_ratio:16.2f}")


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder) / "home", tuple(COUNTRIES))
        port = reserve_port()
        async with AsyncExitStack() as stack:
            enter = stack.enter_async_context
            await enter(process("tests.bench.quick_nodes", str(world.home)))
            bare_process = await enter(process("tests.bench.bare_hub", str(world.home), str(port)))
            settings = str(world.home / "hub" / "hub.toml")
            our_process = await enter(
                process("gateway.cli.main", "hub", "serve", "--settings", settings)
            )
            client = await enter(Client(world.settings()))
            bare_call = open_call(world, f"127.0.0.1:{port}")
            our_call = open_call(world, world.federation.hub.address)
            for title, at_once in (("one at a time", 1), ("16 at once", 16)):
                bare = Hub("bare", bare_process, bare_call)
                ours = Hub("kalkan", our_process, our_call)
                for hub in (bare, ours):
                    await turn(hub, client, 20, at_once)
                    hub.seconds.clear()
                    hub.cpu_s = 0.0
                for _ in range(rounds):
                    await turn(bare, client, 40, at_once)
                    await turn(ours, client, 40, at_once)
                report(title, bare, ours)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    asyncio.run(main(parser.parse_args().rounds))
