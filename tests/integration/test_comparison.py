"""The hub compares its ledger with the nodes' all the time, and tells what differs."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from gateway.auditing import comparable
from gateway.ledger.kinds import Kind
from tests.kit.world import ask, build_world


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Judge when a search must have ended: the clocks of one machine are not apart."""
    monkeypatch.setattr("gateway.hub.compare.EVERY_S", 0.05)
    monkeypatch.setattr("gateway.hub.compare.SETTLED", timedelta(seconds=4))
    monkeypatch.setattr("gateway.hub.compare.CALL_S", 60.0)
    monkeypatch.setattr("gateway.ledger.twin.SKEW", timedelta(0))


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    yield world
    await world.stop()


async def alarms_of(world, count):
    """Wait for so many alarms."""
    client = await world.client()
    while True:
        told = await client.federation()
        if len(told.alarms) >= count:
            return told.alarms
        await asyncio.sleep(0.05)


def rewrite(monkeypatch, change):
    """Let nodes give what `change` makes of their entries."""
    sound = comparable.read_page

    def read_page(*place):
        page = sound(*place)
        made = [change(json.loads(data)) for data in page.entries]
        page.entries = [json.dumps(entry).encode() for entry in made if entry]
        return page

    monkeypatch.setattr(comparable, "read_page", read_page)


def drop(entry):
    return None if entry["banks"] == ["TUR/persons"] else entry


def alter(entry):
    if entry["banks"] == ["TUR/persons"] and entry["kind"] == "OUTCOME":
        entry["policy_epoch"] = "another"
    return entry


async def test_sound_nodes_raise_no_alarm_and_write_each_look_that_gave_something(
    world, monkeypatch
):
    wrong: list[str] = []
    rewrite(monkeypatch, lambda entry: drop(entry) if wrong else entry)
    await world.start()
    client = await world.client()
    await client.search_once(ask())
    await asyncio.gather(*(looked(world, member) for member in ("KAZ", "TUR", "GEO")))
    wrong.append("from now on")
    later = (await client.search_once(ask()))[-1]
    # The sound search was judged before the later one was.
    assert {a.search_id for a in await alarms_of(world, 1)} == {later.receipt.search_id}


async def looked(world, member):
    """Wait until the hub has had both entries of a search."""
    given = "list_comparable"
    await until(lambda: _count(world, member, given) >= 2)


def _count(world, member, action):
    return sum(e.count for e in world.entries(member, looks=True) if e.action == action)


async def until(condition):
    """Wait for a condition."""
    while True:
        if condition():
            return
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(("change", "what"), [(drop, "node_missing"), (alter, "differs")])
async def test_node_that_drops_or_alters_is_told_in_the_directory(world, monkeypatch, change, what):
    rewrite(monkeypatch, change)
    await world.start()
    ended = (await (await world.client()).search_once(ask()))[-1]
    (alarm, *_) = await alarms_of(world, 1)
    assert (alarm.alarm, alarm.member, alarm.bank) == (what, "TUR", "TUR/persons")
    assert alarm.search_id == ended.receipt.search_id
    await until(lambda: any(e.action == f"alarm_{what}" for e in world.entries()))
    written = next(e for e in world.entries() if e.action == f"alarm_{what}")
    assert (written.kind, written.search_id) == (Kind.ADMIN, alarm.search_id)


async def test_search_that_the_hub_hides_is_told(world, monkeypatch):
    sound = comparable.read_page

    def hide(*place):
        page = sound(*place)
        page.entries.clear()
        return page

    monkeypatch.setattr("gateway.hub.compare.read_page", hide)
    await world.start()
    await (await world.client()).search_once(ask("Рустам Каримов", "TUR"))
    (alarm, *_) = await alarms_of(world, 1)
    assert (alarm.alarm, alarm.bank) == ("hub_missing", "TUR/persons")


async def test_node_that_declines_is_named_once_and_left_out(world):
    path = world.home / "nodes" / "TUR" / "node.toml"
    path.write_text(f"reconcile = false\n{path.read_text()}")
    await world.start()
    (alarm,) = await alarms_of(world, 1)
    assert (alarm.alarm, alarm.member) == ("declined", "TUR")
    await (await world.client()).search_once(ask())
    await looked(world, "KAZ")
    assert len(await alarms_of(world, 1)) == 1


async def test_node_that_speaks_for_another_is_not_believed(world, monkeypatch):
    rewrite(monkeypatch, lambda entry: {**entry, "banks": ["XXX/none"]})
    await world.start()
    await (await world.client()).search_once(ask("Рустам Каримов", "TUR"))
    alarms = await alarms_of(world, 1)
    assert (alarms[0].alarm, alarms[0].member) == ("unreadable", "TUR")
