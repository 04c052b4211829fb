"""Who may have a checkpoint cosigned over gRPC. HTTP is in tests/attack/test_cosigning.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.access.certificates import Peer
from gateway.access.errors import PeerForbiddenError
from gateway.ledger.read import read_entries
from gateway.ledger.tlog.checkpoint import parse_checkpoint
from gateway.ledger.witness.state import Fault, Judgement, Verdict
from gateway.serving import NOBODY, Call
from gateway.witnessing.serve import Alarms, WitnessMethods
from kalkan.v1 import witness_service_pb2 as wire
from tests.kit.cosigning import CLOCK
from tests.kit.logs import write_log
from tests.kit.witnesses import body, open_witness

FEDERATION = "test"
HUB = replace(NOBODY, federation=FEDERATION, role="hub", expires=CLOCK.now() + timedelta(days=1))


def call(peer: Peer) -> Call:
    return Call("AddCheckpoint", peer, None)


@pytest.fixture
def methods(bench):
    witness = open_witness(bench.folder / "a", "a")
    yield WitnessMethods(witness, Alarms(bench.recorder), FEDERATION, CLOCK)
    witness.close()


@pytest.fixture
def request_(bench):
    (published,) = write_log(bench.folder / "log", [3])
    return wire.AddCheckpointRequest(body=body(bench.folder / "log", published, 0))


async def test_hub_and_nodes_are_served(methods, request_):
    for peer in (HUB, replace(HUB, role="node", member="KAZ")):
        response = await methods.add_checkpoint(request_, call(peer))
        assert response.verdict in {
            wire.WITNESS_VERDICT_COSIGNED,
            wire.WITNESS_VERDICT_CONFLICT,
        }
        assert response.body


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "client", "member": "KAZ", "name": "officer"},
        {"role": ""},
        {"federation": "another"},
        {"expires": CLOCK.now() - timedelta(days=1)},
    ],
)
async def test_nobody_else_is(methods, request_, changes):
    with pytest.raises(PeerForbiddenError):
        await methods.add_checkpoint(request_, call(replace(HUB, **changes)))


async def test_only_the_log_itself_can_have_itself_accused(methods, bench):
    second = write_log(bench.folder / "log", [3, 9])
    for published in reversed(second):
        sent = wire.AddCheckpointRequest(body=body(bench.folder / "log", published, 0))
        await methods.add_checkpoint(sent, call(replace(HUB, role="node", member="TUR")))
    assert bench.ledger.size == 0
    await methods.add_checkpoint(sent, call(replace(HUB, role="node", member="KAZ")))
    (entry,) = [e for _, e in read_entries(bench.folder / "ledger")]
    assert (entry.action, entry.targets) == ("log_rolled_back", ("kalkan.example/test/KAZ",))


async def test_a_fork_is_told_whoever_brings_it(bench):
    checkpoint = parse_checkpoint("log.example\n3\n" + "A" * 43 + "=\n")
    fork = Judgement(Verdict.CONFLICT, checkpoint, b"", fault=Fault.FORKED)
    alarms = Alarms(bench.recorder)
    for _ in range(3):
        await alarms.note(fork, from_log=False)
    await alarms.note(Judgement(Verdict.MALFORMED), from_log=True)
    assert bench.ledger.size == 1
