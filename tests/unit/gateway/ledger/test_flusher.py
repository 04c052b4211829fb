import asyncio
import threading

import pytest

from gateway.ledger.errors import LedgerBusyError, LedgerUnavailableError
from gateway.ledger.flusher import Flusher, Limits


class HeldWriter:
    """A writer that commits when the test lets it, and remembers the batches."""

    def __init__(self):
        self.batches = []
        self.count = 0
        self.go = threading.Event()
        self.error = None
        self.closed = None

    def commit(self, entries):
        self.go.wait(60)  # a failed test must not hold the process
        if self.error is not None:
            raise self.error
        first, self.count = self.count, self.count + len(entries)
        self.batches.append(list(entries))
        return first

    def close(self, *, clean):
        self.closed = clean


class Holder:
    """A flusher over a held writer, with the errors it reported."""

    def __init__(self, **limits):
        self.writer = HeldWriter()
        self.reported = []
        self.flusher = Flusher(self.writer, Limits(**limits), self.reported.append)

    def submit(self, *entries, may_exceed=False):
        return self.flusher.submit(entries, may_exceed=may_exceed)


class Ahead:
    """The loop's own clock, put on by as much as a test says: no test waits for a limit."""

    def __init__(self, monkeypatch):
        self.seconds = 0.0
        loop = asyncio.get_running_loop()
        real = loop.time
        monkeypatch.setattr(loop, "time", lambda: real() + self.seconds)


@pytest.fixture
async def ahead(monkeypatch):
    return Ahead(monkeypatch)


async def turn_loop():
    for _ in range(5):
        await asyncio.sleep(0)


async def until(holds):
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0)


async def test_flusher_gathers_what_comes_while_a_batch_is_written():
    held = Holder()
    first = held.submit(b"a")
    await turn_loop()
    rest = [held.submit(b"b"), held.submit(b"c", b"d"), held.submit(b"e")]
    await turn_loop()
    assert not any(future.done() for future in (first, *rest))
    held.writer.go.set()
    assert await asyncio.gather(first, *rest) == [0, 1, 2, 4]
    assert held.writer.batches == [[b"a"], [b"b", b"c", b"d", b"e"]]
    await held.flusher.close()
    assert held.writer.closed is True


async def test_flusher_answers_nobody_before_the_commit_returns():
    held = Holder()
    future = held.submit(b"a")
    done, _ = await asyncio.wait({future}, timeout=0.01)
    assert not done
    held.writer.go.set()
    assert await future == 0
    await held.flusher.close()


async def test_flusher_ends_a_batch_at_the_limit():
    held = Holder(batch_bytes=3)
    futures = [held.submit(b"x")]
    await turn_loop()
    futures += [held.submit(b"12"), held.submit(b"34"), held.submit(b"56")]
    held.writer.go.set()
    assert await asyncio.gather(*futures) == [0, 1, 2, 3]
    assert held.writer.batches == [[b"x"], [b"12", b"34"], [b"56"]]
    await held.flusher.close()


async def test_flusher_writes_the_entries_of_a_caller_that_went_away():
    held = Holder()
    blocked, gone, kept = held.submit(b"a"), held.submit(b"gone"), held.submit(b"kept")
    gone.cancel()
    held.writer.go.set()
    assert [await blocked, await kept] == [0, 2]
    assert held.writer.batches == [[b"a"], [b"gone", b"kept"]]
    await held.flusher.close()


async def test_flusher_refuses_when_too_much_waits_but_later_for_the_end_of_a_search():
    held = Holder(waiting_bytes=10)
    futures = [held.submit(b"w"), held.submit(b"x" * 6)]
    with pytest.raises(LedgerBusyError, match="10 bytes"):
        held.submit(b"x" * 6)
    futures.append(held.submit(b"x" * 14, may_exceed=True))
    with pytest.raises(LedgerBusyError, match="20 bytes"):
        held.submit(b"x", may_exceed=True)
    held.writer.go.set()
    await asyncio.gather(*futures)
    assert await held.submit(b"x" * 10) == 3
    await held.flusher.close()


async def test_flusher_is_broken_for_ever_after_an_error():
    held = Holder()
    held.writer.error = OSError(5, "EIO of the disk")
    writing = held.submit(b"a")
    await turn_loop()
    waiting, gone = held.submit(b"b"), held.submit(b"c")
    gone.cancel()
    held.writer.go.set()
    for future in (writing, waiting):
        with pytest.raises(LedgerUnavailableError, match=r"^the ledger cannot write") as caught:
            await future
        assert caught.value.__cause__ is held.writer.error
        assert "EIO" not in str(caught.value)
    held.writer.error = None
    with pytest.raises(LedgerUnavailableError):
        held.submit(b"d")
    await held.flusher.close()
    assert held.flusher.broken
    assert len(held.reported) == 1
    assert held.writer.batches == []
    assert held.writer.closed is False


async def test_flusher_is_broken_when_a_commit_takes_too_long():
    held = Holder(stall_s=0.01)
    future = held.submit(b"a")
    with pytest.raises(LedgerUnavailableError):
        await future
    assert held.flusher.stalled
    await held.flusher.close()
    assert held.writer.closed is None  # the thread still has the files
    held.writer.error = OSError(5, "late")
    held.writer.go.set()


async def test_nothing_is_stalled_when_nothing_is_written(ahead):
    held = Holder(stall_s=60)
    held.writer.go.set()
    await held.submit(b"a")
    ahead.seconds = 61
    await until(lambda: held.flusher._watch is None)
    assert not held.flusher.broken
    assert await held.submit(b"b") == 1
    await held.flusher.close()


async def test_no_batch_inherits_the_time_of_those_before_it(ahead):
    held = Holder(stall_s=60)
    held.writer.go.set()
    await held.submit(b"a")
    ahead.seconds = 59.9  # the timer that was set for the first fires in the middle of the second
    held.writer.go.clear()
    first_look = held.flusher._watch
    second = held.submit(b"b")
    await until(lambda: held.flusher._watch is not first_look)
    assert not second.done()
    held.writer.go.set()
    assert await second == 1
    assert not held.flusher.stalled
    await held.flusher.close()


async def test_writers_that_wake_together_are_one_batch():
    held = Holder()

    async def write():
        for _ in range(3):
            await held.submit(b"x")

    writers = [asyncio.create_task(write()) for _ in range(4)]
    await turn_loop()
    held.writer.go.set()
    await asyncio.gather(*writers)
    # The first goes alone; the others gather behind it, and it joins those that it meets.
    assert list(map(len, held.writer.batches)) == [1, 4, 4, 3]
    await held.flusher.close()


async def test_flusher_writes_what_waits_before_it_closes():
    held = Holder()
    futures = [held.submit(b"a")]
    await turn_loop()
    futures.append(held.submit(b"b"))
    closing = asyncio.create_task(held.flusher.close())
    await turn_loop()
    with pytest.raises(LedgerUnavailableError, match="closed"):
        held.submit(b"c")
    held.writer.go.set()
    await closing
    assert [future.result() for future in futures] == [0, 1]


async def test_flusher_translates_an_error_of_closing():
    held = Holder()

    def fail(*, clean):
        raise OSError(5, "EIO")

    held.writer.close = fail
    with pytest.raises(LedgerUnavailableError, match="closed in order"):
        await held.flusher.close()


async def test_flusher_tells_of_each_batch_that_became_durable():
    held = Holder()
    grown = []
    held.flusher.on_grown = lambda: grown.append(held.writer.count)
    held.writer.go.set()
    await held.submit(b"a")
    await held.submit(b"b", b"c")
    assert grown == [1, 3]
    await held.flusher.close()


@pytest.mark.parametrize("is_writing", [False, True])
async def test_flusher_breaks_once_when_it_is_told_to_fail(is_writing):
    held = Holder()
    await turn_loop()
    waiting = [held.submit(b"a")] if is_writing else []
    await turn_loop()
    held.flusher.fail(OSError(5, "EIO"))
    held.flusher.fail(OSError(5, "EIO"))
    held.writer.error = OSError(5, "EIO")
    held.writer.go.set()
    for future in waiting:
        with pytest.raises(LedgerUnavailableError):
            await future
    with pytest.raises(LedgerUnavailableError):
        held.submit(b"b")
    await held.flusher.close()
    assert len(held.reported) == 1
    assert held.writer.closed is False


async def test_flusher_says_how_much_waits():
    held = Holder()
    first = held.submit(b"abc")
    assert held.flusher.waiting_bytes == 0  # it is being written
    second = held.submit(b"de", b"f")
    assert held.flusher.waiting_bytes == 3
    held.writer.go.set()
    await asyncio.gather(first, second)
    assert held.flusher.waiting_bytes == 0
    await held.flusher.close()


async def test_a_late_end_of_a_stalled_write_changes_nothing():
    held = Holder(stall_s=0.01)
    first = held.submit(b"a")
    with pytest.raises(LedgerUnavailableError):
        await first
    held.writer.go.set()
    await until(lambda: not held.flusher._is_busy)
    assert held.flusher.stalled
    assert held.flusher.broken
    await held.flusher.close()
    assert len(held.reported) == 1


def test_limits_are_those_that_the_pages_tell():
    mebi = 1_048_576
    limits = Limits()
    assert (limits.segment_bytes, limits.batch_bytes) == (64 * mebi, 4 * mebi)
    assert (limits.waiting_bytes, limits.stall_s) == (16 * mebi, 10)
    assert limits.checkpoint_s < 1  # a checkpoint is at most a second old when the log has grown
