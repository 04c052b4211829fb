"""Budgets over the wire: where the books cannot be kept the bank is away, and nobody guesses."""

from __future__ import annotations

import pytest

from gateway.clock import SystemClock
from gateway.events import BankEnd
from gateway.ledger.kinds import Kind
from tests.kit.disks import full_for
from tests.kit.world import ask, build_world

LIMIT = '[[limit]]\nname = "day"\neach = "officer"\nper = "day"\nlimit = 1\n'


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    (world.home / "nodes" / "KAZ" / "budgets.toml").write_text(LIMIT)
    await world.start()
    yield world
    await world.stop()


async def states(client, name):
    events = await client.search_once(ask(name))
    return {event.bank: event.state for event in events if isinstance(event, BankEnd)}


def of_kaz(states):
    return next(state for bank, state in states.items() if bank.startswith("KAZ/"))


async def test_full_disk_of_one_owner_makes_its_bank_unavailable_and_no_other(world):
    client = await world.client()
    with full_for(world.home / "nodes" / "KAZ" / "budgets.sqlite"):
        first = await states(client, "Рустам Каримов")
    day = SystemClock().now().date()
    second = await states(client, "Рустам Каримов")
    third = await states(client, "Тимур Каримов")
    if of_kaz(third) != "refused" and SystemClock().now().date() != day:
        third = await states(client, "Зарина Каримова")  # a new day began, with a new budget
    kaz = [of_kaz(each) for each in (first, second, third)]
    assert kaz == ["unavailable", "answered", "refused"]
    assert {s for b, s in first.items() if not b.startswith("KAZ/")} <= {"answered", "no_hit"}
    entries = world.entries("KAZ")
    (away,) = [entry for entry in entries if entry.reason]
    assert (away.kind, away.reason) == (Kind.OUTCOME, "BUDGETS_AWAY")
    ours = [entry.action for entry in entries if entry.action.startswith("budgets_")]
    assert ours == ["budgets_away", "budgets_back"]
    (told,) = [
        e for e in world.entries() if e.search_id == away.search_id and e.kind is Kind.OUTCOME
    ]
    assert {one.bank: one.state for one in told.states} == first
