"""The order of a witness: remember, then sign. Its attacks are in tests/attack/test_witness.py."""

from __future__ import annotations

from gateway.ledger.tlog.note import parse_note
from gateway.ledger.tlog.request import parse_cosignatures
from gateway.ledger.witness.state import Verdict
from tests.kit.logs import NOON, UnsyncedDisk, write_log
from tests.kit.witnesses import body, open_witness


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
