"""`kalkan node`: run the server of a member."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import takes

app = typer.Typer(help="Run a node, the server of a member.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Run a node, the server of a member."""


@dataclass(frozen=True, kw_only=True)
class _Options:
    """Where the settings are."""

    settings: Annotated[
        list[Path], typer.Option(help="A node's settings, node.toml; repeat it for several.")
    ]


@app.command()
@takes(_Options)
def serve(options: _Options) -> Exit:
    """Serve one member, or several in one process, until SIGTERM or Ctrl-C.

    Prints `ready node KAZ=PORT UZB=PORT` on stdout when all can be asked.
    """
    from gateway.cli.serving import require_address, run_server
    from gateway.node.server import serve_nodes
    from gateway.settings import NodeSettings, read_settings

    settings = [read_settings(NodeSettings, path) for path in options.settings]
    for each, path in zip(settings, options.settings, strict=True):
        require_address(each.listen, path)
    return run_server(serve_nodes(settings, _tell_ready))


def _tell_ready(ports: dict[str, int]) -> None:
    print("ready node", *(f"{member}={port}" for member, port in ports.items()), flush=True)
