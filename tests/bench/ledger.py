"""What the ledger costs, and how much it takes: `python -m tests.bench.ledger [--rounds N]`.

All in one run and on one disk, that of `--folder`:

- a search through a hub and a real node beside the same without any record, in turns, against the
  time that the disk itself takes for a sync: a search waits for four, intent and outcome at both;
- the same beside servers that have as many bytes written and synced by a thread, and nothing more;
- CPU of a hub that asks fifteen nodes, with a ledger and without, in turns;
- entries appended durably by 16 writers, each of which waits for its own;
- entries that `verify` checks in a second of CPU.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

from gateway.client import Client
from gateway.clock import SystemClock
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import BankOutcome, Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.segments import Walk
from seeds.ports import reserve_port
from tests.bench.fanout import COUNTRIES, Hub, open_call, process, turn
from tests.kit.logs import SIGNER, check, write_log
from tests.kit.world import World, ask, build_world

SYNCS, ABOVE_MS = 4, 0.6
"""How many syncs a search may take longer by, and how many milliseconds beside them."""
SHARE = 0.15
"""How much of the hub's CPU the ledger may use."""
WRITERS, APPENDED = 16, 20_000
"""Writers at the same time, and the entries a second that they have to reach."""
VERIFIED = 100_000
"""Entries a second that `verify` has to reach on one core."""
MEMBER = "KAZ"


def sync_times(folder: Path, count: int, size_bytes: int) -> list[float]:
    """Seconds that the disk takes for a sync of so many bytes at the end of a file."""
    fd = os.open(folder / "syncs", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    times = []
    for _ in range(count):
        os.write(fd, bytes(size_bytes))
        started = time.perf_counter()
        os.fdatasync(fd)
        times.append(time.perf_counter() - started)
    os.close(fd)
    return times


def tell(what: str, figure: str, goal: str, *, holds: bool) -> None:
    print(f"{what}: {figure}; {goal}: {'holds' if holds else 'DOES NOT HOLD'}", flush=True)


def entry_size(home: Path) -> int:
    """How many bytes an entry of the ledgers of a world has in the middle, with its frame."""
    sizes = [frame.size_bytes for path in home.rglob("ledger") for frame in Walk(path)]
    return int(statistics.median(sizes))


async def start_pair(home: Path, stack: AsyncExitStack, *instead: str) -> Client:
    """Start a node and a hub as processes of their own, and return a client of theirs.

    With `instead` they record nothing, or so many bytes.
    """
    world = build_world(home, (MEMBER,))
    hub, node = (str(home / p) for p in ("hub/hub.toml", f"nodes/{MEMBER}/node.toml"))
    for side, settings in (("node", node), ("hub", hub)):
        other = ("tests.bench.unrecorded", side, settings, *instead)
        kalkan = ("gateway.cli.main", side, "serve", "--settings", settings)
        await stack.enter_async_context(process(*(other if instead else kalkan)))
    client = await stack.enter_async_context(Client(world.settings()))
    await ask_one_by_one(client, 20)
    return client


async def ask_one_by_one(client: Client, count: int) -> list[float]:
    times = []
    for _ in range(count):
        started = time.perf_counter()
        await client.search_once(ask("Рустам Каримов", MEMBER))
        times.append(time.perf_counter() - started)
    return times


async def measure_search(folder: Path, rounds: int) -> None:
    syncs: list[float] = []
    async with AsyncExitStack() as stack:
        clients = {"with ledgers": await start_pair(folder / "kept", stack)}
        size_bytes = entry_size(folder / "kept")
        clients["bare"] = await start_pair(folder / "bare", stack, str(size_bytes))
        clients["without"] = await start_pair(folder / "plain", stack, "0")
        times: dict[str, list[float]] = {name: [] for name in clients}
        for _ in range(rounds * 40):
            for name, client in clients.items():
                times[name] += await ask_one_by_one(client, 1)
            # One at a time too: in a row they would find nothing of others left to write.
            syncs += sync_times(folder, 1, size_bytes)
    report_search(times, syncs, size_bytes)


def report_search(times: dict[str, list[float]], syncs: list[float], size_bytes: int) -> None:
    medians = {name: statistics.median(some) * 1e3 for name, some in times.items()}
    told = ", ".join(f"{median:.2f} ms {name}" for name, median in medians.items())
    print(f"p50 of {len(syncs)} searches, one at a time: {told}")
    sync_ms = statistics.median(syncs) * 1e3
    most_ms = SYNCS * sync_ms + ABOVE_MS
    more_ms = medians["with ledgers"] - medians["without"]
    tell(
        "the ledgers cost a search",
        f"{more_ms:.2f} ms (fdatasync median {sync_ms:.3f} ms, of {size_bytes:,} bytes)",
        f"at most {SYNCS} x {sync_ms:.3f} + {ABOVE_MS} = {most_ms:.2f} ms",
        holds=more_ms <= most_ms,
    )
    above_ms = medians["with ledgers"] - medians["bare"]
    tell(
        f"above {SYNCS} bare writes of {size_bytes:,} bytes that a thread syncs",
        f"{above_ms:.2f} ms; those alone cost {medians['bare'] - medians['without']:.2f} ms",
        f"at most {ABOVE_MS} ms",
        holds=above_ms <= ABOVE_MS,
    )


def second_hub(world: World) -> tuple[str, str]:
    """Settings and address of another hub of the same federation."""
    text = (world.home / "hub" / "hub.toml").read_text(encoding="utf-8")
    address = f"127.0.0.1:{reserve_port()}"
    text = text.replace(world.federation.hub.address, address).replace('"ledger"', '"no-ledger"')
    path = world.home / "hub" / "plain.toml"
    path.write_text(text, encoding="utf-8")
    return str(path), address


async def measure_share(folder: Path, rounds: int) -> None:
    world = build_world(folder / "fifteen", tuple(COUNTRIES))
    settings = str(world.home / "hub" / "hub.toml")
    plain_settings, plain_address = second_hub(world)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        await enter(process("tests.bench.quick_nodes", str(world.home)))
        ours = await enter(process("gateway.cli.main", "hub", "serve", "--settings", settings))
        plain = await enter(process("tests.bench.unrecorded", "hub", plain_settings))
        client = await enter(Client(world.settings()))
        addresses = (world.federation.hub.address, plain_address)
        calls = [open_call(world, address) for address in addresses]
        for at_once in (1, 16):
            hubs = [Hub("with", ours, calls[0]), Hub("without", plain, calls[1])]
            for hub in hubs:
                await turn(hub, client, 20, at_once)
                hub.seconds.clear()
                hub.cpu_s = 0.0
            for _ in range(rounds):
                for hub in hubs:
                    await turn(hub, client, 40, at_once)
            report_share(hubs, at_once)


def report_share(hubs: list[Hub], at_once: int) -> None:
    with_ms, without_ms = (hub.cpu_s / len(hub.seconds) * 1e3 for hub in hubs)
    share = 1 - without_ms / with_ms
    tell(
        f"CPU of the hub for each of {len(hubs[0].seconds)} searches, {at_once} at once",
        f"{with_ms:.2f} ms with its ledger, {without_ms:.2f} ms without: a share of {share:.1%}",
        f"at most {SHARE:.0%}",
        holds=share <= SHARE,
    )


def make_outcomes(count: int) -> list[Entry]:
    """Ends of searches as a hub writes them; two banks each."""
    now = SystemClock().now()
    states = tuple(BankOutcome(bank=f"{m}/persons", state="no_hit") for m in ("KAZ", "TUR"))
    banks = tuple(state.bank for state in states)
    return [
        Entry(
            kind=Kind.OUTCOME,
            time=now,
            side=Side.HUB,
            member="HUB",
            search_id=f"{number:032x}",
            query_sha256=f"{number:064x}",
            banks=banks,
            states=states,
        )
        for number in range(count)
    ]


async def measure_appends(folder: Path, seconds: float) -> None:
    """The entries are made before; what is measured turns them into bytes, writes and signs."""
    entries = make_outcomes(4_096)
    size_bytes = len(entries[0].encode())
    ledger = await Ledger.open(folder / "appended", SystemClock(), signer=SIGNER)
    started = time.perf_counter()
    counts = [0] * WRITERS

    async def write(writer: int) -> None:
        while time.perf_counter() < started + seconds:
            await ledger.append(entries[counts[writer] % len(entries)])
            counts[writer] += 1

    await asyncio.gather(*map(write, range(WRITERS)))
    rate = sum(counts) / (time.perf_counter() - started)
    await ledger.close()
    sync_ms = statistics.median(sync_times(folder, 100, WRITERS * size_bytes)) * 1e3
    tell(
        f"appended durably by {WRITERS} writers, each waiting for its own",
        f"{rate:,.0f} entries/s (fdatasync median {sync_ms:.3f} ms)",
        f"at least {APPENDED:,}",
        holds=rate >= APPENDED,
    )


def measure_verify(folder: Path, size: int) -> None:
    write_log(folder / "verified", [size])
    times = []
    for _ in range(3):
        started = time.process_time()
        assert check(folder / "verified").findings == ()
        times.append(time.process_time() - started)
    rate = size / statistics.median(times)
    tell(
        f"verified, {size:,} entries with their segments",
        f"{rate:,.0f} entries in a second of CPU",
        f"at least {VERIFIED:,}",
        holds=rate >= VERIFIED,
    )


async def main(folder: Path | None, rounds: int) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        home = Path(name)
        await measure_search(home, rounds)
        await measure_share(home, rounds)
        await measure_appends(home, seconds=rounds / 2)
        measure_verify(home, 5_000 * rounds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="a folder on the disk that is measured")
    parser.add_argument("--rounds", type=int, default=10)
    arguments = parser.parse_args()
    asyncio.run(main(arguments.folder, arguments.rounds))
