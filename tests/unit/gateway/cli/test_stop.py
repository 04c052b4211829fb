"""The command's words are those of its documentation."""

from __future__ import annotations

from typer.testing import CliRunner

from gateway.access.stops import KINDS
from gateway.cli.main import app


def test_help_names_every_kind_and_an_example():
    done = CliRunner().invoke(app, ["stop", "--help"])
    assert done.exit_code == 0
    for kind in KINDS:
        assert f"{kind}=" in done.output
    assert "kalkan stop --list" in done.output
