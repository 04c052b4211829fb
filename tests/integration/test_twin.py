"""Twin ledgers of real searches agree; whoever drops, adds or alters one entry is caught."""

from __future__ import annotations

import asyncio
import copy
import json

import pytest

from gateway.ledger.read import read_stored
from gateway.ledger.twin import KINDS, SHARED, Twins
from gateway.probe import document
from tests.kit.world import MEMBERS, ask, build_world

SIDES = ("HUB", *MEMBERS)


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    """The ledgers of searches that end in every way that a sound federation has."""
    world = build_world(tmp_path_factory.mktemp("twin") / "home")
    asyncio.run(search(world))
    return {side: stored_of(world, side) for side in SIDES}


async def search(world):
    await world.start()
    try:
        client = await world.client()
        await client.search_once(ask("Рустам Каримов"))
        await client.search_once(ask("Nobody Atall", "TUR"))
        await client.search_once(ask("Рустам Каримов", purpose="organised_crime"))
        known = document(number="N 10000001", issuer="KAZ")
        batch = [known, document(number="ZZ000001", issuer="KAZ"), known]
        await client.check_documents(ask(purpose="border_control"), batch)
        await world.stop_node("GEO")
        await client.search_once(ask("Рустам Каримов", "GEO", "KAZ"))
    finally:
        await world.stop()


def stored_of(world, side):
    folder = world.home / ("hub" if side == "HUB" else f"nodes/{side}") / "ledger"
    return [json.loads(data) for _, data in read_stored(folder)]


def findings_of(ledgers, members=MEMBERS):
    twins = Twins(members)
    for entries in ledgers.values():
        for entry in entries:
            twins.add(entry)
    return twins.judge()


def test_sound_ledgers_agree(ledgers):
    kinds = {(side, e["kind"]) for side, entries in ledgers.items() for e in entries}
    assert {("HUB", "OUTCOME"), ("TUR", "REFUSAL"), ("KAZ", "OUTCOME")} <= kinds
    states = {s["state"] for e in ledgers["HUB"] for s in e.get("states", ())}
    assert {"answered", "no_hit", "refused", "unavailable"} <= states
    assert findings_of(ledgers) == []


def searches(ledgers, side):
    return [n for n, entry in enumerate(ledgers[side]) if entry["kind"] in KINDS]


@pytest.mark.parametrize("side", SIDES)
def test_each_entry_that_is_dropped_is_missed(ledgers, side):
    assert len(searches(ledgers, side)) >= 6
    for number in searches(ledgers, side):
        changed = copy.deepcopy(ledgers)
        gone = changed[side].pop(number)
        found = findings_of(changed)
        assert found, gone
        assert {f.search_id for f in found} == {gone["search_id"]}


@pytest.mark.parametrize("side", SIDES)
def test_each_entry_that_is_written_twice_is_found(ledgers, side):
    for number in searches(ledgers, side):
        changed = copy.deepcopy(ledgers)
        changed[side].append(changed[side][number])
        assert findings_of(changed), changed[side][number]


@pytest.mark.parametrize("side", SIDES)
def test_search_that_is_made_up_is_found(ledgers, side):
    changed = copy.deepcopy(ledgers)
    first = next(e["search_id"] for e in changed[side] if e["kind"] == "OUTCOME")
    made_up = [dict(e, search_id="f" * 32) for e in changed[side] if e.get("search_id") == first]
    changed[side].extend(made_up)
    found = findings_of(changed)
    assert {f.search_id for f in found} == {"f" * 32}
    wanted = {"node_missing"} if side == "HUB" else {"hub_missing"}
    assert {f.what for f in found} == wanted


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", SHARED)
def test_fact_of_a_question_that_is_altered_is_found(ledgers, side, name):
    for number in searches(ledgers, side):
        if ledgers[side][number]["kind"] != "INTENT":
            continue
        changed = copy.deepcopy(ledgers)
        old = changed[side][number].get(name)
        changed[side][number][name] = "another" if old != "another" else "other"
        (finding, *_) = findings_of(changed)
        assert finding.what == "differs"
        assert name in finding.text


ALTERED = {
    "state": "faulty",
    "hits": 77,
    "rule": "another.rule",
    "truncated": True,
    "answer_sha256": "0" * 64,
    "granularity": "count",
    "policy_epoch": "another",
    "bank": "XXX/none",
}


@pytest.mark.parametrize("name", ALTERED)
def test_end_that_the_hub_alters_is_found(ledgers, name):
    count = 0
    for number in searches(ledgers, "HUB"):
        entry = ledgers["HUB"][number]
        for at, state in enumerate(entry.get("states", ())):
            if entry.get("probe_index") or not state.get("answer_sha256"):
                continue  # the states of a batch count once, with its first document
            changed = copy.deepcopy(ledgers)
            changed["HUB"][number]["states"][at][name] = ALTERED[name]
            assert findings_of(changed), (name, state)
            count += 1
    assert count > 6


@pytest.mark.parametrize("side", MEMBERS)
@pytest.mark.parametrize("name", ["answer_sha256", "granularity", "policy_epoch", "count", "time"])
def test_end_that_a_node_alters_is_found(ledgers, side, name):
    changes = {**ALTERED, "count": 9, "time": "2020-01-01T00:00:00.000000Z"}
    for number in searches(ledgers, side):
        if not ledgers[side][number].get("answer_sha256"):
            continue
        if ledgers[side][number].get("probe_index") and name in {"granularity", "policy_epoch"}:
            continue
        changed = copy.deepcopy(ledgers)
        changed[side][number][name] = changes[name]
        assert findings_of(changed), ledgers[side][number]


@pytest.mark.parametrize("side", MEMBERS)
@pytest.mark.parametrize("name", ["state", "hits", "rule", "truncated"])
def test_state_that_a_node_alters_is_found(ledgers, side, name):
    for number in searches(ledgers, side):
        entry = ledgers[side][number]
        if not entry.get("states") or entry.get("probe_index"):
            continue
        changed = copy.deepcopy(ledgers)
        changed[side][number]["states"][0][name] = ALTERED[name]
        assert findings_of(changed), entry


def test_node_that_is_not_compared_is_left_alone(ledgers):
    without = {side: ledgers[side] for side in ("HUB", "KAZ")}
    assert findings_of(without, ("KAZ",)) == []
    assert {f.member for f in findings_of(without)} == {"TUR", "GEO"}
