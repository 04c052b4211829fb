"""Every decision in the ledgers of hub and nodes is made again, and nothing comes out otherwise.

A small federation over real gRPC has answered some hundred questions (`tests/kit/mixture.py`). Each
decision that its ledgers hold is decided again, also the owners' sealed parts, by the policies of
its epoch, built anew from the texts.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from adapters.contract import FieldName
from gateway.access.shown import MASKED, WITHHELD
from gateway.ledger.kinds import Kind
from gateway.node.convert import FIELDS
from gateway.node.replay import read_facts
from tests.kit.decided import HUB, Decided, differ, is_by_hand, open_owner, read_hub, read_node
from tests.kit.mixture import SERVING, ask_everything

# Some hundred questions, asked by whichever test comes first.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    return asyncio.run(ask_everything(tmp_path_factory.mktemp("replay") / "home"))


def rules_of(decisions) -> set[str]:
    return {one.rule for one in decisions}


@pytest.mark.parametrize("side", [HUB, *SERVING])
def test_every_decision_comes_out_as_it_was(asked, side):
    decisions = asked.decisions(side)
    # What was taken from a memory then is made now: each by policies that remember nothing.
    found = [(o.search_id, differ(o, asked.book.forget(side, o.epoch))) for o in decisions]
    assert len(found) > 60
    assert [(name, told) for name, told in found if told] == []


def test_every_layer_has_permitted_and_refused(asked):
    """So what was decided again is of every kind."""
    hub, tur = asked.decisions(HUB), asked.decisions("TUR")
    assert {"baseline.auditor", "baseline.offence", "kaz.asking.victims", ""} <= rules_of(hub)
    assert {"tur.some", "tur.default", "tur.abroad", "tur.stolen"} <= rules_of(tur)
    assert {"kaz.missing", "kaz.all", "baseline.single_name"} <= rules_of(asked.decisions("KAZ"))
    given = {(one.request.granularity, one.granularity) for one in asked.decisions("GEO")}
    assert {("record", "count"), ("record", "record"), ("exists", "exists")} <= given
    epochs = {side: {one.epoch for one in asked.decisions(side)} for side in (HUB, *SERVING)}
    # The hub's own, KAZ's two of asking; each change of TUR may be met before the next is written.
    assert len(epochs[HUB]) == 3
    assert len(epochs["TUR"]) >= 2
    told = Counter(
        (group["rule"], group["withheld"])
        for side in SERVING
        for one in asked.decisions(side)
        for group in one.part["candidates"]
    )
    assert told["kaz.release.all", False] > 5
    assert told["kaz.release.armed", True] > 1
    assert told["tur.release.default", True] > 1
    assert {"answered", "no_hit", "refused"} <= asked.states.keys()


def test_what_no_policy_decided_is_in_the_ledgers_and_left_out(asked):
    at_hub = [s.rule for e in asked.world.entries() for s in e.states if not s.answer_sha256]
    assert {"hub.stopped", "uzb.asking.unknown"} <= {*at_hub}
    assert not {"hub.stopped", "uzb.asking.unknown"} & rules_of(asked.decisions(HUB))
    for side, rule in (("TUR", "tur.stopped"), ("GEO", "geo.budget.one")):
        assert rule in {entry.rule for entry in asked.world.entries(side)}
        assert rule not in rules_of(asked.decisions(side))
    refused = [e for e in asked.world.entries() if e.kind is Kind.REFUSAL]
    assert [entry.reason for entry in refused] == ["TOKEN_UNBOUND"]


def test_epochs_are_those_that_came_into_force(asked):
    for side in SERVING:
        for entry in asked.world.entries(side):
            if entry.kind is Kind.POLICY:
                policy = asked.book.policies[side, entry.policy_epoch]
                assert entry.policy_sha256 == policy.sha256


def test_hub_passed_on_what_each_node_decided(asked):
    nodes = {one.answer_sha256: one for side in SERVING for one in asked.decisions(side)}
    entries = [entry for entry in asked.world.entries() if not entry.probe_index]
    states = [state for entry in entries for state in entry.states]
    both = [(nodes[s.answer_sha256], s) for s in states if s.answer_sha256 in nodes]
    # A stop at the hub may be met while a node still answers: nobody has that answer.
    assert len(nodes) >= len(both) >= len(nodes) - 1 > 200
    for one, state in both:
        assert (state.policy_epoch, state.state) == (one.epoch, one.state)
        assert state.granularity == (one.granularity or one.request.granularity)
        assert state.rule == ("" if one.permitted else one.rule) or is_met(one, state.rule)


def is_met(one, rule="tur.stopped") -> bool:
    """Whether a stop met a search that was permitted and ran."""
    return one.permitted and one.state == "refused" and rule == "tur.stopped"


def test_answers_held_what_was_decided_and_nothing_else(asked):
    """Who was released and how each field is shown, in the answers that the officers got."""
    seen = Counter()
    for side in SERVING:
        for one in asked.decisions(side):
            answer = asked.answers.get(one.answer_sha256)
            if answer is not None and not is_met(one):
                require_shown(answer, one, asked.book.policies[side, one.epoch], seen)
    assert min(seen["released"], seen["masked"], seen["withheld"], seen["reference"]) > 5


def require_shown(answer, one, policy, seen) -> None:
    groups = (one.part or {"candidates": ()})["candidates"]
    shown = {r: policy.release(one.request, read_facts(g)) for g in groups for r in g["references"]}
    left = {reference for reference, how in shown.items() if not how.withheld}
    if one.granularity in {"reference", "record"}:
        assert {hit.record.reference for hit in answer.hits} == left
    else:
        assert not answer.hits
        assert len(answer.tallies) == (len(left) > 0)
        assert {tally.count for tally in answer.tallies} <= {0, len(left)}
    for hit in answer.hits:
        how, there = shown[hit.record.reference], {f.field: f.masked for f in hit.record.fields}
        whole = one.granularity == "record" and how.whole
        seen["reference"] += not whole
        expected = {
            FIELDS[FieldName(name)]: how.treat(name) == MASKED
            for name in ("name", "birth_date", "sex", "document", "identifier")
            if whole and how.treat(name) != WITHHELD
        }
        assert there == expected
        seen.update("masked" if masked else "released" for masked in there.values())
        seen["withheld"] += 5 - len(there)


def alter(one: Decided):
    """Every way in which a decision could have been written down otherwise."""
    yield replace(one, permitted=not one.permitted)
    yield replace(one, rule=f"{one.rule}x")
    yield replace(one, epoch="0" * 16)
    if one.side != HUB:
        for step in {"", "exists", "count", "reference", "record"} - {one.granularity}:
            yield replace(one, granularity=step)
        part = one.part
        yield replace(one, part={**part, "withheld": [*part["withheld"], "ZZ-1"]})
        for number, group in enumerate(part["candidates"]):
            for change in ({"withheld": not group["withheld"]}, {"rule": "x.release.y"}):
                groups = list(part["candidates"])
                groups[number] = {**group, **change}
                yield replace(one, part={**part, "candidates": groups})


@pytest.mark.parametrize("side", [HUB, *SERVING])
def test_no_decision_could_be_altered_unseen(asked, side):
    for one in asked.decisions(side):
        for altered in alter(one):
            assert differ(altered, asked.book)


def other_rule(entry):
    """The entry of a decision with another rule in it."""
    if entry.kind is Kind.OUTCOME and entry.member == HUB:
        states = [replace(s, rule=s.rule and f"{s.rule}x") for s in entry.states]
        return replace(entry, states=tuple(states))
    if entry.kind is Kind.REFUSAL and (entry.reason or is_by_hand(entry)):
        return entry
    decides = entry.kind in {Kind.INTENT, Kind.REFUSAL} and entry.member != HUB
    return replace(entry, rule=f"{entry.rule}x") if decides else entry


def other_granularity(entry):
    """The outcome of a node with another granularity in it."""
    if entry.kind is not Kind.OUTCOME or entry.member == HUB:
        return entry
    return replace(entry, granularity="count" if entry.granularity == "record" else "record")


@pytest.mark.parametrize("side", SERVING)
@pytest.mark.parametrize("change", [other_rule, other_granularity])
def test_entry_of_a_node_that_tells_of_another_decision_is_found(asked, side, change):
    changed = map(change, asked.world.entries(side))
    found = [differ(one, asked.book) for one in read_node(changed, open_owner(asked.world, side))]
    permitted = sum(one.permitted for one in asked.decisions(side))
    what = "rule" if change is other_rule else "granularity"
    wanted = permitted if change is other_granularity else len(found)
    assert found.count([what]) == wanted
    assert found.count([]) == len(found) - wanted


def test_entry_of_the_hub_that_tells_of_another_rule_is_found(asked):
    decisions = list(read_hub(map(other_rule, asked.world.entries())))
    refused = [one for one in decisions if not one.permitted]
    assert len(refused) > 20
    assert all(differ(one, asked.book) for one in refused)
