"""One thread that does what blocks, and tells the event loop how it ended.

An executor does the same by way of two futures and several turns of the loop, and the loop is woken
with an exception behind the scenes. After a pause, when nothing is warm, that takes about as long
as the sync of a disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Final, NamedTuple
from weakref import finalize

Ended = Callable[[int | BaseException], None]
"""Called in the event loop with what a job returned, or with its error."""

_AT_ONCE: Final = 4_096
"""More signs than this are not read at once; the rest comes in the next turn."""


class _Job(NamedTuple):
    run: Callable[[], int]
    ended: Ended


class Worker:
    """Does jobs one after the other. Make it in the event loop that is to be told.

    The thread does not keep the process: a job that never comes back must not hold up its end. Nor
    does it keep the worker: with one that nobody has any more it ends.
    """

    def __init__(self, name: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._done: deque[tuple[Ended, int | BaseException]] = deque()
        self._signs, signal = os.pipe()
        os.set_blocking(self._signs, False)
        self._loop.add_reader(self._signs, self._tell)
        self._release = finalize(self, _release, self._jobs, self._signs)
        work = (self._jobs, self._done, signal)
        Thread(target=_work, args=work, name=name, daemon=True).start()

    def do(self, run: Callable[[], int], ended: Ended) -> None:
        """Have a job done after those before it."""
        self._jobs.put(_Job(run, ended))

    def end(self) -> None:
        """Let the thread end after the jobs that it has; nobody is told of them any more."""
        self._loop.remove_reader(self._signs)
        self._release()

    def _tell(self) -> None:
        os.read(self._signs, _AT_ONCE)
        while self._done:
            ended, end = self._done.popleft()
            ended(end)


def _release(jobs: SimpleQueue[_Job | None], signs: int) -> None:
    os.close(signs)
    jobs.put(None)


def _work(
    jobs: SimpleQueue[_Job | None], done: deque[tuple[Ended, int | BaseException]], signal: int
) -> None:
    """Do jobs until there is none any more."""
    while (job := jobs.get()) is not None:
        try:
            end: int | BaseException = job.run()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the loop must know
            end = error
        done.append((job.ended, end))
        with contextlib.suppress(BrokenPipeError):  # nobody is left to be told
            os.write(signal, b"\0")
        del job  # it knows the worker: one that waits for the next must not hold it
    os.close(signal)
