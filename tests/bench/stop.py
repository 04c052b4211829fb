"""How long a stop takes under load: `python -m tests.bench.stop [--rounds N]`.

Measured to the first refusal, and to the last answer that was still given, from the start of the
command `kalkan stop` and from the moment at which its file is in place, at the hub (an officer) and
at a node (its bank). All servers are processes of their own.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gateway.client import BankEnd, Client
from gateway.errors import GatewayError, RefusedError
from tests.bench.fanout import process
from tests.kit.world import ask, build_world

AT_ONCE = 16


@dataclass
class Seen:
    """When answers of the bank and refusals came."""

    answers: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    refused: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, state: str) -> None:
        """Note how the bank ended, now."""
        if state == "refused":
            self.refusals.append(time.perf_counter())
            self.refused.set()
        elif state == "answered":
            self.answers.append(time.perf_counter())


async def load(client: Client, seen: Seen) -> None:
    """Ask for ever."""
    while True:
        try:
            events = await client.search_once(ask("Рустам Каримов", "KAZ"))
        except RefusedError as exc:
            seen.note("refused" if exc.reason == "STOPPED" else "")
        except GatewayError:
            seen.note("")
        else:
            seen.note(next(e.state for e in events if isinstance(e, BankEnd)))


async def command(home: Path, *words: str) -> None:
    """Run `kalkan stop`."""
    arguments = ("-m", "gateway.cli.main", "stop", *words, "--home", str(home))
    child = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=asyncio.subprocess.DEVNULL
    )
    assert await child.wait() == 0


async def measure(client: Client, home: Path, *words: str) -> tuple[float, float, float]:
    """Stop under load; return seconds until the file is there, first refusal, last answer."""
    seen = Seen()
    tasks = [asyncio.create_task(load(client, seen)) for _ in range(AT_ONCE)]
    await asyncio.sleep(1.0)
    began = time.perf_counter()
    await command(home, *words)
    file = home / ("hub" if "--hub" in words else "nodes/KAZ") / "stops.toml"
    written = time.perf_counter() - (time.time() - file.stat().st_mtime)
    await seen.refused.wait()
    await asyncio.sleep(1.0)
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
    await command(home, *words, "--lift")
    await asyncio.sleep(1.0)
    return written - began, seen.refusals[0] - began, max(seen.answers) - began


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder) / "home", ("KAZ",))
        async with AsyncExitStack() as stack:
            serve = ("gateway.cli.main", "node", "serve", "--settings")
            node = str(world.home / "nodes" / "KAZ" / "node.toml")
            await stack.enter_async_context(process(*serve, node))
            hub = str(world.home / "hub" / "hub.toml")
            serve = ("gateway.cli.main", "hub", "serve", "--settings")
            await stack.enter_async_context(process(*serve, hub))
            client = await stack.enter_async_context(Client(world.settings()))
            places = {
                "hub": ("officer=KAZ/officer", "--hub"),
                "node": ("bank=KAZ/persons", "--node", "KAZ"),
            }
            for place, words in places.items():
                results = [await measure(client, world.home, *words) for _ in range(rounds)]
                command_s = max(first for _, first, _ in results)
                file_s = max(first - written for written, first, _ in results)
                late_s = max(last - written for written, _, last in results)
                print(f"{place}: {AT_ONCE} searches at once, worst of {rounds}: first refusal")
                print(
                    f"  {file_s:.2f} s after the file, {command_s:.2f} s after the command began;"
                )
                print(f"  last answer {late_s:.2f} s after the file")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(main(parser.parse_args().rounds))
