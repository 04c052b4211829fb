"""What a true receipt proves. Forged ones are in tests/attack/test_receipts.py."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.access.signatures import Domain
from gateway.access.witnesses import Witnessing
from gateway.ledger.kinds import Kind
from gateway.receipts.check import check_receipt
from gateway.receipts.verdict import Step
from kalkan.v1 import model_pb2 as model
from kalkan.v1.attestation_pb2 import Attestation
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


def wrong(press, file):
    return check_receipt(file, press.federation).wrong


def without_proof(changes):
    """A receipt of which something was forged before the hub signed it."""

    def forge(press):
        receipt = press.receipt()
        changes(receipt)
        return press.sign(receipt)

    return forge


def reattested(press, **changes):
    """A receipt in which the node of GEO has signed something else."""
    receipt = press.receipt()
    said = press.attestation("GEO/persons")
    said.MergeFrom(Attestation(**changes))
    data = said.SerializeToString()
    receipt.coverage[0].attestation = data
    receipt.coverage[0].attestation_signature = press.node_key("GEO").sign(Domain.ATTESTATION, data)
    return press.sign(receipt)


def proved(press, file=None, **changes):
    return press.prove(file or press.sign(press.receipt()), press.entry(**changes))


def at_another_index(press):
    receipt = press.receipt()
    receipt.ledger_index = 0
    return press.prove(press.sign(receipt))


def of_one_bank(receipt):
    del receipt.coverage[1:]


def hide_the_answer(receipt):
    receipt.coverage[0].ClearField("answer_sha256")
    receipt.coverage[0].ClearField("attestation")
    receipt.coverage[0].ClearField("attestation_signature")


def of_another_signature(receipt):
    receipt.coverage[0].attestation_signature = receipt.coverage[1].attestation_signature


def of_nobodys_bank(receipt):
    receipt.coverage[0].bank = "XXX/persons"


FORGED = {
    "signature": (
        lambda press: replace(press.sign(press.receipt()), receipt=b"x"),
        (Step.RECEIPT, "the receipt is not signed by the hub of this federation"),
    ),
    "completeness": (
        without_proof(lambda receipt: setattr(receipt, "complete", False)),
        (Step.RECEIPT, "the receipt's completeness does not fit its banks"),
    ),
    "no word of the node": (
        without_proof(hide_the_answer),
        (Step.NODES, "GEO/persons: the hub alone says that it has searched"),
    ),
    "another state": (
        lambda press: reattested(press, state=model.BANK_STATE_ANSWERED),
        (Step.NODES, "GEO/persons: its node has attested something else"),
    ),
    "another answer": (
        lambda press: reattested(press, answer_sha256=b"x" * 32),
        (Step.NODES, "GEO/persons: its node has attested something else"),
    ),
    "another bank": (
        lambda press: reattested(press, bank="GEO/vehicles"),
        (Step.NODES, "GEO/persons: its node has attested something else"),
    ),
    "another epoch": (
        lambda press: reattested(press, policy_epoch="p2"),
        (Step.NODES, "GEO/persons: its node has attested something else"),
    ),
    "another query": (
        lambda press: reattested(press, query_sha256=b"x" * 32),
        (Step.NODES, "GEO/persons: its node has attested something else"),
    ),
    "another federation": (
        lambda press: reattested(press, federation_id="another"),
        (Step.NODES, "GEO/persons: its node has attested something else"),
    ),
    "a bank left out": (
        without_proof(of_one_bank),
        (Step.TARGETS, "TUR/persons: is meant by the targets and left out"),
    ),
    "the entry of another kind": (
        lambda press: proved(press, kind=Kind.INTENT, states=press.entry().states),
        (Step.ENTRY, "the entry is of another search"),
    ),
    "the entry of another search": (
        lambda press: proved(press, search_id="0" * 32),
        (Step.ENTRY, "the entry is of another search"),
    ),
    "the entry of other targets": (
        lambda press: proved(press, targets=("pair",)),
        (Step.ENTRY, "the entry names other targets than the file"),
    ),
    "the entry of other states": (
        lambda press: proved(press, states=press.entry().states[:2]),
        (Step.ENTRY, "the entry says otherwise how the banks ended"),
    ),
    "the proof of another entry": (
        at_another_index,
        (Step.PROOF, "the proof is of another entry than the receipt names"),
    ),
    "too few witnesses": (
        lambda press: press.prove(press.sign(press.receipt()), witnesses=("KAZ",)),
        (Step.PROOF, "1 witnesses have signed where 2 are needed"),
    ),
    "one witness twice": (
        lambda press: press.prove(press.sign(press.receipt()), witnesses=("KAZ", "KAZ")),
        (Step.PROOF, "1 witnesses have signed where 2 are needed"),
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_each_step_names_what_is_wrong(press, name):
    forge, found = FORGED[name]
    assert found in wrong(press, forge(press))


@pytest.mark.parametrize("change", [of_another_signature, of_nobodys_bank])
def test_word_that_no_key_of_its_member_has_signed_is_named(press, change):
    found = wrong(press, without_proof(change)(press))
    assert Step.NODES in {step for step, _ in found}


def test_bank_that_could_not_be_searched_needs_no_word_of_its_node(press):
    """The hub knows that itself; and the search is not complete then."""
    receipt = press.receipt()
    hide_the_answer(receipt)
    receipt.coverage[0].state = model.BANK_STATE_TIMED_OUT
    receipt.complete = False
    verdict = check_receipt(press.sign(receipt), press.federation)
    assert (verdict.wrong, verdict.complete) == ([], False)
    assert [bank.attested for bank in verdict.banks] == [False, True, True]


@pytest.mark.parametrize("targets", [("GEO", "KAZ", "TUR"), ("GEO/persons", "KAZ", "TUR")])
def test_targets_are_read_as_people_write_them(press, targets):
    file = replace(press.sign(press.receipt()), targets=targets)
    assert wrong(press, press.prove(file, press.entry(targets=targets))) == []
    assert check_receipt(file, press.federation).pending == "the file holds no proof yet"
