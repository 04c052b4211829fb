from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from gateway.access.likely import likely_question
from gateway.access.policy import MAX_PUBLISHED
from gateway.hub.published import Published, refuse_unknown
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.kinds import Kind
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

OPEN = '@id("tur.open")\n@granularity("count")\npermit (principal, action, resource);'
CLOSED = '@id("tur.closed")\n@text("Closed.")\nforbid (principal, action, resource);'
ASKING = (
    '@id("kaz.asking.home")\npermit (principal, action, resource) '
    'when { ["KAZ", "GEO"].contains(resource.owner) };'
)
ASKED = likely_question(
    "KAZ",
    bank="TUR/persons",
    purpose="terrorism",
    probe="person",
    roles=frozenset({"investigator"}),
)


def hear(published, member, search="", asking=""):
    asyncio.run(published.take(member, search, asking))


@pytest.fixture
def published():
    found = Published()
    hear(found, "KAZ")
    return found


def test_nobody_asks_before_it_is_known_what_its_member_permits():
    assert Published().for_officers_of("KAZ") is None
    assert Published().whole("KAZ", "TUR") is None
    refusal = refuse_unknown("KAZ")
    assert not refusal.permitted
    assert refusal.rule == "kaz.asking.unknown"


def test_member_without_an_asking_policy_lets_its_officers_ask_everybody(published):
    assert published.for_officers_of("KAZ").decide(ASKED).permitted


def test_asking_policy_refuses_under_its_own_rule(published):
    hear(published, "KAZ", asking=ASKING)
    assert published.for_officers_of("KAZ").decide(ASKED).rule == "kaz.asking.default"
    near = replace(ASKED, owner="GEO", bank="GEO/persons")
    assert published.for_officers_of("KAZ").decide(near).permitted


def test_all_three_layers_explain(published):
    assert not published.knows_owner("TUR")
    assert published.whole("KAZ", "TUR").decide(ASKED).granularity == "record"
    hear(published, "TUR", OPEN)
    assert published.knows_owner("TUR")
    assert published.whole("KAZ", "TUR").decide(ASKED).granularity == "count"
    hear(published, "TUR", CLOSED)
    assert published.whole("KAZ", "TUR").decide(ASKED).rule == "tur.closed"
    hear(published, "KAZ", asking=ASKING)
    assert published.whole("KAZ", "TUR").decide(ASKED).rule == "kaz.asking.default"


@pytest.mark.parametrize(
    "text", ["permit", CLOSED.replace("tur.", "geo."), OPEN + "//" * MAX_PUBLISHED]
)
def test_policy_that_does_not_hold_counts_as_not_known(published, text, caplog):
    hear(published, "TUR", OPEN)
    with caplog.at_level(logging.WARNING):
        hear(published, "TUR", text)
    assert not published.knows_owner("TUR")
    assert published.whole("KAZ", "TUR").decide(ASKED).granularity == "record"


def test_asking_policy_that_does_not_hold_leaves_the_last_that_did(published):
    hear(published, "KAZ", asking=ASKING)
    hear(published, "KAZ", asking="permit")
    assert published.for_officers_of("KAZ").decide(ASKED).rule == "kaz.asking.default"
    hear(published, "GEO", asking="permit")
    assert published.for_officers_of("GEO") is None


def test_what_has_not_changed_is_not_read_again(published):
    hear(published, "TUR", OPEN, "")
    policy = published.whole("KAZ", "TUR")
    hear(published, "TUR", OPEN, "")
    assert published.whole("KAZ", "TUR") is policy


async def test_search_that_the_own_member_forbids_is_told_to_nobody(hub):
    hub.nodes["KAZ"].description = wire.DescribeResponse(member="KAZ", asking_policy=ASKING)
    await hub.directory.refresh()
    call = hub.desk.call(seconds=5.0)
    search = await hub.searcher.begin(hub.desk.sign(hub.desk.compose()), call, batch=False)
    ends = {
        end.bank: end async for end in hub.searcher.run(hub.desk.sign(hub.desk.compose()), search)
    }
    assert ends["TUR/persons"].state == model.BANK_STATE_REFUSED
    assert ends["TUR/persons"].rule == "kaz.asking.default"
    assert hub.nodes["TUR"].requests == []
    assert hub.nodes["GEO"].requests
    (intent,) = hub.entries()
    policy = hub.directory.published.for_officers_of("KAZ")
    assert intent.policy_epoch == search.plan.policy_epoch == policy.epoch
    assert policy.epoch != hub.planner.policy_epoch


@pytest.fixture
def recorded(hub):
    """What is published, with its entries in the hub's own ledger."""
    return Published(hub.recorder)


def told(hub):
    entries = [e for e in hub.entries() if e.kind is Kind.POLICY]
    assert {e.action for e in entries} <= {"policy_loaded"}
    return [(e.requester_member, e.policy_epoch, e.policy_sha256) for e in entries]


async def test_each_change_of_the_epoch_in_force_is_an_entry(hub, recorded):
    await recorded.begin()
    await recorded.take("KAZ", OPEN.replace("tur.", "kaz."), "")
    ((nobody, open_epoch, _),) = told(hub)
    assert nobody == ""
    assert recorded.for_officers_of("KAZ").epoch == open_epoch
    in_force = []
    for asking in (ASKING, ASKING, "permit", ASKING.replace("GEO", "UZB"), ""):
        await recorded.take("KAZ", "", asking)
        policy = recorded.for_officers_of("KAZ")
        in_force.append(("KAZ", policy.epoch, policy.sha256))
    # Told twice, or without holding, a text changes nothing: no entry.
    assert told(hub)[1:] == [in_force[0], in_force[3], in_force[4]]
    assert in_force[4][1] == open_epoch


async def test_policy_decides_nothing_before_the_ledger_has_it(hub, recorded):
    await recorded.take("KAZ", "", "")
    await hub.ledger.close()
    with pytest.raises(LedgerUnavailableError):
        await recorded.take("KAZ", "", ASKING)
    assert recorded.for_officers_of("KAZ").decide(ASKED).permitted
    with pytest.raises(LedgerUnavailableError):
        await recorded.take("KAZ", "", ASKING)  # and it is tried again
