"""Read the decisions out of the ledgers of a small world, and make each of them again.

What decides again is built from the texts that were written, by `Book`; nothing of a running server
is asked. Only the words of a request are put together as `gateway.node.replay` does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gateway.access import policy as policy_module
from gateway.access.keys import read_key
from gateway.access.policy import Policy, PolicyRequest, Texts, read_asking
from gateway.ledger.custody import KeyFolder, unwrap_key
from gateway.ledger.entry import Entry
from gateway.ledger.kinds import BankOutcome, Kind
from gateway.ledger.seal import Place, key_id_of, sealed_part, unseal
from gateway.node.replay import read_facts, request_of
from tests.kit.world import World

HUB = "HUB"
OpenPart = Callable[[Entry], Mapping[str, Any]]
NOTHING: Mapping[str, Any] = {"candidates": [], "withheld": []}


@dataclass(frozen=True)
class Decided:
    """A decision on a search of one bank, and on each record that it found.

    Attributes:
        side: Whose ledger it is in: "HUB" or a member.
        search_id: The search.
        request: The question, in words of policies.
        epoch: The policies that were in force.
        permitted: Whether the bank was searched, or at the hub asked.
        rule: The rule that decided; "" where the hub permits: it names none.
        granularity: The most that the answer could hold; "" at the hub and where it is refused.
        state: How the bank ended, as "answered"; "" at the hub.
        part: What its owner alone knows.
        answer_sha256: The answer that came of it; "" at the hub.
    """

    side: str
    search_id: str
    request: PolicyRequest
    epoch: str
    permitted: bool
    rule: str = ""
    granularity: str = ""
    state: str = ""
    part: Mapping[str, Any] | None = None
    answer_sha256: str = ""


class Book:
    """The policies that were in force, by whose they are and their epoch."""

    def __init__(self) -> None:
        self.policies: dict[tuple[str, str], Policy] = {}

    def note(self, world: World) -> None:
        """Read the texts as they are now: each node's own, and what the hub asks by."""
        self._add(HUB, Policy.for_hub())
        for member in world.token_keys:
            folder = world.home / "nodes" / member
            search, release, asking = (
                path.read_text("utf-8") if path.exists() else None
                for path in (folder / f"{kind}.cedar" for kind in ("policy", "release", "asking"))
            )
            self._add(member, Policy.build(Texts(search or "", release, asking), member.lower()))
            if asking is not None:
                self._add(HUB, Policy.for_hub(read_asking(asking, member)))

    def forget(self, side: str, epoch: str) -> "Book":
        """The policy of an epoch alone, which remembers nothing."""
        policy_module._EVALUATED.clear()
        book, known = Book(), self.policies[side, epoch]
        files = {"asking": known._asking, "releasing": known._releasing}
        book._add(side, Policy(known._owner, known._baseline, **files))
        return book

    def _add(self, side: str, policy: Policy) -> None:
        self.policies.setdefault((side, policy.epoch), policy)


def open_owner(world: World, member: str) -> OpenPart:
    """Open the owner's part of entries of its own node with its custodian's key."""
    ledger = world.home / "nodes" / member / "ledger"
    private = read_key(world.home / "custodians" / member / "duty.key")
    folder = KeyFolder(ledger)
    keys = {
        named[2]: unwrap_key(folder.read(*named), "duty", private)
        for named in folder.present(member)
    }

    def open_part(entry: Entry) -> Mapping[str, Any]:
        part = sealed_part(entry, member, ledger)
        return unseal(part, keys[key_id_of(part)], Place.of(entry))["owner"]

    return open_part


def read_node(entries: Iterable[Entry], open_part: OpenPart) -> Iterator[Decided]:
    """Yield what a node has decided; what no policy decided is left out.

    So is a search whose caller went away: its entries do not say how much it would have held.
    """
    asked: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if entry.kind is Kind.INTENT:
            asked[entry.search_id, entry.banks[0]] = entry
        elif entry.kind is Kind.REFUSAL and not entry.reason and not is_by_hand(entry):
            if not entry.probe_index:
                part = open_part(entry)
                yield _of(entry, entry, permitted=False, granularity="", part=part)
        elif entry.kind is Kind.OUTCOME and not entry.probe_index:
            intent = asked.pop((entry.search_id, entry.banks[0]))
            assert intent.policy_epoch == entry.policy_epoch
            part = open_part(entry)
            yield _of(intent, entry, permitted=True, granularity=entry.granularity, part=part)
        elif entry.kind is Kind.CANCELLED:
            asked.pop((entry.search_id, entry.banks[0]), None)
    assert not asked, "each search has an end"


def _of(begin: Entry, end: Entry, **told: Any) -> Decided:
    return Decided(
        side=end.member,
        search_id=end.search_id,
        request=request_of(begin),
        epoch=begin.policy_epoch,
        rule=begin.rule,
        state=end.states[0].state,
        answer_sha256=end.answer_sha256,
        **told,
    )


def read_hub(entries: Iterable[Entry]) -> Iterator[Decided]:
    """Yield what the hub has decided for each bank of each search."""
    asked: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind is Kind.INTENT:
            asked[entry.search_id] = entry
        elif entry.kind is Kind.OUTCOME and not entry.probe_index:
            intent = asked.pop(entry.search_id)
            assert intent.banks == tuple(state.bank for state in entry.states)
            yield from (_at_hub(intent, state) for state in entry.states if not no_policy(state))
    assert not asked, "each search has an end"


def _at_hub(intent: Entry, state: BankOutcome) -> Decided:
    refused = state.state == "refused" and not state.answer_sha256
    owner, bank = state.bank.partition("/")[0], state.bank
    return Decided(
        side=HUB,
        search_id=intent.search_id,
        request=replace(request_of(intent), owner=owner, bank=bank),
        epoch=intent.policy_epoch,
        permitted=not refused,
        rule=state.rule if refused else "",
    )


def is_by_hand(entry: Entry) -> bool:
    """Whether a node's refusal is its owner's stop or budget."""
    return entry.rule.split(".")[1] in {"stopped", "budget", "alarm"}


def no_policy(state: BankOutcome) -> bool:
    """Whether the hub refused because of a stop, or because it knew of no policy."""
    return state.rule == "hub.stopped" or state.rule.endswith(".asking.unknown")


def differ(decided: Decided, book: Book) -> list[str]:
    """Decide again; return what comes out otherwise, in words."""
    policy = book.policies.get((decided.side, decided.epoch))
    if policy is None:
        return ["epoch"]
    again = policy.decide(decided.request)
    told = {
        "permitted": (decided.permitted, again.permitted),
        "rule": (decided.rule, "" if decided.side == HUB and again.permitted else again.rule),
        "granularity": (decided.granularity, "" if decided.side == HUB else again.granularity),
    }
    found = [what for what, (then, now) in told.items() if then != now]
    return found if decided.side == HUB else [*found, *_differ_records(decided, policy)]


def _differ_records(decided: Decided, policy: Policy) -> Iterator[str]:
    part = decided.part or NOTHING
    withheld: list[str] = []
    for group in part["candidates"]:
        shown = policy.release(decided.request, read_facts(group))
        if (group["rule"], group["withheld"]) != (shown.rule, shown.withheld):
            yield f"record {' '.join(group['references'])}"
        if len(group["references"]) != group["count"]:
            yield "count"
        withheld += group["references"] if shown.withheld else []
    if sorted(withheld) != part["withheld"]:
        yield "withheld"
