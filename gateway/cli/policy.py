"""`kalkan policy`: explain, test, check and replay policies, without a hub and without a search."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import Aim, Category, Granularity, Home, Json, Purpose, takes

app = typer.Typer(
    help="Write a policy: explain, test, check, replay it.",
    no_args_is_help=True,
    add_completion=False,
)
ASKED = "What is asked"
WHOSE = "Whose policy"


@dataclass(frozen=True, kw_only=True)
class Explain:
    """A question that nobody asks."""

    member: Annotated[str, typer.Option(help="Who asks, as KAZ.", rich_help_panel=ASKED)]
    bank: Annotated[str, typer.Option(help="Which bank, as TUR/persons.", rich_help_panel=ASKED)]
    purpose: Annotated[Purpose, typer.Option(help="Why.", metavar="WORD", rich_help_panel=ASKED)]
    role: Annotated[list[str], typer.Option(help="A role of the officer; may be repeated.")] = (
        field(default_factory=lambda: ["investigator"])
    )
    unit: Annotated[str, typer.Option(help="The officer's unit.")] = ""
    probe: Annotated[
        str, typer.Option(help="What is looked for.", metavar="WORD", rich_help_panel=ASKED)
    ] = "person"
    fields: Annotated[
        list[str],
        typer.Option(help="A field that is filled in; may be repeated; else the usual ones."),
    ] = field(default_factory=list)
    granularity: Annotated[
        Granularity, typer.Option(help="How much is asked for.", metavar="WORD")
    ] = Granularity.RECORD
    category: Annotated[
        Category | None, typer.Option(help="Who the person is to the case.", metavar="WORD")
    ] = None
    aim: Annotated[Aim | None, typer.Option(help="To what end.", metavar="WORD")] = None
    case: Annotated[bool, typer.Option(help="Whether a case is named.")] = True
    offence: Annotated[bool, typer.Option(help="Whether an offence is named.")] = True
    home: Home = None
    as_json: Json = False


@app.command()
@takes(Explain)
def explain(options: Explain) -> Exit:
    """Say why a question is answered or refused: what each of the three layers says.

    It reads the files of the federation's folder; a policy that is not there is named. Exit codes:
    0 permitted, 4 refused.
    """
    from gateway.cli.explaining import explain_question

    return explain_question(options)


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose policies are meant."""

    node: Annotated[
        str,
        typer.Option(
            help="The member, as KAZ, in this federation's folder.", rich_help_panel=WHOSE
        ),
    ] = ""
    settings: Annotated[
        Path | None,
        typer.Option(
            help="Else the node's settings, node.toml.", rich_help_panel=WHOSE, show_default=False
        ),
    ] = None
    home: Home = None
    as_json: Json = False


@dataclass(frozen=True, kw_only=True)
class New(Whose):
    """New texts in place of those in force."""

    search: Annotated[
        Path | None,
        typer.Option("--search", help="A new policy for searches.", show_default=False),
    ] = None
    release: Annotated[
        Path | None, typer.Option(help="A new policy for records.", show_default=False)
    ] = None
    asking: Annotated[
        Path | None, typer.Option(help="A new asking policy.", show_default=False)
    ] = None


@dataclass(frozen=True, kw_only=True)
class Test(New):
    """Examples of an owner."""

    cases: Annotated[Path, typer.Argument(help="A TOML file of examples.")]


@app.command()
@takes(Test)
def test(options: Test) -> Exit:
    """Run an owner's own examples against its policies, or against new ones.

    Exit codes: 0 all come out as written, 1 some do not.
    """
    from gateway.cli.policies import run_cases

    return run_cases(options)


@app.command()
@takes(New)
def check(options: New) -> Exit:
    """Check policies, and show what new ones change for everybody and everything.

    Exit codes: 0 they hold, 2 they do not.
    """
    from gateway.cli.policies import check_policies

    return check_policies(options)


@dataclass(frozen=True, kw_only=True)
class Replay(New):
    """Questions of the past."""

    since: Annotated[
        str, typer.Option(help="From this day or time on, as 2026-11-01; else all.")
    ] = ""
    key: Annotated[
        Path | None,
        typer.Option(
            help="A custodian's private key: the records that were found are decided, too."
        ),
    ] = None
    reason: Annotated[
        str, typer.Option(help="Why it is opened, 1 to 200 characters; this becomes an entry.")
    ] = ""


@app.command()
@takes(Replay)
def replay(options: Replay) -> Exit:
    """Show what policies would have decided on the past questions of the node's own ledger.

    Exit codes: 0 everything as it was, 1 something otherwise.
    """
    from gateway.cli.policies import replay_past

    return replay_past(options)
