"""`kalkan audit`: read the ledgers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import WHICH, Home, Json, Opening, Where, takes

app = typer.Typer(help="Read what was asked and how it ended.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Read what was asked and how it ended."""


@dataclass(frozen=True, kw_only=True)
class Tail(Where):
    """Which entries of which ledger."""

    lines: Annotated[int, typer.Option("-n", min=0, help="The newest so many entries.")] = 20
    follow: Annotated[bool, typer.Option("-f", help="Go on as entries come.")] = False
    search: Annotated[str, typer.Option(help="Only entries of this search.")] = ""


@app.command()
@takes(Tail)
def tail(options: Tail) -> Exit:
    """Show the newest entries of a ledger. They hold no name, number or date of birth."""
    if options.hub and options.node:
        raise CommandError("choose --hub or --node MEMBER, not both")
    if options.as_name:
        from gateway.cli.inquiry import show_newest

        return show_newest(options)
    from gateway.cli.entries import show_entries

    return show_entries(options)


@dataclass(frozen=True, kw_only=True)
class Search(Opening):
    """Which entries, and how many."""

    case: Annotated[
        str,
        typer.Option(help="Of this case; it is sealed, so --key is needed.", rich_help_panel=WHICH),
    ] = ""
    limit: Annotated[
        int, typer.Option("-n", min=1, max=100_000, help="The newest so many entries.")
    ] = 100


@app.command()
@takes(Search)
def search(options: Search) -> Exit:
    """Find entries by officer, member, bank, purpose, rule, state, time or case."""
    from gateway.cli.inquiry import search_entries

    return search_entries(options)


@dataclass(frozen=True, kw_only=True)
class Show(Opening):
    """Which entry."""

    index: Annotated[int, typer.Argument(min=0, help="The entry's number.")]


@app.command()
@takes(Show)
def show(options: Show) -> Exit:
    """Show one entry whole; with a custodian's key also the question, the case and why."""
    from gateway.cli.inquiry import show_entry

    return show_entry(options)


@dataclass(frozen=True, kw_only=True)
class Who(Opening):
    """About whom or what."""

    name: Annotated[str, typer.Argument(help="A person's name, in any script.")] = ""
    birth: Annotated[str, typer.Option(help="Birth: 1985-03-14, 1985 or 1980..1990.")] = ""
    document: Annotated[str, typer.Option(help="Instead: the number of a travel document.")] = ""
    issuer: Annotated[str, typer.Option(help="Who issued the document, as KAZ.")] = ""


@app.command()
@takes(Who)
def who(options: Who) -> Exit:
    """Tell who asked about a person or a document, when, why and in which case.

    This is also the answer to a person's own request for access. Names are matched across scripts.
    """
    if bool(options.name) == bool(options.document):
        raise CommandError("write a name, or --document NUMBER")
    from gateway.cli.inquiry import who_asked
    from gateway.probe import document, person

    if options.document:
        return who_asked(options, document(number=options.document, issuer=options.issuer.upper()))
    return who_asked(options, person(options.name, birth=options.birth))


@dataclass(frozen=True, kw_only=True)
class Export(Opening):
    """Where to."""

    to: Annotated[Path, typer.Option(help="NAME.csv, NAME.parquet or NAME.jsonl; a new file.")]


@app.command()
@takes(Export)
def export(options: Export) -> Exit:
    """Write entries for other tools, with a notice until when the copy may be kept.

    Sealed parts stay sealed unless --key opens them.
    """
    from gateway.cli.exporting import export as write_export

    return write_export(options)


@dataclass(frozen=True, kw_only=True)
class Reconcile:
    """Which ledgers are compared."""

    file: Annotated[
        list[Path],
        typer.Option(help="An export of a whole ledger, NAME.jsonl; once for each ledger."),
    ] = field(default_factory=list)
    settle: Annotated[
        float, typer.Option(min=0, help="Seconds: younger searches may not be complete yet.")
    ] = 40.0
    as_json: Json = False
    home: Home = None


@app.command()
@takes(Reconcile)
def reconcile(options: Reconcile) -> Exit:
    """Hold the hub's ledger against the nodes', and name each search in which they differ.

    Ends with 0 where they agree and with 1 where they do not.
    """
    from gateway.cli.reconciling import reconcile as compare

    return compare(options)


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
