"""What a search has brought so far, and what it means in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.cli.exits import Exit
from gateway.events import Accepted, BankEnd, Ended, Event, Groups
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import search_service_pb2 as wire

SEARCHED: Final = frozenset({"answered", "no_hit"})
INCAPABLE: Final = "not_capable"
"""Not a gap: such a bank holds nothing of the kind that is looked for."""


@dataclass(slots=True)
class Found:
    """The events of one search.

    Attributes:
        accepted: What the hub said at the beginning; None before.
        ends: How each bank ended, as it came.
        groups: Which hits are one subject.
        ended: The verified end; None before.
    """

    accepted: Accepted | None = None
    ends: dict[str, BankEnd] = field(default_factory=dict)
    groups: tuple[wire.Group, ...] = ()
    ended: Ended | None = None

    def add(self, event: Event) -> None:
        """Take in an event."""
        match event:
            case Accepted():
                self.accepted = event
            case BankEnd():
                self.ends[event.bank] = event
            case Groups():
                self.groups = event.groups
            case Ended():
                self.ended = event

    @property
    def search_id(self) -> str:
        """The search's number in every ledger."""
        return self.accepted.search_id if self.accepted else ""

    @property
    def asked(self) -> tuple[str, ...]:
        """The banks that are asked."""
        return self.accepted.asked if self.accepted else tuple(self.ends)

    def hit_of(self, ref: wire.HitRef) -> model.Hit:
        """Return the hit that a group points to."""
        answer = self.ends[ref.bank].answer
        # The client has held the groups against the answers.
        assert answer is not None  # noqa: S101 - tells the type checker
        return answer.hits[ref.hit]

    def hits_of(self, group: wire.Group) -> Iterator[model.Hit]:
        """Return the hits of a group, best first."""
        return (self.hit_of(ref) for ref in group.hits)

    def with_state(self, *states: str) -> list[BankEnd]:
        """Return the banks that ended so, in the order of the alphabet."""
        return sorted((e for e in self.ends.values() if e.state in states), key=lambda e: e.bank)

    @property
    def gaps(self) -> list[BankEnd]:
        """The banks that were asked, could search, and did not."""
        others = SEARCHED | {INCAPABLE}
        return sorted((e for e in self.ends.values() if e.state not in others), key=_gap_order)

    @property
    def exit_code(self) -> Exit:
        """What the search means to a script."""
        if self.with_state("answered"):
            return Exit.HIT
        searched = bool(self.with_state("no_hit"))
        if self.gaps and all(end.state == "refused" for end in self.gaps) and not searched:
            return Exit.REFUSED
        return Exit.NO_HIT if searched and not self.gaps else Exit.INCOMPLETE


def _gap_order(end: BankEnd) -> tuple[bool, str]:
    # What nobody decided comes before what somebody refused.
    return (end.state == "refused", end.bank)


def count_hits(end: BankEnd) -> str:
    """Return what a bank answered in words: "2 hits", "more than 20 hits", "something"."""
    answer = end.answer
    if answer is None or end.state != "answered":
        return ""
    if not answer.hits:
        counts = sum(tally.count for tally in answer.tallies)
        return tell_count(counts) if counts else "something matches"
    return ("more than " if answer.truncated else "") + tell_count(len(answer.hits))


def tell_count(count: int, thing: str = "hit") -> str:
    """Return a number of things in words, as "2 hits"."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
