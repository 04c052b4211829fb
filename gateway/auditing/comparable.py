"""What a node lets the hub see of its ledger, so that the two can be held against each other.

The hub gets those fields of a search's entries that it has itself, no sealed part and nothing of
entries that are no search. A node may decline by its settings. Each page that gives something is an
entry before it is given.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from itertools import dropwhile
from pathlib import Path
from typing import Final

from gateway.access.certificates import HUB, require_current, require_role
from gateway.auditing.request import read_time, require_index
from gateway.clock import Clock
from gateway.errors import PolicyRefusedError
from gateway.ledger.entry import format_time
from gateway.ledger.kinds import Kind
from gateway.ledger.segments import START, Position, Walk, find_position
from gateway.ledger.twin import COMPARABLE, KINDS
from gateway.recorder import Recorder
from gateway.serving import Call, Method
from kalkan.v1 import audit_service_pb2 as wire

MAX_PAGE: Final = 1_000
MAX_BYTES: Final = 786_432
MAX_SCAN: Final = 20_000
"""Entries that one call looks at; a caller that is far behind goes on where it ended."""


@dataclass(slots=True)
class Page:
    """What one look at a ledger gives: comparable parts, and where to go on."""

    position: Position
    entries: list[bytes] = field(default_factory=list)


def read_page(folder: Path, position: Position, since: str, start: int = 0) -> Page:
    """Read comparable parts from a position on, those before an index left out.

    Args:
        folder: The ledger.
        position: Where to read from.
        since: Older entries are left out; a time as entries store it.
        start: The first index that is wanted.

    Raises:
        LedgerCorruptError: The log is damaged or ends before its mark.
    """
    walk, page, size = Walk(folder, position), Page(position), 0
    wanted = dropwhile(lambda frame: frame.index < start, walk)
    for scanned, frame in enumerate(wanted, 1):
        stored = json.loads(frame.entry)
        if stored["kind"] in KINDS and stored.get("search_id") and stored["time"] >= since:
            kept = {name: stored[name] for name in COMPARABLE if name in stored}
            data = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
            page.entries.append(data)
            size += len(data)
        if len(page.entries) == MAX_PAGE or size > MAX_BYTES or scanned == MAX_SCAN:
            break
    page.position = walk.position
    return page


class ComparableMethods:
    """Serves the hub from one node's ledger.

    Args:
        federation_id: The federation whose hub this is for.
        recorder: Writes each access.
        folder: The ledger.
        clock: Tells the time.
        permitted: Whether the node lets its entries be compared.
    """

    def __init__(
        self, federation_id: str, recorder: Recorder, folder: Path, clock: Clock, *, permitted: bool
    ) -> None:
        self._federation_id = federation_id
        self._recorder = recorder
        self._folder = folder
        self._clock = clock
        self._permitted = permitted
        self._position = START

    def method(self) -> Method[wire.ListComparableRequest, wire.ListComparableResponse]:
        """What is served."""
        return Method("ListComparable", wire.ListComparableRequest, unary=self.list_comparable)

    async def list_comparable(
        self, request: wire.ListComparableRequest, call: Call
    ) -> wire.ListComparableResponse:
        """Give comparable parts to the hub.

        Raises:
            PeerForbiddenError: Somebody else calls.
            PolicyRefusedError: The node does not let its entries be compared.
            FieldInvalidError: A field is against its limits.
        """
        require_current(call.peer, self._clock)
        require_role(call.peer, HUB, federation_id=self._federation_id)
        if not self._permitted:
            raise PolicyRefusedError("this node compares no entries", rule="node.reconcile")
        require_index("start_index", request.start_index)
        since = format_time(read_time("start_time", request.start_time))
        page = await asyncio.to_thread(self._read, request.start_index, since)
        if page.entries:
            facts = {"action": "list_comparable", "count": len(page.entries)}
            await self._recorder.write(Kind.ADMIN, {**call.facts, **facts})
        return wire.ListComparableResponse(
            entries=page.entries, next_index=page.position.next_index
        )

    def _read(self, start: int, since: str) -> Page:
        # The hub goes on where it ended; anything else is looked for by segments.
        position = self._position
        if position.next_index != start:
            position = find_position(self._folder, start)
        page = read_page(self._folder, position, since, start)
        self._position = page.position
        return page
