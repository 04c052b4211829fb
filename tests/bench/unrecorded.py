"""A server that records nothing: `python -m tests.bench.unrecorded hub|node SETTINGS [BYTES]`.

All else is as it is, so that what the ledger costs can be measured beside it. With BYTES each
record is so many bytes that a thread writes and syncs, and nothing more: the least that a search
that waits for a disk can cost. Nobody but a bench can start this: it is not a setting.
"""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from gateway.hub.server import serve_hub
from gateway.ledger.kinds import Kind
from gateway.ledger.worker import Worker
from gateway.node.server import serve_nodes
from gateway.recorder import Recorder
from gateway.settings import HubSettings, NodeSettings, read_settings

NUMBERS = count()


async def record_nothing(self: Recorder, kind: Kind, many: Sequence[Mapping[str, Any]]) -> int:
    """Return a number as if something was written; nothing is built, sealed or encoded."""
    return next(NUMBERS)


class Bare:
    """Writes bytes without a meaning to a file of its own."""

    def __init__(self, folder: Path, size_bytes: int) -> None:
        self.fd = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.data = bytes(size_bytes)
        self.worker = Worker("bare")

    def write(self) -> int:
        os.write(self.fd, self.data)
        os.fdatasync(self.fd)
        return 0

    async def record(self, kind: Kind, many: Sequence[Mapping[str, Any]]) -> int:
        """Return a number when the bytes are on the medium."""
        done = asyncio.get_running_loop().create_future()
        self.worker.do(self.write, done.set_result)
        await done
        return next(NUMBERS)


def ready(port: int) -> None:
    print("ready", flush=True)


async def main(side: str, settings: Path, size_bytes: int) -> None:
    Recorder.write_all = record_nothing
    if size_bytes:
        Recorder.write_all = partial(Bare(settings.parent, size_bytes).record)
    if side == "hub":
        await serve_hub(read_settings(HubSettings, settings), ready)
    else:
        await serve_nodes([read_settings(NodeSettings, settings)], ready)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int((*sys.argv[3:], 0)[0])))
