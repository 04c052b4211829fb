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
from gateway.witnessing.serve import Alarms, HttpWitness, WitnessMethods
from gateway.witnessing.ways import AwayError, HttpWay
from kalkan.v1 import witness_service_pb2 as wire
from tests.kit.cosigning import CLOCK, LONG_S
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


async def test_alarms_that_were_told_long_ago_are_forgotten(bench, monkeypatch):
    """What is remembered does not grow with what others send; at worst a fault is told again."""
    monkeypatch.setattr("gateway.witnessing.serve._REMEMBERED", 2)
    alarms = Alarms(bench.recorder)

    async def tell(size):
        text = f"log.example\n{size}\n" + "A" * 43 + "=\n"
        fork = Judgement(Verdict.CONFLICT, parse_checkpoint(text), b"", fault=Fault.FORKED)
        await alarms.note(fork, from_log=False)
        return bench.ledger.size

    assert [await tell(size) for size in (1, 2, 1, 2, 3, 3, 1)] == [1, 2, 2, 2, 3, 3, 4]


async def test_witness_that_cannot_remember_answers_nothing_over_http(bench):
    """It is 503: the log asks again."""
    old, new = write_log(bench.folder / "log", [3, 9])
    fork = body(bench.folder / "log", old, 0)
    witness = open_witness(bench.folder / "a", "a")
    served = HttpWitness(witness, Alarms(bench.recorder))
    way = HttpWay(f"http://127.0.0.1:{await served.start('127.0.0.1', 0)}")
    try:
        assert (await way.add(body(bench.folder / "log", new, 0), LONG_S))[0] is Verdict.COSIGNED
        assert await way.add(fork, LONG_S) == (Verdict.CONFLICT, b"9\n")
        witness._broken = True
        with pytest.raises(AwayError):
            await way.add(fork, LONG_S)
    finally:
        await way.close()
        await served.close()
        witness.close()
