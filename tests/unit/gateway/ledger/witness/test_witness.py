"""The order of a witness: remember, then sign. Its attacks are in tests/attack/test_witness.py."""

from __future__ import annotations

import pytest

from gateway.ledger.errors import LedgerCorruptError, LedgerUnavailableError
from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.request import parse_cosignatures
from gateway.ledger.witness.state import Fault, Verdict
from tests.kit.logs import NOON, UnsyncedDisk, write_log
from tests.kit.witnesses import body, open_witness, other_signer


class Watched(UnsyncedDisk):
    """A disk that tells what was renamed."""

    def __init__(self):
        self.renamed = []

    def rename(self, source, target):
        super().rename(source, target)
        self.renamed.append(target.suffix)


async def test_it_has_remembered_when_it_answers(tmp_path):
    disk = Watched()
    witness = open_witness(tmp_path / "witness", disk=disk)
    (published,) = write_log(tmp_path / "log", [3])
    judgement, answer = await witness.add(body(tmp_path / "log", published, 0))
    witness.close()
    assert (judgement.verdict, disk.renamed) == (Verdict.COSIGNED, [".checkpoint"])
    (signature,) = parse_cosignatures(answer)
    witness.vkey.verify(parse_note(published.note).text.encode(), signature.data)
    assert witness.vkey.split(signature.data)[0] == int(NOON.timestamp())


async def test_what_it_does_not_sign_it_does_not_remember(tmp_path):
    disk = Watched()
    witness = open_witness(tmp_path / "witness", disk=disk)
    (published,) = write_log(tmp_path / "log", [3])
    judgement, answer = await witness.add(body(tmp_path / "log", published, 2))
    witness.close()
    assert (judgement.verdict, answer, disk.renamed) == (Verdict.CONFLICT, b"0\n", [])


async def test_nothing_is_remembered_of_a_log_that_it_does_not_know(tmp_path):
    disk = Watched()
    witness = open_witness(tmp_path / "witness", disk=disk)
    (published,) = write_log(tmp_path / "log", [3], signer=other_signer("log.example/x"))
    judgement, answer = await witness.add(body(tmp_path / "log", published, 0))
    witness.close()
    assert (judgement.verdict, answer, disk.renamed) == (Verdict.UNKNOWN, b"", [])


async def test_a_fault_is_kept_before_it_is_answered_and_what_was_signed_stays(tmp_path):
    disk = Watched()
    witness = open_witness(tmp_path / "witness", disk=disk)
    old, new = write_log(tmp_path / "log", [3, 9])
    await witness.add(body(tmp_path / "log", new, 0))
    judgement, answer = await witness.add(body(tmp_path / "log", old, 0))
    witness.close()
    assert (judgement.fault, answer) == (Fault.ROLLED_BACK, b"9\n")
    assert disk.renamed == [".checkpoint", ".log_rolled_back"]
    again = open_witness(tmp_path / "witness")
    judgement, _ = await again.add(body(tmp_path / "log", old, 0))
    again.close()
    assert judgement.known == new.tree


async def test_after_it_could_not_remember_once_it_signs_nothing_even_when_the_disk_is_whole(
    tmp_path,
):
    class Failing(Watched):
        failures = 1

        def rename(self, source, target):
            if self.failures:
                self.failures -= 1
                raise OSError(5, "Input/output error")
            super().rename(source, target)

    disk = Failing()
    witness = open_witness(tmp_path / "witness", disk=disk)
    (published,) = write_log(tmp_path / "log", [3])
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match="cannot remember"):
            await witness.add(body(tmp_path / "log", published, 0))
    witness.close()
    assert disk.renamed == []


async def test_a_witness_that_cannot_trust_its_memory_does_not_begin_and_holds_nothing(tmp_path):
    witness = open_witness(tmp_path / "witness")
    (published,) = write_log(tmp_path / "log", [3])
    await witness.add(body(tmp_path / "log", published, 0))
    witness.close()
    (path,) = (tmp_path / "witness").glob("*.checkpoint")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(LedgerCorruptError):
        open_witness(tmp_path / "witness")
    path.write_bytes(whole)
    open_witness(tmp_path / "witness").close()  # the memory was given free
