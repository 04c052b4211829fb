"""Clauses C35 to C39: an adapter that is closed is closed, and leaves nothing and nobody behind."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import Final

from adapters.conformance.asking import LIMITS, calls_of, references_of, settle, wait_until
from adapters.conformance.clause import clause
from adapters.conformance.subject import Subject
from adapters.contract import Adapter, AdapterError, Limits, Result

__all__ = ["EndingClauses"]

_BEGUN_S: Final = 0.1
_LONG: Final = Limits(rows=10, timeout_s=30.0)


class EndingClauses(Subject):
    """How an adapter ends."""

    @clause("C35")
    async def test_c35_two_adapters_of_one_bank_are_independent(self) -> None:
        """Closing one adapter of a bank does not disturb another."""
        async with self.open_adapter() as stays:
            call = calls_of(stays, self)[0]
            first = references_of((await call(LIMITS)).records)
            async with self.open_adapter() as goes:
                await calls_of(goes, self)[0](LIMITS)
                await goes.close()
            assert references_of((await call(LIMITS)).records) == first

    @clause("C36", safety=True)
    async def test_c36_close_is_safe_to_call_twice(self) -> None:
        """`close` may be called again, also at the same time, and raises nothing."""
        async with self.open_adapter() as adapter:
            await calls_of(adapter, self)[0](LIMITS)
            await asyncio.gather(adapter.close(), adapter.close())
            await adapter.close()

    @clause("C37", safety=True)
    async def test_c37_a_closed_adapter_raises_an_adapter_error(self) -> None:
        """After `close`, search, fetch and names raise an AdapterError and do not answer."""
        async with self.open_adapter() as adapter:
            calls = calls_of(adapter, self)
            await calls[0](LIMITS)
            await adapter.close()
            calls.append(partial(_read_first, adapter))
            for call in calls:
                outcome = await settle(call(LIMITS), LIMITS.timeout_s)
                assert isinstance(outcome, AdapterError), type(outcome).__name__

    @clause("C38", safety=True, needs="slow")
    async def test_c38_close_does_not_wait_for_the_bank(self) -> None:
        """`close` ends soon, also while the bank is slow and a call is running."""
        async with self.open_adapter() as adapter:
            call = calls_of(adapter, self)[0]
            await call(LIMITS)
            async with self.slow():
                running = asyncio.ensure_future(call(_LONG))
                await asyncio.sleep(_BEGUN_S)
                outcome = await settle(adapter.close(), 2 * self.patience_s)
                running.cancel()
                await asyncio.wait({running}, timeout=self.patience_s)
            assert outcome is None, type(outcome).__name__

    @clause("C39", safety=True)
    async def test_c39_close_gives_back_every_resource(self) -> None:
        """After `close` no task and no thread is left that was not there before."""
        tasks, threads = asyncio.all_tasks(), _threads()
        async with self.open_adapter() as adapter:
            for call in calls_of(adapter, self):
                await call(LIMITS)
            async for _ in adapter.names():
                pass

        async def is_gone() -> bool:
            return not _left(tasks, threads)

        await wait_until(is_gone, self.patience_s)
        left = _left(tasks, threads)
        assert not left, f"still there: {', '.join(left)}"


async def _read_first(adapter: Adapter, _limits: Limits) -> Result:
    async for _ in adapter.names():
        break
    return Result(())


def _threads() -> set[threading.Thread]:
    """Return the threads that run, but for those that the loop keeps for everybody."""
    return {each for each in threading.enumerate() if not each.name.startswith("asyncio_")}


def _left(tasks: set[asyncio.Task[object]], threads: set[threading.Thread]) -> list[str]:
    new = [task.get_name() for task in asyncio.all_tasks() - tasks]
    return new + [thread.name for thread in _threads() - threads]
