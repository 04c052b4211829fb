"""A node that is far, or on a busy machine, is reached: to make a connection takes its time."""

from gateway.access.federation import write_federation
from gateway.client import BankEnd
from gateway.hub import directory
from tests.kit.relay import BEHIND, build_relay, write_front
from tests.kit.slow import slow_way
from tests.kit.world import ask, build_world


async def states(world):
    events = await (await world.client()).search_once(ask())
    return {event.bank: event.state for event in events if isinstance(event, BankEnd)}


def move(world, member, port):
    """Let the hub reach a node by another port than where it listens."""
    members = tuple(
        m.model_copy(update={"node": f"127.0.0.1:{port}"}) if m.code == member else m
        for m in world.federation.members
    )
    world.federation = world.federation.model_copy(update={"members": members})
    write_federation(world.federation, world.home / "federation.toml")


async def test_hub_that_is_ready_knows_a_node_on_a_slow_way(tmp_path, monkeypatch):
    monkeypatch.setattr(directory, "REFRESH_S", 600.0)  # what it has not heard by then is not known
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    async with slow_way(world.ports["KAZ"]) as port:
        move(world, "KAZ", port)
        try:
            await world.start()
            assert await states(world) == {"KAZ/persons": "answered", "TUR/persons": "answered"}
        finally:
            await world.stop()


async def test_node_in_front_reaches_the_node_behind_on_a_slow_way(tmp_path):
    world = build_relay(tmp_path / "home")
    async with slow_way(world.ports[BEHIND]) as port:
        write_front(world, port)
        try:
            await world.start(BEHIND, "KAZ", "TUR")
            assert await states(world) == {"KAZ/persons": "answered", "TUR/persons": "answered"}
        finally:
            await world.stop()
