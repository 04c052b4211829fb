"""Entries as hub and node write them: the same facts, the same words, on both sides.

A recorder knows whose ledger it is and what time it is; its callers know what happened.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from gateway.access.certificates import Peer
from gateway.clock import Clock
from gateway.ledger.entry import Draft, draft_entry
from gateway.ledger.errors import EntryRejectedError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.ledger.seal import Place, Sealer
from gateway.trace.spans import step
from gateway.wire import reason_of

log = logging.getLogger(__name__)

PERSONAL: Final = "personal"
"""The fact that holds what is personal: a part for each authority that may open it."""
Personal = Mapping[str, Mapping[str, Any]]

_DOOR_KINDS: Final = {"MALFORMED": Kind.MALFORMED, "OVERSIZED": Kind.OVERSIZED}


class Recorder:
    """Writes entries to one ledger."""

    def __init__(
        self, ledger: Ledger, side: Side, member: str, clock: Clock, sealer: Sealer | None = None
    ) -> None:
        """Write to `ledger` as this side of this member; the hub's member is "HUB".

        What is personal is sealed by `sealer`, and not kept where there is none.
        """
        self._ledger = ledger
        self._side = side
        self._member = member
        self._clock = clock
        self._sealer = sealer

    @property
    def member(self) -> str:
        """The member whose ledger this is, "HUB" for the hub's."""
        return self._member

    async def write(self, kind: Kind, facts: Mapping[str, Any]) -> int:
        """Append an entry; return its index once it is durable.

        Raises:
            LedgerUnavailableError: The ledger cannot write: nothing may be answered.
        """
        return await self.write_all(kind, [facts])

    @step("kalkan.record")
    async def write_all(self, kind: Kind, many: Sequence[Mapping[str, Any]]) -> int:
        """Append several entries; return the index of the last once all are durable."""
        entries = [self._draft(kind, facts) for facts in many]
        keys = self._sealer.take_made() if self._sealer else ()
        made = [self._draft(Kind.KEY, {"action": "made", **asdict(key)}) for key in keys]
        return (await self._ledger.append_many([*made, *entries]))[-1]

    async def write_probes(self, kind: Kind, facts: Mapping[str, Any], hits: Sequence[int]) -> int:
        """Append the end of a search: one entry for each probe, so that each has its own trace.

        `hits` holds how many hits each probe has. Returns the index of the last entry.
        """
        if len(hits) == 1:
            return await self.write(kind, {**facts, "count": hits[0]})
        many = [{**facts, "probe_index": i, "count": count} for i, count in enumerate(hits)]
        for later in many[1:]:
            later.pop(PERSONAL, None)  # once for the whole batch is enough
        return await self.write_all(kind, many)

    async def refused(
        self, method: str, peer: Peer, facts: Mapping[str, Any], error: Exception
    ) -> None:
        """Record that a call was refused, with whatever is known of it."""
        reason = reason_of(error)
        kind = _DOOR_KINDS.get(reason, Kind.REFUSAL)
        known = {
            **facts,
            "method": method,
            "reason": reason,
            "certificate_sha256": peer.sha256.hex(),
            "rule": getattr(error, "metadata", {}).get("rule", ""),
        }
        try:
            await self.write(kind, known)
        except EntryRejectedError:
            # A fact that cannot be written must not hide that something happened.
            log.warning("a fact of a refused call cannot be recorded")
            await self.write(kind, {"method": method[:128], "reason": reason})

    async def cancelled(self, method: str, facts: Mapping[str, Any]) -> None:
        """Record that the caller went away in the middle of a search."""
        await self.write(Kind.CANCELLED, {**facts, "method": method, "reason": "CANCELLED"})

    def _draft(self, kind: Kind, facts: Mapping[str, Any]) -> Draft:
        """Draft an entry of this ledger; `facts[PERSONAL]` is sealed and never stored in clear."""
        values = {
            **facts,
            "kind": kind,
            "time": self._clock.now(),
            "side": self._side,
            "member": self._member,
        }
        parts = values.pop(PERSONAL, None)
        if parts:
            values["sealed"] = self._seal(kind, facts.get("search_id", ""), parts)
        return draft_entry(values)

    def _seal(self, kind: Kind, search_id: str, parts: Personal) -> dict[str, str]:
        """Seal each part to its authority; what has no custodian is not kept at all."""
        sealer = self._sealer
        if sealer is None:
            return {}
        place = Place(str(self._side), self._member, kind.value, search_id)
        return {
            who: sealer.seal(who, part, place) for who, part in parts.items() if sealer.can(who)
        }
