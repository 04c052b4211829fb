"""An answer is to this question, of this bank, and ends in the owner's own words."""

import hashlib

import pytest

from adapters.banks.node.answer import (
    Wanted,
    read_answer,
    read_wanted,
    require_searched,
    require_whole,
)
from adapters.banks.node.proof import Keys
from adapters.contract import (
    BankFaultError,
    BankRefusedError,
    BankTimeoutError,
    BankUnavailableError,
    QueryRejectedError,
    SignedQuestion,
)
from adapters.mapping.relay import AnswerKey
from gateway.access.signatures import Domain
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.signed import DIGEST, ID, key_of, make_answer, seal

BANK = "KAZ/persons"
KEYS = Keys([AnswerKey(**key_of("KAZ").public_jwk())])
WANTED = Wanted(BANK, ID, DIGEST, 1, model.GRANULARITY_RECORD, 3)


def respond(answer):
    data, signature = seal(answer, "KAZ")
    return wire.NodeServiceSearchResponse(answer=data, signature=signature)


def test_answer_to_the_question_is_read():
    assert len(read_answer(respond(make_answer(hits=3)), KEYS, WANTED).hits) == 3


@pytest.mark.parametrize(
    "answer",
    [
        make_answer("KAZ/vehicles"),
        make_answer("TUR/persons"),
        make_answer(member="TUR"),
        make_answer(federation_id="another"),
        make_answer(query_sha256=b"\x01" * 32),
        make_answer(query_sha256=b""),
        make_answer(hits=4),
        make_answer(state=model.BANK_STATE_ANSWERED),
    ],
)
def test_answer_to_something_else_is_a_fault(answer):
    with pytest.raises(BankFaultError):
        read_answer(respond(answer), KEYS, WANTED)


@pytest.mark.parametrize(("field", "value"), [("owner", "TUR"), ("bank", "KAZ/vehicles")])
def test_record_of_another_owner_is_a_fault(field, value):
    answer = make_answer(hits=1)
    setattr(answer.hits[0].record, field, value)
    with pytest.raises(BankFaultError, match="another owner"):
        read_answer(respond(answer), KEYS, WANTED)


def test_hit_of_a_probe_that_was_not_asked_is_a_fault():
    answer = make_answer(hits=1)
    answer.hits[0].probe_index = 1
    with pytest.raises(BankFaultError, match="more than was asked"):
        read_answer(respond(answer), KEYS, WANTED)


def test_state_without_hits_must_not_have_any():
    answer = make_answer(hits=1)
    answer.state = model.BANK_STATE_NO_HIT
    with pytest.raises(BankFaultError, match="does not fit"):
        read_answer(respond(answer), KEYS, WANTED)


def test_signed_garbage_is_a_fault():
    data = b"\xff\xff"
    signature = key_of("KAZ").sign(Domain.ANSWER, data)
    response = wire.NodeServiceSearchResponse(answer=data, signature=signature)
    with pytest.raises(BankFaultError, match="something else"):
        read_answer(response, KEYS, WANTED)


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (model.BANK_STATE_TIMED_OUT, BankTimeoutError),
        (model.BANK_STATE_UNAVAILABLE, BankUnavailableError),
        (model.BANK_STATE_NOT_CAPABLE, QueryRejectedError),
        (model.BANK_STATE_SUSPENDED, BankFaultError),
        (model.BANK_STATE_FAULTY, BankFaultError),
        (model.BANK_STATE_UNSPECIFIED, BankFaultError),
        (model.BANK_STATE_REFUSED, BankFaultError),  # no rule is named
    ],
)
def test_state_of_the_owner_s_bank_becomes_an_error(state, error):
    with pytest.raises(error):
        require_searched(make_answer(state=state))


def test_refusal_keeps_the_owner_s_words_within_the_limits():
    answer = make_answer(state=model.BANK_STATE_REFUSED)
    answer.refusal.rule = "kaz.purpose" + "x" * 200
    answer.refusal.text = "Ask\x1b[31m another." + "y" * 400
    answer.refusal.contact.CopyFrom(model.Contact(office="NCB", phone="+7", email="a@b"))
    with pytest.raises(BankRefusedError) as caught:
        require_searched(answer)
    told = caught.value
    assert told.rule.startswith("kaz.purpose")
    assert told.text.startswith("Ask [31m another.")
    assert (len(told.rule), len(told.text)) == (100, 300)
    assert told.contact == "NCB, +7, a@b"
    assert "Ask" not in str(told)


@pytest.mark.parametrize("granularity", [1, 2, 3])
def test_less_than_records_is_refused_with_a_contact(granularity):
    with pytest.raises(BankRefusedError) as caught:
        require_whole(granularity, "NCB")
    assert (caught.value.rule, caught.value.contact) == ("relay.granularity", "NCB")


@pytest.mark.parametrize("granularity", [0, 4])
def test_records_are_not_refused(granularity):
    require_whole(granularity, "NCB")


def test_question_is_read_as_it_was_signed():
    query = model.Query(federation_id=ID, granularity=2, limit=7)
    query.probes.add().document.number = "N1"
    data = query.SerializeToString()
    wanted = read_wanted(SignedQuestion(data, "t", "s", b"k", BANK))
    assert wanted == Wanted(BANK, ID, hashlib.sha256(data).digest(), 1, 2, 7)


def test_question_without_a_limit_has_the_contract_s():
    assert read_wanted(SignedQuestion(b"", "t", "s", b"k", BANK)).limit == 20


def test_question_that_cannot_be_read_is_rejected():
    with pytest.raises(QueryRejectedError):
        read_wanted(SignedQuestion(b"\xff", "t", "s", b"k", BANK))
