"""Cancelling, deadlines, draining and dying: nothing is lost, nothing is answered unrecorded."""

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import grpc
import pytest

from gateway.client import Accepted, BankEnd, Client, Ended
from gateway.errors import GatewayError, UnreachableError
from gateway.ledger.disk import Disk
from gateway.ledger.kinds import Kind
from gateway.ledger.read import check_chain
from tests.integration.test_fanout_faults import rogue_node
from tests.kit.world import ask, build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    yield world
    await world.stop()


async def until(condition) -> None:
    """Let the loop run until something holds; the test's own time limit ends it."""
    while not condition():  # noqa: ASYNC110 - files change: there is no event to wait for
        await asyncio.sleep(0)


async def test_cancelled_search_is_recorded_at_the_hub(world):
    async with rogue_node(world, "TUR", "hangs"):
        await world.start("KAZ", "GEO")
        client = await world.client()
        events = client.search(ask(deadline_s=20.0))
        accepted = await anext(events)
        assert isinstance(accepted, Accepted)
        await events.aclose()
        await until(lambda: world.entries()[-1].kind is Kind.CANCELLED)
        assert world.entries()[-1].search_id == accepted.search_id


async def test_cancelling_the_client_cancels_the_banks_query(world, monkeypatch):
    """The adapter of one bank waits for ever; the client goes away; the adapter is told."""
    await world.start()
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def endless(self, probe, limits):
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    monkeypatch.setattr("gateway.node.bank.Bank.search", endless)
    client = await world.client()
    events = client.search(ask("Рустам Каримов", "KAZ", deadline_s=20.0))
    await anext(events)
    await started.wait()
    await events.aclose()
    await cancelled.wait()
    await until(lambda: Kind.CANCELLED in {e.kind for e in world.entries("KAZ")})


async def test_search_ends_by_the_calls_own_deadline(world):
    async with rogue_node(world, "TUR", "hangs"):
        await world.start("KAZ", "GEO")
        client = await world.client()
        assert await end_of_call(client, 1.0) or await end_of_call(client, 10.0)


async def end_of_call(client, seconds):
    """Whether a call with less time than its question ends well; not if the machine stalls then."""
    query = client.compose(ask(deadline_s=30.0), [ask().probe])
    call = client._search.Search(client.sign(query), timeout=seconds)
    try:
        return [event.WhichOneof("event") async for event in call][-1] == "ended"
    except grpc.aio.AioRpcError:
        return False


async def test_broken_ledger_answers_nothing_and_stops_the_server(world, monkeypatch):
    await world.start()
    client = await world.client()
    await client.search_once(ask())

    sync = Disk.fdatasync

    def fail(self, fd):
        if str(world.home / "hub") in str(Path(f"/proc/self/fd/{fd}").readlink()):
            raise OSError(5, "planted")
        sync(self, fd)

    monkeypatch.setattr(Disk, "fdatasync", fail)
    with pytest.raises(UnreachableError):
        await client.search_once(ask())
    monkeypatch.undo()
    await asyncio.gather(*(world.tasks.pop(name) for name in ("HUB",)))
    assert world.hub_stopper.broken


class Process:
    """A server in a process of its own, by the command that a user types."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments

    async def __aenter__(self) -> asyncio.subprocess.Process:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "gateway.cli.main", *self.arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        line = await self.process.stdout.readline()
        assert b"ready" in line, line
        return self.process

    async def __aexit__(self, *exc: object) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


def hub_process(home: Path) -> Process:
    return Process("hub", "serve", "--settings", str(home / "hub" / "hub.toml"))


async def ask_until_it_dies(client: Client, done: list[str]) -> None:
    """Ask again and again; note each search whose end arrived."""
    while True:
        try:
            events = await client.search_once(ask())
        except GatewayError:
            return
        if isinstance(events[-1], Ended):
            done.append(events[0].search_id)


async def test_hub_killed_under_load_leaves_no_answer_without_its_entries(world):
    for member in ("KAZ", "TUR", "GEO"):
        await world.start_node(member)
    done: list[str] = []
    for _ in range(3):
        before = len(done)
        async with hub_process(world.home) as process, Client(world.settings()) as client:
            askers = [asyncio.create_task(ask_until_it_dies(client, done)) for _ in range(16)]
            await until_some(done, before + 8)
            process.send_signal(signal.SIGKILL)
            await asyncio.gather(*askers)
    await world.start_hub()
    kinds: dict[str, Counter[Kind]] = {}
    for entry in world.entries():
        kinds.setdefault(entry.search_id, Counter())[entry.kind] += 1
    assert len(done) >= 24
    for search_id in done:
        assert kinds[search_id] == {Kind.INTENT: 1, Kind.OUTCOME: 1}
    open_searches = [
        s for s, k in kinds.items() if k[Kind.INTENT] and not k[Kind.OUTCOME] + k[Kind.RECOVERED]
    ]
    assert open_searches == []
    assert check_chain(world.home / "hub" / "ledger") == len(world.entries())


async def until_some(done: list[str], count: int) -> None:
    await until(lambda: len(done) >= count)


async def test_sigterm_lets_running_searches_end(world):
    settings = world.home / "hub" / "hub.toml"
    settings.write_text(settings.read_text().replace("drain_s = 2.0", "drain_s = 60.0"))
    async with rogue_node(world, "TUR", "hangs"):
        for member in ("KAZ", "GEO"):
            await world.start_node(member)
        async with hub_process(world.home) as process, Client(world.settings()) as client:
            events = client.search(ask(deadline_s=1.5))
            await anext(events)
            process.send_signal(signal.SIGTERM)
            rest = [event async for event in events]
            assert isinstance(rest[-1], Ended)
            states = {e.bank: e.state for e in rest if isinstance(e, BankEnd)}
            assert states["TUR/persons"] == "timed_out"
            assert await process.wait() == 0
    assert world.entries()[-1].kind is Kind.STOP


async def test_second_hub_on_the_same_ledger_is_refused(world):
    await world.start()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway.cli.main", "hub", "serve"),
        *("--settings", str(world.home / "hub" / "hub.toml")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "COLUMNS": "200"},
    )
    _, errors = await process.communicate()
    assert process.returncode != 0
    assert b"Traceback" not in errors
