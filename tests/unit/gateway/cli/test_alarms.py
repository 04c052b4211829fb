"""`kalkan node alarms` shows what the books of a node hold."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from gateway.access.budgets import Alarms, Budgets
from gateway.cli.main import app
from gateway.node.spending import Spending
from tests.kit.harvest import START, asking, passport
from tests.kit.world import build_world


@pytest.fixture
def home(tmp_path):
    return build_world(tmp_path / "home", ("KAZ",)).home


def run(home, *words):
    return CliRunner().invoke(app, ["node", "alarms", "--home", str(home), *words])


def test_alarms_are_shown(home):
    assert run(home, "KAZ").output == "no alarm was raised\n"
    path = home / "nodes" / "KAZ" / "budgets.sqlite"
    spending = Spending(path, b"k" * 32, Budgets(alarms=Alarms(steps=4, block_minutes=10)))
    for number in range(4):
        spending.spend(asking(), [passport(number)], START)
    spending.close()
    row = run(home, "kaz").output.splitlines()[1]
    assert "steps  officer KAZ/k-1  4" in row
    assert "2026-03-01 06:10:00" in row
    told = json.loads(run(home, "KAZ", "--json").output)
    assert (told["kind"], told["count"]) == ("steps", 4)


def test_what_cannot_be_read_is_told(home):
    done = run(home, "QQQ")
    assert done.exit_code == 2
    assert "is not there" in done.output
    (home / "nodes" / "KAZ" / "budgets.sqlite").write_text("no database " * 100)
    assert "holds no books" in run(home, "KAZ").output
