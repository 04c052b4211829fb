"""Shadow banks: asked whenever the bank they shadow was asked, compared, and never released.

A new bank, or a new mapping of an old one, is tried with the real questions before anybody relies
on it. It is not hosted: it is in no description, no target means it, and what it finds becomes
numbers in the node's own ledger and log. It is asked after the answer was recorded, beside the
answer's way out; nothing waits for it, and whatever goes wrong in it ends here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Final

from adapters.contract import (
    AdapterError,
    BankTimeoutError,
    BankUnavailableError,
    Limits,
    Probe,
    ProbeKind,
)
from adapters.contract import QueryRejectedError as RejectedError
from gateway.clock import Clock
from gateway.ledger.errors import LedgerError
from gateway.ledger.kinds import BankOutcome, Kind
from gateway.node.bank import CANDIDATES, Bank
from gateway.node.difference import Difference, compare_matches
from gateway.node.scoring import Match, score_records
from gateway.recorder import Recorder

log = logging.getLogger(__name__)

MAX_RUNNING: Final = 8
"""Questions that a shadow works on at the same time; it is not asked more, and that is counted."""
CLOSE_S: Final = 2.0
"""Seconds that a shadow has to let go when the node stops."""
REFRESH_S: Final = 30.0
"""How often a shadow is asked whether it has changed, or opened again where it could not be."""
ACTION: Final = "shadow"
"""The action of its entries: `states` tell the live bank and then the shadow, `count` both."""
_NO_DIFFERENCE: Final = Difference()


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A question that the live bank has answered.

    Attributes:
        bank: The live bank, as MEMBER/bank.
        search_id: The search, 32 hexadecimal digits.
        kind: What was looked for.
        probes: Each probe.
        found: What the live bank found for each, before the granularity of the answer.
        state: How the live bank ended.
        elapsed_s: How long it took.
    """

    bank: str
    search_id: str
    kind: ProbeKind
    probes: tuple[Probe, ...]
    found: tuple[tuple[Match, ...], ...]
    state: str
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Report:
    """How a shadow did on one question: its state, and how what it found differs."""

    state: str
    elapsed_s: float
    difference: Difference = _NO_DIFFERENCE
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What a shadow works with; its workers are its own, so that it cannot use up the others'."""

    recorder: Recorder
    clock: Clock
    workers: Executor


class Shadow:
    """A bank that is asked beside another."""

    def __init__(
        self,
        name: str,
        open_bank: Callable[[], Awaitable[Bank]],
        *,
        means: Means,
        deadline_s: float,
    ) -> None:
        """Shadow a bank.

        Args:
            name: What ledger and log call it, as "shadow:KAZ/new".
            open_bank: Opens it; called in the background, and again while it fails.
            means: What it works with.
            deadline_s: Seconds for each question.
        """
        self.name = name
        self.left_out = 0
        self._open = open_bank
        self._means = means
        self._deadline_s = deadline_s
        self._bank: Bank | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()

    def start(self, index: Path, secret: bytes) -> None:
        """Begin to open and prepare the bank; the node does not wait for it."""
        self._keeping = asyncio.create_task(self._keep(index, secret), name=self.name)

    async def _keep(self, index: Path, secret: bytes) -> None:
        """Follow the bank's changes for ever."""
        while True:
            await self.prepare(index, secret)
            await asyncio.sleep(REFRESH_S)

    async def prepare(self, index: Path, secret: bytes) -> None:
        """Open the bank where that is still to do, and make its index; a fault is logged."""
        try:
            self._bank = self._bank or await self._open()
            await self._bank.prepare(index, secret)
        except Exception as exc:  # noqa: BLE001 - whatever is wrong with it must not reach the node
            log.warning("%s cannot be prepared: %s", self.name, _name_of(exc))

    def follow(self, live: Live) -> None:
        """Ask the same, beside the answer's way; returns at once."""
        if len(self._running) >= MAX_RUNNING:
            self.left_out += 1
            return
        task = asyncio.create_task(self._follow(live), name=self.name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _follow(self, live: Live) -> None:
        report = await self._try(live)
        log.info(
            "%s beside %s: %s in %d ms, %s in %d ms; both %d, only live %d, only shadow %d",
            *(self.name, live.bank, report.state, report.elapsed_s * 1000),
            *(live.state, live.elapsed_s * 1000, report.difference.both),
            *(report.difference.only_live, report.difference.only_shadow),
        )
        try:
            await self._means.recorder.write(Kind.ADMIN, self._facts(live, report))
        except LedgerError as exc:
            log.warning("%s cannot be recorded: %s", self.name, exc.reason)

    async def _try(self, live: Live) -> Report:
        """Ask the shadow; whatever happens becomes a state."""
        started = self._means.clock.monotonic()
        found: list[list[Match]] = []
        state, reason = await self._end(live, found)
        elapsed = self._means.clock.monotonic() - started
        if state != "answered":
            return Report(state, elapsed, reason=reason)
        return Report(state if any(found) else "no_hit", elapsed, _difference(live, found))

    async def _end(self, live: Live, found: list[list[Match]]) -> tuple[str, str]:
        """Search; return the state in which the shadow ended, and the reason of a fault."""
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._search(live, found)
        except (TimeoutError, BankTimeoutError):
            return "timed_out", ""
        except RejectedError:
            return "not_capable", ""
        except AdapterError as exc:
            return "unavailable", exc.reason
        except Exception as exc:  # noqa: BLE001 - a fault of a bank on trial is what is reported
            log.warning("%s failed: %s", self.name, _name_of(exc))
            return "faulty", "INTERNAL"
        return "answered", ""

    async def _search(self, live: Live, found: list[list[Match]]) -> None:
        """Search and score as the node does for a live bank; what is found is appended."""
        bank = self._bank
        if bank is None:
            raise BankUnavailableError("this bank is not open")
        if not bank.can(live.kind):
            raise RejectedError("this bank does not search for that")
        loop, strict = asyncio.get_running_loop(), bank.capability.strict
        for probe in live.probes:
            limits = Limits(CANDIDATES, self._deadline_s, birth=bank.birth(probe))
            records = (await bank.search(probe, limits)).records
            found.append(
                await loop.run_in_executor(
                    self._means.workers, score_records, probe, records, strict
                )
            )

    def _facts(self, live: Live, report: Report) -> dict[str, object]:
        """What the ledger keeps: counts, states and times."""
        difference = report.difference
        shadow_hits = difference.both + difference.only_shadow
        live_hits = sum(len(matches) for matches in live.found)
        return {
            "action": ACTION,
            "search_id": live.search_id,
            "banks": (live.bank,),
            "states": (
                _outcome(live.bank, live.state, live_hits, live.elapsed_s),
                _outcome(self.name, report.state, shadow_hits, report.elapsed_s),
            ),
            "count": difference.both,
            "reason": report.reason,
        }

    async def close(self) -> None:
        """Stop asking and let go of the bank, as far as it lets itself be stopped."""
        tasks = {*self._running, *([self._keeping] if self._keeping else [])}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_S)
        if self.left_out:
            log.warning("%s was too slow for %d questions", self.name, self.left_out)
        if self._bank is None:
            return
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._bank.close()
        except Exception as exc:  # noqa: BLE001 - the node stops whatever its shadows do
            log.warning("%s cannot be closed: %s", self.name, _name_of(exc))


def _outcome(bank: str, state: str, hits: int, elapsed_s: float) -> BankOutcome:
    return BankOutcome(bank=bank, state=state, hits=hits, elapsed_ms=int(elapsed_s * 1000))


def _difference(live: Live, found: list[list[Match]]) -> Difference:
    """Add up the probes."""
    total = Difference()
    for ours, theirs in zip_longest(live.found, found, fillvalue=()):
        total += compare_matches(ours, theirs)
    return total


def _name_of(error: Exception) -> str:
    """The kind of an error; its text could hold a value of a query or of a record."""
    return type(error).__name__
