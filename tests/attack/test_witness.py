"""Logs that fork, roll back or lie, witnesses that forget: none gets two histories signed."""

import asyncio
import errno
import shutil
from dataclasses import replace

import pytest

from gateway.ledger.errors import LedgerCorruptError, LedgerLockedError, LedgerUnavailableError
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.request import parse_cosignatures, parse_request, parse_size
from gateway.ledger.witness.state import Fault, Verdict
from tests.kit.logs import UnsyncedDisk, write_log
from tests.kit.witnesses import body, open_witness, other_signer


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def witness(tmp_path):
    witness = open_witness(tmp_path / "witness")
    yield witness
    witness.close()


def forked_log(tmp_path, sizes):
    """A log of the same key with other entries."""
    from tests.kit import logs

    make = logs.make_entries
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logs, "make_entries", lambda count, first=0: make(count, first + 7_000))
        return tmp_path / "fork", write_log(tmp_path / "fork", sizes)


async def test_a_growing_log_is_cosigned_step_by_step(log, witness):
    known = 0
    for published in write_log(log, [1, 5, 256, 300]):
        judgement, answer = await witness.add(body(log, published, known))
        assert judgement.verdict is Verdict.COSIGNED
        (signature,) = parse_cosignatures(answer)
        witness.vkey.verify(parse_note(published.note).text.encode(), signature.data)
        known = published.tree.size


async def test_a_fork_of_the_same_size_is_refused_and_kept_as_evidence(log, witness, tmp_path):
    (mine,) = write_log(log, [9])
    folder, (theirs,) = forked_log(tmp_path, [9])
    await witness.add(body(log, mine, 0))
    for old in (0, 9):
        judgement, answer = await witness.add(body(folder, theirs, old))
        assert (judgement.verdict, judgement.fault) == (Verdict.CONFLICT, Fault.FORKED)
        assert parse_size(answer) == 9
    (evidence,) = (tmp_path / "witness").glob("*.log_forked")
    assert evidence.read_bytes() == theirs.note


async def test_a_longer_fork_has_no_proof(log, witness, tmp_path):
    (mine,) = write_log(log, [9])
    folder, (theirs,) = forked_log(tmp_path, [20])
    await witness.add(body(log, mine, 0))
    judgement, answer = await witness.add(body(folder, theirs, 9))
    assert (judgement.verdict, judgement.fault) == (Verdict.INCONSISTENT, Fault.INCONSISTENT)
    assert answer == b""


async def test_a_log_that_was_cut_back_is_refused(log, witness):
    old, new = write_log(log, [5, 9])
    await witness.add(body(log, new, 0))
    judgement, answer = await witness.add(body(log, old, 0))
    assert (judgement.verdict, judgement.fault) == (Verdict.CONFLICT, Fault.ROLLED_BACK)
    assert parse_size(answer) == 9
    judgement, _ = await witness.add(body(log, new, 9))
    assert judgement.verdict is Verdict.COSIGNED


async def test_a_wrong_key_and_an_unknown_log_are_refused(tmp_path, witness):
    for number, (signer, verdict) in enumerate(
        ((other_signer(), Verdict.UNSIGNED), (other_signer("log.example/x"), Verdict.UNKNOWN))
    ):
        log = tmp_path / str(number)
        (published,) = write_log(log, [3], signer=signer)
        judgement, answer = await witness.add(body(log, published, 0))
        assert (judgement.verdict, answer) == (verdict, b"")
    assert list((tmp_path / "witness").glob("*.checkpoint")) == []


async def test_what_is_not_in_its_one_form_is_refused(log, witness):
    (published,) = write_log(log, [3])
    good = body(log, published, 0)
    wrong = [
        b"",
        good[:-1],
        good.replace(b"old 0", b"old 00"),
        good.replace(b"old 0", b"old -1"),
        good.replace(b"old 0", b"old 4"),  # more than the checkpoint has
        good.replace(b"\n", b"\r\n"),
        b"\xff" + good,
        good.replace(b"old 0\n", b"old 0\n" + b"AAAA\n"),
    ]
    for data in wrong:
        judgement, answer = await witness.add(data)
        assert (judgement.verdict, answer) == (Verdict.MALFORMED, b""), data[:40]
    assert (await witness.add(good))[0].verdict is Verdict.COSIGNED


async def test_a_proof_where_none_belongs_is_refused(log, witness):
    (published,) = write_log(log, [3])
    request = replace(parse_request(body(log, published, 0)), path=(bytes(32),))
    judgement, _ = await witness.add(request.encode())
    assert judgement.verdict is Verdict.INCONSISTENT


async def test_what_was_signed_is_known_after_a_restart(log, witness, tmp_path):
    (mine,) = write_log(log, [9])
    folder, (theirs,) = forked_log(tmp_path, [9])
    await witness.add(body(log, mine, 0))
    witness.close()
    again = open_witness(tmp_path / "witness")
    judgement, _ = await again.add(body(folder, theirs, 0))
    assert judgement.fault is Fault.FORKED
    again.close()


async def test_a_witness_from_an_old_backup_is_led_on_and_signs_no_fork(log, witness, tmp_path):
    first, second = write_log(log, [5, 9])
    folder, (theirs,) = forked_log(tmp_path, [9])
    await witness.add(body(log, first, 0))
    shutil.copytree(tmp_path / "witness", tmp_path / "backup")
    await witness.add(body(log, second, 5))
    witness.close()
    restored = open_witness(tmp_path / "backup")
    judgement, answer = await restored.add(body(log, second, 9))
    assert (judgement.verdict, judgement.fault) == (Verdict.CONFLICT, None)
    assert parse_size(answer) == 5
    assert (await restored.add(body(folder, theirs, 5)))[0].fault is Fault.INCONSISTENT
    assert (await restored.add(body(log, second, 5)))[0].verdict is Verdict.COSIGNED
    restored.close()


async def test_an_altered_memory_stops_the_witness(log, witness, tmp_path):
    (published,) = write_log(log, [9])
    await witness.add(body(log, published, 0))
    witness.close()
    (path,) = (tmp_path / "witness").glob("*.checkpoint")
    whole = path.read_bytes()
    for data in (b"", whole[:-9], whole.replace(b"\n9\n", b"\n8\n")):
        path.write_bytes(data)
        with pytest.raises(LedgerCorruptError, match=path.name):
            open_witness(tmp_path / "witness")


def test_two_witnesses_cannot_have_one_memory(witness, tmp_path):
    with pytest.raises(LedgerLockedError):
        open_witness(tmp_path / "witness")


class FailingDisk(UnsyncedDisk):
    """A disk that fails when a file is to be renamed."""

    def rename(self, source, target):
        raise OSError(errno.EIO, "rename")


async def test_a_witness_that_cannot_remember_signs_nothing_any_more(log, tmp_path):
    witness = open_witness(tmp_path / "witness", disk=FailingDisk())
    (published,) = write_log(log, [3])
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError):
            await witness.add(body(log, published, 0))
    witness.close()


async def test_of_two_forks_at_once_one_is_signed(log, witness, tmp_path):
    (mine,) = write_log(log, [9])
    folder, (theirs,) = forked_log(tmp_path, [9])
    bodies = [body(log, mine, 0), body(folder, theirs, 0)]
    found = await asyncio.gather(*(witness.add(each) for each in bodies * 3))
    signed = {j.note for j, _ in found if j.verdict is Verdict.COSIGNED}
    assert len(signed) == 1


async def test_a_caller_that_goes_away_leaves_the_memory_whole(log, witness, tmp_path):
    first, second = write_log(log, [5, 9])
    task = asyncio.create_task(witness.add(body(log, first, 0)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    judgement, answer = await witness.add(body(log, second, 0))
    assert judgement.verdict is Verdict.CONFLICT
    assert parse_size(answer) == 5
