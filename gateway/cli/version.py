"""`kalkan version`."""

from __future__ import annotations

from dataclasses import dataclass

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import takes

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, kw_only=True)
class _Options:
    """None."""


@app.command()
@takes(_Options)
def version(options: _Options) -> Exit:
    """Tell the version."""
    from gateway import __version__

    del options
    print(f"kalkan {__version__}")
    return Exit.HIT
