from __future__ import annotations

from datetime import date

import pytest

from adapters.contract import PartialDate
from adapters.matching.mrz import Mrz, build_td3
from gateway import probe
from gateway.access.policy import Policy
from gateway.access.tokens import TokenVerifier
from gateway.clock import SystemClock
from gateway.identity import likely_request, policy_request, question_facts, requester_facts
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import Kind, Side
from gateway.question import read_question
from kalkan.v1 import model_pb2 as model
from tests.kit.desk import Desk
from tests.kit.signed import make_federation

CLOCK = SystemClock()
FEDERATION = make_federation()
DESK = Desk(FEDERATION, CLOCK)
REQUESTER = TokenVerifier(FEDERATION, CLOCK).verify(DESK.token)
ZONE = Mrz(
    document_type="P",
    issuer="KAZ",
    number="N10000001",
    nationality="KAZ",
    birth=PartialDate(1984, 5, 1),
    sex="M",
    expiry=date(2030, 1, 1),
    surname="KARIMOV",
    given_names="RUSTAM",
)


def question_of(**changes):
    return read_question(DESK.compose(**changes).SerializeToString())


def test_question_is_put_in_the_words_of_policies():
    why = model.Justification(
        offence="robbery",
        person_category=model.PERSON_CATEGORY_SUSPECT,
        aim=model.AIM_LEARN_MORE,
    )
    request = policy_request(
        question_of(justification=why, granularity=model.GRANULARITY_COUNT),
        REQUESTER,
        "TUR",
        "TUR/persons",
    )
    assert (request.requester_member, request.roles) == ("KAZ", frozenset({"investigator"}))
    assert (request.owner, request.bank) == ("TUR", "TUR/persons")
    assert (request.purpose, request.probe) == ("terrorism", "person")
    assert request.granularity == "count"
    assert request.fields == {"name", "full_name", "birth_date"}
    assert (request.person_category, request.aim) == ("suspect", "learn_more")
    assert request.has_case
    assert request.has_justification


@pytest.mark.parametrize(
    ("why", "stated"),
    [
        (model.Justification(), False),
        (model.Justification(aim=model.AIM_LOCATE), False),
        (model.Justification(text="because"), True),
        (model.Justification(offence="robbery"), True),
    ],
)
def test_justification_is_stated_by_an_offence_or_a_text(why, stated):
    request = policy_request(question_of(justification=why), REQUESTER, "TUR", "TUR/persons")
    assert request.has_justification is stated


@pytest.mark.parametrize(
    "kind", ["person", "document", "vehicle", "organisation", "identifier", "biometric"]
)
def test_likely_request_is_one_that_a_policy_can_decide(kind):
    request = likely_request(REQUESTER, "TUR/persons", "terrorism", kind)
    decision = Policy.for_hub().decide(request)
    assert decision.permitted, decision.rule
    assert decision.granularity == "record"
    assert request.owner == "TUR"


PROBES = (
    probe.person("Али", birth="1984-05", sex="m", nationality="KAZ", place="Oş"),
    probe.person("Али Каримов"),
    probe.person(given="Али", family="Каримов", patronymic="Рустам"),
    probe.document(number="N1000", issuer="KAZ", kind="visa"),
    probe.document(mrz=build_td3(ZONE)),
    probe.vehicle(plate="123ABC", vin="WVW01", country="KAZ"),
    probe.organisation(name="Ansar", number="12", country="KAZ"),
    *(
        probe.identifier(kind, "7701000", "KAZ")
        for kind in ("phone", "email", "imei", "handle", "national_number")
    ),
)


@pytest.mark.parametrize("asked", PROBES)
def test_every_probe_is_put_in_words_that_a_policy_can_decide(asked):
    question = question_of(probes=[asked])
    request = policy_request(question, REQUESTER, "TUR", "TUR/persons")
    decision = Policy.for_hub().decide(request)
    assert decision.permitted, decision.rule


def test_facts_make_an_entry_that_says_who_why_and_which_search():
    question = question_of()
    facts = {**question_facts(question), **requester_facts(REQUESTER)}
    entry = Entry(kind=Kind.INTENT, time=CLOCK.now(), side=Side.HUB, member="HUB", **facts)
    assert (entry.search_id, entry.purpose) == (question.search_id, "terrorism")
    assert entry.query_sha256 == question.digest.hex()
    assert (entry.who, entry.requester_member) == ("officer", "KAZ")
    assert entry.token_id == REQUESTER.token_id
    assert entry.nonce == (b"\x01" * 16).hex()
    assert entry.targets == ("trio",)
    assert entry.probe_fields == ("birth_date", "full_name", "name")
    assert entry.batch == 1


def test_facts_hold_no_value_of_the_question():
    question = question_of(
        probes=[probe.person("Рустам Каримов", birth="1984", nationality="UZB", place="Oş")],
        justification=model.Justification(offence="robbery", text="a long story"),
        case_reference="case-17",
    )
    facts = {**question_facts(question), **requester_facts(REQUESTER)}
    for number in ("search_id", "query_sha256", "nonce", "token_id"):
        assert facts.pop(number)  # four digits are in one of them by chance
    told = repr(facts)
    for value in ("Рустам", "1984", "UZB", "Oş", "robbery", "story", "case-17"):
        assert value not in told
