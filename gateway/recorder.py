"""Entries as hub and node write them: the same facts, the same words, on both sides.

A recorder knows whose ledger it is and what time it is; its callers know what happened.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.access.certificates import Peer
from gateway.clock import Clock
from gateway.ledger.entry import Entry
from gateway.ledger.errors import EntryRejectedError
from gateway.ledger.kinds import Kind, Side
from gateway.ledger.log import Ledger
from gateway.trace.spans import step
from gateway.wire import reason_of

log = logging.getLogger(__name__)

_DOOR_KINDS: Final = {"MALFORMED": Kind.MALFORMED, "OVERSIZED": Kind.OVERSIZED}


class Recorder:
    """Writes entries to one ledger."""

    def __init__(self, ledger: Ledger, side: Side, member: str, clock: Clock) -> None:
        """Write to `ledger` as this side of this member; the hub's member is "HUB"."""
        self._ledger = ledger
        self._side = side
        self._member = member
        self._clock = clock

    @step("kalkan.record")
    async def write(self, kind: Kind, facts: Mapping[str, Any]) -> int:
        """Append an entry; return its index once it is durable.

        Raises:
            LedgerUnavailableError: The ledger cannot write: nothing may be answered.
        """
        return await self._ledger.append(self._entry(kind, facts))

    @step("kalkan.record")
    async def write_all(self, kind: Kind, many: Sequence[Mapping[str, Any]]) -> int:
        """Append several entries; return the index of the last once all are durable."""
        entries = [self._entry(kind, facts) for facts in many]
        return (await self._ledger.append_many(entries))[-1]

    async def write_probes(self, kind: Kind, facts: Mapping[str, Any], hits: Sequence[int]) -> int:
        """Append the end of a search: one entry for each probe, so that each has its own trace.

        `hits` holds how many hits each probe has. Returns the index of the last entry.
        """
        if len(hits) == 1:
            return await self.write(kind, {**facts, "count": hits[0]})
        many = [{**facts, "probe_index": i, "count": count} for i, count in enumerate(hits)]
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

    def _entry(self, kind: Kind, facts: Mapping[str, Any]) -> Entry:
        """Build an entry of this ledger."""
        return Entry(
            kind=kind, time=self._clock.now(), side=self._side, member=self._member, **facts
        )
