"""A server that records nothing: `python -m tests.bench.unrecorded hub|node SETTINGS`.

All else is as it is, so that what the ledger costs can be measured beside it. Nobody but a bench
can start this: it is not a setting.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from gateway.hub.server import serve_hub
from gateway.ledger.kinds import Kind
from gateway.node.server import serve_nodes
from gateway.recorder import Recorder
from gateway.settings import HubSettings, NodeSettings, read_settings

NUMBERS = count()


async def record_nothing(self: Recorder, kind: Kind, many: Sequence[Mapping[str, Any]]) -> int:
    """Return a number as if something was written; nothing is built, sealed or encoded."""
    return next(NUMBERS)


def ready(port: int) -> None:
    print("ready", flush=True)


async def main(side: str, settings: Path) -> None:
    Recorder.write_all = record_nothing
    if side == "hub":
        await serve_hub(read_settings(HubSettings, settings), ready)
    else:
        await serve_nodes([read_settings(NodeSettings, settings)], ready)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
