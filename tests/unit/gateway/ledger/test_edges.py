"""Each at its very edge: the last number, the mode of a folder, what is gone already."""

from __future__ import annotations

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.backup import back_up, put_back
from gateway.ledger.blobs import BlobFolder
from gateway.ledger.errors import NoteRejectedError
from gateway.ledger.filter import Filter
from gateway.ledger.log import Ledger
from gateway.ledger.tlog.lines import read_decimal
from gateway.ledger.tlog.signer import Signer
from gateway.ledger.witness.state import Fault, Verdict

SIGNER = Signer("kalkan.example/test/HUB", Ed25519PrivateKey.generate())


def test_part_that_is_gone_already_is_removed_without_an_error(tmp_path):
    blobs = BlobFolder(tmp_path)
    name = blobs.store(b"a large part").removeprefix("blob:")
    blobs.remove(name)
    blobs.remove(name)
    assert list((tmp_path / "blobs").iterdir()) == []


async def test_what_is_put_back_is_for_its_owner_alone(tmp_path, clock, make_entry):
    ledger = await Ledger.open(tmp_path / "ledger", clock, signer=SIGNER)
    try:
        await ledger.covered(await ledger.append(make_entry()))
    finally:
        await ledger.close()
    back_up(tmp_path / "ledger", SIGNER.vkey, tmp_path / "copy")
    (tmp_path / "copy").chmod(0o755)
    put_back(tmp_path / "copy", tmp_path / "ledger", SIGNER.vkey)
    assert stat.S_IMODE((tmp_path / "ledger").stat().st_mode) == 0o700


@pytest.mark.parametrize("rule", ["x", "kaz.open"])
def test_entry_without_a_rule_is_found_by_none(rule):
    stored = {"search_id": "a", "time": "2026", "states": [{"bank": "KAZ/a", "state": "no_hit"}]}
    assert not Filter(rule=rule).keeps(stored)
    assert Filter().keeps(stored)


def test_number_is_as_large_as_it_may_be_and_no_larger():
    assert read_decimal(str(2**63 - 1)) == 2**63 - 1
    with pytest.raises(NoteRejectedError):
        read_decimal(str(2**63))


def test_a_witness_answers_in_the_words_of_the_standard():
    assert {verdict.name: int(verdict) for verdict in Verdict} == {
        "COSIGNED": 200,
        "MALFORMED": 400,
        "UNSIGNED": 403,
        "UNKNOWN": 404,
        "CONFLICT": 409,
        "INCONSISTENT": 422,
    }
    assert [str(fault) for fault in Fault] == ["log_forked", "log_rolled_back", "log_inconsistent"]
