"""The words of an entry: what happened, on which side, and how each bank ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.ledger import fields as checks


class Kind(StrEnum):
    """What happened."""

    INTENT = "INTENT"  # a search is about to ask banks
    OUTCOME = "OUTCOME"  # the search ended
    REFUSAL = "REFUSAL"  # the search was refused
    MALFORMED = "MALFORMED"  # a message was not valid
    OVERSIZED = "OVERSIZED"  # a message was too large
    CANCELLED = "CANCELLED"  # the caller went away
    RECOVERED = "RECOVERED"  # outcome unknown: the process ended between intent and outcome
    POLICY = "POLICY"  # a policy came into force
    KEY = "KEY"  # a key of an authority and a month was made, opened or destroyed
    ADMIN = "ADMIN"  # an administrator or auditor did something
    START = "START"  # the server started
    STOP = "STOP"  # the server stopped


class Side(StrEnum):
    """Which of the twin ledgers the entry is in."""

    HUB = "hub"
    NODE = "node"


OPENING: Final = frozenset({Kind.INTENT})
"""Entries that open a search."""

CLOSING: Final = frozenset({Kind.OUTCOME, Kind.REFUSAL, Kind.CANCELLED, Kind.RECOVERED})
"""Entries that end a search."""

OF_A_SEARCH: Final = frozenset({Kind.INTENT, Kind.OUTCOME, Kind.RECOVERED})
"""Entries that are about nothing without a search id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankOutcome:
    """How one bank ended in one search.

    Attributes:
        bank: The bank's id.
        state: The bank's state, as DESIGN names them (`answered`, `no_hit`, ...).
        hits: Records released, >= 0.
        elapsed_ms: Milliseconds until the bank ended, >= 0.
        rule: The id of the rule that refused, or empty.
        truncated: Whether there was more than the bank's limit.
        answer_sha256: Digest of the node's answer as the hub passed it on; empty where none holds.
        granularity: How much that answer held at most.
        policy_epoch: The owner's policies that were in force for it.

    Raises:
        EntryRejectedError: A value is against its limits.
    """

    bank: str
    state: str
    hits: int = 0
    elapsed_ms: int = 0
    rule: str = ""
    truncated: bool = False
    answer_sha256: str = ""
    granularity: str = ""
    policy_epoch: str = ""

    def __post_init__(self) -> None:
        checks.require_filled_text("states.bank", self.bank)
        checks.require_filled_text("states.state", self.state)
        checks.require_number("states.hits", self.hits)
        checks.require_number("states.elapsed_ms", self.elapsed_ms)
        checks.require_text("states.rule", self.rule)
        checks.require_truth("states.truncated", self.truncated)
        checks.require_sha256("states.answer_sha256", self.answer_sha256)
        checks.require_text("states.granularity", self.granularity)
        checks.require_text("states.policy_epoch", self.policy_epoch)

    def as_json(self) -> dict[str, object]:
        """Return the stored form: bank, state, hits and time always, the rest when it is set."""
        stored: dict[str, object] = {
            "bank": self.bank,
            "state": self.state,
            "hits": self.hits,
            "elapsed_ms": self.elapsed_ms,
        }
        if self.rule:
            stored["rule"] = self.rule
        if self.truncated:
            stored["truncated"] = True
        for name in ("answer_sha256", "granularity", "policy_epoch"):
            if value := getattr(self, name):
                stored[name] = value
        return stored
