"""What another policy would have decided on the questions that a node's own ledger holds.

An entry has every word that a policy decides on and no value of a question, so the past can be
decided again. With the policy that was in force nothing may come out otherwise; with another one
each flip is a search that would have been answered or refused, or a record that would have been
released or withheld. What was found is in the part of an entry that only its owner can open; it
comes from whoever opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from gateway.access.cases import tell_shown
from gateway.access.policy import Policy
from gateway.access.request import PolicyRequest, RecordFacts
from gateway.access.rules import is_by_hand
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import Kind
from gateway.node.hidden import releases
from gateway.node.sieve import release_behind

OwnerFacts: TypeAlias = Callable[[Entry], Mapping[str, Any] | None]
"""Opens what only the owner knows of a search: as `sieve.owner_facts` made it; None without."""


@dataclass(frozen=True, slots=True)
class Past:
    """One search that the ledger holds.

    Attributes:
        search_id: Which.
        time: When.
        request: The question in words of policies.
        told: What was answered at most, "exists" to "record", or "refused".
        rule: The rule that decided.
        epoch: The policy that was in force.
        facts: What only the owner knows of it.
    """

    search_id: str
    time: datetime
    request: PolicyRequest
    told: str
    rule: str
    epoch: str
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Flip:
    """What another policy would have decided otherwise.

    Attributes:
        past: The search.
        before: As it was decided.
        after: As it would have been.
        rule: The rule that would have decided.
        references: The records that it is about; none where it is about the search.
    """

    past: Past
    before: str
    after: str
    rule: str
    references: tuple[str, ...] = ()


def read_past(entries: Iterable[Entry], open_facts: OwnerFacts | None = None) -> Iterator[Past]:
    """Put the entries of each decided search together, in the order in which they ended.

    What was refused at the door was never put to a policy and is left out; so is what the owner's
    stops and budgets refuse, whatever its policy says.
    """
    asked: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind is Kind.INTENT:
            asked[_key(entry)] = entry
        elif entry.kind is Kind.REFUSAL:
            if _is_decided(entry):
                yield _past(entry, "refused", entry, None)
        elif entry.kind is Kind.OUTCOME and (intent := asked.pop(_key(entry), None)):
            facts = open_facts(entry) if open_facts else None
            yield _past(intent, entry.granularity, entry, facts)


def _is_decided(refusal: Entry) -> bool:
    """Whether a policy refused; a batch has an entry for each document, and one decision."""
    if refusal.reason or not refusal.rule or refusal.probe_index:
        return False
    return not is_by_hand(refusal.rule, refusal.member.lower())


def _key(entry: Entry) -> str:
    """A search asks each bank once, and each has its entries."""
    return f"{entry.search_id} {' '.join(entry.banks)}"


def _past(asked: Entry, told: str, end: Entry, facts: Mapping[str, Any] | None) -> Past:
    return Past(
        search_id=asked.search_id,
        time=end.time,
        request=request_of(asked),
        told=told,
        rule=asked.rule,
        epoch=end.policy_epoch,
        facts=facts,
    )


def request_of(entry: Entry) -> PolicyRequest:
    """The question of an entry in words of policies."""
    return PolicyRequest(
        requester_member=entry.requester_member,
        roles=frozenset(entry.roles),
        unit=entry.unit,
        purpose=entry.purpose,
        owner=entry.member,
        bank=entry.banks[0] if entry.banks else "",
        probe=entry.probe,
        granularity=entry.granularity,
        fields=frozenset(entry.probe_fields),
        has_case="case" in entry.has,
        has_offence="offence" in entry.has,
        has_justification=bool({"offence", "text"} & set(entry.has)),
        person_category=entry.person_category or "unspecified",
        aim=entry.aim or "unspecified",
    )


def replay(policy: Policy, past: Iterable[Past]) -> list[Flip]:
    """Decide each search by a policy, and where its facts are known records and hidden banks."""
    return [
        flip
        for one in past
        for flip in (
            *_replay_search(policy, one),
            *_records(policy, one),
            *_hidden_banks(policy, one),
        )
    ]


def _replay_search(policy: Policy, past: Past) -> list[Flip]:
    decision = policy.decide(past.request)
    after = decision.granularity if decision.permitted else "refused"
    return [] if after == past.told else [Flip(past, past.told, after, decision.rule)]


def _records(policy: Policy, past: Past) -> Iterator[Flip]:
    for group in (past.facts or {}).get("candidates", ()):
        facts, bank = read_facts(group), group.get("bank")
        shown = (
            release_behind(policy, past.request, bank, facts)
            if bank
            else policy.release(past.request, facts)
        )
        before = _word(not group["withheld"])
        after = tell_shown(shown)
        if shown.withheld != group["withheld"]:
            yield Flip(past, before, after, shown.rule, tuple(group["references"]))


def _hidden_banks(policy: Policy, past: Past) -> Iterator[Flip]:
    for told in (past.facts or {}).get("behind", ()):
        asked = replace(past, request=replace(past.request, bank=told["bank"]))
        decision = policy.decide(asked.request)
        released = releases(decision, past.told)
        by_hand = is_by_hand(told["rule"], past.request.owner.lower())
        if released != told["released"] and not by_hand:
            yield Flip(asked, _word(told["released"]), _word(released), decision.rule)


def _word(released: bool) -> str:  # noqa: FBT001 - it is what is put into a word
    return "released" if released else "withheld"


def read_facts(group: Mapping[str, Any]) -> RecordFacts:
    """Read what `sieve.owner_facts` wrote of a group of records."""
    return RecordFacts(
        kind=group["kind"],
        tlp=group["tlp"],
        europol=frozenset(group["europol"]),
        confirm_first=group["confirm_first"],
        has_warning=group["has_warning"],
        age_years=group.get("age_years"),
    )
