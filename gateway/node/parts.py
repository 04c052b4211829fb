"""What a node is put together from, and what it carries through the steps of one search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from gateway.node.nonces import Nonces
from gateway.node.revoking import Revoking
from gateway.node.scoring import Match
from gateway.node.shadow import Shadow
from gateway.question import Question
from gateway.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Parts:
    """What a node is put together from."""

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


@dataclass(frozen=True, slots=True)
class Asked:
    """One identified question to one bank, as it came, and what was found for each probe.

    `hindrance` is the reason for which the bank cannot be asked now, "" where there is none.
    """

    bank: Bank
    question: Question
    requester: Requester
    started: float
    signed: SignedQuestion | None = None
    hindrance: str = ""
    found: list[tuple[Match, ...]] = field(default_factory=list)
