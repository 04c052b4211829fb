"""A verb costs what it needs itself, and all of them are there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import verbs
from gateway.cli.main import app
from gateway.cli.verbs import VERBS, _Late

HEAVY = {
    *("grpc", "google.protobuf", "cryptography", "cedarpy", "sqlglot", "opentelemetry", "aiohttp"),
    *("matplotlib", "sqlalchemy", "duckdb", "rich.table", "seeds"),
}


def loaded(*words: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = "import sys; from gateway.cli.main import main\ntry:\n main()\nexcept SystemExit: pass\n"
    done = subprocess.run(
        [sys.executable, "-c", code + "print('\\n'.join(sys.modules))", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines())


def test_stop_loads_no_other_verb_and_nothing_heavy(tmp_path):
    folder = tmp_path / "hub"
    folder.mkdir()
    paths = ("federation", "certificate", "key", "receipt_key", "ledger", "ledger_key")
    text = 'listen = "127.0.0.1:0"\n' + "".join(f'{name} = "unused"\n' for name in paths)
    (folder / "hub.toml").write_text(text, encoding="utf-8")
    found = loaded("stop", "officer=KAZ/k-17", "--hub", "--home", str(tmp_path))
    assert (folder / "stops.toml").read_text(encoding="utf-8").count("k-17") == 1
    assert not found & HEAVY
    others = {f"gateway.cli.{verb}" for verb in VERBS} - {"gateway.cli.stop"}
    assert not found & others


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_a_file_of_its_name(verb):
    assert (Path(verbs.__file__).parent / f"{verb}.py").is_file()
    late = _Late()
    assert late[verb].name == verb
    assert late[verb] is late[verb], "built once"


def test_all_verbs_are_listed_and_no_other_is_known():
    late = _Late()
    assert tuple(late) == VERBS
    assert len(late) == len(set(VERBS)) == len(VERBS)
    with pytest.raises(KeyError):
        late["os"]


def test_verb_that_is_misspelt_is_answered_with_those_that_are_near():
    done = CliRunner().invoke(app, ["serch"])
    assert done.exit_code == 2
    assert "search" in done.output
