"""`kalkan audit`: read the ledgers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import Home, Json, takes

app = typer.Typer(help="Read what was asked and how it ended.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Read what was asked and how it ended."""


@dataclass(frozen=True, kw_only=True)
class Tail:
    """Which entries of which ledger."""

    hub: Annotated[bool, typer.Option("--hub", help="The hub's ledger; this is the default.")] = (
        False
    )
    node: Annotated[str, typer.Option(help="The ledger of this member's node, as KAZ.")] = ""
    lines: Annotated[int, typer.Option("-n", min=0, help="The newest so many entries.")] = 20
    follow: Annotated[bool, typer.Option("-f", help="Go on as entries come.")] = False
    search: Annotated[str, typer.Option(help="Only entries of this search.")] = ""
    as_json: Json = False
    home: Home = None


@app.command()
@takes(Tail)
def tail(options: Tail) -> Exit:
    """Show the newest entries of a ledger. They hold no name, number or date of birth."""
    if options.hub and options.node:
        raise CommandError("choose --hub or --node MEMBER, not both")
    from gateway.cli.entries import show_entries

    return show_entries(options)


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Which search."""

    search: Annotated[str, typer.Argument(help="The search's number, or the beginning of it.")]
    as_json: Json = False
    home: Home = None


@app.command()
@takes(Trace)
def trace(options: Trace) -> Exit:
    """Draw the steps of one search at hub and nodes: who waited for whom, and how long."""
    from gateway.cli.tracing import show_trace

    return show_trace(options)


@dataclass(frozen=True, kw_only=True)
class Report:
    """Which month of which ledger, and where to."""

    month: Annotated[str, typer.Option(help="As 2026-11; this month without it.")] = ""
    node: Annotated[str, typer.Option(help="The ledger of this member's node, as KAZ.")] = ""
    to: Annotated[
        Path | None, typer.Option(help="A page with plots, NAME.html, or a paper, NAME.pdf.")
    ] = None
    as_json: Json = False
    home: Home = None


@app.command()
@takes(Report)
def report(options: Report) -> Exit:
    """Count a month for oversight: who asked how often and why, and how each bank did."""
    from gateway.cli.reporting import make_report

    return make_report(options)


@dataclass(frozen=True, kw_only=True)
class Verify:
    """Which log, and by which key."""

    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The ledger's folder, or a copy of it.")
    ]
    vkey: Annotated[
        str, typer.Option(help="The log's public key: ledger_vkey in the federation file.")
    ]
    as_json: Json = False


@app.command()
@takes(Verify)
def verify(options: Verify) -> Exit:
    """Check a ledger from its entries up to its signature, without the program that wrote it.

    Ends with 0 where all is sound and with 1 where something is wrong, which it names.
    """
    from gateway.cli.verifying import check_ledger

    return check_ledger(options)
