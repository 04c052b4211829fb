"""Follow files that people change while a server runs: policies, stops, revocations.

A look costs one `stat` for each file, so that a change is seen within `LOOK_S` without a library
of the operating system. A file that is written in place may be met half written: whoever reads it
keeps what was in force when it does not hold, and is called again at the next change.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

LOOK_S: Final = 0.2
"""Seconds between two looks."""

_State = tuple[int, int, int] | None


class Watch:
    """Calls back when one of some files has appeared, changed or gone.

    Args:
        paths: The files, or folders whose entries come and go.
        on_change: Called in the event loop; an error in it is logged and ends nothing.
    """

    def __init__(self, paths: Sequence[Path], on_change: Callable[[], Awaitable[None]]) -> None:
        self._paths = tuple(paths)
        self._on_change = on_change
        self._states = self._read_states()

    async def look(self) -> bool:
        """Look once, call back if something has changed, and return whether it has."""
        states = self._read_states()
        if states == self._states:
            return False
        self._states = states
        try:
            await self._on_change()
        except Exception as exc:  # noqa: BLE001 - the next change is seen whatever this one broke
            log.warning("a changed file was not taken over: %s", type(exc).__name__)
        return True

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            await self.look()

    def _read_states(self) -> tuple[_State, ...]:
        return tuple(_state_of(path) for path in self._paths)


def _state_of(path: Path) -> _State:
    """What changes with a file: its number, its time and its size; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
