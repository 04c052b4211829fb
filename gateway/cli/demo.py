"""`kalkan demo`: a whole federation on this machine, and a tour of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import Home, takes

app = typer.Typer(add_completion=False)
ROWS = 2_000
DOCUMENTS = 200_000


@dataclass(frozen=True, kw_only=True)
class Demo:
    """How large, where, on what."""

    keep: Annotated[bool, typer.Option("--keep", help="Let it run until Ctrl-C.")] = False
    tour: Annotated[bool, typer.Option(help="Show the tour.")] = True
    rows: Annotated[
        int, typer.Option(min=0, max=3_000_000, help="Entries of a national register.")
    ] = ROWS
    documents: Annotated[
        int, typer.Option(min=0, max=30_000_000, help="Lost and stolen documents.")
    ] = DOCUMENTS
    servers: Annotated[
        bool, typer.Option("--servers", help="Members on private servers: SQL, LDAP.")
    ] = False
    list_file: Annotated[
        Path | None,
        typer.Option(
            "--list",
            help="A public list (UN XML, or OFAC sdn.csv beside its alt.csv) as a bank.",
            show_default=False,
        ),
    ] = None
    home: Home = None
    port: Annotated[
        int, typer.Option(min=0, max=65_000, help="The first of 20 ports; 0 finds free ones.")
    ] = 0


@app.command()
@takes(Demo)
def demo(options: Demo) -> Exit:
    """Build 17 synthetic members, start them, and show what Kalkan does.

    All people are invented. A second run with the same numbers starts at once.
    """
    from gateway.cli.staging import run_demo

    return run_demo(options)
