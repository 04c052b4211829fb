"""The kill switch over the real wire: new questions at once, running ones too, at hub and node."""

from __future__ import annotations

import sqlite3

import pytest

from gateway.access.stops import change_stops, read_stop
from gateway.client import BankEnd
from gateway.errors import RefusedError
from gateway.ledger.kinds import Kind
from gateway.probe import document
from tests.integration.test_slow_bank import SLOW_VIEW
from tests.kit.world import ask, build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    yield world
    await world.stop()


def stop(world, where, text):
    made = read_stop(text, "why")
    path = world.home / where / "stops.toml"
    change_stops(path, lambda stops: stops.update({(made.kind, made.value): made}))


async def refused(client):
    """Ask until it is refused; the test's own time is the limit."""
    while True:
        try:
            await client.search_once(ask())
        except RefusedError as exc:
            return exc


async def ends_of(client, bank, state):
    """Ask until a bank ends in a state, and return the ends of all."""
    while True:
        ends = [e for e in await client.search_once(ask()) if isinstance(e, BankEnd)]
        if any((end.bank, end.state) == (bank, state) for end in ends):
            return ends


def slow_down(world, member):
    path = world.home / "nodes" / member / "banks" / "persons" / "people.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SLOW_VIEW)
    connection.close()


def slow_question():
    probe = document(number="N10000001", issuer="KAZ")
    return ask("x", purpose="terrorism", probe=probe, deadline_s=30.0)


async def test_officer_who_is_stopped_at_the_hub_is_refused_and_recorded(world):
    await world.start()
    client = await world.client()
    await client.search_once(ask())
    stop(world, "hub", "officer=KAZ/officer")
    error = await refused(client)
    assert error.reason == "STOPPED"
    assert error.metadata["rule"] == "hub.stopped"
    assert error.metadata["contact"] == "Office of KAZ"
    assert [e.targets for e in world.entries() if e.action == "stop"] == [("officer=KAZ/officer",)]
    last = world.entries()[-1]
    assert (last.kind, last.reason, last.rule) == (Kind.REFUSAL, "STOPPED", "hub.stopped")
    assert last.who == "officer"


async def test_bank_that_is_stopped_at_its_node_refuses_by_a_signed_answer(world):
    await world.start()
    client = await world.client()
    stop(world, "nodes/TUR", "bank=TUR/persons")
    ends = await ends_of(client, "TUR/persons", "refused")
    states = {end.bank: (end.state, end.answer.refusal.rule) for end in ends if end.answer}
    assert states["TUR/persons"] == ("refused", "tur.stopped")
    assert states["KAZ/persons"][0] == "answered"
    await client.search_once(ask())  # the one before may have run already when the stop came
    last = world.entries("TUR")[-1]
    assert (last.kind, last.rule) == (Kind.REFUSAL, "tur.stopped")


@pytest.mark.parametrize("where", ["hub", "nodes/TUR"])
async def test_running_search_of_a_bank_ends_when_it_is_stopped(world, where):
    slow_down(world, "TUR")
    await world.start()
    client = await world.client()
    states = {}
    async for event in client.search(slow_question()):
        if isinstance(event, BankEnd):
            states[event.bank] = event.state
            if len(states) == 2:
                stop(world, where, "bank=TUR/persons")
    assert states["TUR/persons"] == "refused"
    rule = "hub.stopped" if where == "hub" else "tur.stopped"
    outcome = world.entries()[-1]
    assert rule == {s.bank: s.rule for s in outcome.states}["TUR/persons"]


async def test_running_search_of_an_officer_ends_when_he_is_stopped(world):
    slow_down(world, "TUR")
    await world.start()
    client = await world.client()
    seen = []

    async def watch():
        async for event in client.search(slow_question()):
            if isinstance(event, BankEnd):
                seen.append(event.bank)
                if len(seen) == 2:
                    stop(world, "hub", "officer=KAZ/officer")

    with pytest.raises(RefusedError) as caught:
        await watch()
    assert caught.value.reason == "STOPPED"
    assert "TUR/persons" not in seen
    assert [e.kind for e in world.entries() if e.search_id] == [Kind.INTENT, Kind.REFUSAL]
