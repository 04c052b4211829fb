"""A shadow bank beside a live one: the officer's answer is the same with and without it."""

import asyncio
import shutil
import sqlite3

import pytest

from gateway.client import BankEnd
from gateway.errors import SettingsError
from gateway.ledger.kinds import Kind
from gateway.node.bank import Bank
from gateway.node.shadow import Shadow
from tests.kit.world import ask, build_world

NEW = ("KZ-9", "Рустам Каримов", "1961-09-12", "M", "N10000009", "77010000009", "")


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


def attach(world, **changes):
    """Attach a copy of KAZ's bank with one record more, as its settings say."""
    folder = world.home / "nodes" / "KAZ"
    shutil.copytree(folder / "banks" / "persons", folder / "banks" / "new")
    with sqlite3.connect(folder / "banks" / "new" / "people.sqlite") as connection:
        connection.execute("INSERT INTO people VALUES (?,?,?,?,?,?,?)", NEW)
    connection.close()
    values = {"mapping": "banks/new/mapping.toml", "of": "persons", **changes}
    lines = "".join(f'{key} = "{value}"\n' for key, value in values.items())
    with (folder / "node.toml").open("a", encoding="utf-8") as file:
        file.write(f"[[shadow]]\n{lines}")


@pytest.fixture
def shadows(monkeypatch):
    """The shadows that were started, each prepared before the test goes on."""
    started = []

    def remember(self, index, secret):
        started.append((self, index, secret))

    # Tests prepare by themselves: then they know when a shadow can be asked.
    monkeypatch.setattr(Shadow, "start", remember)
    return started


async def search(world):
    """Ask KAZ; return its answer without what differs each time, and the entries of its shadow."""
    client = await world.client()
    events = await client.search_once(ask("Рустам Каримов", "KAZ"))
    [end] = [event for event in events if isinstance(event, BankEnd)]
    for field in ("query_sha256", "time", "elapsed", "padding"):
        end.answer.ClearField(field)
    return end.answer


async def settle(shadows):
    for shadow, _, _ in shadows:
        await asyncio.gather(*shadow._running)


def reports(world):
    return [e for e in world.entries("KAZ") if e.kind is Kind.ADMIN and e.action == "shadow"]


async def test_answer_is_the_same_with_a_shadow_and_the_ledger_tells_the_difference(world, shadows):
    await world.start()
    before = await search(world)
    await world.stop_hub()
    await world.stop_node("KAZ")
    attach(world)
    await world.start_node("KAZ")
    await world.start_hub()
    for shadow, index, secret in shadows:
        await shadow.prepare(index, secret)
    assert await search(world) == before
    await settle(shadows)
    [report] = reports(world)
    assert report.count == 1
    assert [(s.bank, s.state, s.hits) for s in report.states] == [
        ("KAZ/persons", "answered", 1),
        ("shadow:KAZ/new", "answered", 2),
    ]
    told = await (await world.client()).federation()
    assert [b.description.bank for b in told.banks] == ["KAZ/persons", "TUR/persons"]


async def hang(probe, limits):
    await asyncio.Event().wait()


async def fail(probe, limits):
    raise RuntimeError("SELECT name FROM people")


@pytest.mark.parametrize("act", [hang, fail])
async def test_shadow_that_hangs_or_raises_changes_no_answer(world, shadows, act, monkeypatch):
    attach(world)
    search_bank = Bank.search

    async def search_or_act(self, probe, limits):
        live = not self.name.startswith("shadow:")
        return await (search_bank(self, probe, limits) if live else act(probe, limits))

    monkeypatch.setattr(Bank, "search", search_or_act)
    await world.start()
    for shadow, index, secret in shadows:
        await shadow.prepare(index, secret)
    answer = await search(world)
    assert [hit.record.reference for hit in answer.hits] == ["KZ-1"]
    if act is fail:
        await settle(shadows)
        assert reports(world)[0].states[1].state == "faulty"
    # A hanging one is stopped with its node: the fixture's stop must not wait for its deadline.


async def test_node_starts_though_a_shadow_cannot_be_opened(world):
    attach(world, mapping="banks/missing/mapping.toml")
    await world.start()
    assert len((await search(world)).hits) == 1


async def test_shadow_of_a_bank_that_is_not_here_stops_the_start(world):
    attach(world, of="vehicles")
    with pytest.raises(SettingsError, match="vehicles is not a bank of this node"):
        await world.start_node("KAZ")
    world.tasks.clear()
