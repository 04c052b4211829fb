from __future__ import annotations

import shutil

import pytest

from gateway.ledger.tlog.checkpoint import open_checkpoint
from gateway.ledger.witness.state import Verdict
from gateway.witnessing.follow import Follower, Standing
from gateway.witnessing.panel import Seat
from gateway.witnessing.ways import AwayError
from tests.kit.logs import SIGNER, write_log
from tests.kit.witnesses import make_cosigner, open_witness


class Near:
    """A witness in this process, or a fixed answer."""

    def __init__(self, witness=None, answer=None):
        self.witness, self.answer, self.calls = witness, answer, 0

    async def add(self, body, seconds):
        self.calls += 1
        if self.answer is not None:
            return self.answer
        if self.witness is None:
            raise AwayError
        judgement, answer = await self.witness.add(body)
        return judgement.verdict, answer

    async def close(self):
        pass


@pytest.fixture
def log(tmp_path):
    published = write_log(tmp_path / "log", [3, 9])
    return tmp_path / "log", [(p.note, open_checkpoint(p.note, SIGNER.vkey)) for p in published]


async def test_it_learns_what_the_witness_knows(log, tmp_path):
    folder, (first, second) = log
    witness = open_witness(tmp_path / "witness")
    way = Near(witness)
    follower = Follower(Seat(witness.vkey), way, folder)
    assert (await follower.cosign(*first)).is_by(witness.vkey)
    assert (await follower.cosign(*second)).is_by(witness.vkey)
    assert way.calls == 2
    fresh = Follower(Seat(witness.vkey), Near(witness), folder)
    assert (await fresh.cosign(*second)).is_by(witness.vkey)
    assert fresh.way.calls == 2  # the first answer told the size
    assert fresh.standing is Standing.GOOD
    witness.close()


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (None, Standing.AWAY),
        ((Verdict.CONFLICT, b"10\n"), Standing.AHEAD),
        ((Verdict.CONFLICT, b"0\n"), Standing.CONTRADICTS),
        ((Verdict.CONFLICT, b"5\n"), Standing.CONTRADICTS),
        ((Verdict.CONFLICT, b"nonsense"), Standing.LIES),
        ((Verdict.INCONSISTENT, b""), Standing.CONTRADICTS),
        ((Verdict.UNKNOWN, b""), Standing.REFUSES),
        ((Verdict.UNSIGNED, b""), Standing.REFUSES),
        ((Verdict.MALFORMED, b""), Standing.REFUSES),
        ((Verdict.COSIGNED, b""), Standing.LIES),
        ((Verdict.COSIGNED, str(make_cosigner("b").cosign("x\n", 1)).encode()), Standing.LIES),
        ((Verdict.COSIGNED, str(make_cosigner().cosign("x\n", 1)).encode()), Standing.LIES),
    ],
)
async def test_a_bad_answer_gives_no_signature_and_a_standing(log, answer, standing):
    folder, (_, second) = log
    follower = Follower(Seat(make_cosigner().vkey), Near(answer=answer), folder)
    assert await follower.cosign(*second) is None
    assert follower.standing is standing


async def test_proof_that_cannot_be_made_is_no_fault_of_the_witness(log, tmp_path):
    folder, (first, second) = log
    witness = open_witness(tmp_path / "witness")
    follower = Follower(Seat(witness.vkey), Near(witness), folder)
    await follower.cosign(*first)
    shutil.rmtree(folder / "tile")
    assert await follower.cosign(*second) is None
    assert follower.standing is Standing.AWAY
    witness.close()


async def test_witness_that_tells_another_size_each_time_is_not_asked_for_ever(log):
    folder, (_, second) = log
    sizes = iter((b"3\n", b"5\n", b"7\n"))

    class Fickle(Near):
        async def add(self, body, seconds):
            return Verdict.CONFLICT, next(sizes)

    way = Fickle()
    follower = Follower(Seat(make_cosigner().vkey), way, folder)
    assert await follower.cosign(*second) is None
    assert follower.standing is Standing.CONTRADICTS
    assert list(sizes) == [b"7\n"]
