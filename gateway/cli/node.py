"""`kalkan node`: run the server of a member, or check one in any language."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import Caller, Home, Json, Purpose, takes

app = typer.Typer(
    help="Run a node, the server of a member, or check one.",
    no_args_is_help=True,
    add_completion=False,
)
WHICH = "Which node and bank"
KNOWN = "What the bank holds"


@app.callback()
def _group() -> None:
    """Run a node, the server of a member, or check one."""


@dataclass(frozen=True, kw_only=True)
class _Serve:
    """Where the settings are."""

    settings: Annotated[
        list[Path], typer.Option(help="A node's settings, node.toml; repeat it for several.")
    ]


@app.command()
@takes(_Serve)
def serve(options: _Serve) -> Exit:
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


@dataclass(frozen=True, kw_only=True)
class Alarmed:
    """Whose alarms are shown."""

    member: Annotated[str, typer.Argument(help="The member whose node it is, as KAZ.")]
    home: Home = None
    as_json: Json = False


@app.command()
@takes(Alarmed)
def alarms(options: Alarmed) -> Exit:
    """Show who asked as harvesters do: when, what of it, how many, and until when it is blocked."""
    from gateway.cli.alarms import show_alarms

    return show_alarms(options)


CHECK_EXAMPLE = """\b
Example:
  kalkan node check 127.0.0.1:7702 --member KAZ --as officer \\
      --name "Рустам Каримов" --document N10000001"""


@dataclass(frozen=True, kw_only=True)
class _Check(Caller):
    """Which node is checked, as whom, and what is known of it."""

    address: Annotated[
        str,
        typer.Argument(
            help="Where the node listens; else as in the federation file.", show_default=False
        ),
    ] = ""
    member: Annotated[
        str, typer.Option(help="The member that runs it, as KAZ.", rich_help_panel=WHICH)
    ] = ""
    bank: Annotated[
        str, typer.Option(help="The bank; else the first described.", rich_help_panel=WHICH)
    ] = ""
    hub_settings: Annotated[
        Path | None,
        typer.Option(
            help="The hub's settings: a node answers no client. Else home/hub/hub.toml.",
            rich_help_panel=WHICH,
            show_default=False,
        ),
    ] = None
    name: Annotated[
        list[str],
        typer.Option(help="A person who is in the bank; may be repeated.", rich_help_panel=KNOWN),
    ] = field(default_factory=list)
    document: Annotated[
        list[str],
        typer.Option(help="A document that is in it; may be repeated.", rich_help_panel=KNOWN),
    ] = field(default_factory=list)
    token_key: Annotated[
        Path | None,
        typer.Option(
            help="The key that signs tokens of the client's member, to make expired ones.",
            show_default=False,
        ),
    ] = None
    purpose: Annotated[
        Purpose, typer.Option(help="A purpose that the node permits.", metavar="WORD")
    ] = Purpose.TERRORISM
    case: Annotated[str, typer.Option(help="The case that the node records.")] = "conformance"
    clause: Annotated[
        list[str], typer.Option(help="Run this clause only, as N30; may be repeated.")
    ] = field(default_factory=list)
    patience: Annotated[
        float, typer.Option(help="Seconds that a node may take beyond a deadline.", min=0, max=20)
    ] = 2.0
    as_json: Json = False


@app.command(epilog=CHECK_EXAMPLE)
@takes(_Check)
def check(options: _Check) -> Exit:
    """Check a running node, written in any language, against the clauses, and print a scorecard.

    It calls as the hub does and asks as a client does, so it needs the hub's certificate and a
    client's token. Its questions are real: the node records them. Exit codes: 0 all kept, 1 some
    broken, 3 none broken but some not tried.
    """
    from gateway.cli.checking import Choice, check_node

    choice = Choice(
        address=options.address,
        member=options.member.upper(),
        bank=options.bank,
        home=options.home,
        as_name=options.as_name,
        hub_settings=options.hub_settings,
        token_key=options.token_key,
        names=tuple(options.name),
        documents=tuple(options.document),
        purpose=options.purpose.value,
        case=options.case,
        patience_s=options.patience,
    )
    return check_node(choice, options.clause, as_json=options.as_json)
