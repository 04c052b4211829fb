"""Destroy period keys: recorded first, then done; by command, or every day by the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from gateway.access.federation import Federation
from gateway.clock import Clock
from gateway.ledger.custody import KeyFolder
from gateway.ledger.kinds import Kind
from gateway.ledger.retention import Key, list_due, read_hold, remove_keys
from gateway.recorder import Recorder

log = logging.getLogger(__name__)

EVERY_S: Final = 86_400.0
"""How often a server looks for keys that are due."""


async def destroy_keys(
    recorder: Recorder, folder: Path, keys: Sequence[Key], who: str = ""
) -> None:
    """Record that keys are destroyed, then destroy them. `who` is the operator, or "retention".

    Raises:
        LedgerUnavailableError: It cannot be recorded or done.
    """
    if not keys:
        return
    facts = await asyncio.to_thread(lambda: [_facts(folder, key, who) for key in keys])
    await recorder.write_all(Kind.KEY, facts)
    await asyncio.to_thread(remove_keys, folder, keys)


def _facts(folder: Path, key: Key, who: str) -> dict[str, Any]:
    authority, period, number = key
    digest = sha256(KeyFolder(folder).read(*key)).hexdigest()
    named = {"authority": authority, "period": period, "key_id": number, "key_sha256": digest}
    return {"action": "destroyed", "method": who, **named}


class Retention:
    """Destroys what is due in one ledger for as long as its server runs."""

    def __init__(
        self, federation: Federation, recorder: Recorder, place: tuple[Path, Path], clock: Clock
    ) -> None:
        """`place` is the ledger's folder and the file of legal holds."""
        self._days = {member.code: member.retention_days for member in federation.members}
        self._recorder = recorder
        self._folder, self._hold = place
        self._clock = clock

    async def run(self) -> None:
        """Look every day; a hold that cannot be read destroys nothing."""
        while True:
            try:
                await self.look()
            except Exception as exc:  # noqa: BLE001 - tomorrow is another day; the server goes on
                log.warning("nothing could be destroyed by retention: %s", type(exc).__name__)
            await asyncio.sleep(EVERY_S)

    async def look(self) -> list[Key]:
        """Destroy what is due and not held; return it.

        Raises:
            HoldInvalidError: The file of holds cannot be read.
            LedgerError: The ledger cannot be read or written.
        """
        due = await asyncio.to_thread(list_due, self._folder, self._days, self._clock.now())
        if not due:
            return []
        hold = read_hold(self._hold)
        free, _ = await asyncio.to_thread(hold.split, self._folder, due)
        await destroy_keys(self._recorder, self._folder, free, "retention")
        return free
