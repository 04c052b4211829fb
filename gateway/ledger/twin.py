"""Hold the twin ledgers against each other: what the hub says of a search, and what a node says.

Both write the same facts of the same question, and the digest of the same answer. So each can be
caught by the other: a search that one side has and the other has not, or parts that differ.

Some differences are no contradiction. A bank that the hub says timed out may have searched and
answered too late; one that was unavailable may have been lost on the way back. One that the hub
never called (suspended, not capable, refused by the hub's own policy) must have no entry. A search
whose caller went away leaves at the node whatever it had come to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from gateway.ledger.entry import format_time

Stored = Mapping[str, Any]

_NEVER: Final = "9999"
SKEW: Final = timedelta(seconds=30)
"""How far the clocks of hub and node may be apart, and how long a late entry may still come."""
SHARED: Final = (
    "query_sha256",
    "nonce",
    "who",
    "requester_member",
    "token_id",
    "purpose",
    "probe",
    "probe_fields",
    "targets",
    "batch",
)
"""The facts of a question that both sides have in clear."""
COMPARABLE: Final = (
    "kind",
    "time",
    "member",
    "side",
    "search_id",
    "banks",
    "states",
    "answer_sha256",
    "granularity",
    "policy_epoch",
    "count",
    "probe_index",
    "reason",
    *SHARED,
)
"""What a node lets the hub have of an entry for this; sealed parts are never among them."""
KINDS: Final = frozenset({"INTENT", "OUTCOME", "REFUSAL", "CANCELLED", "RECOVERED"})
_LOST: Final = frozenset({"timed_out", "unavailable", "faulty"})
"""Ends without an answer at the hub; the node may have come to any point."""
_UNCALLED: Final = frozenset({"suspended", "not_capable"})
_LATER_REASONS: Final = frozenset(
    f"node.{reason}"
    for reason in (
        "token_invalid",
        "token_expired",
        "token_foreign",
        "token_unbound",
        "signature_invalid",
        "query_stale",
        "nonce_reused",
        "federation_wrong",
        "target_unknown",
    )
)
"""Refusals of a call by which the node knew the question already: it has recorded them."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that does not hold between hub and node.

    Attributes:
        what: "node_missing", "hub_missing", "differs", "unfinished" or "unopened".
        search_id: The search.
        bank: As MEMBER/bank; "" where it is the hub's entries alone that do not hold.
        text: What is wrong, in a sentence, without any value.
    """

    what: str
    search_id: str
    bank: str
    text: str

    @property
    def member(self) -> str:
        """Whose ledger is to be looked into, beside the hub's."""
        return self.bank.partition("/")[0]


@dataclass(slots=True)
class Search:
    """All entries of one search: the hub's, and those of each bank's node."""

    hub: list[Stored] = field(default_factory=list)
    nodes: dict[str, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    latest: str = ""
    earliest: str = _NEVER

    @property
    def members(self) -> frozenset[str]:
        """The members whose banks it asked, or that have an entry of it."""
        return frozenset(_members_of(self.hub)) | {b.partition("/")[0] for b in self.nodes}

    def add(self, stored: Stored) -> None:
        """Add an entry."""
        self.latest = max(self.latest, stored["time"])
        self.earliest = min(self.earliest, stored["time"])
        if stored["side"] == "hub":
            self.hub.append(stored)
            return
        # Ends that an older version wrote at recovery name no bank: they end all of the node's.
        own = [bank for bank in self.nodes if bank.startswith(stored["member"])]
        for bank in stored.get("banks", own):
            self.nodes[bank].append(stored)


class Twins:
    """Collects entries of both sides by search, and judges those that are settled.

    Args:
        members: The members whose ledgers are compared; banks of others are left alone.
        begin: Searches that began before it are left alone: not all of them is known.

    Attributes:
        members: As above; may be set until the first judgement.
    """

    def __init__(self, members: Iterable[str], begin: datetime | None = None) -> None:
        self.members = frozenset(members)
        self._begin = format_time(begin + SKEW) if begin is not None else ""
        self._searches: dict[str, Search] = {}

    def __len__(self) -> int:
        return len(self._searches)

    def add(self, stored: Stored) -> None:
        """Add an entry of a hub or a node; what is of no search is left out."""
        if stored["kind"] in KINDS and stored.get("search_id"):
            self._searches.setdefault(stored["search_id"], Search()).add(stored)

    def judge(
        self,
        before: datetime | None = None,
        *,
        silent: frozenset[str] = frozenset(),
        declined: frozenset[str] = frozenset(),
        given_up: datetime | None = None,
    ) -> list[Finding]:
        """Judge the searches that have settled, and let them go.

        Args:
            before: Those whose last entry is older; all where it is None.
            silent: Members that could not be heard; what they were asked waits for them.
            declined: Members that do not let themselves be compared.
            given_up: What is older waits for nobody any more.
        """
        # Stored times have one form of one length: their texts have their order.
        limit = format_time(before) if before is not None else _NEVER
        waits = format_time(given_up) if given_up is not None else ""
        findings: list[Finding] = []
        for number, search in list(self._searches.items()):
            absent = search.members & silent
            if search.latest >= limit or (absent and search.latest >= waits):
                continue
            del self._searches[number]
            if search.earliest >= self._begin:
                members = self.members - absent - declined
                findings += judge_search(number, search, members)
        return sorted(findings)


def _members_of(entries: Iterable[Stored]) -> Iterator[str]:
    return (bank.partition("/")[0] for entry in entries for bank in entry.get("banks", ()))


def time_of(stored: Stored) -> datetime:
    """The time of an entry, in UTC, without a zone."""
    return datetime.fromisoformat(stored["time"]).replace(tzinfo=None)


def judge_search(number: str, search: Search, members: frozenset[str]) -> Iterator[Finding]:
    """Yield what does not hold in one search."""
    yield from _judge_hub(number, search)
    asked = {bank for entry in search.hub for bank in entry.get("banks", ())}
    for bank in sorted(asked | search.nodes.keys()):
        if bank.partition("/")[0] in members:
            yield from _Pair(number, bank, search).judge()


def _of(entries: Iterable[Stored], *kinds: str) -> list[Stored]:
    return [entry for entry in entries if entry["kind"] in kinds]


def _first(entries: Iterable[Stored]) -> list[Stored]:
    """The ends of whole searches: of a batch the end of its first document."""
    return [entry for entry in entries if not entry.get("probe_index")]


def _judge_hub(number: str, search: Search) -> Iterator[Finding]:
    """What the hub's entries of one search owe each other."""
    intents = _of(search.hub, "INTENT")
    outcomes = _first(_of(search.hub, "OUTCOME"))
    ends = len(outcomes) + len(_of(search.hub, "CANCELLED", "RECOVERED"))
    # A question that is refused has no intent, so a refusal may stand beside or after one.
    if len(intents) > ends + len(_of(search.hub, "REFUSAL")):
        yield Finding("unfinished", number, "", "the hub began the search and recorded no end")
    if ends > len(intents):
        yield Finding("unopened", number, "", "the hub ended the search and recorded no beginning")
    for outcome in outcomes:
        if sorted(one["bank"] for one in outcome["states"]) != sorted(outcome.get("banks", ())):
            yield Finding("differs", number, "", "the hub ended other banks than it asked")
    every = _of(search.hub, "OUTCOME")
    if len(every) != sum(outcome.get("batch", 1) for outcome in outcomes):
        yield Finding("differs", number, "", "the hub has not one entry for each document")
    if sum(entry.get("count", 0) for entry in every) != sum(map(_hits, outcomes)):
        yield Finding("differs", number, "", "the hub counted other hits than its banks gave")


def _is_full(entry: Stored) -> bool:
    """Whether an entry has all facts of its question; what was refused has those known by then."""
    return entry["kind"] in {"INTENT", "OUTCOME", "CANCELLED"} or "answer_sha256" in entry


def _is_uncalled(state: Stored) -> bool:
    """Whether the hub says that it never called this bank: by its breaker, directory or policy."""
    if state["state"] != "refused":
        return state["state"] in _UNCALLED
    return "answer_sha256" not in state and not state.get("rule", "").startswith("node.")


def _hits(outcome: Stored) -> int:
    return sum(one["hits"] for one in outcome["states"])


class _Pair:
    """One search at one bank, seen from both sides."""

    def __init__(self, number: str, bank: str, search: Search) -> None:
        self._number = number
        self._bank = bank
        self._hub = search.hub
        self._node = search.nodes.get(bank, [])
        outcomes = _first(_of(search.hub, "OUTCOME"))
        self._states = [s for o in outcomes for s in o["states"] if s["bank"] == bank]
        self._answers = [e for e in _first(self._node) if e.get("answer_sha256")]

    def judge(self) -> Iterator[Finding]:
        yield from self._judge_question()
        yield from self._judge_node()
        yield from self._judge_answers()

    def _say(self, what: str, text: str) -> Finding:
        return Finding(what, self._number, self._bank, text)

    def _judge_question(self) -> Iterator[Finding]:
        """The hub has asked, and both have the same question."""
        intents = _of(self._hub, "INTENT")
        if not any(self._bank in entry.get("banks", ()) for entry in intents):
            if self._node:
                yield self._say("hub_missing", "the node has a search that the hub never recorded")
            return
        for entry in self._node:
            known = SHARED if _is_full(entry) else [name for name in SHARED if name in entry]
            differing = [name for name in known if entry.get(name) != intents[0].get(name)]
            if differing:
                yield self._say("differs", f"hub and node differ in {', '.join(differing)}")
                return
        yield from self._judge_times(intents[0])

    def _judge_times(self, intent: Stored) -> Iterator[Finding]:
        """What the node has answered in time, it has recorded between the hub's entries."""
        begin = time_of(intent) - SKEW
        ends = [time_of(o) for o in _of(self._hub, "OUTCOME")]
        kept = {state.get("answer_sha256") for state in self._states}
        for entry in self._node:
            late = ends and time_of(entry) > max(ends) + SKEW
            if time_of(entry) < begin or (late and entry.get("answer_sha256") in kept):
                yield self._say("differs", "the node's times are not those of the hub's search")
                return

    def _judge_node(self) -> Iterator[Finding]:
        """What the node's own entries owe each other."""
        intents = len(_of(self._node, "INTENT"))
        ends = len(_first(_of(self._node, "OUTCOME", "CANCELLED", "RECOVERED")))
        refusals = [e for e in _of(self._node, "REFUSAL") if not e.get("answer_sha256")]
        if intents > ends + len(refusals):
            yield self._say("unfinished", "the node began the search and recorded no end")
        if ends > intents:
            yield self._say("unopened", "the node ended the search and recorded no beginning")
        yield from self._judge_batch()

    def _judge_batch(self) -> Iterator[Finding]:
        """Each document of a batch has its own entry."""
        for kind in ("OUTCOME", "REFUSAL"):
            by_answer: dict[str, list[Stored]] = defaultdict(list)
            for entry in _of(self._node, kind):
                if entry.get("answer_sha256"):
                    by_answer[entry["answer_sha256"]].append(entry)
            for entries in by_answer.values():
                if len(entries) != sum(e.get("batch", 1) for e in _first(entries)):
                    yield self._say("differs", "the node has not one entry for each document")
                if sum(e.get("count", 0) for e in entries) != sum(map(_hits, _first(entries))):
                    yield self._say("differs", "the node counted other hits than it released")

    def _judge_answers(self) -> Iterator[Finding]:
        """Each answer that the hub passed on is the node's, and each of the node's came there."""
        left, missed = list(self._answers), 0
        for state in self._states:
            digest = state.get("answer_sha256")
            match = next((e for e in left if e["answer_sha256"] == digest), None)
            if match is not None:
                left.remove(match)
                yield from self._compare(state, match)
            elif digest:
                missed += 1
            else:
                yield from self._judge_without(state)
        for number in range(missed):
            yield self._miss_answer(left[number:])
        left = left[missed:]
        if left and not self._may_have_missed(len(left)):
            yield self._say("hub_missing", "the node has an answer that the hub never recorded")

    def _miss_answer(self, left: Sequence[Stored]) -> Finding:
        if left:
            return self._say("differs", "hub and node have different answers")
        return self._say("node_missing", "the hub has an answer that the node never recorded")

    def _compare(self, state: Stored, entry: Stored) -> Iterator[Finding]:
        """The parts of one answer that both sides have."""
        (own,) = entry["states"]
        pairs = {
            "state": (state["state"], own["state"]),
            "hits": (state["hits"], own["hits"]),
            "rule": (state.get("rule"), own.get("rule")),
            "truncated": (state.get("truncated"), own.get("truncated")),
            "granularity": (state.get("granularity"), entry.get("granularity")),
            "policy_epoch": (state.get("policy_epoch"), entry.get("policy_epoch")),
            "kind": (state["state"] == "refused", entry["kind"] == "REFUSAL"),
        }
        differing = [name for name, (one, other) in pairs.items() if one != other]
        if differing:
            yield self._say("differs", f"hub and node differ in {', '.join(differing)}")

    def _judge_without(self, state: Stored) -> Iterator[Finding]:
        """An end that is the hub's own word."""
        rule = state.get("rule", "")
        if _is_uncalled(state) and self._node and not self._others():
            yield self._say("differs", "the hub says it did not call, and the node was called")
        elif rule in _LATER_REASONS and not _of(self._node, "REFUSAL"):
            yield self._say("node_missing", "the node refused and never recorded it")
        elif state["state"] in {"answered", "no_hit"}:
            yield self._say("differs", "the hub claims a search without an answer")

    def _others(self) -> bool:
        """Whether the hub has other ends of this bank, or lost some, in the same search."""
        lost = len(_of(self._hub, "INTENT")) > len(_first(_of(self._hub, "OUTCOME")))
        return lost or not all(map(_is_uncalled, self._states))

    def _may_have_missed(self, count: int) -> bool:
        """Whether so many answers may have been lost on their way: late, or nobody waited."""
        lost = sum(
            not state.get("answer_sha256")
            and (state["state"] in _LOST or state.get("rule", "").startswith("node."))
            for state in self._states
        )
        gone = len(_of(self._hub, "CANCELLED", "RECOVERED", "REFUSAL"))
        asked = any(self._bank in e.get("banks", ()) for e in _of(self._hub, "INTENT"))
        return not asked or count <= lost + gone
