"""`kalkan audit alarms|close`; beside running nodes it is in test_ledger_alarms.py."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.ledger.tlog.checkpoint import origin_of
from gateway.ledger.witness.state import Fault
from gateway.witnessing.memory import Found, Memory, Remembered
from tests.kit.world import ID, build_world

NOW = datetime.now(UTC)
OF_TUR = Found(origin_of(ID, "TUR"), Fault.FORKED, NOW - timedelta(days=400))
FOREIGN = Found("log.example/foreign", Fault.ROLLED_BACK, NOW)


@pytest.fixture
def home(tmp_path):
    home = build_world(tmp_path / "home", ("KAZ", "TUR")).home
    Memory(home / "nodes" / "KAZ" / "witness").write(Remembered((OF_TUR, FOREIGN)))
    return home


def run(home, verb, *words, node="kaz"):
    where = ("--node", node, "--home", str(home))
    return CliRunner().invoke(app, ["audit", verb, *words, *where])


def close(home, *words, by="op-7", reason="looked into"):
    return run(home, "close", *words, "--by", by, "--reason", reason)


def test_open_alarms_are_shown_with_whose_ledger(home):
    rows = run(home, "alarms").output.splitlines()[1:]
    assert [("log_forked" in row, "TUR" in row) for row in rows] == [(True, True), (False, False)]
    assert "log.example/foreign" in rows[1]
    assert run(home, "alarms", node="TUR").output == "no alarm was raised\n"


def test_alarm_of_a_member_or_a_foreign_log_is_closed(home):
    assert close(home, "log_forked", "tur").exit_code == 0
    assert close(home, "log_rolled_back", "log.example/foreign").exit_code == 0
    told = [json.loads(line) for line in run(home, "alarms", "--json").output.splitlines()]
    assert {(one["ledger"], one["by"], one["reason"]) for one in told} == {
        ("TUR", "op-7", "looked into"),
        ("log.example/foreign", "op-7", "looked into"),
    }
    assert all(one["closed"] for one in told)


@pytest.mark.parametrize("words", [("log_forked", "KAZ"), ("log_rolled_back", "TUR"), ("x", "TUR")])
def test_what_is_not_open_cannot_be_closed(home, words):
    done = close(home, *words)
    assert done.exit_code == 2
    assert "is open here" in done.output
    assert not (home / "nodes" / "KAZ" / "closed_alarms.toml").exists()


@pytest.mark.parametrize("changes", [{"by": " "}, {"reason": ""}, {"reason": "a\x1b[1mb"}])
def test_who_and_why_are_needed(home, changes):
    done = close(home, "log_forked", "TUR", **changes)
    assert done.exit_code == 2
    assert "printable" in done.output


def test_hub_is_no_witness(home):
    done = run(home, "alarms", node="")
    assert (done.exit_code, "the hub is no witness" in done.output) == (2, True)
