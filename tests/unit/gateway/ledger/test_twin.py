"""What is no contradiction between hub and node, and what is; real ledgers: tests/integration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.ledger.entry import format_time
from gateway.ledger.twin import SKEW, Finding, Twins

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
NUMBER, BANK, DIGEST = "ab" * 16, "KAZ/persons", "1" * 64
QUESTION = {"search_id": NUMBER, "query_sha256": "2" * 64, "banks": [BANK], "who": "w", "batch": 1}


def entry(side, kind, seconds=0.0, **facts):
    member = "HUB" if side == "hub" else "KAZ"
    time = format_time(START + timedelta(seconds=seconds))
    return {"side": side, "member": member, "kind": kind, "time": time, **QUESTION, **facts}


def hub_end(state, seconds=1.0, **facts):
    one = {"bank": BANK, "state": state, "hits": 0, **facts}
    return entry("hub", "OUTCOME", seconds, states=[one], count=0)


def node_end(digest=DIGEST, seconds=0.5, kind="OUTCOME"):
    states = [{"bank": BANK, "state": "no_hit", "hits": 0}]
    return entry("node", kind, seconds, states=states, count=0, answer_sha256=digest)


HUB, NODE = entry("hub", "INTENT"), entry("node", "INTENT", 0.2)
ANSWERED = hub_end("no_hit", answer_sha256=DIGEST)


def judge(*entries):
    twins = Twins(["KAZ"])
    for one in entries:
        twins.add(one)
    return [finding.what for finding in twins.judge()]


@pytest.mark.parametrize(
    "entries",
    [
        (HUB, NODE, node_end(), ANSWERED),
        (HUB, NODE, node_end(seconds=20), hub_end("timed_out")),
        (HUB, NODE, node_end(seconds=90), hub_end("timed_out")),
        (HUB, hub_end("timed_out")),
        (HUB, NODE, entry("node", "CANCELLED", 1), hub_end("timed_out")),
        (HUB, NODE, entry("node", "RECOVERED", 9), hub_end("unavailable")),
        (HUB, NODE, node_end(), hub_end("faulty")),
        (HUB, hub_end("suspended")),
        (HUB, hub_end("not_capable")),
        (HUB, hub_end("refused", rule="baseline.purpose")),
        (HUB, entry("node", "REFUSAL"), hub_end("refused", rule="node.token_expired")),
        (HUB, hub_end("refused", rule="node.malformed")),
        (HUB, NODE, node_end(), entry("hub", "CANCELLED", 1)),
        (HUB, NODE, entry("node", "CANCELLED", 1), entry("hub", "RECOVERED", 60)),
        (entry("hub", "REFUSAL"),),
        # The same bytes twice are the same search, asked again.
        (HUB, NODE, node_end(), ANSWERED, HUB, NODE, node_end("3" * 64), hub_end("timed_out")),
        (HUB, NODE, node_end("3" * 64), hub_end("timed_out"), HUB, NODE, node_end(), ANSWERED),
    ],
)
def test_no_contradiction(entries):
    assert judge(*entries) == []


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ((HUB, ANSWERED), "node_missing"),
        ((HUB, NODE, node_end("3" * 64), ANSWERED), "differs"),
        ((NODE, node_end()), "hub_missing"),
        ((entry("hub", "REFUSAL"), NODE, node_end()), "hub_missing"),
        ((HUB, NODE, node_end(), hub_end("suspended")), "differs"),
        ((HUB, NODE, node_end(), hub_end("refused", rule="baseline.x")), "differs"),
        ((HUB, hub_end("refused", rule="node.token_expired")), "node_missing"),
        ((HUB, hub_end("no_hit")), "differs"),
        ((HUB, NODE, node_end(), ANSWERED, NODE, node_end("3" * 64)), "hub_missing"),
        ((HUB, NODE, node_end()), "unfinished"),
        ((HUB, node_end(), ANSWERED), "unopened"),
        ((HUB, NODE, ANSWERED, node_end(seconds=32)), "differs"),
        ((HUB, entry("node", "INTENT", -40), node_end(), ANSWERED), "differs"),
        ((HUB, NODE, node_end(), ANSWERED | {"banks": []}), "differs"),
        ((HUB, NODE, node_end(), ANSWERED | {"count": 1}), "differs"),
    ],
)
def test_contradiction_is_named(entries, what):
    assert what in judge(*entries)


def test_search_is_judged_once_when_it_has_settled():
    twins = Twins(["KAZ"])
    for one in (HUB, ANSWERED, entry("hub", "INTENT", 50, search_id="cd" * 16)):
        twins.add(one)
    assert twins.judge(START + timedelta(seconds=1)) == []
    (finding,) = twins.judge(START + timedelta(seconds=2))
    assert finding == Finding("node_missing", NUMBER, BANK, finding.text)
    assert finding.member == "KAZ"
    assert len(twins) == 1
    assert [one.what for one in twins.judge()] == ["unfinished"]


def test_what_is_of_no_search_is_left_out():
    twins = Twins(["KAZ"])
    for one in (entry("hub", "ADMIN"), entry("node", "REFUSAL", search_id="")):
        twins.add(one)
    assert len(twins) == 0


def test_clocks_may_be_apart_as_far_as_is_said():
    seconds = SKEW.total_seconds()
    assert judge(HUB, entry("node", "INTENT", -seconds), node_end(seconds=-seconds), ANSWERED) == []


def told(*entries, members=("KAZ",)):
    twins = Twins(members)
    for one in entries:
        twins.add(one)
    return [(finding.bank, finding.text) for finding in twins.judge()]


DOCUMENTS = {"batch": 2, "query_sha256": "4" * 64}
BATCH_HUB = [
    entry("hub", "INTENT", **DOCUMENTS),
    hub_end("answered", answer_sha256=DIGEST, hits=3) | {**DOCUMENTS, "count": 1},
    entry("hub", "OUTCOME", 1, **DOCUMENTS, probe_index=1, count=2),
]
BATCH_NODE = [
    entry("node", "INTENT", 0.2, **DOCUMENTS),
    node_end()
    | {**DOCUMENTS, "count": 1, "states": [{"bank": BANK, "state": "answered", "hits": 3}]},
    entry("node", "OUTCOME", 0.5, **DOCUMENTS, probe_index=1, count=2, answer_sha256=DIGEST),
]


def test_batch_has_one_entry_for_each_document_on_both_sides():
    assert told(*BATCH_HUB, *BATCH_NODE) == []


@pytest.mark.parametrize(
    ("entries", "bank", "text"),
    [
        ((HUB, ANSWERED, ANSWERED, NODE, node_end()), "", "recorded no beginning"),
        ((*BATCH_HUB[:2], *BATCH_NODE), "", "the hub has not one entry for each document"),
        ((*BATCH_HUB, *BATCH_HUB[2:], *BATCH_NODE), "", "the hub has not one entry for each"),
        ((*BATCH_HUB, *BATCH_NODE[:2]), BANK, "the node has not one entry for each document"),
        ((*BATCH_HUB, *BATCH_NODE, BATCH_NODE[2]), BANK, "the node has not one entry for each"),
        (
            (*BATCH_HUB, *BATCH_NODE[:2], BATCH_NODE[2] | {"count": 1}),
            BANK,
            "the node counted other hits than it released",
        ),
        ((HUB, NODE, hub_end("timed_out")), BANK, "the node began the search and recorded no end"),
        ((HUB, NODE | {"who": "v"}, node_end(), ANSWERED), BANK, "hub and node differ in who"),
        (
            (HUB, NODE, node_end() | {"query_sha256": "5" * 64, "batch": 3}, ANSWERED),
            BANK,
            "hub and node differ in query_sha256, batch",
        ),
    ],
)
def test_finding_says_what_does_not_hold(entries, bank, text):
    assert any(where == bank and text in said for where, said in told(*entries))


def test_refusal_is_compared_by_what_was_known_by_then():
    """Who was refused early has not all facts; those that it has must be the hub's."""
    end = hub_end("refused", rule="node.token_expired")
    short = {name: value for name, value in entry("node", "REFUSAL").items() if name != "who"}
    assert told(HUB, short, end) == []
    assert told(HUB, short | {"purpose": "other"}, end) == [
        (BANK, "hub and node differ in purpose")
    ]


@pytest.mark.parametrize(
    ("facts", "state", "name"),
    [
        ({}, {"state": "answered"}, "state"),
        ({}, {"hits": 1}, "hits"),
        ({}, {"rule": "kaz.1"}, "rule"),
        ({}, {"truncated": True}, "truncated"),
        ({"granularity": "count"}, {}, "granularity"),
        ({"policy_epoch": "7"}, {}, "policy_epoch"),
    ],
)
def test_answer_is_compared_in_every_part_that_both_sides_have(facts, state, name):
    one = {"bank": BANK, "state": "no_hit", "hits": 0, **state}
    node = node_end() | {"states": [one], "count": one["hits"], **facts}
    assert told(HUB, NODE, node, ANSWERED) == [(BANK, f"hub and node differ in {name}")]


def test_refusal_of_the_node_is_no_outcome_of_the_hub():
    node = node_end(kind="REFUSAL")
    assert told(HUB, node, ANSWERED) == [(BANK, "hub and node differ in kind")]


def test_banks_of_members_whose_ledgers_are_not_compared_are_left_alone():
    assert told(HUB, ANSWERED, members=["TUR"]) == []
    assert told(HUB, members=["TUR"]) == [("", "the hub began the search and recorded no end")]


def test_search_that_began_before_the_comparison_is_left_alone():
    """Not all of it is known; clocks may be apart, so the first half minute is left alone too."""
    for seconds, found in ((SKEW.total_seconds() - 1, []), (SKEW.total_seconds(), ["unfinished"])):
        twins = Twins(["KAZ"], START)
        twins.add(entry("hub", "INTENT", seconds))
        twins.add(entry("hub", "INTENT", seconds + 90))
        twins.add(hub_end("suspended", seconds + 91))
        assert [one.what for one in twins.judge()] == found
        assert len(twins) == 0


def test_search_waits_for_a_member_that_is_not_heard_until_it_is_given_up():
    settled = START + timedelta(seconds=10)
    twins = Twins(["KAZ"])
    for one in (HUB, ANSWERED | {"banks": []}):
        twins.add(one)
    silent = frozenset({"KAZ"})
    assert twins.judge(settled, silent=silent) == []
    at_the_end = START + timedelta(seconds=1)  # only what is older is given up
    assert twins.judge(settled, silent=silent, given_up=at_the_end) == []
    assert len(twins) == 1
    over = at_the_end + timedelta(microseconds=1)
    found = twins.judge(settled, silent=silent, given_up=over)
    # What the hub's own entries owe each other is told; nothing of the member that was not heard.
    assert [(one.what, one.bank) for one in found] == [("differs", "")]


def test_member_that_is_not_heard_holds_up_no_search_of_others():
    twins = Twins(["KAZ"])
    for one in (HUB, ANSWERED):
        twins.add(one)
    assert [one.bank for one in twins.judge(silent=frozenset({"TUR"}))] == [BANK]


def test_member_that_declines_is_not_judged_and_not_waited_for():
    twins = Twins(["KAZ"])
    for one in (HUB, ANSWERED):
        twins.add(one)
    assert twins.judge(declined=frozenset({"KAZ"})) == []
    assert len(twins) == 0
