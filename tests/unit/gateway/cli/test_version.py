"""The command tells the version of what is installed."""

from __future__ import annotations

from importlib.metadata import version

from typer.testing import CliRunner

from gateway.cli.main import app


def test_version_is_that_of_the_distribution():
    done = CliRunner().invoke(app, ["version"])
    assert (done.exit_code, done.stdout) == (0, f"kalkan {version('kalkan')}\n")
