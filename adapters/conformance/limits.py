"""Clauses C17 to C24: rows, time and cancelling; what was stopped leaves nothing behind."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from adapters.conformance.asking import (
    LIMITS,
    Call,
    calls_of,
    references_of,
    settle,
    wait_for_all,
    wait_until,
)
from adapters.conformance.clause import clause
from adapters.conformance.subject import Subject
from adapters.contract import AdapterError, BankTimeoutError, Limits, Result

__all__ = ["LimitClauses"]

_NO_TIME: Final = Limits(rows=10, timeout_s=1e-6)
_BEGUN_S: Final = 0.1
_TURNS: Final = 8


class LimitClauses(Subject):
    """What a call may cost is what it costs."""

    @clause("C17", safety=True)
    async def test_c17_fetch_keeps_the_limit_of_rows_and_tells_that_there_are_more(self) -> None:
        """`fetch` gives at most `rows` records and says `truncated` where it left some out."""
        async with self.open_adapter() as adapter:
            wanted = [one.reference for one in self.known()]
            assert len(wanted) > 1, "known() tells at least two records"
            for rows in (1, len(wanted) - 1, len(wanted)):
                result = await adapter.fetch(wanted, Limits(rows, LIMITS.timeout_s))
                _require_cut(result, rows, len(wanted))

    @clause("C18", safety=True, needs="crowd")
    async def test_c18_search_keeps_the_limit_of_rows_and_tells_that_there_are_more(self) -> None:
        """`search` gives at most `rows` records and says `truncated` where it left some out."""
        async with self.open_adapter() as adapter:
            whole = await adapter.search(self.crowd(), LIMITS)
            count = len(whole.records)
            assert count > 1, "crowd() finds at least two records"
            assert not whole.truncated
            for rows in (1, count - 1, count):
                result = await adapter.search(self.crowd(), Limits(rows, LIMITS.timeout_s))
                _require_cut(result, rows, count)

    @clause("C19", safety=True)
    async def test_c19_a_call_without_time_ends_at_once(self) -> None:
        """A call whose time is over when it begins answers or raises BankTimeoutError at once."""
        async with self.open_adapter() as adapter:
            for call in calls_of(adapter, self):
                outcome = await settle(call(_NO_TIME), self.patience_s)
                assert isinstance(outcome, Result | BankTimeoutError), type(outcome).__name__

    @clause("C20", safety=True, needs="slow")
    async def test_c20_a_slow_bank_is_given_up_at_the_deadline(self) -> None:
        """A call that the bank does not answer in time raises BankTimeoutError then."""
        async with self.open_adapter() as adapter:
            calls = calls_of(adapter, self)
            await _warm(calls)
            for call in calls:
                async with self.slow():
                    outcome = await settle(call(_short(self)), self.deadline_s + self.patience_s)
                assert isinstance(outcome, BankTimeoutError), type(outcome).__name__

    @clause("C21", safety=True, needs="slow")
    async def test_c21_a_cancelled_call_ends(self) -> None:
        """A call that is cancelled while the bank works ends soon, as cancelled."""
        async with self.open_adapter() as adapter:
            calls = calls_of(adapter, self)
            await _warm(calls)
            for call in calls:
                async with self.slow():
                    task = asyncio.ensure_future(call(LIMITS))
                    await asyncio.sleep(_BEGUN_S)
                    task.cancel()
                    outcome = await settle(task, self.patience_s)
                assert isinstance(outcome, asyncio.CancelledError), "cancelling was swallowed"

    @clause("C22", safety=True)
    async def test_c22_a_call_may_be_cancelled_at_any_moment(self) -> None:
        """However early or late a call is cancelled, it ends and the bank answers the next."""
        async with self.open_adapter() as adapter:
            for call in calls_of(adapter, self):
                first = references_of((await call(LIMITS)).records)
                for turns in range(_TURNS):
                    await self._cancel_after(call, turns)
                    again = await settle(call(LIMITS), LIMITS.timeout_s)
                    assert isinstance(again, Result), type(again).__name__
                    assert references_of(again.records) == first

    async def _cancel_after(self, call: Call, turns: int) -> None:
        task = asyncio.ensure_future(call(LIMITS))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await settle(task, self.patience_s)

    @clause("C23", safety=True, needs="slow")
    async def test_c23_a_late_call_does_not_delay_the_next(self) -> None:
        """When calls were given up as late and the bank is well again, it answers the next."""
        async with self.open_adapter() as adapter:
            call = calls_of(adapter, self)[0]
            first = references_of((await call(LIMITS)).records)
            async with self.slow():
                await self._give_up(call)
            again = await settle(call(LIMITS), self.patience_s)
            assert isinstance(again, Result), type(again).__name__
            assert references_of(again.records) == first

    async def _give_up(self, call: Call) -> None:
        """Have several calls run into the deadline, more than most pools have connections."""
        tasks = [asyncio.ensure_future(call(_short(self))) for _ in range(_TURNS)]
        await wait_for_all(tasks, self.deadline_s + self.patience_s)
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError, AdapterError):
                await task

    @clause("C24", needs="running")
    async def test_c24_a_stopped_call_is_stopped_in_the_bank_too(self) -> None:
        """When a call was cancelled or given up, the bank itself stops working on it."""
        async with self.open_adapter() as adapter:
            call = calls_of(adapter, self)[0]
            await call(LIMITS)
            async with self.slow():
                await self._give_up(call)
                stopped = await wait_until(self._is_idle, self.patience_s)
            assert stopped, "the bank is still working on calls that were given up"

    async def _is_idle(self) -> bool:
        return await self.running() == 0


async def _warm(calls: list[Call]) -> None:
    """Call each once, so that connections are there and the schema is known."""
    for call in calls:
        await call(LIMITS)


def _short(subject: Subject) -> Limits:
    return Limits(rows=10, timeout_s=subject.deadline_s)


def _require_cut(result: Result, rows: int, count: int) -> None:
    assert len(result.records) == min(rows, count), f"{len(result.records)} for rows={rows}"
    assert result.truncated == (count > rows), f"truncated={result.truncated} for rows={rows}"
