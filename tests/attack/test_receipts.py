"""Whoever forges a receipt file, client, hub or node, is caught by both verifiers."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.access.signatures import Domain, SigningKey
from gateway.access.witnesses import Witnessing
from gateway.receipts.check import check_receipt
from gateway.receipts.file import parse_receipt_file
from gateway.receipts.verdict import Step
from kalkan.v1 import model_pb2 as model
from tests.kit.receipts import open_press
from tests.kit.world import build_world

SCRIPT = Path(__file__).parents[1] / "receipts" / "verify.mjs"
NODE = shutil.which("node")


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    panel = Witnessing(quorum=2)
    return open_press(build_world(tmp_path_factory.mktemp("world"), witnessing=panel))


@pytest.fixture
def both(press, tmp_path):
    """Check by both programs, hold them against each other; return the steps that are wrong."""

    def check(file) -> list[Step]:
        verdict = check_receipt(parse_receipt_file(file.encode()), press.federation)
        code = 1 if verdict.wrong else 3 if verdict.pending else 0
        if NODE:
            path = tmp_path / "receipt.json"
            path.write_text(file.encode(), encoding="utf-8")
            command = [NODE, SCRIPT, path, press.world.home / "federation.toml"]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
            assert done.returncode == code, (done.stdout, done.stderr, verdict.wrong)
        return [step for step, _ in verdict.wrong]

    return check


def forged(press, change):
    """A receipt that the hub has signed after a change, with a proof that fits it."""
    receipt = press.receipt()
    change(receipt)
    return press.prove(press.sign(receipt))


def test_a_true_receipt_is_proved(press, both):
    assert both(press.prove(press.sign(press.receipt()))) == []


def test_a_receipt_without_its_proof_is_pending(press, both):
    assert both(press.sign(press.receipt())) == []


def test_a_client_cannot_alter_omit_or_invent(press, both):
    file = press.prove(press.sign(press.receipt()))
    receipt = press.receipt()
    del receipt.coverage[0]
    assert both(replace(file, receipt=receipt.SerializeToString())) == [Step.RECEIPT]
    assert Step.ENTRY in both(replace(file, targets=("KAZ",)))
    own = SigningKey.generate(kid="hub-receipt").sign(Domain.RECEIPT, file.receipt)
    assert both(replace(file, signature=own)) == [Step.RECEIPT]


def test_a_hub_that_omits_a_bank_is_caught(press, both):
    def omit(receipt):
        del receipt.coverage[0]

    assert both(forged(press, omit)) == [Step.TARGETS, Step.ENTRY]


def test_a_hub_that_calls_a_bank_not_asked_is_caught(press, both):
    def change(receipt):
        receipt.coverage[0].Clear()
        receipt.coverage[0].bank = "GEO/persons"
        receipt.coverage[0].state = model.BANK_STATE_NOT_ASKED

    assert Step.TARGETS in both(forged(press, change))


@pytest.mark.parametrize("name", ["state", "answer_sha256", "truncated", "policy_epoch"])
def test_a_hub_that_says_otherwise_what_a_node_attested_is_caught(press, both, name):
    values = {
        "state": model.BANK_STATE_ANSWERED,
        "answer_sha256": bytes(32),
        "truncated": True,
        "policy_epoch": "p2",
    }

    def change(receipt):
        setattr(receipt.coverage[0], name, values[name])

    assert Step.NODES in both(forged(press, change))


def test_a_hub_that_speaks_for_a_node_is_caught(press, both):
    def change(receipt):
        receipt.coverage[0].ClearField("attestation")
        receipt.coverage[0].ClearField("attestation_signature")
        receipt.coverage[0].ClearField("answer_sha256")

    assert both(forged(press, change)) == [Step.NODES]


def test_the_attestation_of_another_node_or_search_is_caught(press, both):
    def of_another(receipt):
        data = press.attestation("GEO/persons").SerializeToString()
        signature = press.node_key("TUR").sign(Domain.ATTESTATION, data)
        receipt.coverage[0].attestation_signature = signature

    def of_another_search(receipt):
        said = press.attestation("GEO/persons", query_sha256=bytes(32))
        data = said.SerializeToString()
        receipt.coverage[0].attestation = data
        key = press.node_key("GEO")
        receipt.coverage[0].attestation_signature = key.sign(Domain.ATTESTATION, data)

    def of_another_domain(receipt):
        data = receipt.coverage[0].attestation
        key = press.node_key("GEO")
        receipt.coverage[0].attestation_signature = key.sign(Domain.ANSWER, data)

    for change in (of_another, of_another_search, of_another_domain):
        assert both(forged(press, change)) == [Step.NODES]


def test_a_false_completeness_is_caught(press, both):
    def change(receipt):
        receipt.complete = False

    assert both(forged(press, change)) == [Step.RECEIPT]


def test_an_entry_that_says_otherwise_is_caught(press, both):
    file = press.sign(press.receipt())
    states = press.entry().states
    changes = (
        {"search_id": "0" * 32},
        {"query_sha256": "0" * 64},
        {"targets": ("KAZ",)},
        {"states": states[1:]},
        {"states": (replace(states[0], state="timed_out"), *states[1:])},
    )
    for change in changes:
        assert both(press.prove(file, press.entry(**change))) == [Step.ENTRY]


def test_a_proof_without_the_quorum_is_caught(press, both):
    file = press.sign(press.receipt())
    for witnesses in ((), ("KAZ",), ("KAZ", "KAZ")):
        assert both(press.prove(file, witnesses=witnesses)) == [Step.PROOF]


def test_an_entry_that_is_not_in_the_log_is_caught(press, both):
    file = press.prove(press.sign(press.receipt()))
    other = press.entry(who="somebody").encode()
    assert both(replace(file, entry=other)) == [Step.PROOF]


def test_a_cosignature_over_another_checkpoint_is_caught(press, both):
    file = press.sign(press.receipt())
    old, _ = press.checkpoint(b"another", ("KAZ", "TUR"))
    proved = press.prove(file, witnesses=())
    replayed = b"".join(old.splitlines(keepends=True)[-2:])
    assert both(replace(proved, proof=proved.proof + replayed)) == [Step.PROOF]
