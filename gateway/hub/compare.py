"""Hold the hub's ledger against the nodes', all the time, and raise an alarm where they differ.

This looks at what was searched since the hub's start; `kalkan audit reconcile` looks at all. A node
that cannot be reached is waited for, one that declines is named once and left out.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.auditing.comparable import read_page
from gateway.clock import Clock
from gateway.hub.directory import Directory
from gateway.hub.link import LinkError
from gateway.ledger.entry import format_time
from gateway.ledger.errors import EntryRejectedError
from gateway.ledger.kinds import Kind
from gateway.ledger.segments import find_position
from gateway.ledger.twin import SKEW, Finding, Stored, Twins
from gateway.recorder import Recorder
from kalkan.v1 import audit_service_pb2 as audit
from kalkan.v1 import directory_service_pb2 as wire
from kalkan.v1 import model_pb2 as model

log = logging.getLogger(__name__)

EVERY_S: Final = 5.0
CALL_S: Final = 5.0
MAX_ALARMS: Final = 64
MAX_PAGES: Final = 100
"""Pages that one node is asked for in one round."""
SETTLED: Final = SKEW + timedelta(seconds=10)
"""A search is judged when its last entry is older than this: what is late has come by then."""
PATIENCE: Final = timedelta(minutes=10)
"""How long a node that cannot be reached is waited for."""
_DECLINED: Final = frozenset({model.BANK_STATE_REFUSED, model.BANK_STATE_FAULTY})


@dataclass(slots=True)
class _Heard:
    """How far one node has been heard."""

    next_index: int = 0
    declined: bool = False


class Comparison:
    """Compares for as long as the hub runs.

    Attributes:
        alarms: What was found, newest last, at most 64.
    """

    def __init__(
        self, directory: Directory, recorder: Recorder, folder: Path, clock: Clock
    ) -> None:
        """Compare what is searched from now on.

        `directory` reaches the nodes, `recorder` writes each alarm to the hub's ledger in `folder`.
        """
        self.alarms: deque[wire.Alarm] = deque(maxlen=MAX_ALARMS)
        self._links = directory.links
        self._recorder = recorder
        self._folder = folder
        self._clock = clock
        self._begin = clock.now()
        self._position = find_position(folder, 2**53)
        self._heard = {member: _Heard() for member in directory.links}
        self._twins = Twins(directory.links, begin=self._begin)

    async def run(self) -> None:
        """Compare for ever; a fault ends one round, never the hub."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except Exception as exc:  # noqa: BLE001 - a ledger that cannot be read is not searched for here
                log.warning("the ledgers could not be compared: %s", type(exc).__name__)

    async def look(self) -> None:
        """Read what is new on both sides, and judge what has settled."""
        now = self._clock.now()
        # First the nodes: whatever they have by now, the hub has begun before.
        members = list(self._heard)
        heard = await asyncio.gather(*(self._hear(member) for member in members))
        await self._read_own()
        silent = frozenset(m for m, ok in zip(members, heard, strict=True) if not ok)
        declined = frozenset(m for m, one in self._heard.items() if one.declined)
        findings = self._twins.judge(
            now - SETTLED, silent=silent, declined=declined, given_up=now - PATIENCE
        )
        for finding in findings:
            await self._raise_alarm(finding, now)

    async def _hear(self, member: str) -> bool:
        """Read a node's new entries to their end; whether that could be done."""
        heard, link = self._heard[member], self._links[member]
        if heard.declined:
            return True
        request = audit.ListComparableRequest(start_index=heard.next_index)
        request.start_time.FromDatetime(self._begin)
        try:
            for _ in range(MAX_PAGES):
                response = await link.comparable(request, CALL_S)
                for data in response.entries:
                    self._twins.add(_read(data, member))
                if response.next_index <= heard.next_index:
                    return True
                request.start_index = heard.next_index = response.next_index
        except LinkError as error:
            heard.declined = error.state in _DECLINED
            if heard.declined:
                text = "the node does not let its ledger be compared"
                await self._raise_alarm(Finding("declined", "", member, text), self._clock.now())
            return heard.declined
        except (ValueError, TypeError, KeyError):
            text = "the node gives entries that are none"
            await self._raise_alarm(Finding("unreadable", "", member, text), self._clock.now())
            heard.declined = True
        return heard.declined

    async def _read_own(self) -> None:
        since = format_time(self._begin - SKEW)
        while True:
            page = await asyncio.to_thread(read_page, self._folder, self._position, since)
            if page.position == self._position:
                return
            self._position = page.position
            for data in page.entries:
                self._twins.add(json.loads(data))

    async def _raise_alarm(self, finding: Finding, now: datetime) -> None:
        """Tell it in the directory, and write it down."""
        bank = finding.bank if "/" in finding.bank else ""
        alarm = wire.Alarm(
            alarm=finding.what,
            member=finding.member,
            bank=bank,
            search_id=finding.search_id,
            text=finding.text,
        )
        alarm.time.FromDatetime(now)
        self.alarms.append(alarm)
        log.error("comparing the ledger of %s with the hub's: %s", finding.member, finding.what)
        banks = (finding.bank,) if finding.bank else ()
        facts = {"action": f"alarm_{finding.what}", "search_id": finding.search_id, "banks": banks}
        try:
            await self._recorder.write(Kind.ADMIN, facts)
        except EntryRejectedError:
            # A node chose what cannot be written: that something was found must stay.
            await self._recorder.write(Kind.ADMIN, {"action": f"alarm_{finding.what}"})


def _read(data: bytes, member: str) -> Stored:
    """Read a part as a node gives it: it speaks for itself alone.

    Raises:
        ValueError, TypeError, KeyError: It is none.
    """
    stored: Stored = json.loads(data)
    datetime.fromisoformat(stored["time"])
    banks = stored.get("banks", ())
    if not all(bank.startswith(f"{member}/") for bank in banks):
        raise ValueError("a node speaks of another's bank")
    return {**stored, "side": "node", "member": member, "kind": str(stored["kind"])}
