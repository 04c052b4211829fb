from __future__ import annotations

import hashlib

import pytest

from gateway.access.signatures import verify_receipt
from gateway.clock import SystemClock
from gateway.hub.fanout import End, Leg
from gateway.hub.plan import Plan
from gateway.hub.receipt import Statement, bank_ended, outcomes_of, rule_of, write_receipt
from gateway.question import read_question
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.links import Node
from tests.kit.signed import ID, key_of, make_answer, make_federation, seal

CLOCK = SystemClock()
QUESTION = read_question(
    Desk(make_federation(), CLOCK).compose().SerializeToString()  # any question
)


def node_end(bank, **fields) -> End:
    answer = make_answer(bank, **fields)
    data, signature = seal(answer)
    return End(bank, answer.state, 0.25, data, signature, answer)


def refused_by_node(bank) -> End:
    end = node_end(bank, state=model.BANK_STATE_REFUSED, refusal=model.Refusal(rule="tur.purpose"))
    assert end.rule == ""
    return end


REFUSED_BY_HUB = End(
    "GEO/persons", model.BANK_STATE_REFUSED, rule="baseline.case", text="why", contact="Office"
)


def make_receipt(*ends) -> wire.Receipt:
    now = CLOCK.now()
    plan = Plan(tuple(Leg(end.bank, Node()) for end in ends), (), ("KAZ/vehicles",))
    ended = write_receipt(Statement(ID, QUESTION, plan, ends, "epoch", now, now, 7), key_of("HUB"))
    verify_receipt(ended.receipt, ended.receipt_signature, [key_of("HUB").public_key])
    return wire.Receipt.FromString(ended.receipt)


def test_receipt_names_question_policy_time_and_entry():
    receipt = make_receipt(node_end("KAZ/persons"))
    assert receipt.federation_id == ID
    assert receipt.search_id == QUESTION.search_id
    assert receipt.query_sha256 == QUESTION.digest
    assert (receipt.policy_epoch, receipt.ledger_index) == ("epoch", 7)
    assert receipt.start_time == receipt.end_time


def test_receipt_covers_each_bank_once_and_names_who_was_not_asked():
    receipt = make_receipt(refused_by_node("TUR/persons"), node_end("KAZ/persons", hits=2))
    assert [(c.bank, c.state) for c in receipt.coverage] == [
        ("KAZ/persons", model.BANK_STATE_ANSWERED),
        ("TUR/persons", model.BANK_STATE_REFUSED),
        ("KAZ/vehicles", model.BANK_STATE_NOT_ASKED),
    ]


def test_coverage_holds_digest_rule_flag_epoch_and_time_of_an_answer():
    end = node_end("KAZ/persons", hits=1, truncated=True, policy_epoch="of the owner")
    coverage = make_receipt(end).coverage[0]
    assert coverage.answer_sha256 == hashlib.sha256(end.data).digest()
    assert coverage.truncated
    assert coverage.policy_epoch == "of the owner"
    assert coverage.elapsed.ToMilliseconds() == 250
    assert coverage.rule == ""


def test_coverage_of_a_bank_without_an_answer_has_no_digest():
    coverage = make_receipt(REFUSED_BY_HUB).coverage[0]
    assert (coverage.answer_sha256, coverage.rule) == (b"", "baseline.case")


@pytest.mark.parametrize(
    ("state", "complete"),
    [
        (model.BANK_STATE_ANSWERED, True),
        (model.BANK_STATE_NO_HIT, True),
        (model.BANK_STATE_REFUSED, False),
        (model.BANK_STATE_TIMED_OUT, False),
        (model.BANK_STATE_UNAVAILABLE, False),
        (model.BANK_STATE_SUSPENDED, False),
        (model.BANK_STATE_NOT_CAPABLE, True),
        (model.BANK_STATE_FAULTY, False),
    ],
)
def test_search_is_complete_where_each_bank_that_can_has_searched(state, complete):
    assert make_receipt(node_end("KAZ/persons"), End("TUR/persons", state)).complete is complete


def test_rule_is_the_nodes_or_the_hubs():
    assert rule_of(refused_by_node("TUR/persons")) == "tur.purpose"
    assert rule_of(REFUSED_BY_HUB) == "baseline.case"
    assert rule_of(node_end("KAZ/persons")) == ""


def test_event_of_a_bank_carries_the_nodes_bytes_unchanged():
    end = node_end("KAZ/persons", hits=1)
    event = bank_ended(end)
    assert (event.answer, event.answer_signature) == (end.data, end.signature)
    assert event.elapsed.ToMilliseconds() == 250
    assert not event.HasField("refusal")


def test_event_of_a_refusal_says_rule_text_and_contact():
    refusal = bank_ended(REFUSED_BY_HUB).refusal
    assert (refusal.rule, refusal.text, refusal.contact.office) == (
        "baseline.case",
        "why",
        "Office",
    )


def test_ledger_gets_states_and_numbers_in_the_order_of_the_banks():
    ends = [refused_by_node("TUR/persons"), node_end("KAZ/persons", hits=2, truncated=True)]
    first, second = outcomes_of(ends)
    assert (first.bank, first.state, first.hits) == ("KAZ/persons", "answered", 2)
    assert (first.elapsed_ms, first.truncated) == (250, True)
    assert (second.bank, second.state, second.rule) == ("TUR/persons", "refused", "tur.purpose")
    assert not second.truncated
