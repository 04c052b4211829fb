"""Run servers as child processes, and end every one of them whatever happens.

Even where this process is killed: each child is tied to it by the kernel (see `tied`).

A child tells on its stdout, by a line that begins with an agreed word, that it can be asked. What
it logs goes to a file, and into our own error where it does not come up.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from types import FrameType, TracebackType
from typing import IO, Final, Self

from gateway.cli import tied
from gateway.cli.exits import CommandError, Exit

START_S: Final = 120.0
"""Seconds that a child has to come up; large banks take a while the first time."""
STOP_S: Final = 15.0
"""Seconds that a child has to end in order, before it is killed."""
ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends a program: Ctrl-C, a polite kill, a terminal that closes."""
_LAST_LINES: Final = 8


@dataclass(frozen=True, slots=True)
class Child:
    """A child process."""

    name: str
    process: subprocess.Popen[str]
    log: Path


class Children:
    """The children of this process. Use as a context manager; they end with the block.

    Args:
        logs: The folder for what they log.
    """

    def __init__(self, logs: Path) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._running: dict[str, Child] = {}

    def __enter__(self) -> Self:
        """Enter."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all, the last first; no further signal interrupts it."""
        with _SignalsLater(deliver=False):
            for child in reversed(list(self._running.values())):
                child.process.terminate()
            for name in list(self._running):
                self.stop(name)

    def start(self, name: str, *arguments: str) -> None:
        """Start `python ARGUMENTS`; `await_ready` tells when it can be asked."""
        log = self._logs / f"{name}.log"
        # A signal between the start of a child and its entry here would leave it behind.
        with _SignalsLater(deliver=True), log.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - our own modules
                [sys.executable, "-I", "-S", tied.__file__, str(os.getpid()), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                # Ctrl-C is for us alone: children end in our order.
                start_new_session=True,
            )
            self._running[name] = Child(name, process, log)

    def await_ready(self, name: str, word: str) -> str:
        """Wait for the line that begins with `word`, and return it.

        Raises:
            CommandError: The child ended before, or took too long.
        """
        child = self._running[name]
        watchdog = Timer(START_S, child.process.kill)
        watchdog.start()
        try:
            for line in _stdout(child):
                if line.startswith(word):
                    return line.rstrip("\n")
        finally:
            watchdog.cancel()
        raise CommandError(_tell_end(child), Exit.FAILED)

    def runs(self, name: str) -> bool:
        """Say whether a child was started and not stopped."""
        return name in self._running

    def stop(self, name: str) -> None:
        """End one child in order, or kill it."""
        child = self._running.pop(name)
        child.process.terminate()
        try:
            child.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
        _stdout(child).close()

    def await_end(self) -> None:
        """Wait until one of them ends.

        Raises:
            CommandError: One has; nobody was to end it.
        """
        first = next(iter(self._running.values()))
        while True:
            for child in self._running.values():
                if child.process.poll() is not None:
                    raise CommandError(_tell_end(child), Exit.FAILED)
            with suppress(subprocess.TimeoutExpired):
                first.process.wait(1.0)


def _stdout(child: Child) -> IO[str]:
    assert child.process.stdout is not None  # noqa: S101 - it was asked for
    return child.process.stdout


def _tell_end(child: Child) -> str:
    """Say that a child ended, with the last lines of its log."""
    lines = child.log.read_text("utf-8", errors="replace").splitlines()[-_LAST_LINES:]
    return "\n  ".join([f"{child.name} does not run; the end of {child.log}:", *lines])


class _SignalsLater:
    """Keeps signals that end a program from coming in between.

    Args:
        deliver: Whether they come afterwards; else they have said nothing new.
    """

    def __init__(self, *, deliver: bool) -> None:
        self._deliver = deliver
        self._came: list[int] = []

    def __enter__(self) -> None:
        """Begin."""
        # A handler, not a mask and not SIG_IGN: a child would inherit those and be deaf for ever.
        self._before = {number: signal.signal(number, self._keep) for number in ENDING}

    def _keep(self, number: int, _frame: FrameType | None) -> None:
        self._came.append(number)

    def __exit__(self, *error: object) -> None:
        """End."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        for came in self._came if self._deliver else ():
            signal.raise_signal(came)
