"""`kalkan audit`: read the ledgers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import WHICH, Home, Json, OneSite, Opening, Where, takes

app = typer.Typer(
    help="Read what was asked and how it ended.", no_args_is_help=True, add_completion=False
)


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
class Prove(Where):
    """Which entries, and where to."""

    index: Annotated[
        int | None, typer.Argument(min=0, help="The entry's number.", show_default=False)
    ] = None
    search: Annotated[
        str, typer.Option(help="Instead: all entries of this search, or its first 8 digits.")
    ] = ""
    to: Annotated[
        Path | None,
        typer.Option(help="A new folder for entries and .tlog-proof files.", show_default=False),
    ] = None


@app.command()
@takes(Prove)
def prove(options: Prove) -> Exit:
    """Prove that entries are in a ledger that witnesses have signed.

    Ends with 0 where all is proved, with 1 where something is wrong, which it names, and with 3
    where too few witnesses have signed yet. Keys and quorum are those of the federation file here.
    """
    from gateway.cli.proofs import show_proofs

    return show_proofs(options)


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Where):
    """Of which ledger."""

    remember: Annotated[
        Path | None,
        typer.Option(
            help="A file with the last one that was seen: the new one must continue it.",
            show_default=False,
        ),
    ] = None


@app.command()
@takes(Checkpoint)
def checkpoint(options: Checkpoint) -> Exit:
    """Show the newest checkpoint of a ledger and who has signed it; every client may.

    Ends with 0 where a quorum of witnesses has signed, with 1 where something is wrong, as a ledger
    that does not continue what was remembered of it, and with 3 where too few have signed yet.
    """
    from gateway.cli.proofs import show_checkpoint

    return show_checkpoint(options)


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


@app.command()
@takes(Where)
def keys(options: Where) -> Exit:
    """List the months for which what is sealed can still be opened, by authority."""
    from gateway.cli.keeping import list_keys

    return list_keys(options)


@dataclass(frozen=True, kw_only=True)
class Destroy(OneSite):
    """Which keys."""

    before: Annotated[str, typer.Option(help="All months before this one, as 2023-11.")]
    authority: Annotated[str, typer.Option(help="Of this member alone, as KAZ.")] = ""


@app.command()
@takes(Destroy)
def destroy(options: Destroy) -> Exit:
    """Destroy keys: what they sealed in this ledger can never be read again; proofs still hold.

    Refuses what is under legal hold. A server does this by itself when retention is over.
    """
    from gateway.cli.keeping import destroy as destroy_keys

    return destroy_keys(options)


@dataclass(frozen=True, kw_only=True)
class Backup(OneSite):
    """Where to."""

    to: Annotated[Path, typer.Argument(metavar="TO", help="A new folder.")]


@app.command()
@takes(Backup)
def backup(options: Backup) -> Exit:
    """Copy a ledger while its server runs: entries, checkpoint, tiles, wrapped keys, blobs."""
    from gateway.cli.keeping import backup as back_up

    return back_up(options)


@dataclass(frozen=True, kw_only=True)
class Restore(OneSite):
    """From where."""

    source: Annotated[Path, typer.Argument(metavar="FROM", help="The folder of a backup.")]
    accept_loss: Annotated[
        bool, typer.Option(help="Even if entries that are known are not in it; becomes an entry.")
    ] = False


@app.command()
@takes(Restore)
def restore(options: Restore) -> Exit:
    """Put a backup in a ledger's place; what was there is moved aside. The server must not run.

    A backup with fewer entries than the ledger is known to have had is refused.
    """
    from gateway.cli.keeping import restore as put_back

    return put_back(options)


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
class _Witness:
    """Which witness."""

    node: Annotated[str, typer.Option(help="The node that is the witness, as KAZ.")]
    home: Home = None


@dataclass(frozen=True, kw_only=True)
class Alarms(_Witness):
    """How its alarms are shown."""

    as_json: Json = False


@app.command()
@takes(Alarms)
def alarms(options: Alarms) -> Exit:
    """Show what a node has found wrong with the ledgers of others, and what of it is closed."""
    from gateway.cli.closing import show_alarms

    return show_alarms(options)


@dataclass(frozen=True, kw_only=True)
class Close(_Witness):
    """Which alarm, who closes it, and why."""

    alarm: Annotated[str, typer.Argument(help="What was found, as log_rolled_back.")]
    ledger: Annotated[
        str, typer.Argument(help="Of whose ledger: a member, HUB, or the name of a foreign log.")
    ]
    by: Annotated[str, typer.Option(help="Who closes it: a pseudonym, as in tokens.")]
    reason: Annotated[str, typer.Option(help="Why; it is sealed in the node's ledger.")]


@app.command()
@takes(Close)
def close(options: Close) -> Exit:
    """Close an alarm that was looked into. What is found later is open again."""
    from gateway.cli.closing import close_alarm

    return close_alarm(options)


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
