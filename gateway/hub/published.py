"""The policies that members publish: what their officers may ask, and what their banks answer.

A refusal must be predictable, so owners publish their policies for searches, and the hub explains
by them. It refuses by one of them alone: what a member lets its own officers ask, because nobody
may be told of a question that may not be asked of them. Before another policy decides for the
officers of a member the hub's ledger says so. A text that does not hold counts as not known: the
last one that held goes on, and where there was none the officers of that member ask nobody.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from gateway.access.errors import PolicyFileError
from gateway.access.policy import MAX_PUBLISHED, Decision, Policy, asking_name, read_asking
from gateway.access.rules import RuleFile, read_rules
from gateway.ledger.kinds import Kind
from gateway.recorder import Recorder

log = logging.getLogger(__name__)

LOADED: Final = "policy_loaded"
"""The action of the entries, as at nodes."""
UNKNOWN_TEXT: Final = "What officers of this member may ask is not known: its node was not heard."


@dataclass(frozen=True, slots=True)
class _Said:
    """What one member has published; `search` is None where that is not known."""

    search: RuleFile | None
    asking: RuleFile | None


class Published:
    """What the members have published, as last heard."""

    def __init__(self, recorder: Recorder | None = None) -> None:
        """Know nothing yet; `recorder` writes to the hub's ledger which policy is in force."""
        self._recorder = recorder
        self._said: dict[str, _Said] = {}
        self._heard: dict[str, tuple[str, str]] = {}
        self._open = Policy.for_hub()
        self._hub: dict[str, Policy] = {}
        self._whole: dict[tuple[str, str], Policy] = {}

    async def begin(self) -> None:
        """Record what is in force for officers whose member limits nothing.

        Raises:
            LedgerUnavailableError: The ledger cannot write.
        """
        await self._record(self._open)

    async def take(self, member: str, search: str, asking: str) -> None:
        """Take over what a member's node says; what has not changed is not read again.

        Raises:
            LedgerUnavailableError: The ledger cannot write: what was in force stays.
        """
        if self._heard.get(member) == (search, asking):
            return
        said = await asyncio.to_thread(_read, member, search, asking, self._said.get(member))
        if said is not None:
            await self._accept(member, said)
        self._heard[member] = search, asking

    async def _accept(self, member: str, said: _Said) -> None:
        policy = Policy.for_hub(said.asking) if said.asking else self._open
        if policy.epoch != self._hub.get(member, self._open).epoch:
            await self._record(policy, member)
        self._said[member] = said
        self._hub[member] = policy
        self._whole = {}

    async def _record(self, policy: Policy, member: str = "") -> None:
        """Write which policy decides for the officers of a member, of all without one."""
        if self._recorder is None:
            return
        facts = {
            "policy_epoch": policy.epoch,
            "policy_sha256": policy.sha256,
            "action": LOADED,
            "requester_member": member,
        }
        await self._recorder.write(Kind.POLICY, facts)

    def for_officers_of(self, member: str) -> Policy | None:
        """The baseline and what a member lets its officers ask; None while that is not known."""
        return self._hub.get(member)

    def knows_owner(self, owner: str) -> bool:
        """Whether it is known what an owner answers."""
        return owner in self._said and self._said[owner].search is not None

    def whole(self, member: str, owner: str) -> Policy | None:
        """All three layers for a requester's member and an owner, as far as they are known.

        None while it is not known what the member lets its officers ask.
        """
        said = self._said.get(member)
        if said is None or not self.knows_owner(owner):
            return self.for_officers_of(member)
        key = member, owner
        if key not in self._whole:
            search = self._said[owner].search
            assert search is not None  # noqa: S101 - the owner is known
            self._whole[key] = Policy.of_files(search, said.asking)
        return self._whole[key]


def refuse_unknown(member: str) -> Decision:
    """The refusal of a member's officers while nobody knows what they may ask."""
    rule = f"{asking_name(member)}.unknown"
    return Decision(permitted=False, rule=rule, text=UNKNOWN_TEXT, contact="", granularity="")


def _read(member: str, search: str, asking: str, before: _Said | None) -> _Said | None:
    """Check both texts; None where there is nothing that holds of what officers may ask."""
    try:
        allowed = read_asking(asking, member.lower()) if asking else None
    except PolicyFileError as exc:
        log.warning("%s publishes an asking policy that does not hold: %s", member, exc)
        if before is None:
            return None
        allowed = before.asking
    return _Said(_read_search(member, search), allowed)


def _read_search(member: str, text: str) -> RuleFile | None:
    if not text or len(text) > MAX_PUBLISHED:
        return None
    try:
        return read_rules(text, member.lower())
    except PolicyFileError as exc:
        log.warning("%s publishes a policy that does not hold: %s", member, exc)
        return None
