"""Count what a ledger says of one month, for oversight: who asked how often, and how it ended.

Everything comes from the entries alone, so that a report can be made again by anybody who may read
them. A batch of documents is one search with many probes. Nothing here knows a person: entries
hold pseudonyms, and even those are not looked at.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from statistics import quantiles
from typing import Final, Self

from gateway.ledger.entry import Entry
from gateway.ledger.kinds import BankOutcome, Kind

SEARCHED: Final = frozenset({"answered", "no_hit"})
"""States of a bank that has searched."""
MISSED: Final = frozenset({"timed_out", "unavailable", "suspended", "faulty"})
"""States of a bank that was to search and did not: each is a gap in the answer."""
_CENTILES: Final = 100
_MEDIAN: Final = 49
_P95: Final = 94


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the Gregorian calendar in UTC."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-11".

        Raises:
            ValueError: It is written otherwise, or there is no such month.
        """
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
        return cls(first.year, first.month)

    @property
    def days(self) -> tuple[date, ...]:
        """All its days."""
        first = date(self.year, self.number, 1).toordinal()
        after = (self.year + self.number // 12, self.number % 12 + 1)
        return tuple(date.fromordinal(n) for n in range(first, date(*after, 1).toordinal()))

    def has(self, time: datetime) -> bool:
        """Whether a moment is in it."""
        return (time.year, time.month) == (self.year, self.number)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(slots=True)
class BankCount:
    """How one bank did.

    Attributes:
        states: How often it ended in each state.
        hits: Records that it released.
        times_ms: How long each of its searches took, seen from the hub, in milliseconds.
    """

    states: Counter[str] = field(default_factory=Counter)
    hits: int = 0
    times_ms: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, outcome: BankOutcome) -> None:
        """Count one end."""
        self.states[outcome.state] += 1
        self.hits += outcome.hits
        if outcome.state in SEARCHED:
            self.times_ms.append(outcome.elapsed_ms)

    @property
    def searched(self) -> int:
        """How often it has searched."""
        return sum(self.states[state] for state in SEARCHED)

    @property
    def hit_rate(self) -> float | None:
        """The share of its searches that found something, 0 to 1; None where it made none."""
        return self.states["answered"] / self.searched if self.searched else None

    @property
    def availability(self) -> float | None:
        """The share of the searches it was to make that it made; None where it was to make none."""
        wanted = self.searched + sum(self.states[state] for state in MISSED)
        return self.searched / wanted if wanted else None

    @property
    def quantiles_ms(self) -> tuple[int, int] | None:
        """Median and 95th centile of its times in milliseconds; None where it never searched."""
        if not self.times_ms:
            return None
        if len(self.times_ms) == 1:
            return self.times_ms[0], self.times_ms[0]
        cuts = quantiles(self.times_ms, n=_CENTILES, method="inclusive")
        return round(cuts[_MEDIAN]), round(cuts[_P95])


@dataclass(slots=True)
class Statistics:
    """What a ledger says of one month.

    Attributes:
        month: The month.
        side: "hub" or "node".
        member: Whose ledger it is.
        searches: Searches that ended.
        probes: Things that were looked for; more than searches where batches are.
        found: Searches in which at least one bank released something.
        incomplete: Searches with a gap: a bank that was to search and did not.
        days: Searches of each day.
        members: Searches by the requester's member.
        purposes: Searches by purpose.
        kinds: Probes by what was looked for.
        banks: How each bank did.
        rules: Refusals by the rule that refused, of banks and of whole questions.
        refused: Whole questions that were refused, by reason.
        troubles: Other ends, by the kind of entry: malformed, oversized, cancelled, recovered.
    """

    month: Month
    side: str = ""
    member: str = ""
    searches: int = 0
    probes: int = 0
    found: int = 0
    incomplete: int = 0
    days: Counter[date] = field(default_factory=Counter)
    members: Counter[str] = field(default_factory=Counter)
    purposes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    banks: dict[str, BankCount] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        """Count one entry; what is of another month or is no end is left out."""
        if not self.month.has(entry.time):
            return
        self.side, self.member = str(entry.side), entry.member
        if entry.kind is Kind.OUTCOME:
            self._add_outcome(entry)
        elif entry.kind is Kind.REFUSAL:
            self._add_refusal(entry)
        elif entry.kind in _TROUBLES:
            self.troubles[entry.kind.value.lower()] += 1

    def _add_outcome(self, entry: Entry) -> None:
        self.probes += 1
        self.kinds[entry.probe] += 1
        if entry.probe_index:  # the search itself was counted with its first probe
            return
        self.searches += 1
        self.days[entry.time.date()] += 1
        self.members[entry.requester_member] += 1
        self.purposes[entry.purpose] += 1
        self.found += any(outcome.state == "answered" for outcome in entry.states)
        self.incomplete += any(outcome.state in MISSED for outcome in entry.states)
        self._add_banks(entry.states)

    def _add_refusal(self, entry: Entry) -> None:
        # A node's refusal is an answer with the rule in it, a hub's is a call with a reason.
        if entry.states:
            self._add_banks(entry.states)
            return
        self.refused[entry.reason] += 1
        if entry.rule:
            self.rules[entry.rule] += 1

    def _add_banks(self, outcomes: Iterable[BankOutcome]) -> None:
        for outcome in outcomes:
            self.banks.setdefault(outcome.bank, BankCount()).add(outcome)
            if outcome.rule:
                self.rules[outcome.rule] += 1


_TROUBLES: Final = frozenset({Kind.MALFORMED, Kind.OVERSIZED, Kind.CANCELLED, Kind.RECOVERED})


def count_month(entries: Iterable[Entry], month: Month) -> Statistics:
    """Count all entries of one month."""
    statistics = Statistics(month)
    for entry in entries:
        statistics.add(entry)
    return statistics
