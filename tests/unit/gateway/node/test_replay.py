"""The past is decided again: by the same policy nothing differs, by another what flips is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.contract import (
    Field,
    FieldName,
    Handling,
    PersonName,
    Record,
    RecordKind,
    Result,
    Tlp,
)
from gateway.access.policy import Policy, Texts
from gateway.ledger.kinds import Kind
from gateway.node.replay import read_past, replay, request_of
from gateway.node.sieve import owner_facts
from gateway.probe import document
from kalkan.v1 import model_pb2 as model
from tests.unit.gateway.node.conftest import POLICY

ALL = '@id("kaz.release.all")\npermit (principal, action, resource);\n'
RED = (
    '@id("kaz.release.red")\nforbid (principal, action, resource is Kalkan::Record) '
    'when { resource.tlp == Kalkan::Tlp::"red" };\n'
)
NAME = Field(FieldName.NAME, PersonName(full="Рустам Каримов"))
PURPOSES = (
    model.PURPOSE_TERRORISM,
    model.PURPOSE_MISSING_PERSON,
    model.PURPOSE_ORGANISED_CRIME,
    model.PURPOSE_STOLEN_PROPERTY,
)


def build(search=POLICY, release=None) -> Policy:
    return Policy.build(Texts(search, release), "kaz")


@pytest.fixture
async def asked(country):
    """A node that was asked for four purposes; two are refused."""
    country.node._parts.policy = build()
    for number, purpose in enumerate(PURPOSES, 1):
        await country.ask(country.desk.compose(nonce=bytes([number]) * 16, purpose=purpose))
    return country


async def test_the_policy_that_was_in_force_decides_everything_as_it_was(asked):
    past = list(read_past(asked.entries()))
    told = [(one.request.purpose, one.told, one.rule) for one in past]
    assert told == [
        ("terrorism", "record", "kaz.all"),
        ("missing_person", "reference", "kaz.missing"),
        ("organised_crime", "refused", "kaz.property"),
        ("stolen_property", "refused", "baseline.property"),
    ]
    assert {one.epoch for one in past} == {build().epoch}
    assert replay(build(), past) == []


async def test_another_policy_flips_what_it_decides_otherwise(asked):
    other = POLICY.replace("missing_person", "arrest_warrant")
    flips = replay(build(other), read_past(asked.entries()))
    assert [(f.past.request.purpose, f.before, f.after, f.rule) for f in flips] == [
        ("missing_person", "reference", "record", "kaz.all")
    ]
    assert len(replay(build(""), read_past(asked.entries()))) == 2


async def test_an_entry_has_all_that_a_policy_decides_on(asked):
    (intent, *_) = asked.entries()
    request = request_of(intent)
    assert (request.requester_member, request.bank, request.probe) == (
        "KAZ",
        "KAZ/persons",
        "person",
    )
    assert request.roles == {"investigator"}
    assert request.fields == {"name", "full_name", "birth_date"}
    assert (request.has_case, request.has_offence, request.has_justification) == (True, True, True)
    assert (request.person_category, request.aim) == ("suspect", "learn_more")


async def test_what_was_refused_at_the_door_is_left_out(asked):
    before = len(list(read_past(asked.entries())))
    call = asked.call()
    error = RuntimeError("x")
    await asked.node._parts.recorder.refused("/x", call.peer, {"banks": ("KAZ/persons",)}, error)
    assert len(list(read_past(asked.entries()))) == before


@pytest.mark.parametrize("rule", ["kaz.stopped", "kaz.budget.border", "kaz.alarm.steps"])
async def test_what_the_owner_refuses_by_hand_flips_nothing(asked, rule):
    """Whatever the policy says: a stop and a budget refuse what it permits."""
    past = list(read_past(asked.entries()))
    refused = next(e for e in asked.entries() if e.kind is Kind.REFUSAL)
    permitted = replace(refused, purpose="terrorism", rule=rule)
    assert list(read_past([*asked.entries(), permitted])) == past
    (own,) = read_past([replace(permitted, rule="kaz.border")])
    assert [flip.after for flip in replay(build(), [own])] == ["record"]


async def test_batch_that_is_refused_is_one_decision(country):
    country.node._parts.policy = build("")
    documents = [document(number=f"N1000000{n}", issuer="KAZ") for n in range(3)]
    await country.ask(country.desk.compose(probes=documents))
    assert len(country.entries()) == 3
    (one,) = read_past(country.entries())
    assert (one.told, one.rule) == ("refused", "kaz.default")


async def test_search_without_an_end_is_left_out(asked):
    entries = [entry for entry in asked.entries() if entry.kind.value != "OUTCOME"]
    assert {one.told for one in read_past(entries)} == {"refused"}


async def test_records_flip_with_their_references(country):
    country.node._parts.policy = build(release=ALL)
    red = Record("R7", RecordKind.WANTED, (NAME,), Handling(Tlp.RED))
    country.register.result = Result((red, Record("R1", RecordKind.WANTED, (NAME,))))
    call = country.call()
    await country.ask(call=call)
    facts = call.facts["personal"]["KAZ"]["owner"]
    past = list(read_past(country.entries(), lambda _: facts))
    assert replay(build(release=ALL), past) == []
    (flip,) = replay(build(release=ALL + RED), past)
    assert (flip.before, flip.after, flip.references) == ("released", "withheld", ("R7",))
    assert flip.rule == "kaz.release.red"
    assert facts == owner_facts(()) | facts
