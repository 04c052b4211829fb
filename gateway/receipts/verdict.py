"""What the check of a receipt found, step by step, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.receipts.proof import State


class Step(StrEnum):
    """What is checked, in this order."""

    RECEIPT = "receipt"  # signed by the hub
    NODES = "nodes"  # each searched bank attested by its own node
    TARGETS = "targets"  # no bank of the targets left out
    ENTRY = "entry"  # the ledger's entry says the same
    PROOF = "proof"  # the entry is in the log, and the quorum has signed that


@dataclass(frozen=True, slots=True)
class Bank:
    """How one bank ended.

    Attributes:
        bank: As "KAZ/persons".
        state: As "no_hit".
        attested: Whether its own node has signed that.
        truncated: Whether there was more than was given.
        rule: The rule that refused.
    """

    bank: str
    state: str
    attested: bool
    truncated: bool = False
    rule: str = ""


@dataclass(slots=True)
class Verdict:
    """What was found.

    Attributes:
        wrong: What does not hold, with the step at which it was found.
        pending: Why there is no proof yet; "" where there is one.
        search_id: The search.
        start: When it began at the hub.
        complete: Whether every bank that was asked and can search for this has searched.
        banks: How each bank ended.
        entries: The size of the log under the proof.
        witnesses: The names of the witnesses that signed it.
        quorum: How many must, also while the proof is pending.
    """

    wrong: list[tuple[Step, str]] = field(default_factory=list)
    pending: str = ""
    search_id: str = ""
    start: datetime | None = None
    complete: bool = False
    banks: list[Bank] = field(default_factory=list)
    entries: int = 0
    witnesses: tuple[str, ...] = ()
    quorum: int = 0

    @property
    def state(self) -> State:
        """How far the search is proved."""
        if self.wrong:
            return State.WRONG
        if self.pending:
            return State.PENDING
        return State.WITNESSED if self.quorum else State.LOGGED

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong; the proof may still be pending."""
        return not self.wrong

    def fail(self, step: Step, text: str) -> None:
        """Note what does not hold."""
        self.wrong.append((step, text))

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return {
            "state": str(self.state),
            "sound": self.sound,
            "proved": self.sound and not self.pending,
            "wrong": [{"step": str(step), "text": text} for step, text in self.wrong],
            "pending": self.pending,
            "search_id": self.search_id,
            "start": self.start.isoformat() if self.start else "",
            "complete": self.complete,
            "banks": [
                {
                    "bank": one.bank,
                    "state": one.state,
                    "attested": one.attested,
                    "truncated": one.truncated,
                    "rule": one.rule,
                }
                for one in self.banks
            ],
            "entries": self.entries,
            "witnesses": list(self.witnesses),
            "quorum": self.quorum,
        }
