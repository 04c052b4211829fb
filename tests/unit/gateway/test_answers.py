from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.signatures import Domain
from gateway.answers import MAX_FIELDS, read_answer
from gateway.errors import UntrustedError
from gateway.wire import MAX_ANSWER
from kalkan.v1 import model_pb2 as model
from tests.kit.signed import add_hit, expected, key_of, make_answer, seal

BANK = "KAZ/persons"


def other_federation(answer):
    answer.federation_id = "another"


def other_bank(answer):
    answer.bank = "KAZ/others"


def other_member(answer):
    answer.member = "TUR"


def other_question(answer):
    answer.query_sha256 = b"\x01" * 32


def state_of_the_hub(answer):
    answer.state = model.BANK_STATE_SUSPENDED


def unknown_state(answer):
    answer.state = 77


def no_hit_with_hits(answer):
    answer.state = model.BANK_STATE_NO_HIT


def answered_without_hits(answer):
    del answer.hits[:]


def refused_without_rule(answer):
    del answer.hits[:]
    answer.state = model.BANK_STATE_REFUSED


def rule_without_refusal(answer):
    answer.refusal.rule = "kaz.purpose"


def unknown_granularity(answer):
    answer.granularity = model.GRANULARITY_RECORD + 1


def tallies_among_hits(answer):
    answer.tallies.add(probe_index=0, count=1)


def tally_of_no_probe(answer):
    del answer.hits[:]
    answer.granularity = model.GRANULARITY_COUNT
    answer.tallies.add(probe_index=1, count=1)


def hits_among_counts(answer):
    answer.granularity = model.GRANULARITY_COUNT


def hits_without_granularity(answer):
    answer.granularity = model.GRANULARITY_UNSPECIFIED


def hit_of_no_probe(answer):
    answer.hits[0].probe_index = 1


def hits_over_the_limit(answer):
    for number in range(3):
        add_hit(answer, f"more-{number}")


def hit_of_another_member(answer):
    answer.hits[0].record.owner = "TUR"


def hit_of_another_bank(answer):
    answer.hits[0].record.bank = "KAZ/others"


def hit_without_reference(answer):
    answer.hits[0].record.reference = ""


def hit_without_labels(answer):
    answer.hits[0].record.ClearField("handling")


def score_over_one(answer):
    answer.hits[0].score = 1.001


def score_below_nothing(answer):
    answer.hits[0].score = -0.001


def score_that_is_no_number(answer):
    answer.hits[0].score = float("nan")


def fields_over_the_limit(answer):
    fields = answer.hits[0].record.fields
    for _ in range(MAX_FIELDS):
        fields.add().CopyFrom(fields[0])


def fields_of_a_reference(answer):
    answer.granularity = model.GRANULARITY_REFERENCE


def field_without_labels(answer):
    answer.hits[0].record.fields[0].ClearField("handling")


FAULTS = {
    other_federation: "another federation",
    other_bank: "another bank",
    other_member: "another bank",
    other_question: "another question",
    state_of_the_hub: "not a node's to claim",
    unknown_state: "not a node's to claim",
    no_hit_with_hits: "does not fit the hits",
    answered_without_hits: "does not fit the hits",
    refused_without_rule: "names its rule",
    rule_without_refusal: "names its rule",
    unknown_granularity: "more than was asked",
    tallies_among_hits: "tallies do not fit",
    tally_of_no_probe: "no such probe",
    hits_among_counts: "hits do not fit",
    hits_without_granularity: "hits do not fit",
    hit_of_no_probe: "no such probe",
    hits_over_the_limit: "more hits than the limit",
    hit_of_another_member: "another owner",
    hit_of_another_bank: "another owner",
    hit_without_reference: "without a reference",
    hit_without_labels: "hit without handling",
    score_over_one: "score",
    score_below_nothing: "score",
    score_that_is_no_number: "score",
    fields_over_the_limit: "too many fields",
    fields_of_a_reference: "below the granularity",
    field_without_labels: "field without handling",
}


def test_answer_that_holds_is_decoded():
    data, signature = seal(make_answer(hits=3))
    answer = read_answer(BANK, data, signature, expected())
    assert [hit.record.reference for hit in answer.hits] == ["R0", "R1", "R2"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_answer_with_one_fault_is_not_believed(fault):
    answer = make_answer(hits=1)
    fault(answer)
    data, signature = seal(answer, "KAZ")
    with pytest.raises(UntrustedError, match=FAULTS[fault]):
        read_answer(BANK, data, signature, expected())


@pytest.mark.parametrize("score", [0.0, 1.0])
@pytest.mark.parametrize("hits", [1, 3])
def test_answer_at_its_limits_holds(score, hits):
    answer = make_answer(hits=hits)
    answer.hits[0].score = score
    fields = answer.hits[0].record.fields
    fields.extend([fields[0]] * (MAX_FIELDS - 1))
    read_answer(BANK, *seal(answer), expected())


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        (model.BANK_STATE_NO_HIT, ""),
        (model.BANK_STATE_REFUSED, "kaz.purpose"),
        (model.BANK_STATE_TIMED_OUT, ""),
        (model.BANK_STATE_UNAVAILABLE, ""),
        (model.BANK_STATE_NOT_CAPABLE, ""),
    ],
)
def test_states_of_a_node_hold(state, rule):
    answer = make_answer(state=state)
    if rule:
        answer.refusal.rule = rule
    assert read_answer(BANK, *seal(answer), expected()).state == state


@pytest.mark.parametrize("granularity", [model.GRANULARITY_EXISTS, model.GRANULARITY_COUNT])
def test_tallies_hold_where_no_hits_are_given(granularity):
    answer = make_answer(state=model.BANK_STATE_ANSWERED, granularity=granularity)
    answer.tallies.add(probe_index=0, count=2)
    read_answer(BANK, *seal(answer), expected(granularity=granularity))


def test_answer_with_more_than_was_asked_is_not_believed():
    data, signature = seal(make_answer(hits=1))
    with pytest.raises(UntrustedError, match="more than was asked"):
        read_answer(BANK, data, signature, expected(granularity=model.GRANULARITY_REFERENCE))


def test_limit_holds_for_each_probe_of_a_batch_alone():
    answer = make_answer(hits=4)
    answer.hits[3].probe_index = 1
    read_answer(BANK, *seal(answer), expected(probes=2))
    answer.hits[3].probe_index = 0
    with pytest.raises(UntrustedError, match="limit"):
        read_answer(BANK, *seal(answer), expected(probes=2))


def test_answer_that_is_too_large_is_not_read():
    data = b"\x00" * (MAX_ANSWER + 1)
    with pytest.raises(UntrustedError, match="too large"):
        read_answer(BANK, data, key_of("KAZ").sign(Domain.ANSWER, data), expected())


@pytest.mark.parametrize("signer", ["TUR", "HUB", "stranger"])
def test_answer_signed_by_another_is_not_believed(signer):
    with pytest.raises(UntrustedError, match="not signed by its node"):
        read_answer(BANK, *seal(make_answer(), signer), expected())


def test_answer_signed_for_another_domain_is_not_believed():
    data, _ = seal(make_answer())
    for domain in (Domain.QUERY, Domain.RECEIPT):
        with pytest.raises(UntrustedError, match="not signed by its node"):
            read_answer(BANK, data, key_of("KAZ").sign(domain, data), expected())


def test_answer_of_a_member_without_keys_is_not_believed():
    data, signature = seal(make_answer("XPO/documents"))
    with pytest.raises(UntrustedError, match="not signed by its node"):
        read_answer("XPO/documents", data, signature, expected())


def test_signed_bytes_that_are_no_answer_are_not_believed():
    data = b"\xff\xff\xff"
    with pytest.raises(UntrustedError, match="not an Answer"):
        read_answer(BANK, data, key_of("KAZ").sign(Domain.ANSWER, data), expected())


@given(st.data())
def test_answer_with_one_changed_byte_is_not_believed(data):
    sealed, signature = seal(make_answer(hits=2))
    at = data.draw(st.integers(0, len(sealed) - 1))
    mask = data.draw(st.integers(1, 255))
    changed = sealed[:at] + bytes([sealed[at] ^ mask]) + sealed[at + 1 :]
    with pytest.raises(UntrustedError, match="not signed by its node"):
        read_answer(BANK, changed, signature, expected())


@given(st.text(max_size=200))
def test_signature_of_any_text_is_not_believed(text):
    data, _ = seal(make_answer())
    with pytest.raises(UntrustedError, match="not signed by its node"):
        read_answer(BANK, data, text, expected())
