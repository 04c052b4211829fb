"""What this node's member has revoked: read from its file, and stated to others in notices.

A notice is signed when somebody asks and the last one is no longer fresh, so that a node to whom
nobody speaks does nothing, and no timer can be late.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.access.errors import RevocationFileError
from gateway.access.revocation import Revocations, Revoked, gather, read_revocations
from gateway.access.signatures import Domain, SigningKey
from gateway.clock import Clock
from gateway.ledger.kinds import Kind
from gateway.notices import write_notice
from gateway.recorder import Recorder

log = logging.getLogger(__name__)

FRESH: Final = timedelta(seconds=1)
"""How old a notice may be that is given out again; the promise is 5 s."""


class Revoking:
    """The list of one member.

    Args:
        federation_id: The federation.
        member: The member whose list it is.
        key: The member's answer key, which signs the notices.
        clock: Tells the time of day.
        path: The file; None revokes nothing.
    """

    def __init__(
        self, federation_id: str, member: str, key: SigningKey, clock: Clock, path: Path | None
    ) -> None:
        self._names = (federation_id, member)
        self._key = key
        self._clock = clock
        self._path = path
        self._entries: tuple[Revoked, ...] = ()
        self._sequence = 0
        self._signed: tuple[datetime, Revocations, bytes, str] | None = None

    def read(self) -> None:
        """Read the file at the start.

        Raises:
            RevocationFileError: It does not hold: a node that does not know must not serve.
        """
        if self._path is not None:
            self._entries = read_revocations(self._path)

    async def follow(self, recorder: Recorder) -> None:
        """Take over a changed file, and record it; one that does not hold changes nothing.

        A list that has gone is a mistake or an attack; it is emptied by `kalkan revoke --undo`.
        """
        if self._path is None:
            return
        if not self._path.exists():
            log.error("the list of revocations has gone: what was revoked stays revoked")
            return
        try:
            self._entries = await asyncio.to_thread(read_revocations, self._path)
        except RevocationFileError as exc:
            log.error("%s: what was revoked before stays revoked", exc)  # noqa: TRY400 - the text says it all
            return
        count = len(self._entries)
        await recorder.write(Kind.ADMIN, {"action": "revocations", "count": count})

    def current(self) -> Revocations:
        """What is revoked now."""
        return gather(self._entries, self._clock.now()) if self._entries else Revocations()

    def notice(self) -> tuple[bytes, str]:
        """A notice that is at most a second old, and its signature."""
        now, current = self._clock.now(), self.current()
        if self._signed is not None:
            at, stated, data, signature = self._signed
            if stated == current and timedelta() <= now - at < FRESH:
                return data, signature
        # Microseconds grow over a restart too; a clock that was set back counts on from the last.
        self._sequence = max(self._sequence + 1, int(now.timestamp() * 1_000_000))
        federation_id, member = self._names
        data = write_notice(federation_id, member, current, time=now, sequence=self._sequence)
        signature = self._key.sign(Domain.NOTICE, data)
        self._signed = (now, current, data, signature)
        return data, signature
