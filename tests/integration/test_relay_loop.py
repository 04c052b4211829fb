"""A node that stands in front of itself does not hand a question on for ever."""

import pytest

from gateway.access.signatures import SigningKey
from gateway.client import BankEnd
from gateway.errors import SettingsError
from gateway.ledger.kinds import Kind
from tests.kit.relay import BANK, BEHIND, MAPPING, build_relay, write_front
from tests.kit.world import ask


@pytest.fixture
async def world(tmp_path):
    world = build_relay(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


def front_key(world):
    return SigningKey.load(world.home / "nodes" / "KAZ" / "answer.key", "KAZ-front")


def intents(world, node):
    return sum(entry.kind is Kind.INTENT for entry in world.entries(node))


async def search(world):
    client = await world.client()
    events = await client.search_once(ask(deadline_s=30.0))
    ends = {event.bank: event for event in events if isinstance(event, BankEnd)}
    assert ends["TUR/persons"].state == "answered"
    return ends[BANK].state


async def test_node_that_is_its_own_bank_does_not_start(world):
    write_front(world, world.ports["KAZ"], front_key(world))
    with pytest.raises(SettingsError, match=r"\[node\] address .* is this node's own"):
        await world.start_node("KAZ")
    world.tasks.clear()


async def test_node_that_is_its_own_bank_by_another_name_says_so_at_once(world, caplog):
    path = write_front(world, world.ports["KAZ"], front_key(world))
    text = path.read_text(encoding="utf-8").replace('"127.0.0.1:', '"localhost:')
    path.write_text(text, encoding="utf-8")
    await world.start("KAZ", "TUR")
    assert await search(world) == "unavailable"
    assert intents(world, "KAZ") == 2, "once from the hub, once from itself"
    outcomes = [e.reason for e in world.entries("KAZ") if e.kind is Kind.OUTCOME]
    assert outcomes == ["BANK_FAULT", "BANK_UNAVAILABLE"]
    assert "the node behind it is itself" in caplog.text


async def test_two_nodes_in_front_of_each_other_end_at_once(world):
    behind = world.home / "nodes" / BEHIND / "banks" / "persons" / "mapping.toml"
    pinned = front_key(world).public_jwk()
    lines = "\n".join(f'{name} = "{value}"' for name, value in pinned.items())
    text = MAPPING.format(port=world.ports["KAZ"], key=lines)
    behind.write_text(text.replace('"127.0.0.1:', '"localhost:'), encoding="utf-8")
    await world.start(BEHIND, "KAZ", "TUR")
    assert await search(world) == "unavailable"
    assert (intents(world, "KAZ"), intents(world, BEHIND)) == (2, 1)


async def test_one_node_behind_another_is_no_loop(world):
    await world.start(BEHIND, "KAZ", "TUR")
    assert await search(world) == "answered"
    assert (intents(world, "KAZ"), intents(world, BEHIND)) == (1, 1)
