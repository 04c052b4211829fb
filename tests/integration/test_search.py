"""One question, three countries, three scripts, over real gRPC with mutual TLS."""

import pytest

from gateway.client import Accepted, BankEnd, Ended, Groups
from gateway.ledger.kinds import Kind
from tests.kit.world import ask, build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home")
    await world.start()
    yield world
    await world.stop()


async def test_search_finds_one_subject_in_three_scripts(world):
    client = await world.client()
    events = await client.search_once(ask())
    assert isinstance(events[0], Accepted)
    assert events[0].asked == ("GEO/persons", "KAZ/persons", "TUR/persons")
    ends = {e.bank: e.state for e in events if isinstance(e, BankEnd)}
    assert ends == dict.fromkeys(events[0].asked, "answered")
    groups = next(e for e in events if isinstance(e, Groups)).groups
    assert [sorted(h.bank for h in g.hits) for g in groups] == [
        ["GEO/persons", "KAZ/persons", "TUR/persons"]
    ]
    assert isinstance(events[-1], Ended)
    assert events[-1].complete


async def test_both_ledgers_hold_the_search_when_it_has_ended(world):
    client = await world.client()
    events = await client.search_once(ask())
    search_id = events[0].search_id
    for side in ("HUB", "KAZ", "TUR", "GEO"):
        kinds = [e.kind for e in world.entries(side) if e.search_id == search_id]
        assert kinds == [Kind.INTENT, Kind.OUTCOME], side


async def test_refusal_of_one_owner_names_its_rule_and_leaves_the_others(world):
    client = await world.client()
    events = await client.search_once(ask(purpose="organised_crime"))
    ends = {e.bank: e for e in events if isinstance(e, BankEnd)}
    assert ends["TUR/persons"].state == "refused"
    assert ends["TUR/persons"].rule == "tur.default"
    assert ends["KAZ/persons"].state == "answered"
    assert not events[-1].complete
