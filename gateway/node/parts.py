"""What a node is put together from, and what it carries through the steps of one search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from adapters.contract import SignedQuestion
from gateway.access.federation import Federation
from gateway.access.jwks import KeySets
from gateway.access.policy import Policy
from gateway.access.signatures import SigningKey
from gateway.access.tokens import Requester
from gateway.clock import Clock
from gateway.node.bank import Bank
from gateway.node.controls import Controls
from gateway.node.hidden import Behind
from gateway.node.nonces import Nonces
from gateway.node.revoking import Revoking
from gateway.node.scoring import Match
from gateway.node.shadow import Shadow
from gateway.node.sieve import Considered
from gateway.question import Question
from gateway.recorder import Recorder
from gateway.witnessing.alarm import LedgerAlarm
from gateway.witnessing.start import nothing_required


@dataclass(slots=True)
class Parts:
    """What a node is put together from.

    The policies are the one part that changes while it serves; a search keeps those it began with.
    """

    federation: Federation
    member: str
    banks: dict[str, Bank]
    policy: Policy
    key: SigningKey
    recorder: Recorder
    clock: Clock
    workers: Executor
    revoking: Revoking
    nonces: Nonces | None = None
    published: KeySets | None = None
    shadows: Mapping[str, Sequence[Shadow]] = field(default_factory=dict)
    controls: Controls = field(default_factory=Controls)
    policy_shadow: Policy | None = None
    require_witnessed: Callable[[], None] = nothing_required
    ledger_alarms: Callable[[], Sequence[LedgerAlarm]] = tuple


@dataclass(frozen=True, slots=True)
class Asked:
    """One identified question to one bank, with the policy it began with and what it found.

    `hindrance` is the reason for which the bank cannot be asked now, "" where there is none.
    """

    bank: Bank
    question: Question
    requester: Requester
    started: float
    policy: Policy
    signed: SignedQuestion | None = None
    hindrance: str = ""
    found: list[tuple[Match, ...]] = field(default_factory=list)
    considered: list[Considered] = field(default_factory=list)
    behind: tuple[Behind, ...] = ()
