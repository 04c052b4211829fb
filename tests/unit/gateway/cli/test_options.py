"""A dataclass of options becomes the parameters of a command."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from gateway.cli.exits import CommandError, Exit
from gateway.cli.options import Asking, takes

SEEN: list[object] = []


@dataclass(frozen=True, kw_only=True)
class Options:
    """Of a command for this test."""

    word: Annotated[str, typer.Argument()]
    path: Annotated[Path | None, typer.Option()] = None
    many: Annotated[list[str], typer.Option()] = field(default_factory=list)


def run(*arguments: str, ends: Exit = Exit.HIT) -> int:
    app = typer.Typer()

    @app.command()
    @takes(Options)
    def try_it(options: Options) -> Exit:
        """Say what it does."""
        if options.word == "wrong":
            raise CommandError("it is wrong")
        SEEN.append(options)
        return ends

    return CliRunner().invoke(app, list(arguments)).exit_code


def test_a_command_gets_its_options_as_one_value():
    assert run("w", "--path", "a/b", "--many", "1", "--many", "2") == 0
    assert SEEN.pop() == Options(word="w", path=Path("a/b"), many=["1", "2"])
    assert run("w") == 0
    assert SEEN.pop() == Options(word="w")


@pytest.mark.parametrize("ends", list(Exit))
def test_a_command_ends_with_the_code_that_it_returns(ends):
    assert run("w", ends=ends) == ends


def test_a_command_ends_with_wrong_usage_when_it_says_so_or_typer_does():
    assert run("wrong") == Exit.USAGE
    assert run() == Exit.USAGE
    assert run("w", "--unknown") == Exit.USAGE


def test_who_why_and_which_case_have_no_default():
    needed = {"ask", "purpose", "case"}
    with pytest.raises(TypeError) as caught:
        Asking()
    assert all(name in str(caught.value) for name in needed)
