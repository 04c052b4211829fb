"""Proofs from the files of a ledger, beside what its server would give."""

from __future__ import annotations

import pytest

from gateway.access.signatures import SigningKey
from gateway.access.witnesses import Witnessing
from gateway.ledger.errors import ProofPendingError
from gateway.ledger.tlog.note import Note, parse_note
from gateway.ledger.tlog.signer import Signer
from gateway.receipts.proof import State, check_given, check_note, verify_growth
from gateway.receipts.stored import StoredProofs
from tests.kit.logs import make_entries, write_log
from tests.kit.receipts import open_press
from tests.kit.world import build_world


@pytest.fixture
def press(tmp_path):
    return open_press(build_world(tmp_path / "home", witnessing=Witnessing(quorum=2)))


@pytest.fixture
def log(press, tmp_path):
    """A ledger of the hub of 300 entries, of which witnesses have signed 260."""
    key = SigningKey.load(press.world.home / "hub" / "ledger.key").private_key
    signer = Signer(f"kalkan.example/{press.federation.id}/HUB", key)
    published = write_log(tmp_path / "log", [260, 300], signer=signer)
    own = parse_note(published[0].note)
    lines = [press.cosigner(code).cosign(own.text, 1_700_000_000) for code in ("KAZ", "TUR")]
    (tmp_path / "log" / "witnessed").mkdir()
    note = Note(own.text, (*own.signatures, *lines)).encode()
    (tmp_path / "log" / "witnessed" / "checkpoint").write_bytes(note)
    return tmp_path / "log"


def test_what_a_quorum_has_signed_is_proved_and_the_rest_is_pending(press, log):
    stored, entries = StoredProofs(log, press.federation, "HUB"), make_entries(300)
    for index in (0, 255, 256, 259):
        given = stored.prove(index, entries[index])
        assert (given.state, given.signed, given.needed) == (State.WITNESSED, 2, 2)
        assert check_given(given, press.federation, "HUB").size == 260
    given = stored.prove(260, entries[260])
    assert (given.state, given.proof, given.needed) == (State.PENDING, b"", 2)


def test_without_witnessing_the_logs_own_checkpoint_proves(press, log):
    alone = press.federation.model_copy(update={"witnessing": None})
    given = StoredProofs(log, alone, "HUB").prove(299, make_entries(300)[299])
    assert given.state is State.LOGGED
    assert check_given(given, alone, "HUB").size == 300


def test_checkpoints_and_growth(press, log, tmp_path):
    stored = StoredProofs(log, press.federation, "HUB")
    found = stored.checkpoints()
    old, new = (check_note(n, press.federation, "HUB") for n in (found.witnessed, found.newest))
    assert (old.size, new.size, found.signed, found.needed) == (260, 300, 0, 2)
    verify_growth(old, new, stored.consistency(260, 300))
    for sizes in ((1, 301), (0, 5), (6, 5)):
        with pytest.raises(ProofPendingError):
            stored.consistency(*sizes)
    empty = StoredProofs(tmp_path, press.federation, "HUB")
    assert empty.checkpoints().newest == b""
    assert empty.prove(0, b"{}").state is State.PENDING
    with pytest.raises(ProofPendingError):
        empty.consistency(1, 1)


def test_a_quorum_that_signed_the_newest_is_counted(press, log):
    own = parse_note((log / "checkpoint").read_bytes())
    lines = [press.cosigner(c).cosign(own.text, 1_700_000_000) for c in ("KAZ", "TUR", "GEO")]
    note = Note(own.text, (*own.signatures, *lines)).encode()
    (log / "witnessed" / "checkpoint").write_bytes(note)
    assert StoredProofs(log, press.federation, "HUB").checkpoints().signed == 3
