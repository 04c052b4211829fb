"""Start hubs fast: a process that has imported everything forks one for each start.

The imports take over a second, the fork a few milliseconds; a loop of a hundred kills is no
longer a matter of minutes. gRPC must not have begun before the fork, so the process that
forks has a single thread, and says so.

As a process: each line on its stdin is a settings file; the process that serves the hub answers
with its number, and later with `ready` and its number.
"""

from __future__ import annotations

import asyncio
import os
import random
import select
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self


class Hatchery:
    """Forks hubs and kills them; use as an asynchronous context manager.

    Attributes:
        pid: The process of the last hub.
    """

    def __init__(self) -> None:
        self.pid = 0
        self._child: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self._child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.kit.hatchery"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            self.kill()
        self._child.stdin.close()
        await self._child.wait()

    async def fork(self, settings: Path) -> None:
        """Begin a hub; it is not ready yet."""
        self._child.stdin.write(f"{settings}\n".encode())
        line = await self._child.stdout.readline()
        while line.startswith(b"ready"):  # of a hub that was killed at that very moment
            line = await self._child.stdout.readline()
        self.pid = int(line)

    async def ready(self) -> None:
        """Wait until the hub listens."""
        line = await self._child.stdout.readline()
        assert line == b"ready %d\n" % self.pid, line

    def kill(self) -> None:
        """Kill the hub now, and return when it is gone with its locks and its port."""
        self.end(signal.SIGKILL)

    def end(self, number: signal.Signals) -> None:
        """Send a signal, and return when the process is gone."""
        fd = os.pidfd_open(self.pid)
        try:
            signal.pidfd_send_signal(fd, number)
            gone = select.poll()
            gone.register(fd, select.POLLIN)
            gone.poll()
        finally:
            os.close(fd)


def serve(settings: Path) -> None:
    """Be a hub, to the end."""
    from gateway.hub.server import serve_hub
    from gateway.settings import HubSettings, read_settings

    told = b"%d\n" % os.getpid()
    os.write(1, told)
    random.seed()
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    read = read_settings(HubSettings, settings)
    asyncio.run(serve_hub(read, lambda _: os.write(1, b"ready " + told)))


def main() -> None:
    import gateway.hub.server  # noqa: F401 - it is here that the time goes, once

    assert len(list(Path("/proc/self/task").iterdir())) == 1
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a child ended
    for line in sys.stdin:
        if os.fork() == 0:
            serve(Path(line.strip()))
            os._exit(0)


if __name__ == "__main__":
    main()
