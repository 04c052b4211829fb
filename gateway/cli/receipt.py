"""`kalkan receipt`: what a saved receipt proves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import Exit
from gateway.cli.options import Caller, Home, Json, takes

app = typer.Typer(
    help="Prove a search with the file of its receipt.", no_args_is_help=True, add_completion=False
)


@dataclass(frozen=True, kw_only=True)
class Verify:
    """Which file, and by whose keys."""

    file: Annotated[Path, typer.Argument(help="The file that `kalkan search --save` wrote.")]
    federation: Annotated[
        Path | None,
        typer.Option(
            help="The federation file with the public keys; else the one of the home.",
            show_default=False,
        ),
    ] = None
    as_json: Json = False
    home: Home = None


@app.command()
@takes(Verify)
def verify(options: Verify) -> Exit:
    """Check a receipt offline, with public keys alone, and say what it proves.

    Ends with 0 where all is proved, with 1 where something is wrong, which it names, and with 3
    where nothing is wrong but the proof is pending.
    """
    from gateway.cli.receipting import check_file

    return check_file(options)


@dataclass(frozen=True, kw_only=True)
class Proof(Caller):
    """Which file."""

    file: Annotated[Path, typer.Argument(help="The file that `kalkan search --save` wrote.")]
    as_json: Json = False


@app.command()
@takes(Proof)
def proof(options: Proof) -> Exit:
    """Fetch the proof that is still missing in a file, and add it.

    Ends with 0 where it is there and with 3 while it is pending; tells how many witnesses have
    signed, and how many must.
    """
    from gateway.cli.receipting import fetch_proof

    return fetch_proof(options)
