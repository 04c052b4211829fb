"""Open the client that a command asks with."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from gateway.cli.exits import CommandError
from gateway.client import Client
from gateway.settings import ClientSettings, home_of, read_settings
from gateway.trace.providers import start_tracing, stop_tracing

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.cli.options import Caller


@asynccontextmanager
async def open_client(caller: Caller) -> AsyncGenerator[Client, None]:
    """Open the client of home and name, and close it at the end.

    Raises:
        CommandError: There is no such client.
        SettingsError, AccessError: Its files do not hold.
    """
    home = home_of(caller.home)
    path = home / "clients" / caller.as_name / "client.toml"
    if not path.is_file():
        raise CommandError(_tell_missing(home, caller.as_name))
    settings = read_settings(ClientSettings, path)
    tracing = start_tracing(settings.trace, settings.folder, "kalkan-client")
    try:
        async with Client(settings) as client:
            yield client
    finally:
        stop_tracing(tracing)


def _tell_missing(home: Path, name: str) -> str:
    """Say which clients there are, or how to get a home."""
    names = sorted(path.parent.name for path in home.glob("clients/*/client.toml"))
    if names:
        return f"{home}: has no client {name}; choose --as {' or --as '.join(names)}"
    return (
        f"{home}: no federation is here; name its folder with --home, or make one to try with\n"
        "  kalkan demo --keep"
    )
