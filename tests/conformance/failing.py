"""Broken adapters: hostile questions, trouble, and the end."""

import asyncio
import logging
import time
import unicodedata
from typing import ClassVar

from adapters.banks.memory import MemoryAdapter
from adapters.conformance.corpus import HOSTILE
from adapters.contract import (
    BankUnavailableError,
    DocumentProbe,
    IdentifierProbe,
    QueryRejectedError,
    Result,
)
from tests.conformance.broken import caught_by

# What it is asked


@caught_by("C25")
class TextBecomesAQuestion(MemoryAdapter):
    async def search(self, probe, limits):
        if isinstance(probe, DocumentProbe) and probe.number == HOSTILE[0]:
            return Result(await self._read(limits.timeout_s))
        return await super().search(probe, limits)


@caught_by("C25")
class NulIsAFault(MemoryAdapter):
    async def search(self, probe, limits):
        if isinstance(probe, IdentifierProbe) and probe.identifier.value == "A\x00B":
            raise ValueError("embedded null byte")
        return await super().search(probe, limits)


@caught_by("C26")
class UncommonLettersAreAFault(MemoryAdapter):
    async def search(self, probe, limits):
        if isinstance(probe, DocumentProbe) and unicodedata.category(probe.number[0]) == "Lo":
            raise KeyError("letter")
        return await super().search(probe, limits)


@caught_by("C27")
class ErrorTellsTheQuestion(MemoryAdapter):
    async def search(self, probe, limits):
        if not isinstance(probe, DocumentProbe | IdentifierProbe):
            raise QueryRejectedError(f"this bank cannot be searched for {probe}")
        return await super().search(probe, limits)


@caught_by("C27")
class ErrorTellsItsCause(MemoryAdapter):
    async def search(self, probe, limits):
        try:
            return await super().search(probe, limits)
        except BankUnavailableError as exc:
            raise exc from OSError(f"GET /search?{probe}")


@caught_by("C28")
class LogTellsTheQuestion(MemoryAdapter):
    async def search(self, probe, limits):
        logging.getLogger(__name__).debug("asked for %s", probe)
        return await super().search(probe, limits)


# What goes wrong


@caught_by("C29")
class OutageIsNoHit(MemoryAdapter):
    async def _read(self, timeout_s):
        try:
            return await super()._read(timeout_s)
        except BankUnavailableError:
            if self._closed:
                raise
            return ()


@caught_by("C29")
class DriversErrorComesThrough(MemoryAdapter):
    async def _read(self, timeout_s):
        if self._bank.away:
            raise ConnectionError("errno 111")
        return await super()._read(timeout_s)


@caught_by("C30")
class NeverComesBack(MemoryAdapter):
    async def _read(self, timeout_s):
        try:
            return await super()._read(timeout_s)
        except BankUnavailableError:
            self._closed = True
            raise


@caught_by("C31")
class WatermarkNeverChanges(MemoryAdapter):
    async def watermark(self):
        return "1"


@caught_by("C32")
class MixesAnswers(MemoryAdapter):
    async def search(self, probe, limits):
        self._probe = probe
        await asyncio.sleep(0)
        return await super().search(self._probe, limits)


@caught_by("C33")
class BlocksTheLoop(MemoryAdapter):
    async def names(self):
        async for named in super().names():
            yield named
        time.sleep(0.25)  # noqa: ASYNC251 - that is the fault


@caught_by("C34")
class BlocksWhileItWaits(MemoryAdapter):
    async def _read(self, timeout_s):
        if not self._bank.well.is_set() and timeout_s is not None and timeout_s > 0.5:
            time.sleep(0.25)  # noqa: ASYNC251 - that is the fault
        return await super()._read(timeout_s)


# How it ends


@caught_by("C35")
class ClosingOneClosesAll(MemoryAdapter):
    opened: ClassVar[list[MemoryAdapter]] = []

    def __init__(self, bank):
        super().__init__(bank)
        self.opened.append(self)

    async def close(self):
        for each in self.opened:
            each._closed = True
        self.opened.clear()


@caught_by("C36")
class ClosesOnce(MemoryAdapter):
    async def close(self):
        if self._closed:
            raise RuntimeError("closed twice")
        await super().close()


@caught_by("C37")
class AnswersAfterClose(MemoryAdapter):
    async def close(self):
        """Close nothing."""


@caught_by("C38")
class CloseWaitsForTheBank(MemoryAdapter):
    async def close(self):
        await self._bank.well.wait()
        await super().close()


@caught_by("C39")
class LeavesATask(MemoryAdapter):
    def __init__(self, bank):
        super().__init__(bank)
        self._refreshing = asyncio.ensure_future(asyncio.sleep(3600))
