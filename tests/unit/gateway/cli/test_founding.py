"""Each command of founding is there, with help and with what it cannot do without."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app

COMMANDS = {
    "init": "--hub",
    "request-member": "--issuer",
    "add-member": "--project",
    "request-officer": "--member",
    "add-officer": "--to",
    "token": "--role",
    "rotate": "--retire",
}


@pytest.mark.parametrize(("command", "option"), COMMANDS.items())
def test_command_has_help_and_needs_its_words(command, option):
    runner = CliRunner()
    told = runner.invoke(app, ("federation", command, "--help"), env={"COLUMNS": "120"})
    assert told.exit_code == 0
    assert option in told.output
    assert runner.invoke(app, ("federation", command)).exit_code == 2
