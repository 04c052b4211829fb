"""Tell the owner who asked and when: a line in a file, a POST to a service, or both.

Never what was looked for. Telling is beside the answer's way: a full queue drops notices, counts
them and says so in the log, and no answer waits.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import aiohttp

log = logging.getLogger(__name__)

MAX_WAITING: Final = 1_000
"""Notices that wait to be told; more are dropped."""
TRIES: Final = 4
TIMEOUT_S: Final = 5.0
"""Seconds for one try."""
PAUSE_S: Final = 0.5
"""Seconds before the second try; each later pause is twice as long."""
_GOOD: Final = range(200, 300)

Notice = Mapping[str, Any]


class Notifier:
    """Tells notices in their order, in the background.

    Args:
        file: Gets one JSON object a line, or None.
        url: Gets each by POST, "" for none; https alone.
        tls: How the service is verified.
    """

    def __init__(self, file: Path | None, url: str = "", tls: ssl.SSLContext | None = None) -> None:
        self._file = file
        self._url = url
        self._tls = tls
        self._waiting: asyncio.Queue[Notice] = asyncio.Queue(MAX_WAITING)
        self._task: asyncio.Task[None] | None = None
        self.dropped = 0

    def start(self) -> None:
        """Begin to tell."""
        self._task = asyncio.create_task(self._run(), name="notify")

    def tell(self, notice: Notice) -> None:
        """Take a notice over; returns at once."""
        try:
            self._waiting.put_nowait(notice)
        except asyncio.QueueFull:
            self.dropped += 1
            if self.dropped == 1 or self.dropped % MAX_WAITING == 0:
                log.warning("%d notices were dropped: telling is too slow", self.dropped)

    async def flush(self) -> None:
        """Wait until all that was taken over is told or given up."""
        await self._waiting.join()

    async def close(self, seconds: float = TIMEOUT_S) -> None:
        """Tell what waits, as far as that goes in `seconds`, and stop."""
        if self._task is None:
            return
        try:
            async with asyncio.timeout(seconds):
                await self.flush()
        except TimeoutError:
            log.warning("%d notices were not told", self._waiting.qsize())
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                notice = await self._waiting.get()
                try:
                    await self._tell(notice, session)
                except Exception as exc:  # noqa: BLE001 - the next notice is told whatever this one met
                    log.warning("a notice was not told: %s", type(exc).__name__)
                finally:
                    self._waiting.task_done()

    async def _tell(self, notice: Notice, session: aiohttp.ClientSession) -> None:
        text = json.dumps(notice, ensure_ascii=False, sort_keys=True)
        if self._file is not None:
            await asyncio.to_thread(_append, self._file, text)
        if self._url:
            await self._post(text, session)

    async def _post(self, text: str, session: aiohttp.ClientSession) -> None:
        """Post it; a service that is away or troubled is tried again a few times."""
        for number in range(TRIES):
            if number:
                await asyncio.sleep(PAUSE_S * 2 ** (number - 1))
            if await self._try(text, session):
                return
        log.warning("a notice was not accepted in %d tries", TRIES)

    async def _try(self, text: str, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.post(
                self._url,
                data=text.encode(),
                headers={"Content-Type": "application/json"},
                ssl=self._tls or True,
                allow_redirects=False,
            ) as response:
                return response.status in _GOOD
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False


def _append(path: Path, text: str) -> None:
    with open(path, "a", encoding="utf-8", opener=_open_own) as file:
        file.write(text + "\n")


def _open_own(path: str, flags: int) -> int:
    """Open a file; one that is made is its owner's alone from the first moment."""
    return os.open(path, flags, 0o600)
