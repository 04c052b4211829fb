"""Stops in force at one server: new questions are refused, running ones end, changes are recorded.

What is in force changes before the ledger is told: a kill switch does not wait for a disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from gateway.access.federation import Federation
from gateway.access.stops import Asking, Stop, Stops, read_stops
from gateway.access.tokens import Requester
from gateway.errors import StoppedError
from gateway.ledger.kinds import Kind
from gateway.question import Question
from gateway.recorder import Recorder
from gateway.watch import Watch

TEXT: Final = "this was stopped for the time being; ask the contact"
"""What a requester is told: that it is so, and never why."""
_NOTHING: Final = Stops({})


class StopList:
    """What is stopped now. Without a file that feeds it nothing ever is.

    Args:
        federation: Knows whom to ask.
        owner: The member whose node this is; "" at the hub.
    """

    def __init__(self, federation: Federation | None = None, owner: str = "") -> None:
        self._federation = federation
        self._owner = owner
        self._changed: asyncio.Future[None] | None = None
        self.stops = _NOTHING
        self.rule = f"{owner.lower() or 'hub'}.stopped"

    def put(self, stops: Stops) -> None:
        """Put other stops in force and wake all who wait for a change."""
        self.stops = stops
        changed, self._changed = self._changed, None
        if changed is not None:
            changed.set_result(None)

    def find(self, asking: Asking, bank: str = "") -> StoppedError | None:
        """Return the refusal of a requester or purpose that is stopped, or of a stopped bank."""
        stop = self.stops.find(asking, bank)
        if stop is None:
            return None
        return StoppedError(TEXT, rule=self.rule, contact=self._contact(stop, asking))

    def require(self, asking: Asking) -> None:
        """Check that the requester and the purpose are not stopped.

        Raises:
            StoppedError: One of them is.
        """
        refusal = self.find(asking)
        if refusal is not None:
            raise refusal

    async def wait_beside(self, task: asyncio.Future[Any]) -> None:
        """Wait until a task is done or the stops have changed."""
        if self._changed is None:
            self._changed = asyncio.get_running_loop().create_future()
        await asyncio.wait({task, self._changed}, return_when=asyncio.FIRST_COMPLETED)

    def _contact(self, stop: Stop, asking: Asking) -> str:
        """The owner's office; at the hub that of the stopped bank or of the requester's member."""
        bank_owner = stop.value.partition("/")[0] if stop.kind == "bank" else ""
        code = self._owner or bank_owner or asking.member
        member = self._federation.member(code) if self._federation is not None else None
        return member.contact.office if member is not None else ""


class StopFile:
    """Follows the file of stops of one server."""

    def __init__(self, path: Path, stops: StopList, recorder: Recorder) -> None:
        """Put what the file says in force.

        Raises:
            StopFileError: The file does not hold: no server starts as if nothing was stopped.
        """
        self._path = path
        self._stops = stops
        self._recorder = recorder
        # Before the file is read: a change in between is seen at the next look.
        self.watch = Watch([path], self.reload)
        stops.put(read_stops(path))

    async def reload(self) -> None:
        """Take over the file as it is now, and record each change.

        Raises:
            StopFileError: It does not hold; what was in force stays.
        """
        old, new = self._stops.stops, read_stops(self._path)
        self._stops.put(new)
        for action, keys in (
            ("stop", new.stops.keys() - old.stops.keys()),
            ("lift", old.stops.keys() - new.stops.keys()),
        ):
            await self._record(action, keys, new.digest)

    async def _record(self, action: str, keys: Collection[tuple[str, str]], digest: str) -> None:
        """One entry for each change; the reason stays in the file, for it is free text."""
        many = [
            {"action": action, "targets": (f"{kind}={value}",), "policy_sha256": digest}
            for kind, value in sorted(keys)
        ]
        if many:
            await self._recorder.write_all(Kind.ADMIN, many)


def asking_of(requester: Requester, question: Question) -> Asking:
    """Who asks and why, as stops name it."""
    return Asking(
        member=requester.member,
        officer=requester.officer,
        unit=requester.unit,
        purpose=question.purpose,
    )
