"""`kalkan bank`: connect a data bank. Draft a mapping, check it against the bank, try it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import Json, ProbeKind, takes

app = typer.Typer(
    help="Connect a data bank: draft, check, try.", no_args_is_help=True, add_completion=False
)
WHAT = "What is looked for"

MappingFile = Annotated[Path, typer.Argument(help="The mapping of the bank, a TOML file.")]


@app.callback()
def _group() -> None:
    """Connect a data bank: draft a mapping, check it against the bank, try it."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is looked at, and where the mapping goes."""

    url: Annotated[
        str,
        typer.Argument(
            help="A database (sqlite:///file, postgres://...), a directory (ldaps://host/base), "
            "an OpenAPI document (https://host/openapi.json or .yaml), or files: a folder, or one."
        ),
    ]
    to: Annotated[Path | None, typer.Option(help="Write it here; else it is printed.")] = None
    table: Annotated[str, typer.Option(help="Where the records are; else it is guessed.")] = ""
    bank: Annotated[str, typer.Option(help="The id of the bank: a-z, 0-9 and -.")] = ""
    password_file: Annotated[
        str, typer.Option(help="Holds the password or the token, beside the mapping.")
    ] = ""
    bind: Annotated[str, typer.Option(help="The name that a directory knows us by.")] = ""
    ca_file: Annotated[
        str, typer.Option(help="Certificates that are trusted, beside the mapping.")
    ] = ""


@app.command("draft")
@takes(Draft)
def draft_mapping(options: Draft) -> Exit:
    """Look at an unknown database, directory, service or files and write a first mapping.

    Guesses are marked with a comment. Read them, then run `kalkan bank check`.
    """
    from gateway.cli.drafting import write_draft

    return write_draft(options)


@dataclass(frozen=True, kw_only=True)
class Check:
    """Which mapping is checked, and how much of the bank is read for it."""

    mapping: MappingFile
    budget: Annotated[int, typer.Option(min=1, help="Rows that one query may read.")] = 10_000
    most: Annotated[int, typer.Option(min=1, help="Records that are read at most.")] = 20_000
    trips: Annotated[int, typer.Option(min=1, help="Records that are looked for.")] = 25
    seed: Annotated[int, typer.Option(help="Decides which records those are.")] = 1
    reference: Annotated[
        list[str],
        typer.Option(help="A record that is there, for a bank that lists none; may be repeated."),
    ] = field(default_factory=list)
    as_json: Json = False


@app.command("check")
@takes(Check)
def check_mapping(options: Check) -> Exit:
    """Hold a mapping against its bank. Personal data are masked in all that is shown.

    Ends with 0 where no error was found, else with 1.
    """
    from gateway.cli.proving import show_check

    return show_check(options)


@dataclass(frozen=True, kw_only=True)
class Try:
    """What is looked for in which bank."""

    mapping: MappingFile
    kind: Annotated[
        ProbeKind, typer.Argument(help=f"One of {', '.join(ProbeKind)}.", metavar="KIND")
    ]
    name: Annotated[str, typer.Option(help="A whole name.", rich_help_panel=WHAT)] = ""
    birth: Annotated[
        str, typer.Option(help="1985-03-14, 1985 or 1980..1990.", rich_help_panel=WHAT)
    ] = ""
    number: Annotated[
        str,
        typer.Option(help="Of the document or the registration.", rich_help_panel=WHAT),
    ] = ""
    issuer: Annotated[str, typer.Option(help="Who issued it, as KAZ.", rich_help_panel=WHAT)] = ""
    plate: Annotated[str, typer.Option(help="A plate.", rich_help_panel=WHAT)] = ""
    vin: Annotated[str, typer.Option(help="A VIN.", rich_help_panel=WHAT)] = ""
    identifier: Annotated[
        str,
        typer.Option(help="phone, email, imei, handle, national_number.", rich_help_panel=WHAT),
    ] = ""
    value: Annotated[str, typer.Option(help="The identifier's value.", rich_help_panel=WHAT)] = ""
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Hits at most.")] = 20
    timeout: Annotated[float, typer.Option(help="Seconds for the search.")] = 10.0
    as_json: Json = False


@app.command("try")
@takes(Try)
def try_bank(options: Try) -> Exit:
    """Search one bank directly, as its node would. Nobody else is asked, nothing is recorded.

    An index of names is made in memory first, so a large bank takes a while.
    """
    from gateway.cli.trying import show_try

    return show_try(options)


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Nothing to choose."""


@app.command("schema")
@takes(Schema)
def write_schema(_: Schema) -> Exit:
    """Print the JSON Schema of a mapping, for editors."""
    from adapters.mapping.schema import write_schema as write

    sys.stdout.write(write())
    return Exit.HIT


def require_mapping(path: Path) -> None:
    """Require that there is a file to read.

    Raises:
        CommandError: There is none.
    """
    if not path.is_file():
        raise CommandError(f"{path}: there is no such mapping; `kalkan bank draft` writes one")
