"""What is wrong between ledgers and witnesses is in the directory's status, with a forked log."""

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import suppress

import pytest
from typer.testing import CliRunner

from gateway.access.witnesses import Witnessing
from gateway.cli.main import app
from gateway.errors import RefusedError, UnreachableError
from gateway.witnessing.collect import Collector
from tests.kit.world import ask, build_world

PANEL = Witnessing(witnesses=("KAZ", "TUR", "GEO"), quorum=2, patience_s=5)
LONG_S = 90.0


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", witnessing=PANEL)
    yield world
    await world.stop()


async def told(client, *wanted, alone=""):
    """Wait until the directory tells these alarms, as what is wrong and whose ledger it is.

    Alone: and until it tells of no ledger but this; one that lacked a quorum meanwhile is told too.
    """
    async with asyncio.timeout(LONG_S):
        while True:
            alarms = (await client.federation()).alarms
            apart = not alone or {alarm.member for alarm in alarms} == {alone}
            if apart and set(wanted) <= {(alarm.alarm, alarm.member) for alarm in alarms}:
                return alarms
            await asyncio.sleep(0.1)


async def cosigned(world, log, size):
    """Wait until a quorum has signed so many entries of a ledger."""
    path = world.home / log / "ledger" / "witnessed" / "checkpoint"
    async with asyncio.timeout(LONG_S):
        while not path.exists() or int(path.read_text().split("\n")[1]) < size:  # noqa: ASYNC110 - files of other tasks
            await asyncio.sleep(0.05)


def put_aside(world, log):
    """Keep a ledger as it is now."""
    shutil.copytree(world.home / log / "ledger", world.home / "kept" / log)


def put_back(world, log):
    """Put a ledger in place as it was: what came later is gone, and what comes now is another."""
    shutil.rmtree(world.home / log / "ledger")
    shutil.copytree(world.home / "kept" / log, world.home / log / "ledger")


async def search(client):
    """Ask until it is answered: a hub whose witnesses were slow to sign answers nothing."""
    async with asyncio.timeout(LONG_S):
        while True:
            with suppress(UnreachableError):
                return await client.search_once(ask())


async def fork(world, log):
    """Let a server's ledger be signed, then begin again where it was before."""
    stop, start = (
        (world.stop_hub, world.start_hub)
        if log == "hub"
        else (lambda: world.stop_node(log[-3:]), lambda: world.start_node(log[-3:]))
    )
    await stop()
    put_aside(world, log)
    await start()
    client = await world.client()
    for _ in range(3):
        await search(client)
    side = "HUB" if log == "hub" else log[-3:]
    await cosigned(world, log, len(world.entries(side, looks=True)))
    await world.stack.aclose()
    await stop()
    put_back(world, log)
    await start()


async def test_a_forked_log_of_a_node_is_told_by_its_witnesses(world):
    await world.start()
    await fork(world, "nodes/TUR")
    client = await world.client()
    wanted = ("log_rolled_back", "TUR"), ("quorum_missing", "TUR")
    alarms = await told(client, *wanted, alone="TUR")
    texts = [alarm.text for alarm in alarms if alarm.alarm == "log_rolled_back"]
    assert len(texts) == len(set(texts)) <= 3  # once of each witness
    assert any("KAZ" in text or "GEO" in text for text in texts)
    done = await asyncio.to_thread(
        CliRunner().invoke, app, ("federation", "status", "--home", str(world.home))
    )
    assert "ALARM log_rolled_back TUR: the witness " in done.stdout
    words = ("federation", "status", "--json", "--home", str(world.home))
    done = await asyncio.to_thread(CliRunner().invoke, app, words)
    shown = json.loads(done.stdout.splitlines()[-1])["alarms"]
    assert ("log_rolled_back", "TUR") in {(one["alarm"], one["member"]) for one in shown}


async def gone(client, alarm):
    """Wait until the directory tells an alarm no more."""
    async with asyncio.timeout(LONG_S):
        while alarm in {one.alarm for one in (await client.federation()).alarms}:  # noqa: ASYNC110 - a server's state
            await asyncio.sleep(0.1)


async def close(world, node, *, code=0):
    """Close what a node has found of TUR, as its operator does."""
    words = ("audit", "close", "log_rolled_back", "tur", "--node", node, "--by", "op-7")
    where = ("--reason", "the copy of May was put back", "--home", str(world.home))
    done = await asyncio.to_thread(CliRunner().invoke, app, (*words, *where))
    assert done.exit_code == code, done.output
    return done.output


async def list_alarms(world, node):
    words = ("audit", "alarms", "--node", node, "--json", "--home", str(world.home))
    done = await asyncio.to_thread(CliRunner().invoke, app, words)
    return [json.loads(line) for line in done.stdout.splitlines()]


async def test_alarms_are_open_over_restarts_until_somebody_closes_them(world):
    await world.start()
    await fork(world, "nodes/TUR")
    client = await world.client()
    await told(client, ("log_rolled_back", "TUR"))
    for node in ("TUR", "KAZ", "GEO"):  # no log says more, no witness finds more
        await world.stop_node(node)
    found = [node for node in ("KAZ", "GEO") if await list_alarms(world, node)]
    witness = found[0]
    for node in ("KAZ", "GEO"):
        if node != witness and node in found:
            assert "closed log_rolled_back" in await close(world, node)  # while it stands still
            assert "is open here" in await close(world, node, code=2)
        await world.start_node(node)
    await told(client, ("log_rolled_back", "TUR"))
    await world.stop_hub()
    await world.start_hub()
    client = await world.client()
    await told(client, ("log_rolled_back", "TUR"))
    await close(world, witness)
    await gone(client, "log_rolled_back")
    (closed,) = await list_alarms(world, witness)
    facts = ("log_rolled_back", "TUR", "op-7", "the copy of May was put back")
    assert tuple(closed[key] for key in ("alarm", "ledger", "by", "reason")) == facts
    for node in found:
        (entry,) = [e for e in world.entries(node) if e.action == "alarm_closed"]
        assert (entry.who, entry.requester_member, set(entry.sealed)) == ("op-7", node, {node})


async def test_a_forked_log_of_the_hub_is_told_by_hub_and_witnesses(world):
    await world.start()
    await fork(world, "hub")
    client = await world.client()
    wanted = ("log_rolled_back", "witness_knows_more", "quorum_missing")
    await told(client, *((what, "HUB") for what in wanted))
    for index in range(20):  # until it is longer than what the witnesses know
        with pytest.raises(RefusedError):
            await client.proof("0" * 32, index)
    await told(client, ("witness_contradicts", "HUB"), ("log_inconsistent", "HUB"))


async def test_silent_witnesses_are_told_until_they_are_back(world, monkeypatch):
    monkeypatch.setitem(Collector.__init__.__kwdefaults__, "away_s", 0.5)
    await world.start("KAZ")
    client = await world.client()
    with suppress(UnreachableError):  # the patience of the hub may be over by then
        await client.search_once(ask())
    alarms = await told(client, ("witness_away", "HUB"), ("quorum_missing", "HUB"))
    assert {"TUR" in a.text or "GEO" in a.text for a in alarms if a.alarm == "witness_away"} == {
        True
    }
    await world.start_node("TUR")
    await world.start_node("GEO")
    async with asyncio.timeout(LONG_S):
        while (await client.federation()).alarms:  # noqa: ASYNC110 - a server's state
            await asyncio.sleep(0.1)
    actions = [entry.action for entry in world.entries() if entry.action]
    assert {"quorum_missing", "quorum_back", "witness_away", "witness_back"} <= set(actions)
