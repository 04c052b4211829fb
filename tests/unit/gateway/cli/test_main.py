"""`--help` tells of every verb and costs little."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app

VERBS = [
    [],
    ["demo"],
    ["search"],
    *(
        ["search", kind]
        for kind in ("person", "document", "vehicle", "organisation", "identifier", "documents")
    ),
    ["federation"],
    ["federation", "status"],
    ["federation", "explain"],
    ["audit"],
    ["audit", "tail"],
    ["audit", "verify"],
    ["bank"],
    *(["bank", verb] for verb in ("draft", "check", "try", "schema")),
    ["revoke"],
    *(["revoke", kind] for kind in ("token", "officer", "certificate", "member")),
    ["hub"],
    ["hub", "serve"],
    ["node"],
    ["node", "serve"],
    ["version"],
]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_has_help(verb):
    result = CliRunner().invoke(app, [*verb, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert len(result.output.splitlines()) > 5


def test_help_is_a_tour():
    text = CliRunner().invoke(app, ["--help"]).output
    for part in ("kalkan demo --keep", "kalkan search person", "kalkan audit tail", "Exit codes"):
        assert part in text


def test_help_loads_no_heavy_room():
    code = (
        "import sys; import gateway.cli.main;"
        "heavy = {'grpc', 'google.protobuf', 'cryptography', 'pydantic', 'sqlglot', 'seeds'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
