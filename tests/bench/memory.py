"""Peak memory of a hub and of a process with all nodes: `python -m tests.bench.memory`.

The demonstration is built in a temporary home and asked many questions at once; then the kernel is
asked for the highest resident size of each process.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from gateway.client import Ask, Client
from gateway.probe import document, person
from gateway.settings import ClientSettings, read_settings
from seeds.home import build_home, read_ports
from tests.kit.world import WHY

LIMITS = {"hub": 200, "nodes": 600}
"""MiB that the processes may reach."""


@asynccontextmanager
async def process(word: bytes, *arguments: str):
    """Run a Python module until the end of the block; it is ready when it says so."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments), stdout=asyncio.subprocess.PIPE
    )
    try:
        line = await child.stdout.readline()
        assert word in line, line
        yield child.pid
    finally:
        child.terminate()
        await child.communicate()


def peak_mib(pid: int) -> float:
    """The highest resident size of a process, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


async def load(client: Client, searches: int) -> None:
    """Ask persons and documents, eight at a time."""
    waiting = asyncio.Semaphore(8)

    async def one(number: int) -> None:
        probe = (
            person("Каххор Гозикулов", birth="1985")
            if number % 2
            else document(number="400999458", issuer="TJK")
        )
        async with waiting:
            await client.search_once(
                Ask(("kalkan",), "terrorism", "M", probe, deadline_s=30.0, **WHY)
            )

    await asyncio.gather(*(one(number) for number in range(searches)))


async def main(rows: int, searches: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build_home(home, rows=rows, documents=rows * 100)
        bank = home / "nodes" / "IRN" / "banks" / "persons"
        service = ("seeds.service", str(bank / "afrad.jsonl"), "--port")
        service += (str(read_ports(home).service), "--token-file", str(bank / "token"))
        files = sorted(home.glob("nodes/*/node.toml"))
        nodes = [word for file in files for word in ("--settings", str(file))]
        hub = ("--settings", str(home / "hub" / "hub.toml"))
        async with AsyncExitStack() as stack:
            enter = stack.enter_async_context
            await enter(process(b"", *service))
            nodes_pid = await enter(process(b"ready", "gateway.cli.main", "node", "serve", *nodes))
            hub_pid = await enter(process(b"ready", "gateway.cli.main", "hub", "serve", *hub))
            settings = read_settings(ClientSettings, home / "clients" / "officer" / "client.toml")
            client = await enter(Client(settings))
            await load(client, searches)
            peaks = {"hub": peak_mib(hub_pid), "nodes": peak_mib(nodes_pid)}
    print(f"\npeak memory after {searches} searches of {len(files)} nodes, {rows} persons each")
    for name, peak in peaks.items():
        print(f"{name:8}{peak:6.0f} MiB   below {LIMITS[name]} MiB: {peak < LIMITS[name]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--searches", type=int, default=100)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.rows, chosen.searches))
