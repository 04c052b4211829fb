"""The `kalkan` command. Each verb is a file beside this one, which is imported when it is meant."""

from __future__ import annotations

import typer

from gateway.cli.verbs import Verbs

TOUR = """Ask many countries' data banks one question, and prove afterwards what was asked.

\b
[bold]Try it[/bold] on this machine, with 17 synthetic members:
  kalkan demo --keep

\b
[bold]Ask[/bold] who knows a person; say who is asked, why, and for which case:
  kalkan search person "Qahhor Ghoziqulov" --birth 1985 \\
      --ask kalkan --purpose terrorism --category suspect --case 2026-17

\b
[bold]Look[/bold] who is there and what may be asked of whom:
  kalkan federation status
  kalkan federation explain --ask kalkan --purpose terrorism

\b
[bold]Prove[/bold] what was asked and answered, at the hub and at each member:
  kalkan audit tail
  kalkan audit tail --node KAZ
  kalkan audit trace SEARCH
  kalkan receipt verify FILE

\b
[bold]Decide[/bold] what your banks answer, and see beforehand what a new policy changes:
  kalkan policy explain --member UZB --bank KAZ/persons --purpose terrorism
  kalkan policy check --node KAZ --search new.cedar

\b
[bold]Connect[/bold] a data bank of your own:
  kalkan bank draft sqlite:///register.db --to mapping.toml
  kalkan bank check mapping.toml

\b
[bold]Exit codes[/bold]
  0 a hit    1 no hit, everybody searched    2 wrong usage
  3 no hit, but somebody did not search      4 refused
  5 the hub cannot be reached or trusted
"""

app = typer.Typer(
    cls=Verbs,
    help=TOUR,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def _group() -> None:
    """Take a verb."""


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
