"""What exactly is said of each contradiction between hub and node, and of which fact."""

from __future__ import annotations

import pytest

from gateway.ledger.twin import COMPARABLE, KINDS, SHARED, Finding, Twins
from tests.unit.gateway.ledger.test_twin import (
    ANSWERED,
    BANK,
    DIGEST,
    HUB,
    NODE,
    NUMBER,
    entry,
    hub_end,
    node_end,
)

FACTS = (
    "query_sha256", "nonce", "who", "requester_member", "token_id", "purpose", "probe",
    "probe_fields", "targets", "batch",
)  # fmt: skip
LATER = (
    "token_invalid", "token_expired", "token_foreign", "token_unbound", "signature_invalid",
    "query_stale", "nonce_reused", "federation_wrong", "target_unknown",
)  # fmt: skip


def judge(*entries) -> list[Finding]:
    twins = Twins(["KAZ"])
    for one in entries:
        twins.add(one)
    return twins.judge()


def said(*entries) -> list[tuple[str, str]]:
    return [(finding.what, finding.text) for finding in judge(*entries)]


def found(what, text, bank=BANK) -> Finding:
    return Finding(what, NUMBER, bank, text)


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        (
            (HUB, NODE, node_end() | {"count": 1}, ANSWERED),
            found("differs", "the node counted other hits than it released"),
        ),
        (
            (HUB, node_end(), ANSWERED),
            found("unopened", "the node ended the search and recorded no beginning"),
        ),
        (
            (HUB, NODE, NODE, node_end(), ANSWERED),
            found("unfinished", "the node began the search and recorded no end"),
        ),
        (
            (HUB, HUB, NODE, node_end(), ANSWERED),
            found("unfinished", "the hub began the search and recorded no end", ""),
        ),
        (
            (HUB, NODE, node_end(), ANSWERED | {"banks": []}),
            found("differs", "the hub ended other banks than it asked", ""),
        ),
        (
            (HUB, NODE, node_end(), ANSWERED | {"batch": 2}),
            found("differs", "the hub has not one entry for each document", ""),
        ),
        (
            (HUB, NODE, node_end(), ANSWERED | {"count": 1}),
            found("differs", "the hub counted other hits than its banks gave", ""),
        ),
        (
            (HUB, ANSWERED),
            found("node_missing", "the hub has an answer that the node never recorded"),
        ),
        (
            (HUB, NODE, node_end("3" * 64), ANSWERED),
            found("differs", "hub and node have different answers"),
        ),
        (
            (NODE, node_end()),
            found("hub_missing", "the node has a search that the hub never recorded"),
        ),
        (
            (HUB, hub_end("no_hit")),
            found("differs", "the hub claims a search without an answer"),
        ),
        (
            (HUB, NODE, node_end(), ANSWERED, NODE, node_end("3" * 64)),
            found("hub_missing", "the node has an answer that the hub never recorded"),
        ),
        (
            (HUB, NODE, ANSWERED, node_end(seconds=32)),
            found("differs", "the node's times are not those of the hub's search"),
        ),
    ],
    ids=lambda value: value.text if isinstance(value, Finding) else "",
)
def test_one_contradiction_is_one_finding(entries, finding):
    assert judge(*entries) == [finding]


def test_search_without_a_beginning_at_the_hub_is_told_of_the_hub():
    unopened = found("unopened", "the hub ended the search and recorded no beginning", "")
    assert unopened in judge(ANSWERED)


def test_document_without_its_entry_is_told_of_the_node():
    without = found("differs", "the node has not one entry for each document")
    assert without in judge(HUB, NODE, node_end() | {"batch": 2}, ANSWERED)


@pytest.mark.parametrize("state", ["suspended", "not_capable"])
def test_bank_that_was_not_called_has_no_entry(state):
    called = ("differs", "the hub says it did not call, and the node was called")
    assert called in said(HUB, NODE, node_end(), hub_end(state))


@pytest.mark.parametrize("state", ["timed_out", "unavailable", "faulty"])
def test_answer_may_be_lost_where_the_hub_waited_in_vain(state):
    assert judge(HUB, NODE, node_end(), hub_end(state)) == []
    lost = ("hub_missing", "the node has an answer that the hub never recorded")
    assert said(HUB, NODE, node_end(), NODE, node_end("3" * 64), hub_end(state)) == [lost]


@pytest.mark.parametrize("reason", LATER)
def test_refusal_of_a_known_question_is_recorded_at_the_node(reason):
    refused = hub_end("refused", rule=f"node.{reason}")
    missing = ("node_missing", "the node refused and never recorded it")
    assert said(HUB, refused) == [missing]
    assert said(HUB, entry("node", "REFUSAL"), refused) == []


def test_answer_may_be_lost_where_the_node_refused_the_call():
    assert judge(HUB, NODE, node_end(), hub_end("refused", rule="node.overloaded")) == []


def test_search_that_the_node_began_may_end_with_its_refusal():
    refused = hub_end("refused", rule="node.token_expired")
    assert judge(HUB, NODE, entry("node", "REFUSAL", 0.5), refused) == []


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("kind", ["INTENT", "OUTCOME", "CANCELLED"])
def test_fact_that_the_node_lacks_differs(fact, kind):
    hub = HUB | {fact: "a"}
    node = {"INTENT": NODE, "OUTCOME": node_end(), "CANCELLED": entry("node", "CANCELLED")}
    lacking = {name: value for name, value in node[kind].items() if name != fact}
    assert ("differs", f"hub and node differ in {fact}") in said(hub, lacking, ANSWERED)


@pytest.mark.parametrize("fact", FACTS)
def test_refusal_has_what_the_node_knew_by_then(fact):
    refused = hub_end("refused", rule="node.token_expired")
    lacking = {name: v for name, v in entry("node", "REFUSAL").items() if name != fact}
    assert judge(HUB | {fact: "a"}, lacking, refused) == []
    other = entry("node", "REFUSAL", **{fact: "b"})
    assert said(HUB | {fact: "a"}, other, refused) == [
        ("differs", f"hub and node differ in {fact}")
    ]


@pytest.mark.parametrize(
    ("name", "own", "hub"),
    [
        ("state", {"states": [{"bank": BANK, "state": "withheld", "hits": 0}]}, {}),
        ("rule", {}, {"rule": "kaz.a"}),
        ("truncated", {}, {"truncated": True}),
        ("granularity", {}, {"granularity": "count"}),
        ("granularity", {"granularity": "count"}, {}),
        ("policy_epoch", {}, {"policy_epoch": "1"}),
        ("policy_epoch", {"policy_epoch": "1"}, {}),
        ("kind", {"kind": "REFUSAL"}, {}),
    ],
)
def test_part_of_an_answer_that_differs_is_named(name, own, hub):
    answered = hub_end("no_hit", answer_sha256=DIGEST, **hub)
    differs = ("differs", f"hub and node differ in {name}")
    assert differs in said(HUB, NODE, node_end() | own, answered)


def test_parts_of_an_answer_that_are_alike_are_no_finding():
    facts = {"rule": "kaz.a", "truncated": True}
    states = [{"bank": BANK, "state": "no_hit", "hits": 0, **facts}]
    both = {"granularity": "count", "policy_epoch": "1"}
    node = node_end() | {"states": states, **both}
    assert judge(HUB, NODE, node, hub_end("no_hit", answer_sha256=DIGEST, **facts, **both)) == []


def test_what_is_compared_is_what_both_sides_have_in_clear():
    assert SHARED == FACTS
    assert (
        "kind", "time", "member", "side", "search_id", "banks", "states", "answer_sha256",
        "granularity", "policy_epoch", "count", "probe_index", "reason", *FACTS,
    ) == COMPARABLE  # fmt: skip
    assert {"INTENT", "OUTCOME", "REFUSAL", "CANCELLED", "RECOVERED"} == KINDS
