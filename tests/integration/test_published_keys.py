"""A member whose token keys are published: hub and nodes fetch them when they start."""

import pytest

from gateway.access.authority import Authority
from gateway.access.federation import write_federation
from gateway.client import BankEnd
from gateway.clock import SystemClock
from tests.kit.issuer import start_provider
from tests.kit.world import ID, ask, build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


async def test_officer_with_a_token_of_a_published_key_is_answered(world):
    authority = Authority.load(world.home, ID, SystemClock())
    provider = await start_provider(world.stack, world.home, authority)
    provider.keys = [world.token_keys["KAZ"]]
    kaz, tur = world.federation.members
    kaz = kaz.model_copy(update={"token_keys": (), "jwks_url": provider.url})
    federation = world.federation.model_copy(update={"members": (kaz, tur)})
    write_federation(federation, world.home / "federation.toml")
    await world.start()
    client = await world.client()
    events = await client.search_once(ask())
    assert {e.state for e in events if isinstance(e, BankEnd)} == {"answered"}
    asked = len(provider.asked)
    await client.search_once(ask())
    assert len(provider.asked) == asked == 3, "once at each server, never for a search"
