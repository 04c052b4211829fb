"""Where text goes: tables and colours on a terminal, plain lines into a pipe.

Everything that is printed comes through here as plain text or as `Text`, so that nothing of a bank
is ever read as markup.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final, TypeAlias

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gateway.cli.exits import Exit

Cell: TypeAlias = Text | str

WIDTH: Final = 100
"""Columns that are used where the terminal has more."""

STYLES: Final = {
    "answered": "bold green",
    "no hit": "dim",
    "refused": "yellow",
    "timed out": "red",
    "unavailable": "red",
    "suspended": "red",
    "faulty": "bold red",
    "not capable": "dim",
    "asking": "cyan",
    "up": "green",
    "down": "red",
}
"""The colours of states and conditions."""


class _Pipe(Console):
    """A console whose reader may go away: Rich would end the program with the code of "no hit"."""

    def on_broken_pipe(self) -> None:
        """End as interrupted; what is left to say goes nowhere."""
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(Exit.INTERRUPTED)


class Screen:
    """Prints to stdout.

    Attributes:
        console: Rich's own, for live displays.
        terminal: Whether a person looks at a terminal.
    """

    def __init__(self, console: Console | None = None) -> None:
        """Print to `console`, or to stdout."""
        self.console = console or _Pipe(highlight=False, markup=False, emoji=False)
        self.terminal = self.console.is_terminal
        if self.terminal:
            self.console.width = min(self.console.width, WIDTH)

    def say(self, line: Cell = "", style: str = "") -> None:
        """Print a line; only a terminal breaks a long one."""
        self.console.print(line, style=style or None, soft_wrap=not self.terminal)

    def heading(self, line: str) -> None:
        """Print a heading after an empty line."""
        self.say()
        self.say(line, "bold")

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Print a table; in a pipe its columns are aligned with blanks."""
        if not rows:
            return
        if self.terminal:
            self.console.print(make_table(headings, rows))
            return
        texts = [[str(cell) for cell in row] for row in [headings, *rows]]
        widths = [max(cell_len(row[i]) for row in texts) for i in range(len(headings))]
        for row in texts:
            filled = (
                cell + " " * (w - cell_len(cell)) for cell, w in zip(row, widths, strict=True)
            )
            self.say("  ".join(filled).rstrip())

    def pairs(self, rows: Sequence[tuple[str, Cell]], indent: int = 2) -> None:
        """Print labels with what belongs to them; a terminal breaks long lines below themselves."""
        if not self.terminal:
            for label, value in rows:
                self.say(f"{' ' * indent}{label:<13}{value}")
            return
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=12, style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for label, value in rows:
            grid.add_row(label, value)
        self.console.print(Padding(grid, (0, 0, 0, indent)))


def make_table(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    """Make a table; its last column takes what room there is."""
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        header_style="bold",
        show_edge=False,
    )
    for number, heading in enumerate(headings):
        last = number == len(headings) - 1
        table.add_column(heading, overflow="fold", no_wrap=not last)
    for row in rows:
        table.add_row(*row)
    return table


def paint(word: str) -> Text:
    """Return a state or condition in its colour."""
    return Text(word, style=STYLES.get(word, ""))
