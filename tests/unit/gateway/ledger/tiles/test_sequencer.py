import asyncio
import threading

import pytest

from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.tiles.integrator import Published
from gateway.ledger.tiles.sequencer import Sequencer
from gateway.ledger.tlog.merkle import Tree


class Steps:
    """Takes the place of the disk: it notes what is asked of it and can be held or fail."""

    published = None

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.go = threading.Event()
        self.go.set()
        self.error: Exception | None = None

    def advance(self, size: int) -> Published:
        self.go.wait(30)
        if self.error is not None:
            raise self.error
        self.sizes.append(size)
        return Published(b"note", Tree(size, b""))


class Log:
    """A log that grows when it is told to."""

    def __init__(self, interval_s: float = 0) -> None:
        self.size = 0
        self.steps = Steps()
        self.errors: list[BaseException] = []
        self.sequencer = Sequencer(
            self.steps, lambda: self.size, self.errors.append, interval_s=interval_s
        )

    def grow(self, size: int) -> None:
        self.size = size
        self.sequencer.wake()


async def test_what_a_crash_left_is_covered_without_waiting_for_more():
    log = Log()
    log.size = 3
    await log.sequencer.covered(2)
    assert log.steps.sizes == [3]
    assert log.sequencer.published.tree.size == log.sequencer.size == 3
    await log.sequencer.close(finish=True)
    assert log.steps.sizes == [3]


async def test_what_comes_meanwhile_is_in_the_next_checkpoint():
    log = Log()
    log.steps.go.clear()
    log.grow(1)
    waiting = [asyncio.create_task(log.sequencer.covered(n)) for n in (4, 0, 2)]
    await asyncio.sleep(0)
    for size in (2, 4, 5):
        log.grow(size)
    waiting[0].add_done_callback(lambda _: None)
    gone = asyncio.create_task(log.sequencer.covered(1))
    await asyncio.sleep(0)
    gone.cancel()
    log.steps.go.set()
    await asyncio.gather(*waiting)
    assert log.steps.sizes[-1] == 5
    assert len(log.steps.sizes) <= 2
    await log.sequencer.covered(4)
    await log.sequencer.close(finish=True)


async def test_the_end_is_covered_when_it_is_closed():
    log = Log()
    await asyncio.sleep(0)
    log.size = 7
    await log.sequencer.close(finish=True)
    assert log.steps.sizes == [7]
    with pytest.raises(LedgerUnavailableError):
        await log.sequencer.covered(7)


async def test_a_broken_ledger_gets_no_last_checkpoint():
    log = Log()
    waiting = asyncio.create_task(log.sequencer.covered(0))
    await asyncio.sleep(0)
    log.size = 7
    await log.sequencer.close(finish=False)
    assert log.steps.sizes == []
    with pytest.raises(LedgerUnavailableError):
        await waiting


@pytest.mark.parametrize("error", [OSError(5, "EIO"), ValueError("a fault")])
async def test_an_error_is_told_once_and_to_all_that_wait(error):
    log = Log()
    log.steps.error = error
    waiting = [asyncio.create_task(log.sequencer.covered(n)) for n in (0, 1)]
    await asyncio.sleep(0)
    log.grow(1)
    for each in waiting:
        with pytest.raises(LedgerUnavailableError):
            await each
    await asyncio.sleep(0)
    assert log.errors == [error]
    log.steps.error = None
    log.grow(2)
    await log.sequencer.close(finish=True)
    assert log.steps.sizes == []
    assert log.errors == [error]


async def test_a_caller_that_went_away_does_not_keep_the_end_from_the_others():
    log = Log()
    gone, waiting = (asyncio.create_task(log.sequencer.covered(n)) for n in (0, 1))
    await asyncio.sleep(0)
    gone.cancel()
    await log.sequencer.close(finish=False)
    with pytest.raises(LedgerUnavailableError, match="no checkpoints any more"):
        await waiting
    assert gone.cancelled()


async def test_the_next_checkpoint_waits_for_its_time_and_the_last_does_not():
    log = Log(interval_s=3_600)
    log.grow(1)
    await log.sequencer.covered(0)
    log.grow(2)
    waiting = asyncio.create_task(log.sequencer.covered(1))
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    assert not done
    assert log.steps.sizes == [1]
    await log.sequencer.close(finish=True)
    await waiting
    assert log.steps.sizes == [1, 2]
