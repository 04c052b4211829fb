"""A node of the small world as the subject of the clauses, with a fault where a test plants one."""

import pytest

from gateway import question
from gateway.conformance import asker, streaming
from gateway.conformance.score import list_clauses, run_clauses
from gateway.node.node import Node
from tests.kit.subject import subject_of
from tests.kit.world import build_world


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """A machine that stalls for seconds breaks no clause: few of them are about time.

    With the subject's patience this is not more than a search may have, 30 s.
    """
    for module in (question, asker, streaming):
        monkeypatch.setattr(module, "DEFAULT_DEADLINE_S", 10.0)
    monkeypatch.setattr(asker, "DESCRIBE_S", 20.0)


@pytest.fixture
async def world(tmp_path):
    world = build_world(tmp_path / "home", ("KAZ", "TUR"))
    yield world
    await world.stop()


@pytest.fixture
def subject(world, tmp_path):
    return subject_of(world, tmp_path / "token.key")


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


@pytest.fixture
def finish(monkeypatch):
    """Let a test change each answer before it is signed."""

    def plant(change):
        finish = Node._finish

        async def changed(self, asked, answer, call, kind):
            change(answer, asked)
            return await finish(self, asked, answer, call, kind)

        monkeypatch.setattr(Node, "_finish", changed)

    return plant
