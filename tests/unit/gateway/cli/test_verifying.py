"""`kalkan audit verify`: 0 where all is sound, 1 and plain words where it is not."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from gateway.cli import verifying
from gateway.cli.main import app
from gateway.ledger.tlog.signer import Cosigner
from tests.kit.logs import ORIGIN, SIGNER, write_log

VKEY = str(SIGNER.vkey)


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setattr(verifying, "PATIENCE_S", 0)
    write_log(tmp_path / "ledger", [300])
    return tmp_path / "ledger"


def run(*arguments):
    return CliRunner().invoke(app, ["audit", "verify", *map(str, arguments)])


def test_a_sound_ledger_ends_with_0(log):
    result = run(log, "--vkey", VKEY)
    assert result.exit_code == 0
    assert f"{ORIGIN}: 300 entries are whole" in " ".join(result.stdout.split())


def test_a_damaged_ledger_ends_with_1_and_says_where(log):
    (log / "tile/0/000").write_bytes(b"")
    result = run(log, "--vkey", VKEY)
    assert result.exit_code == 1
    assert "0/000" in "".join(result.stdout.split())
    result = run(log, "--vkey", VKEY, "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["sound"] is False
    assert f"{log}/tile/0/000: has 0 bytes where 256 hashes belong" in report["findings"]


def test_what_is_no_key_or_folder_ends_with_2(log):
    witness = Cosigner(ORIGIN, SIGNER._key)
    for folder, key in ((log, "x"), (log, str(witness.vkey)), (log / "none", VKEY)):
        result = run(folder, "--vkey", key)
        assert result.exit_code == 2
        assert result.stderr.startswith("kalkan: ")
