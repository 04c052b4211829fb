"""Tables are aligned in a pipe whatever the script, and fit a terminal."""

from __future__ import annotations

import io
import subprocess
import sys

from rich.cells import cell_len
from rich.console import Console

from gateway.cli.exits import Exit
from gateway.cli.screen import WIDTH, Screen


def make_screen(*, terminal: bool, width: int = 140) -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=width, markup=False)
    return Screen(console), out


def test_columns_are_aligned_in_a_pipe():
    screen, out = make_screen(terminal=False)
    screen.table(("a", "b"), [("ქართული", "x"), ("क़होर", "y"), ("Ab", "z")])
    starts = {
        cell_len(line[: line.rindex(line.strip()[-1])])
        for line in out.getvalue().split("\n")
        if line
    }
    assert len(starts) == 1


def test_a_pipe_gets_long_lines_unbroken_and_no_escape():
    screen, out = make_screen(terminal=False, width=40)
    screen.table(("a", "b"), [("x", "word " * 40)])
    screen.say("word " * 40, "bold red")
    screen.pairs([("label", "word " * 40)])
    assert len(out.getvalue().splitlines()) == 4
    assert "\x1b" not in out.getvalue()


def test_a_terminal_gets_lines_of_at_most_a_hundred_columns():
    screen, out = make_screen(terminal=True)
    screen.table(("a", "b"), [("x", "word " * 60)])
    screen.pairs([("label", "word " * 60)])
    screen.say("word " * 60)
    assert screen.console.width == WIDTH
    assert len(out.getvalue().splitlines()) > 8


def test_markup_in_text_is_text():
    screen, out = make_screen(terminal=False)
    screen.say("[red]x[/red]")
    screen.table(("[a]",), [("[b]",)])
    assert out.getvalue() == "[red]x[/red]\n[a]\n[b]\n"


def test_an_empty_table_is_nothing():
    screen, out = make_screen(terminal=False)
    screen.table(("a",), [])
    assert out.getvalue() == ""


def test_reader_that_has_gone_does_not_make_it_no_hit():
    """Rich would end the program with 1, which means that everybody searched and nobody found."""
    code = (
        "from gateway.cli.exits import Exit, guard\n"
        "from gateway.cli.screen import Screen\n"
        "def run():\n"
        "    for n in range(100_000):\n"
        "        Screen().say('a line')\n"
        "    return Exit.HIT\n"
        "raise SystemExit(guard(run))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.wait(60) == Exit.INTERRUPTED
