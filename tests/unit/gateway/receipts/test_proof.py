"""What proofs and checkpoints show by the federation file. Over the wire: tests/integration."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.access.witnesses import Witnessing
from gateway.errors import InputError
from gateway.ledger.errors import LedgerError, ProofRejectedError
from gateway.ledger.tlog.hashing import root_of
from gateway.ledger.tlog.merkle import consistency_path
from gateway.receipts.proof import (
    Given,
    Seen,
    State,
    check_given,
    check_note,
    key_of,
    verify_growth,
)
from tests.kit.receipts import open_press
from tests.kit.world import build_world


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    world = build_world(tmp_path_factory.mktemp("world"), witnessing=Witnessing(quorum=2))
    return open_press(world)


def given_of(press, *witnesses):
    file = press.prove(press.sign(press.receipt()), witnesses=witnesses)
    return Given(1, file.entry, file.proof, len(witnesses), 2)


def test_a_proof_is_as_good_as_the_federation_file_says(press):
    for witnesses, state in ((("KAZ", "TUR"), State.WITNESSED), (("KAZ",), State.PENDING)):
        seen = check_given(given_of(press, *witnesses), press.federation, "HUB")
        assert (seen.size, seen.quorum, len(seen.witnesses)) == (2, 2, len(witnesses))
        assert seen.state is state
    alone = press.federation.model_copy(update={"witnessing": None})
    seen = check_given(given_of(press), alone, "HUB")
    assert (seen.state, seen.witnesses) == (State.LOGGED, ())


def test_a_proof_of_something_else_is_refused(press):
    given = given_of(press, "KAZ", "TUR")
    for wrong in (replace(given, index=0), replace(given, entry=b"{}"), replace(given, proof=b"")):
        with pytest.raises(LedgerError):
            check_given(wrong, press.federation, "HUB")
    with pytest.raises(LedgerError):
        check_given(given, press.federation, "KAZ")  # another log's key
    with pytest.raises(InputError):
        check_given(given, press.federation, "XXX")


def test_a_key_that_is_not_there_is_named(press):
    bare = press.federation.hub.model_copy(update={"ledger_vkey": ""})
    with pytest.raises(InputError, match="ledger_vkey of HUB"):
        key_of(press.federation.model_copy(update={"hub": bare}), "HUB")


def test_a_checkpoint_is_seen(press):
    note, _ = press.checkpoint(b"entry", ("GEO",))
    seen = check_note(note, press.federation, "HUB")
    assert (seen.origin, seen.size) == (f"kalkan.example/{press.federation.id}/HUB", 2)
    with pytest.raises(LedgerError):
        check_note(note.replace(b"\n2\n", b"\n3\n"), press.federation, "HUB")


def test_growth_needs_whole_hashes():
    leaves = [bytes([n]) * 32 for n in range(5)]
    old, new = (Seen("log", size, root_of(leaves[:size]), (), 0) for size in (3, 5))
    path = consistency_path(3, 5, lambda a, b: root_of(leaves[a:b]))
    verify_growth(old, new, path)
    for wrong in (path[1:], (path[0][:31], *path[1:]), ()):
        with pytest.raises(ProofRejectedError):
            verify_growth(old, new, wrong)


def test_a_state_is_told_in_words():
    pending = Given(1, b"", b"", 1, 2)
    assert pending.tell() == "pending: 1 of 2 witnesses have signed"
    told = replace(pending, proof=b"p", signed=3).tell()
    assert told == "witnessed: 3 witnesses have signed, 2 are needed"
    assert "asks for no witness" in replace(pending, proof=b"p", needed=0).tell()
