"""What the hub knows of the federation: its file, and what the nodes say of their banks.

The federation file names every bank that the hub may know, so a node that is down leaves no
silent gap: its banks are asked and end as unavailable. Descriptions come from the nodes and are
refreshed in the background, never on the way of a search.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.access.federation import Federation
from gateway.clock import Clock
from gateway.hub.link import Link, LinkError
from gateway.hub.published import Published
from kalkan.v1 import node_service_pb2 as wire

log = logging.getLogger(__name__)

REFRESH_S: Final = 5.0
DESCRIBE_S: Final = 2.0
_PROBES: Final = {
    name.removeprefix("PROBE_KIND_").lower(): number for name, number in wire.ProbeKind.items()
}


@dataclass(slots=True)
class Known:
    """What is known of one bank.

    Attributes:
        member: Its member.
        description: What its node said last; None before the first time.
        seen: When the node said it.
        up: Whether the node answered the last time.
    """

    member: str
    description: wire.BankDescription | None = None
    seen: datetime | None = None
    up: bool = False


class Directory:
    """The members, projects and banks of the federation, as the hub sees them."""

    def __init__(self, federation: Federation, links: Mapping[str, Link], clock: Clock) -> None:
        """Know the banks of the federation file; reach each member's node by its link."""
        self.federation = federation
        self.links = links
        self._clock = clock
        self.banks: dict[str, Known] = {
            bank: Known(member.code) for member in federation.members for bank in member.banks
        }
        self.published = Published()
        self.by_member: dict[str, tuple[str, ...]] = {
            member.code: tuple(member.banks) for member in federation.members
        }

    def can(self, bank: str, probe: str) -> bool:
        """Whether a bank searches for a kind of probe; True while nothing is known of it."""
        return self.can_number(bank, _PROBES[probe])

    def can_number(self, bank: str, probe: wire.ProbeKind.ValueType) -> bool:
        """The same, by the number of the kind on the wire."""
        description = self.banks[bank].description
        return description is None or probe in description.probes

    async def refresh(self) -> None:
        """Ask every node for its description, all at once."""
        asked = (self._describe(member) for member in self.links)
        for fault in await asyncio.gather(*asked, return_exceptions=True):
            if fault is not None:
                # The others were heard all the same, and this one is asked again.
                log.warning("a node cannot be asked for its description: %s", type(fault).__name__)

    async def keep_fresh(self) -> None:
        """Refresh for ever."""
        while True:
            await self.refresh()
            await asyncio.sleep(REFRESH_S)

    async def _describe(self, member: str) -> None:
        """Ask one node; a node that does not answer keeps its last description."""
        response = wire.DescribeResponse()
        up = False
        with contextlib.suppress(LinkError):
            response = await self.links[member].describe(DESCRIBE_S)
            up = response.member == member
        if up:
            await self.published.take(member, response.policy, response.asking_policy)
        said = {d.bank: d for d in response.banks} if up else {}
        for bank in self.by_member[member]:
            known = self.banks[bank]
            known.up = bank in said and said[bank].available
            if bank in said:
                known.description = said[bank]
                known.seen = self._clock.now()
