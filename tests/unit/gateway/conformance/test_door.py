"""A node whose door is open breaks the clause of that door."""

import grpc

from gateway.conformance import door
from gateway.conformance.clause import State
from gateway.node import describe as module
from gateway.node import server
from gateway.node.identify import Door
from gateway.node.node import Node


def let_pass(*args):
    """Stand where a check should be."""


DOORS = [f"N0{n}" for n in range(1, 7)]


async def test_node_that_needs_no_certificate_breaks_its_clause(monkeypatch, broken):
    def open_door(settings, roots, gate):
        key = settings.at(settings.key).read_bytes()
        chain = settings.at(settings.certificate).read_bytes()
        return grpc.ssl_server_credentials([(key, chain)], roots, require_client_auth=False)

    monkeypatch.setattr(server, "server_credentials", open_door)
    # Nothing but TLS stands between a stranger and the answer.
    monkeypatch.setattr(Door, "require_caller", let_pass)
    assert {"N01", "N03"} <= await broken(*DOORS)


async def test_node_that_trusts_another_authority_breaks_its_clause(monkeypatch, broken, world):
    # The other authority of the clause is one that this node trusts.
    monkeypatch.setattr(door.Authority, "create", lambda *_: world.authority)
    assert await broken(*DOORS) == {"N02"}


async def test_node_that_serves_clients_breaks_its_clause(monkeypatch, broken):
    monkeypatch.setattr(Door, "require_caller", let_pass)
    assert await broken(*DOORS) == {"N03"}


async def test_node_that_serves_another_role_at_describe_breaks_its_clause(monkeypatch, broken):
    async def describe(self, request, call):
        hub, self._door.require_caller = self._door.require_caller, let_pass
        try:
            return await told(self, request, call)
        finally:
            self._door.require_caller = hub

    told = Node.describe
    monkeypatch.setattr(Node, "describe", describe)
    assert await broken(*DOORS) == {"N03"}


async def test_node_that_describes_wrongly_breaks_its_clause(monkeypatch, broken):
    describe = module._describe

    def wrong(bank):
        told = describe(bank)
        told.scripts.append("CYRILLIC")
        return told

    monkeypatch.setattr(module, "_describe", wrong)
    assert await broken(*DOORS) == {"N04"}


async def test_node_whose_description_changes_breaks_its_clause(monkeypatch, broken):
    describe, told = module._describe, []

    def fickle(bank):
        told.append(describe(bank))
        told[-1].bank += "-again" * (len(told) > 1)
        return told[-1]

    monkeypatch.setattr(module, "_describe", fickle)
    assert await broken(*DOORS) == {"N05"}


async def test_node_that_is_right_keeps_the_doors(verdicts):
    assert {v.state for v in await verdicts(*DOORS)} == {State.KEPT}
