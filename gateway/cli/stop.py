"""`kalkan stop`: the kill switch of the hub or of a member's node."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import Home, Json, takes

app = typer.Typer(add_completion=False)
WHICH = "At which server"
EXAMPLE = """\b
Example:
  kalkan stop officer=KAZ/k-17 --hub --reason "token lost"
  kalkan stop purpose=stolen_property --node KAZ
  kalkan stop --list --node KAZ
  kalkan stop officer=KAZ/k-17 --hub --lift"""


@dataclass(frozen=True, kw_only=True)
class Stopping:
    """What is stopped, and where."""

    what: Annotated[
        list[str],
        typer.Argument(
            help="officer=KAZ/NAME, unit=KAZ/NAME, member=KAZ, purpose=WORD or bank=KAZ/NAME.",
            show_default=False,
            metavar="[KIND=WHICH]",
        ),
    ] = field(default_factory=list)
    hub: Annotated[bool, typer.Option("--hub", help="The hub.", rich_help_panel=WHICH)] = False
    node: Annotated[str, typer.Option(help="A member's node, as KAZ.", rich_help_panel=WHICH)] = ""
    home: Home = None
    reason: Annotated[str, typer.Option(help="Why, for your own people; no requester is told.")] = (
        ""
    )
    lift: Annotated[bool, typer.Option("--lift", help="Stop it no more.")] = False
    list_all: Annotated[bool, typer.Option("--list", help="Show what is stopped.")] = False
    as_json: Json = False


@app.command(epilog=EXAMPLE)
@takes(Stopping)
def stop(options: Stopping) -> Exit:
    """Stop an officer, a unit, a member, a purpose or a bank, at once, until it is lifted.

    The server need not be told: it follows its file, refuses within a second, and ends what runs.
    """
    from gateway.cli.stopping import change, show_stops

    if options.list_all:
        return show_stops(options)
    return change(options)
