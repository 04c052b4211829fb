"""A node of the small world as the subject of the clauses, with a fault where a test plants one."""

import pytest

from gateway.access.federation import read_federation
from gateway.clock import SystemClock
from gateway.conformance.score import list_clauses, run_clauses
from gateway.conformance.subject import Subject, read_caller
from gateway.probe import document, person
from gateway.settings import HubSettings, read_settings
from tests.kit.world import build_world


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    world.token_keys["KAZ"].save(tmp_path / "token.key")
    yield world
    await world.stop()


@pytest.fixture
def subject(world, tmp_path):
    hub = read_settings(HubSettings, world.home / "hub" / "hub.toml")
    federation = read_federation(world.home / "federation.toml")
    token_key = tmp_path / "token.key"
    return Subject(
        federation=federation,
        member=federation.member("KAZ"),
        address=federation.member("KAZ").node,
        caller=read_caller(hub, world.settings(), token_key, SystemClock()),
        known=(person("Рустам Каримов"), document(number="N10000001")),
        patience_s=1.0,
    )


@pytest.fixture
def verdicts(world, subject):
    """Start the node as it is now, and run clauses by their numbers, or all."""

    async def run(*numbers):
        await world.start_node("KAZ")
        chosen = [c for c in list_clauses() if not numbers or c.number in numbers]
        return [verdict async for verdict in run_clauses(subject, chosen)]

    return run


@pytest.fixture
def broken(verdicts):
    """The numbers of the clauses that a node breaks; of those named, or of all."""

    async def run(*numbers):
        found = await verdicts(*numbers)
        return {v.clause.number for v in found if v.state == "broken"}

    return run
