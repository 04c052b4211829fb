"""Whose proofs are given to whom. Over the wire: tests/integration/test_witnesses.py."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from gateway.errors import FieldInvalidError
from gateway.hub import proofs
from gateway.hub.proofs import ReceiptMethods, _is_own
from gateway.ledger.entry import Entry, Kind, Side
from kalkan.v1 import receipt_service_pb2 as wire

ID = "0123456789abcdef" * 2
OFFICER = SimpleNamespace(officer="officer-1", member="KAZ")


def entry(kind: Kind = Kind.OUTCOME, **changes) -> Entry:
    values = {
        "search_id": ID,
        "who": "officer-1",
        "requester_member": "KAZ",
        **changes,
    }
    return Entry(
        kind=kind, time=datetime(2026, 11, 21, tzinfo=UTC), side=Side.HUB, member="HUB", **values
    )


def test_the_end_of_ones_own_search_is_given():
    assert _is_own(entry(), ID, OFFICER)


@pytest.mark.parametrize(
    "other",
    [
        entry(Kind.INTENT),
        entry(Kind.ADMIN),
        entry(who="officer-2"),
        entry(requester_member="TUR"),
        entry(search_id="f" * 32),
        entry(Kind.REFUSAL, search_id=""),
    ],
)
def test_nothing_else_is(other):
    assert not _is_own(other, ID, OFFICER)


def test_an_entry_without_a_search_is_nobodys():
    assert not _is_own(entry(Kind.REFUSAL, search_id=""), "", OFFICER)


class Prover:
    """Has one entry, and proves it or not yet."""

    quorum = 2

    def __init__(self, found, proof=b"proof"):
        self.found = found
        self.proof = proof
        self.proved = []

    async def entry(self, index):
        return self.found

    async def prove(self, index, wait_s):
        self.proved.append((index, wait_s))
        return self.proof

    def signatures(self, index):
        return 1


@pytest.fixture
def ask(monkeypatch):
    """Ask for the proof of entry 7 as officer-1 of KAZ."""
    monkeypatch.setattr(proofs, "token_of", lambda _: "token")
    monkeypatch.setattr(proofs, "wait_of", lambda _: 3.0)
    searcher = SimpleNamespace(identify=lambda _token, _call: OFFICER)

    async def get_proof(prover):
        request = wire.GetProofRequest(search_id=ID, ledger_index=7)
        return await ReceiptMethods(searcher, prover).get_proof(request, None)

    return get_proof


async def test_a_proof_of_ones_own_search_is_given(ask):
    prover = Prover(entry())
    response = await ask(prover)
    assert (response.state, response.proof) == (wire.PROOF_STATE_READY, b"proof")
    assert response.entry == entry().encode()
    assert (response.cosignature_count, response.quorum) == (1, 2)
    assert prover.proved == [(7, 3.0)]


async def test_a_proof_that_is_not_there_yet_is_pending(ask):
    response = await ask(Prover(entry(), proof=None))
    assert (response.state, response.proof, response.entry) == (wire.PROOF_STATE_PENDING, b"", b"")


@pytest.mark.parametrize("found", [None, entry(who="officer-2"), entry(Kind.INTENT)])
async def test_a_proof_of_anothers_search_is_nobodys_business(ask, found):
    prover = Prover(found)
    with pytest.raises(FieldInvalidError, match="no such search of yours"):
        await ask(prover)
    assert prover.proved == []
