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
