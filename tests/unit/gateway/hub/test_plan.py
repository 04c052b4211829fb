from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.errors import TargetUnknownError
from gateway.access.policy import Policy
from gateway.access.tokens import TokenVerifier
from gateway.clock import SystemClock
from gateway.hub.directory import Directory
from gateway.hub.plan import Planner
from gateway.identity import likely_request
from gateway.probe import vehicle
from gateway.question import read_question
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire
from tests.kit.desk import Desk
from tests.kit.links import Node
from tests.kit.signed import MEMBERS, make_federation

FEDERATION = make_federation()
BANKS = ("GEO/persons", "KAZ/persons", "KAZ/vehicles", "TUR/persons")
CLOCK = SystemClock()
DESK = Desk(FEDERATION, CLOCK)
REQUESTER = TokenVerifier(FEDERATION, CLOCK).verify(DESK.token)
POLICY = Policy.for_hub()
TARGETS = (
    model.Target(project="trio"),
    model.Target(project="pair"),
    *(model.Target(member=member) for member in MEMBERS),
    *(model.Target(bank=bank) for bank in BANKS),
)

REFUSED = {"purpose": model.PURPOSE_STOLEN_PROPERTY}
"""Nobody is stolen: the baseline refuses persons for this purpose."""


def make_planner(capable=frozenset(BANKS), asking="") -> Planner:
    directory = Directory(FEDERATION, {member: Node() for member in MEMBERS}, CLOCK)
    for bank in BANKS:
        probes = [wire.PROBE_KIND_PERSON] if bank in capable else []
        directory.banks[bank].description = wire.BankDescription(bank=bank, probes=probes)
    asyncio.run(directory.published.take("KAZ", "", asking))
    return Planner(directory, POLICY)


def make_plan(*targets, capable=frozenset(BANKS), **changes):
    query = DESK.compose(*targets, **changes)
    return make_planner(capable).plan(read_question(query.SerializeToString()), REQUESTER)


def meant_by(target: model.Target) -> set[str]:
    if target.bank:
        return {target.bank}
    circles = {"trio": MEMBERS, "pair": ("KAZ", "TUR")}
    members = circles.get(target.project, (target.member,))
    return {bank for bank in BANKS if bank[:3] in members}


@given(
    st.lists(st.sampled_from(TARGETS), min_size=1, max_size=6),
    st.sets(st.sampled_from(BANKS)),
    st.booleans(),
)
def test_each_bank_is_in_exactly_one_place(targets, capable, refused):
    plan = make_plan(*targets, capable=capable, **(REFUSED if refused else {}))
    legs, ended = [leg.bank for leg in plan.legs], [end.bank for end in plan.ended]
    assert sorted(legs + ended + list(plan.not_asked)) == list(BANKS)
    assert set(legs + ended) == set().union(*map(meant_by, targets))
    assert plan.asked == tuple(sorted(legs + ended))


def test_bank_is_reached_by_the_link_of_its_member():
    planner = make_planner()
    question = read_question(DESK.compose().SerializeToString())
    links = planner._directory.links
    plan = planner.plan(question, REQUESTER)
    assert {leg.bank: leg.link for leg in plan.legs} == {b: links[b[:3]] for b in BANKS}


def test_bank_that_cannot_is_named_and_not_called():
    plan = make_plan(capable={"KAZ/persons"})
    assert [leg.bank for leg in plan.legs] == ["KAZ/persons"]
    assert {end.state for end in plan.ended} == {model.BANK_STATE_NOT_CAPABLE}


def test_bank_of_which_nothing_is_known_is_called():
    directory = Directory(FEDERATION, {m: Node() for m in MEMBERS}, CLOCK)
    asyncio.run(directory.published.take("KAZ", "", ""))
    planner = Planner(directory, POLICY)
    query = DESK.compose(probes=[vehicle(plate="123ABC")])
    plan = planner.plan(read_question(query.SerializeToString()), REQUESTER)
    assert len(plan.legs) == len(BANKS)


def test_refusal_of_the_hub_names_rule_and_text_and_calls_nobody():
    plan = make_plan(**REFUSED)
    assert plan.legs == ()
    for end in plan.ended:
        assert end.state == model.BANK_STATE_REFUSED
        assert end.rule == "baseline.property"
        assert end.text.startswith("The search for stolen property")
        assert end.contact == "Federation Secretariat"


def test_refusal_comes_before_capability():
    plan = make_plan(capable=set(), **REFUSED)
    assert {end.state for end in plan.ended} == {model.BANK_STATE_REFUSED}


@pytest.mark.parametrize(
    "target",
    [
        model.Target(project="everybody"),
        model.Target(member="XXX"),
        model.Target(bank="KAZ/hidden"),
    ],
)
def test_unknown_target_is_named_by_its_place(target):
    with pytest.raises(TargetUnknownError, match=r"targets\[1\]"):
        make_plan(TARGETS[0], target)


def test_what_may_be_asked_is_explained_without_a_search():
    planner = make_planner()
    request = likely_request(REQUESTER, "TUR/persons", "terrorism", "person")
    decision = planner.explain(request)
    assert decision.permitted
    assert decision.granularity == "record"
    assert planner.policy_epoch == POLICY.epoch
