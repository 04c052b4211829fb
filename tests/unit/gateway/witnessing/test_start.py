"""How witnesses are put together. At work they are in tests/integration/test_witnesses.py."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.access.signatures import SigningKey
from gateway.access.witnesses import Witnessing
from gateway.errors import SettingsError
from gateway.ledger.entry import format_time
from gateway.ledger.kinds import Side
from gateway.ledger.tlog.checkpoint import Checkpoint
from gateway.ledger.witness.state import Fault, Judgement, Verdict
from gateway.recorder import Recorder
from gateway.serving import Gate
from gateway.settings import NodeSettings, read_settings
from gateway.witnessing.closing import Closing, add_closing
from gateway.witnessing.memory import Found, Memory, Remembered
from gateway.witnessing.serve import Alarms
from gateway.witnessing.start import (
    alarms_of,
    begin_collecting,
    follow_closings,
    make_collector,
    nothing_required,
    open_alarms,
    quorum_of,
    serve_witness,
)
from tests.kit.cosigning import CLOCK, LONG_S
from tests.kit.world import build_world


@pytest.fixture
def world(tmp_path):
    return build_world(tmp_path / "world", witnessing=Witnessing(quorum=2))


@pytest.fixture
def settings(world):
    return read_settings(NodeSettings, world.home / "nodes" / "KAZ" / "node.toml")


@pytest.fixture
def recorder(bench):
    return Recorder(bench.ledger, Side.NODE, "KAZ", CLOCK)


async def test_without_witnesses_nothing_is_required(world, settings, bench, recorder):
    alone = world.federation.model_copy(update={"witnessing": None})
    collector = make_collector(settings, alone, bench.ledger, recorder, CLOCK)
    assert collector is None
    assert quorum_of(collector) is nothing_required
    quorum_of(collector)()
    async with AsyncExitStack() as stack:
        begin_collecting(collector, stack)


async def test_a_collector_runs_until_the_stack_ends(world, settings, bench, recorder):
    collector = make_collector(settings, world.federation, bench.ledger, recorder, CLOCK)
    assert quorum_of(collector) == collector.require_quorum
    before = asyncio.all_tasks()
    async with AsyncExitStack() as stack:
        begin_collecting(collector, stack)
        (running,) = asyncio.all_tasks() - before
    assert running.done()


async def test_a_node_with_a_key_is_a_witness(world, settings, recorder):
    gate = Gate(recorder, limit=10)
    listening = settings.model_copy(update={"witness_listen": "127.0.0.1:0"})
    async with AsyncExitStack() as stack:
        alarms = Alarms(recorder)
        (service,) = await serve_witness(listening, world.federation, gate, alarms, stack)
        assert service.service_name() == "kalkan.v1.WitnessService"
    without = settings.model_copy(update={"witness_key": None})
    async with AsyncExitStack() as stack:
        assert await serve_witness(without, world.federation, gate, Alarms(recorder), stack) == []


async def test_a_wrong_key_is_refused(world, settings, recorder):
    gate = Gate(recorder, limit=10)
    for kind, text in (("Ed25519", "pins another"), ("P-256", "Ed25519 key is needed")):
        path = world.home / f"{kind}.key"
        SigningKey.generate(kind).save(path)
        wrong = settings.model_copy(update={"witness_key": path})
        async with AsyncExitStack() as stack:
            with pytest.raises(SettingsError, match=text):
                await serve_witness(wrong, world.federation, gate, Alarms(recorder), stack)


async def test_a_node_tells_of_its_own_ledger_and_of_members_whose_logs_it_caught(world, recorder):
    alarms = Alarms(recorder, CLOCK)
    for origin in ("kalkan.example/test-federation/TUR", "log.example/foreign"):
        checkpoint = Checkpoint(origin, 3, bytes(32))
        judgement = Judgement(Verdict.CONFLICT, checkpoint, b"", fault=Fault.FORKED)
        await alarms.note(judgement, from_log=True)
    (told,) = alarms_of(world.federation, None, alarms)()
    assert (told.what, told.member, told.witness) == ("log_forked", "TUR", "KAZ")


async def test_open_alarms_are_restored_where_there_is_a_witness(world, settings, recorder):
    found = Found("log.example/foreign", Fault.FORKED, CLOCK.now())
    Memory(settings.at(settings.witness)).write(Remembered((found,)))
    assert list(open_alarms(settings, recorder, CLOCK).found) == [(found.log, found.fault)]
    without = settings.model_copy(update={"witness_key": None})
    assert open_alarms(without, recorder, CLOCK).found == {}


async def test_closings_are_taken_over_at_the_start_and_while_it_runs(
    world, settings, recorder, caplog
):
    faults = (Fault.FORKED, Fault.ROLLED_BACK)
    found = tuple(Found("log.example", fault, CLOCK.now()) for fault in faults)
    Memory(settings.at(settings.witness)).write(Remembered(found))
    path = settings.at(settings.closed_alarms)

    def close(fault):
        add_closing(path, Closing(fault, "log.example", "k-2", "a test", format_time(CLOCK.now())))

    close(faults[0])
    alarms = open_alarms(settings, recorder, CLOCK)
    async with AsyncExitStack() as stack, asyncio.timeout(LONG_S):
        follow_closings(settings, alarms, stack)
        while len(alarms.found) == len(faults):  # noqa: ASYNC110 - a task of its own
            await asyncio.sleep(0.01)
        good = path.read_text()
        path.write_text("[[closed]]\n")
        while "no alarm is closed" not in caplog.text:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        assert list(alarms.found) == [("log.example", faults[1])]
        path.write_text(good)
        close(faults[1])
        while alarms.found:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
