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
from gateway.errors import UntrustedError
from gateway.hub.alarms import LedgerAlarms
from gateway.hub.link import Link, LinkError
from gateway.hub.published import Published
from gateway.notices import Board
from kalkan.v1 import node_service_pb2 as wire

log = logging.getLogger(__name__)

REFRESH_S: Final = 1.0
"""Seconds between two questions to one node. What it has revoked comes with its description: with
`DESCRIBE_S` and the look at the list (gateway.watch) it is known here within 5 s."""
DESCRIBE_S: Final = 2.0
FIRST_S: Final = 10.0
"""Seconds that a node has for its first description, to which its first connection belongs."""
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

    def __init__(
        self,
        federation: Federation,
        links: Mapping[str, Link],
        clock: Clock,
        published: Published | None = None,
    ) -> None:
        """Know the banks of the federation file; reach each member's node by its link.

        The policies that members publish are kept in `published`.
        """
        self.federation = federation
        self.links = links
        self._clock = clock
        self.board = Board(federation, clock)
        self.banks: dict[str, Known] = {
            bank: Known(member.code) for member in federation.members for bank in member.banks
        }
        self.published = published or Published()
        self.ledger_alarms = LedgerAlarms()
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
        """Ask every node for its first description, all at once."""
        await asyncio.gather(*(self._hear(member, FIRST_S) for member in self.links))

    async def keep_fresh(self) -> None:
        """Refresh for ever; no node waits for another."""
        await asyncio.gather(*(self._keep_hearing(member) for member in self.links))

    async def _keep_hearing(self, member: str) -> None:
        while True:
            await asyncio.sleep(REFRESH_S)
            await self._hear(member, DESCRIBE_S)

    async def _hear(self, member: str, seconds: float) -> None:
        """Ask one node; whatever is wrong with it, it is asked again."""
        try:
            await self._describe(member, seconds)
        except Exception as exc:  # noqa: BLE001 - one node's fault, whatever it is, stays that node's
            log.warning("a node cannot be asked for its description: %s", type(exc).__name__)

    async def _describe(self, member: str, seconds: float) -> None:
        """Ask one node; a node that does not answer keeps its last description."""
        response = wire.DescribeResponse()
        up = False
        with contextlib.suppress(LinkError):
            response = await self.links[member].describe(seconds)
            up = response.member == member
        if up:
            await self.published.take(member, response.policy, response.asking_policy)
        if up:
            self.ledger_alarms.take(member, response.ledger_alarms)
        if up and response.notice:
            self._post(member, response)
        said = {d.bank: d for d in response.banks} if up else {}
        for bank in self.by_member[member]:
            known = self.banks[bank]
            known.up = bank in said and said[bank].available
            if bank in said:
                known.description = said[bank]
                known.seen = self._clock.now()

    def _post(self, member: str, response: wire.DescribeResponse) -> None:
        """Put up what a member has revoked."""
        try:
            self.board.take(member, response.notice, response.notice_signature)
        except UntrustedError as exc:
            log.warning("a notice of %s is not taken: %s", member, exc)
