"""Open the client that a command asks with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.cli.exits import CommandError
from gateway.client import Client
from gateway.settings import ClientSettings, home_of, read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from gateway.cli.options import Caller


def open_client(caller: Caller) -> Client:
    """Open the client of home and name.

    Raises:
        CommandError: There is no such client.
        SettingsError, AccessError: Its files do not hold.
    """
    home = home_of(caller.home)
    path = home / "clients" / caller.as_name / "client.toml"
    if not path.is_file():
        raise CommandError(_tell_missing(home, caller.as_name))
    return Client(read_settings(ClientSettings, path))


def _tell_missing(home: Path, name: str) -> str:
    """Say which clients there are, or how to get a home."""
    names = sorted(path.parent.name for path in home.glob("clients/*/client.toml"))
    if names:
        return f"{home}: has no client {name}; choose --as {' or --as '.join(names)}"
    return (
        f"{home}: no federation is here; name its folder with --home, or make one to try with\n"
        "  kalkan demo --keep"
    )
