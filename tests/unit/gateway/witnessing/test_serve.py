"""Who may have a checkpoint cosigned over gRPC. HTTP is in tests/attack/test_cosigning.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.access.certificates import Peer
from gateway.access.errors import PeerForbiddenError
from gateway.ledger.entry import format_time
from gateway.ledger.errors import LedgerCorruptError, LedgerError
from gateway.ledger.read import read_entries
from gateway.ledger.tlog.checkpoint import parse_checkpoint
from gateway.ledger.witness.state import Fault, Judgement, Verdict
from gateway.serving import NOBODY, Call
from gateway.witnessing.closing import Closing
from gateway.witnessing.memory import Memory
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


def fork_at(size, log="log.example"):
    checkpoint = parse_checkpoint(f"{log}\n{size}\n" + "A" * 43 + "=\n")
    return Judgement(Verdict.CONFLICT, checkpoint, b"", fault=Fault.FORKED)


def closing(time, **changes):
    facts = {"alarm": "log_forked", "log": "log.example", "by": "k-2", "reason": "the copy of May"}
    return Closing(**{**facts, "time": format_time(time), **changes})


async def test_open_alarms_are_there_after_a_restart_and_are_recorded_once(bench):
    memory = Memory(bench.folder / "w")
    alarms = Alarms(bench.recorder, CLOCK, memory)
    await alarms.note(fork_at(3), from_log=False)
    await alarms.note(fork_at(4, "log.example/other"), from_log=False)
    again = Alarms(bench.recorder, CLOCK, memory)
    assert again.found == alarms.found
    assert len(again.found) == 2
    await again.note(fork_at(3), from_log=False)
    assert bench.ledger.size == 2


async def test_alarm_is_closed_with_who_and_why_and_stays_closed(bench):
    memory = Memory(bench.folder / "w")
    alarms = Alarms(bench.recorder, CLOCK, memory)
    await alarms.note(fork_at(3), from_log=False)
    done = closing(CLOCK.now())
    for other in ({"log": "log.other"}, {"alarm": "log_rolled_back"}):
        await alarms.close([closing(CLOCK.now(), **other)])
    await alarms.close([closing(CLOCK.now() - timedelta(hours=1))])  # it was found later
    assert len(alarms.found) == bench.ledger.size == 1
    await alarms.close([done])
    await alarms.close([done])
    assert alarms.found == Alarms(bench.recorder, CLOCK, memory).found == {}
    *_, entry = [e for _, e in read_entries(bench.folder / "ledger")]
    assert (bench.ledger.size, entry.action, entry.who) == (2, "alarm_closed", "k-2")
    assert entry.targets == ("log.example", "log_forked")
    assert b"copy of May" not in entry.encode()


async def test_what_is_found_after_a_closing_is_open_again(bench):
    alarms = Alarms(bench.recorder, CLOCK, Memory(bench.folder / "w"))
    await alarms.note(fork_at(3), from_log=False)
    done = closing(CLOCK.now())
    await alarms.close([done])
    await alarms.note(fork_at(3), from_log=False)  # the same once more is nothing new
    assert alarms.found == {}
    await alarms.note(fork_at(9), from_log=False)
    await alarms.close([done])
    assert len(alarms.found) == 1


async def test_alarm_stays_open_where_its_closing_cannot_be_recorded(bench):
    alarms = Alarms(bench.recorder, CLOCK, Memory(bench.folder / "w"))
    await alarms.note(fork_at(3), from_log=False)
    await bench.ledger.close()
    with pytest.raises(LedgerError):
        await alarms.close([closing(CLOCK.now())])
    assert len(alarms.found) == 1


async def test_a_folder_that_cannot_be_written_stops_no_witness(bench, caplog):
    (bench.folder / "w").write_text("a file where the folder belongs")
    with pytest.raises(LedgerCorruptError):
        Alarms(bench.recorder, CLOCK, Memory(bench.folder / "w"))
    (bench.folder / "w").unlink()
    alarms = Alarms(bench.recorder, CLOCK, Memory(bench.folder / "w"))
    (bench.folder / "w").write_text("a file where the folder belongs")
    await alarms.note(fork_at(3), from_log=False)
    assert bench.ledger.size == len(alarms.found) == 1
    assert "not remembered over a restart" in caplog.text
