"""Clauses C29 to C34: outages, changes, many questions at once, a loop that is never blocked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from adapters.conformance.asking import (
    LIMITS,
    Call,
    Pulse,
    calls_of,
    references_of,
    searched,
    settle,
)
from adapters.conformance.clause import clause
from adapters.conformance.subject import Subject
from adapters.contract import Adapter, BankUnavailableError, Limits, Probe, Result

__all__ = ["TroubleClauses"]

_TIMES: Final = 8
_TRIES: Final = 3
_STALL_S: Final = 0.2
"""The loop waits shorter than this; the best of three tries counts, so a busy machine may too."""

_SLOW: Final = Limits(rows=10, timeout_s=0.8)


class TroubleClauses(Subject):
    """What goes wrong at the bank, or at the same time, is told and stays apart."""

    @clause("C29", safety=True, needs="outage")
    async def test_c29_a_bank_that_is_away_is_unavailable(self) -> None:
        """While the bank is away each call raises BankUnavailableError; none answers "nothing"."""
        async with self.open_adapter() as adapter:
            calls = calls_of(adapter, self)
            for call in calls:
                await call(LIMITS)
            async with self.outage():
                for call in (*calls, *calls):
                    outcome = await settle(call(LIMITS), LIMITS.timeout_s)
                    assert isinstance(outcome, BankUnavailableError), type(outcome).__name__

    @clause("C30", needs="outage")
    async def test_c30_a_bank_that_is_back_answers(self) -> None:
        """When the bank can be reached again, the same adapter answers as before."""
        async with self.open_adapter() as adapter:
            calls = calls_of(adapter, self)
            before = [references_of((await call(LIMITS)).records) for call in calls]
            async with self.outage():
                for call in calls:
                    await settle(call(LIMITS), LIMITS.timeout_s)
            for call, found in zip(calls, before, strict=True):
                outcome = await settle(call(LIMITS), LIMITS.timeout_s)
                assert isinstance(outcome, Result), type(outcome).__name__
                assert references_of(outcome.records) == found

    @clause("C31", needs="change")
    async def test_c31_the_watermark_changes_with_the_data(self) -> None:
        """After a change the watermark is another, in the next adapter that is opened at latest."""
        async with self.open_adapter() as adapter:
            before = await adapter.watermark()
            await self.change()
            after = await adapter.watermark()
        if after == before:
            async with self.open_adapter() as adapter:
                after = await adapter.watermark()
        assert after != before, "the in-country index would stay old for ever"

    @clause("C32", safety=True)
    async def test_c32_answers_do_not_mix(self) -> None:
        """Many searches at the same time get the answers that each gets alone."""
        async with self.open_adapter() as adapter:
            probes = [probe for _, probe in searched(adapter, self.known())]
            alone = [await _ask(adapter, probe) for probe in probes]
            many = [_ask(adapter, probe) for _ in range(_TIMES) for probe in probes]
            found = await asyncio.gather(*many)
        assert found == alone * _TIMES

    @clause("C33", safety=True)
    async def test_c33_the_loop_is_not_blocked(self) -> None:
        """While an adapter works, the event loop goes on."""
        async with self.open_adapter() as adapter:
            await _require_free(lambda: self._work(adapter))

    async def _work(self, adapter: Adapter) -> None:
        for _, probe in searched(adapter, self.known()):
            await adapter.search(probe, LIMITS)
        await adapter.fetch([one.reference for one in self.known()], LIMITS)
        async for _ in adapter.names():
            pass
        await adapter.watermark()

    @clause("C34", safety=True, needs="slow")
    async def test_c34_a_slow_bank_does_not_block_the_loop(self) -> None:
        """While the bank does not answer, the event loop goes on."""
        async with self.open_adapter() as adapter:
            call = calls_of(adapter, self)[0]
            await call(LIMITS)
            async with self.slow():
                await _require_free(lambda: self._wait(call))

    async def _wait(self, call: Call) -> None:
        task = asyncio.ensure_future(call(_SLOW))
        await asyncio.wait({task}, timeout=_SLOW.timeout_s / 2)
        task.cancel()
        await asyncio.wait({task}, timeout=self.patience_s)


async def _require_free(work: Callable[[], Awaitable[None]]) -> None:
    """Require that the loop goes on while something works, in one of a few tries."""
    stalls: list[float] = []
    for _ in range(_TRIES):
        async with Pulse() as pulse:
            await work()
        stalls.append(pulse.stall_s)
        if pulse.stall_s < _STALL_S:
            return
    raise AssertionError(f"the loop stood still for {min(stalls):.2f} s")


async def _ask(adapter: Adapter, probe: Probe) -> set[str]:
    return set(references_of((await adapter.search(probe, LIMITS)).records))
