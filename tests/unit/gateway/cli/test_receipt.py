"""`kalkan receipt verify`: exit codes and words. The whole way: tests/integration."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from gateway.access.witnesses import Witnessing
from gateway.cli.main import app
from tests.kit.receipts import open_press
from tests.kit.world import build_world


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    world = build_world(tmp_path_factory.mktemp("world"), witnessing=Witnessing(quorum=2))
    return open_press(world)


@pytest.fixture
def verify(press, tmp_path):
    def run(file, *words: str):
        path = tmp_path / "receipt.json"
        path.write_text(file.encode(), encoding="utf-8")
        arguments = ["receipt", "verify", str(path), "--home", str(press.world.home), *words]
        return CliRunner().invoke(app, arguments)

    return run


def test_a_proved_receipt_ends_with_0_and_says_what_a_no_hit_claims(press, verify):
    done = verify(press.prove(press.sign(press.receipt())))
    assert done.exit_code == 0
    assert "signed by 2 witnesses, 2 are needed" in done.output
    assert "It does not say that the bank holds nothing." in " ".join(done.output.split())


def test_a_pending_one_ends_with_3_and_a_wrong_one_with_1(press, verify):
    assert verify(press.sign(press.receipt())).exit_code == 3
    file = replace(press.sign(press.receipt()), receipt=b"")
    done = verify(file)
    assert done.exit_code == 1
    assert "wrong: receipt: " in done.output
    told = json.loads(verify(file, "--json").output)
    assert (told["sound"], told["proved"]) == (False, False)


def test_without_a_federation_file_it_ends_with_2(press, verify, tmp_path):
    file = press.sign(press.receipt())
    assert verify(file, "--federation", str(tmp_path / "absent")).exit_code == 2
