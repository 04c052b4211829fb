"""What a true receipt proves. Forged ones are in tests/attack/test_receipts.py."""

from __future__ import annotations

import pytest

from gateway.access.witnesses import Witnessing
from gateway.receipts.check import check_receipt
from gateway.receipts.verdict import Step
from kalkan.v1 import model_pb2 as model
from tests.kit.receipts import open_press
from tests.kit.world import build_world


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    world = build_world(tmp_path_factory.mktemp("world"), witnessing=Witnessing(quorum=2))
    return open_press(world)


def test_a_proved_receipt_tells_banks_log_and_witnesses(press):
    verdict = check_receipt(press.prove(press.sign(press.receipt())), press.federation)
    assert (verdict.wrong, verdict.pending, verdict.complete) == ([], "", True)
    assert [(b.bank, b.state, b.attested) for b in verdict.banks] == [
        ("GEO/persons", "no_hit", True),
        ("KAZ/persons", "answered", True),
        ("TUR/persons", "no_hit", True),
    ]
    assert (verdict.entries, verdict.quorum, len(verdict.witnesses)) == (2, 2, 2)


def test_a_node_that_attests_nothing_is_named_as_such(press):
    receipt = press.receipt()
    receipt.coverage[0].attestation = b""
    receipt.coverage[0].attestation_signature = ""
    verdict = check_receipt(press.sign(receipt), press.federation)
    assert verdict.wrong == []
    assert [bank.attested for bank in verdict.banks] == [False, True, True]


def test_without_witnessing_the_logs_own_signature_is_the_proof(press):
    alone = press.federation.model_copy(update={"witnessing": None})
    file = press.prove(press.sign(press.receipt()), witnesses=())
    verdict = check_receipt(file, alone)
    assert (verdict.wrong, verdict.quorum) == ([], 0)


def test_another_federation_and_another_search_are_named(press):
    receipt = press.receipt()
    receipt.federation_id = "another"
    receipt.search_id = "0" * 32
    steps = [step for step, _ in check_receipt(press.sign(receipt), press.federation).wrong]
    assert steps.count(Step.RECEIPT) == 2


def test_a_bank_that_is_covered_twice_is_named(press):
    receipt = press.receipt()
    receipt.coverage.add(bank="GEO/persons", state=model.BANK_STATE_TIMED_OUT)
    receipt.complete = False
    found = check_receipt(press.sign(receipt), press.federation).wrong
    assert (Step.RECEIPT, "the receipt says twice how a bank ended") in found


def test_targets_that_nobody_knows_are_named(press):
    press.targets, kept = ("nowhere",), press.targets
    try:
        found = check_receipt(press.sign(press.receipt()), press.federation).wrong
    finally:
        press.targets = kept
    assert [step for step, _ in found] == [Step.TARGETS]


def test_nonsense_in_place_of_entry_or_proof_is_named(press):
    file = press.sign(press.receipt())
    steps = [s for s, _ in check_receipt(file.proved(b"{}", b"x"), press.federation).wrong]
    assert steps == [Step.ENTRY]
    entry = press.entry().encode()
    steps = [s for s, _ in check_receipt(file.proved(entry, b"x"), press.federation).wrong]
    assert steps == [Step.PROOF]
