"""Run a server in the foreground: its address first, then its life, then how it ended."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import socket
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from gateway.cli.exits import CommandError, Exit
from gateway.ledger.errors import LedgerUnavailableError


def require_address(address: str, settings: Path) -> None:
    """Check that an address can be listened on.

    Raises:
        CommandError: It is taken, or is none; the text says where to choose another.
    """
    host, _, port = address.rpartition(":")
    try:
        bind(host.strip("[]"), int(port))
    except ValueError:
        raise CommandError(f"{settings}: listen: write HOST:PORT, as 127.0.0.1:7700") from None
    except OSError as exc:
        taken = exc.errno == errno.EADDRINUSE
        what = "is taken by another program" if taken else f"cannot be used ({exc.strerror})"
        text = f"{address} {what}: stop that one, or write another `listen` into {settings}"
        text += "\n  and the same address into the federation file. A demonstration takes"
        text += "\n  others with `kalkan demo --port FIRST`."
        raise CommandError(text) from None


def bind(host: str, port: int) -> None:
    """Bind an address for a moment.

    Raises:
        OSError: It is taken, or not an address of this machine.
        OverflowError, ValueError: It is no port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gRPC listens: connections of an earlier run that still close are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            raise ValueError("a port is 0 to 65535") from None


def _spare_collections() -> None:
    """Have the garbage collector leave alone what lives as long as the process.

    Nearly all that a search makes is freed by its reference counts; looking for cycles as often
    as a small script does took 4 % of a hub's time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def run_server(serving: Coroutine[Any, Any, None]) -> Exit:
    """Serve to the end; log to stderr."""
    _spare_collections()
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        asyncio.run(serving)
    except LedgerUnavailableError as exc:
        text = f"stopped, because the ledger cannot write ({exc}): make room and start again"
        raise CommandError(text, Exit.FAILED) from None
    return Exit.HIT
