"""A log among witnesses that lie, are down, or have seen another history; over real HTTP."""

import shutil
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession

from gateway.errors import UnwitnessedError
from gateway.ledger.entry import Kind, parse_entry
from gateway.ledger.read import read_entries
from gateway.ledger.tlog.note import parse_note
from gateway.witnessing.follow import Standing
from gateway.witnessing.serve import Alarms
from tests.kit.cosigning import LONG_S, Bench, entry
from tests.kit.logs import SIGNER, write_log
from tests.kit.witnesses import body, make_cosigner, open_witness


@pytest.fixture
async def bench(tmp_path):
    async with AsyncExitStack() as stack:
        bench = Bench(tmp_path, stack)
        await bench.open()
        yield bench


async def test_one_lies_and_one_is_down_and_two_of_four_are_enough(bench):
    key = make_cosigner("someone.example/else")

    def lie(request):
        return str(key.cosign(parse_note(request.checkpoint).text, 1)).encode()

    liar = await bench.liar("lies", lie)
    seats = (await bench.seat("a"), liar, bench.down("down"), await bench.seat("b"))
    collector = bench.collect(*seats)
    index = await bench.ledger.append(entry())
    witnessed = await collector.covered(index, LONG_S)
    signers = parse_note(witnessed.note).signers([seat.vkey for seat in seats])
    assert [key.name for key in signers] == ["a", "b"]
    told = await bench.alarm(Standing.LIES)
    assert told.targets == ("lies",)
    await bench.alarm(Standing.AWAY)
    stored = (bench.folder / "ledger" / "witnessed" / "checkpoint").read_bytes()
    assert parse_note(stored).signers([SIGNER.vkey]) == (SIGNER.vkey,)


async def test_an_old_cosignature_is_not_taken_again(bench):
    key = make_cosigner("replays")
    first = []

    def replay(request):
        first.append(str(key.cosign(parse_note(request.checkpoint).text, 1)).encode())
        return first[0]

    collector = bench.collect(await bench.liar("replays", replay), quorum=1)
    witnessed = await collector.covered(await bench.ledger.append(entry()), LONG_S)
    assert witnessed is not None
    index = await bench.ledger.append(entry(1))
    await bench.alarm(Standing.LIES)
    assert await collector.covered(index, 0.05) is None
    assert len(first) > 1


async def test_a_log_put_back_from_a_backup_is_found_out(bench):
    seat = await bench.seat("a")
    await bench.ledger.append(entry())
    await bench.ledger.covered(0)
    await bench.ledger.close()
    shutil.copytree(bench.folder / "ledger", bench.folder / "backup")
    await bench.open()
    collector = bench.collect(seat, quorum=1)
    index = (await bench.ledger.append_many([entry(n) for n in range(20)]))[-1]
    assert await collector.covered(index, LONG_S) is not None
    await bench.ledger.close()
    shutil.rmtree(bench.folder / "ledger")
    shutil.copytree(bench.folder / "backup", bench.folder / "ledger")
    await bench.open()
    collector = bench.collect(seat, quorum=1)
    told = await bench.alarm(Standing.AHEAD)
    assert told.targets == ("a",)
    assert collector.witnessed is None


async def test_a_witness_that_knows_a_fork_signs_no_more(bench):
    witness = open_witness(bench.folder / "a", "a")
    (fork,) = write_log(bench.folder / "fork", [3])
    await witness.add(body(bench.folder / "fork", fork, 0))
    witness.close()
    collector = bench.collect(await bench.seat("a"), quorum=1)
    index = (await bench.ledger.append_many([entry(n) for n in range(100, 120)]))[-1]
    told = await bench.alarm(Standing.CONTRADICTS)
    assert told.kind is Kind.ADMIN
    assert await collector.covered(index, 0.05) is None


async def test_without_patience_left_nothing_may_be_answered(bench):
    collector = bench.collect(bench.down("a"), quorum=1, patience_s=0.0)
    collector.require_quorum()
    await bench.ledger.append(entry())
    await bench.alarm(Standing.AWAY)
    with pytest.raises(UnwitnessedError, match="too few witnesses"):
        collector.require_quorum()


async def test_a_restart_remembers_what_the_quorum_signed(bench):
    seat = await bench.seat("a")
    collector = bench.collect(seat, quorum=1)
    await collector.covered(await bench.ledger.append(entry()), LONG_S)
    assert bench.collect(seat, quorum=1).witnessed == collector.witnessed
    assert bench.collect(bench.down("b"), quorum=1).witnessed is None


async def test_http_says_what_the_standard_says(bench):
    seat = await bench.seat("a")
    first, second = write_log(bench.folder / "log", [3, 5])
    good, later = body(bench.folder / "log", first, 0), body(bench.folder / "log", second, 3)
    wrong = later.replace(b"old 3", b"old 2")
    unproved = b"old 3\n\n" + second.note
    async with ClientSession() as session:

        async def post(data):
            async with session.post(f"{seat.url}/add-checkpoint", data=data) as response:
                return response.status, response.content_type, await response.read()

        assert (await post(b"nonsense"))[0] == 400
        status, _, lines = await post(good)
        assert status == 200
        assert lines.startswith("— a ".encode())
        assert await post(wrong) == (409, "text/x.tlog.size", b"3\n")
        assert (await post(unproved))[0] == 422
        assert (await post(later))[0] == 200
        async with session.get(f"{seat.url}/add-checkpoint") as response:
            assert response.status == 405


async def test_alarms_are_entries_of_the_witness_once(bench):
    (mine,) = write_log(bench.folder / "log", [3])
    alarms = Alarms(bench.recorder)
    witness = open_witness(bench.folder / "other", "other")
    await witness.add(body(bench.folder / "log", mine, 0))
    cut = write_log(bench.folder / "cut", [2])[0]
    judgement, _ = await witness.add(body(bench.folder / "cut", cut, 0))
    await alarms.note(judgement, from_log=False)
    before = bench.ledger.size
    await alarms.note(judgement, from_log=True)
    await alarms.note(judgement, from_log=True)
    assert bench.ledger.size == before + 1
    witness.close()
    (told,) = [e for _, e in read_entries(bench.folder / "ledger") if e.action]
    assert (told.action, told.count) == ("log_rolled_back", 2)
    assert parse_entry(told.encode()).targets == (SIGNER.vkey.name,)
