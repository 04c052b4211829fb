"""`kalkan federation`: who is there, what may be asked of whom, and how one is made and joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.founding import register
from gateway.cli.options import PURPOSES, WHO, Caller, Granularity, Json, ProbeKind, Purpose, takes

app = typer.Typer(
    help="See who is there and what may be asked; make a federation and let members in.",
    no_args_is_help=True,
    add_completion=False,
)


@dataclass(frozen=True, kw_only=True)
class _Status(Caller):
    """How to tell it."""

    as_json: Json = False


@app.command()
@takes(_Status)
def status(options: _Status) -> Exit:
    """Show members and banks: their condition, how fresh they are, what they search for."""
    from gateway.cli.directory import show_status

    return show_status(options, as_json=options.as_json)


@dataclass(frozen=True, kw_only=True)
class _Explain(Caller):
    """What would be asked."""

    ask: Annotated[
        list[str],
        typer.Option(help="A project, member or bank; may be repeated.", rich_help_panel=WHO),
    ]
    purpose: Annotated[
        list[Purpose],
        typer.Option(
            help=f"Why: {PURPOSES}; may be repeated; without it all.",
            metavar="WORD",
            rich_help_panel=WHO,
        ),
    ] = field(default_factory=list)
    probe: Annotated[
        ProbeKind,
        typer.Option(help=f"One of {', '.join(ProbeKind)}.", metavar="WORD", rich_help_panel=WHO),
    ] = ProbeKind.PERSON
    granularity: Annotated[
        Granularity,
        typer.Option(
            help=f"How much is to be asked for: {', '.join(Granularity)}.", metavar="WORD"
        ),
    ] = Granularity.RECORD
    as_json: Json = False


@app.command()
@takes(_Explain)
def explain(options: _Explain) -> Exit:
    """Show what you may ask of whom, filled in how, how much comes back, and which rule refuses.

    This asks nobody about anybody, and leaves no trace of a person.
    """
    from gateway.cli.directory import Lookup, show_access

    purposes = [purpose.value for purpose in options.purpose or Purpose]
    lookup = Lookup(
        tuple(options.ask), tuple(purposes), options.probe.value, options.granularity.value
    )
    return show_access(options, lookup, as_json=options.as_json)


register(app)
