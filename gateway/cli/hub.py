"""`kalkan hub`: run the server in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import takes

if TYPE_CHECKING:
    from gateway.settings import HubSettings

app = typer.Typer(
    help="Run the hub, the server in the middle.", no_args_is_help=True, add_completion=False
)


@app.callback()
def _group() -> None:
    """Run the hub, the server in the middle."""


@dataclass(frozen=True, kw_only=True)
class _Options:
    """Where its settings are."""

    settings: Annotated[Path, typer.Option(help="The hub's settings, hub.toml.")]


@app.command()
@takes(_Options)
def serve(options: _Options) -> Exit:
    """Serve until SIGTERM or Ctrl-C, then let running searches end.

    Prints `ready hub HOST:PORT` on stdout when it can be asked.
    """
    from gateway.cli.serving import require_address, run_server
    from gateway.settings import HubSettings, read_settings

    settings = read_settings(HubSettings, options.settings)
    require_address(settings.listen, options.settings)
    return run_server(_serve(settings))


async def _serve(settings: HubSettings) -> None:
    from gateway.hub.server import serve_hub

    host = settings.listen.rpartition(":")[0]
    await serve_hub(settings, lambda port: print(f"ready hub {host}:{port}", flush=True))
