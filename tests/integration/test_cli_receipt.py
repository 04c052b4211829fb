"""`docs/receipts.md` as it is written: its commands, run against the demonstration federation."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.receipts.file import read_receipt_file

PAGE = Path(__file__).parents[2] / "docs" / "receipts.md"


@pytest.fixture
def run(kalkan, federation, tmp_path):
    def run(line: str, home: Path = federation.home):
        words = shlex.split(line.replace("receipt.json", str(tmp_path / "receipt.json")))
        assert words[0] == "kalkan"
        return kalkan(*words[1:], KALKAN_HOME=str(home))

    return run


def commands() -> list[str]:
    """What the page tells to type: search, verify, proof."""
    return re.findall(r"^\$ (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture
def path(run, tmp_path):
    """The file that the first command writes."""
    path = tmp_path / "receipt.json"
    while True:
        done = run(commands()[0])
        assert done.returncode in {0, 1}, done.stderr
        if "receipt.json, pending: " not in done.stdout:  # else the witnesses were slow to sign
            break
        path.unlink()
    assert "receipt.json, witnessed: " in done.stdout
    return path


def test_a_saved_receipt_is_proved_and_holds_nothing_of_the_question(run, path):
    file = read_receipt_file(path)
    for data in (path.read_bytes(), file.receipt, file.entry, file.proof):
        assert b"400999458" not in data
    done = run(commands()[1])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "its node has signed that" in done.stdout
    assert re.search(r"Witnessed: .*, signed by [23] witnesses, 2 are needed", done.stdout)


def test_the_public_keys_alone_are_enough(run, path, federation, tmp_path):
    keys = tmp_path / "keys.toml"
    shutil.copy(federation.home / "federation.toml", keys)
    done = run(f"{commands()[1]} --federation {keys} --json", tmp_path / "nowhere")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["proved"], told["quorum"]) == (True, 2)


def test_a_pending_proof_can_be_fetched_later(run, path):
    _, verify, proof = commands()
    file = read_receipt_file(path)
    path.write_text(replace(file, entry=b"", proof=b"").encode(), encoding="utf-8")
    done = run(verify)
    assert done.returncode == 3
    assert "Pending: not proved" in done.stdout
    assert run(proof).returncode == 0
    assert run(verify).returncode == 0
    assert read_receipt_file(path).entry == file.entry


def test_what_is_wrong_is_named(run, path):
    verify = commands()[1]
    file = read_receipt_file(path)
    path.write_text(replace(file, targets=("KAZ",)).encode(), encoding="utf-8")
    done = run(verify)
    assert done.returncode == 1
    assert "wrong: targets: " in done.stdout
    path.write_text("{}", encoding="utf-8")
    assert run(verify).returncode == 2


def test_a_proof_is_for_who_asked(run, path):
    done = run(commands()[2].replace("--as border", "--as officer"))
    assert done.returncode == 2
    assert "no such search of yours" in done.stderr
