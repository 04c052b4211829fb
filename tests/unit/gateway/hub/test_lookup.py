from __future__ import annotations

import pytest

from gateway.access.errors import PeerForbiddenError, TargetUnknownError, TokenInvalidError
from gateway.errors import FieldInvalidError
from gateway.hub.breaker import FAILURES
from gateway.hub.lookup import DirectoryMethods
from gateway.serving import Gate
from kalkan.v1 import directory_service_pb2 as wire
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as node
from tests.kit.desk import Desk
from tests.kit.signed import ID

BANKS = ["GEO/persons", "KAZ/persons", "KAZ/vehicles", "TUR/persons"]
TRIO = model.Target(project="trio")


@pytest.fixture
def gate(hub):
    return Gate(hub.recorder, limit=8)


@pytest.fixture
def lookup(hub, gate):
    return DirectoryMethods(hub.searcher, hub.directory, hub.breaker, gate)


@pytest.fixture
def auditor(federation, clock):
    return Desk(federation, clock, roles=("auditor",))


def describe(hub, bank, *probes, up=True):
    known = hub.directory.banks[bank]
    known.description = node.BankDescription(bank="another", title="A bank", probes=probes)
    known.seen, known.up = hub.clock.now(), up


async def federation_of(hub, lookup):
    return await lookup.get_federation(wire.GetFederationRequest(), hub.desk.call())


async def test_federation_names_members_projects_banks_and_purposes(hub, lookup):
    told = await federation_of(hub, lookup)
    assert told.federation_id == ID
    assert [m.member for m in told.members] == ["GEO", "KAZ", "TUR"]
    assert {p.project: list(p.members) for p in told.projects}["pair"] == ["KAZ", "TUR"]
    assert [b.description.bank for b in told.banks] == BANKS
    assert model.PURPOSE_TERRORISM in told.purposes
    assert model.PURPOSE_UNSPECIFIED not in told.purposes


async def test_bank_is_told_under_its_own_name_with_its_condition(hub, lookup):
    describe(hub, "KAZ/persons")
    describe(hub, "KAZ/vehicles", up=False)
    describe(hub, "TUR/persons")
    for _ in range(FAILURES):
        hub.breaker.note("TUR/persons", model.BANK_STATE_FAULTY)
    told = {b.description.bank: b for b in (await federation_of(hub, lookup)).banks}
    assert {bank: status.condition for bank, status in told.items()} == {
        "GEO/persons": wire.CONDITION_DOWN,
        "KAZ/persons": wire.CONDITION_UP,
        "KAZ/vehicles": wire.CONDITION_DOWN,
        "TUR/persons": wire.CONDITION_SUSPENDED,
    }
    assert told["KAZ/persons"].description.title == "A bank"
    assert told["KAZ/persons"].seen_time.ToDatetime() == hub.clock.now().replace(tzinfo=None)
    assert not told["GEO/persons"].HasField("seen_time")


async def test_connections_that_tls_refused_are_counted(hub, lookup, gate):
    for _ in range(3):
        gate.connections.began()
    gate.connections.passed("ipv4:127.0.0.1:1")
    assert (await federation_of(hub, lookup)).tls_refused_count == 2


@pytest.mark.parametrize("metadata", [(), (("authorization", "Basic abc"),), (("other", "x"),)])
async def test_lookup_needs_a_bearer_token(hub, lookup, metadata):
    call = hub.desk.call(metadata=metadata)
    with pytest.raises(TokenInvalidError, match="bearer"):
        await lookup.get_federation(wire.GetFederationRequest(), call)


async def test_lookup_is_for_clients(hub, lookup):
    with pytest.raises(PeerForbiddenError):
        await lookup.get_federation(wire.GetFederationRequest(), hub.desk.call("node"))


async def explain(hub, lookup, *targets, desk=None, **changes):
    values = {
        "purpose": model.PURPOSE_TERRORISM,
        "targets": targets or (TRIO,),
        "probe": node.PROBE_KIND_PERSON,
    }
    request = wire.ExplainAccessRequest(**{**values, **changes})
    return await lookup.explain_access(request, (desk or hub.desk).call())


async def test_access_is_explained_bank_by_bank(hub, lookup):
    describe(hub, "TUR/persons", node.PROBE_KIND_DOCUMENT)
    told = (await explain(hub, lookup)).banks
    assert [access.bank for access in told] == BANKS
    assert all(access.permitted for access in told)
    assert {access.granularity for access in told} == {model.GRANULARITY_RECORD}
    assert [access.capable for access in told] == [True, True, True, False]


FIELDS = """
@id("tur.open")
permit (principal, action == Kalkan::Action::"search", resource)
unless { context.fields.contains(Kalkan::Field::"birth_date") };

@id("tur.births")
@granularity("count")
permit (principal, action == Kalkan::Action::"search", resource);

@id("tur.sex")
@text("Never by sex.")
forbid (principal, action == Kalkan::Action::"search", resource)
when { context.fields.contains(Kalkan::Field::"sex") };

@id("tur.records")
@text("No records.")
forbid (principal, action == Kalkan::Action::"search", resource)
when {
  context.granularity == Kalkan::Granularity::"record" &&
  context.purpose == Kalkan::Purpose::"arrest_warrant"
};
"""


async def test_fields_that_may_be_filled_in_are_told_with_what_comes_back(hub, lookup):
    await hub.directory.published.take("TUR", FIELDS, "")
    every = '@id("kaz.open")\npermit (principal, action == Kalkan::Action::"search", resource);'
    await hub.directory.published.take("KAZ", every, "")
    told = {access.bank: access for access in (await explain(hub, lookup)).banks}
    by_name, by_birth = told["KAZ/persons"].fields
    assert (list(by_name.needed), by_name.granularity) == (
        ["full_name", "name"],
        model.GRANULARITY_RECORD,
    )
    assert list(by_birth.needed) == ["birth_date", "name"]
    by_name, by_birth = told["TUR/persons"].fields
    assert (list(by_name.needed), by_name.granularity) == (
        ["full_name", "name"],
        model.GRANULARITY_RECORD,
    )
    assert list(by_name.optional) == ["nationality", "place"]
    assert (list(by_birth.needed), by_birth.granularity) == (
        ["birth_date", "name"],
        model.GRANULARITY_COUNT,
    )
    assert list(by_birth.optional) == ["full_name", "nationality", "place"]
    assert told["TUR/persons"].granularity == model.GRANULARITY_RECORD


async def test_how_much_is_asked_for_has_a_part(hub, lookup):
    await hub.directory.published.take("TUR", FIELDS, "")
    target = model.Target(bank="TUR/persons")
    changes = {"purpose": model.PURPOSE_ARREST_WARRANT}
    (access,) = (await explain(hub, lookup, target, **changes)).banks
    assert access.refusal.rule == "tur.records"
    assert not access.fields
    changes["granularity"] = model.GRANULARITY_REFERENCE
    (access,) = (await explain(hub, lookup, target, **changes)).banks
    assert access.permitted
    assert access.granularity == model.GRANULARITY_REFERENCE


async def test_refusal_is_explained_with_rule_text_and_contact(hub, lookup, auditor):
    for access in (await explain(hub, lookup, desk=auditor)).banks:
        assert not access.permitted
        assert access.refusal.rule == "baseline.auditor"
        assert access.refusal.text.startswith("Auditors")
        assert access.refusal.contact.office == "Federation Secretariat"
        assert access.granularity == model.GRANULARITY_UNSPECIFIED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"targets": [TRIO] * 65}, "targets"),
        ({"probe": 0}, "probe"),
        ({"probe": 99}, "probe"),
        ({"purpose": 0}, "purpose"),
        ({"purpose": 99}, "purpose"),
        ({"granularity": 99}, "granularity"),
    ],
)
async def test_what_cannot_be_explained_is_refused_by_its_field(hub, lookup, changes, field):
    with pytest.raises(FieldInvalidError) as caught:
        await explain(hub, lookup, **changes)
    assert caught.value.metadata["field"] == field


async def test_explaining_needs_targets(hub, lookup):
    with pytest.raises(FieldInvalidError, match="1 to 64"):
        await lookup.explain_access(wire.ExplainAccessRequest(), hub.desk.call())
    assert len((await explain(hub, lookup, *[TRIO] * 64)).banks) == len(BANKS)
    with pytest.raises(TargetUnknownError):
        await explain(hub, lookup, model.Target(project="everybody"))
