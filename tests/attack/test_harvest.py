"""Harvesters in virtual time are found within the budget; an honest border raises nothing."""

from __future__ import annotations

import pytest

from gateway.access.budgets import Alarms, Budgets, Limit
from gateway.node.spending import Spending, read_alarms
from tests.kit import harvest

LIMIT = Limit(name="day", each="officer", per="day", limit=2_000)
BUDGETS = Budgets(limit=(LIMIT,), alarms=Alarms(block_minutes=1_440))


@pytest.fixture
def spending(tmp_path):
    spending = Spending(tmp_path / "books.sqlite", b"\x05" * 32, BUDGETS)
    yield spending
    spending.close()


def run(spending, script):
    """Ask until a question is refused; return how many were answered, and the rule."""
    for answered, step in enumerate(script):
        spent = spending.spend(step.asking, [step.probe], step.at)
        if spent.rule:
            return answered, spent.rule
    return None, ""


@pytest.mark.parametrize(
    ("script", "most", "rule"),
    [
        (harvest.sequential(), 12, "alarm.steps"),
        (harvest.sequential(step=7), 12, "alarm.steps"),
        (harvest.sequential(step=137), 12, "alarm.steps"),
        (harvest.sequential(step=-3), 12, "alarm.steps"),
        (harvest.sequential(every_s=300), 12, "alarm.steps"),
        (harvest.sequential(officers=3), 12, "alarm.steps"),
        (harvest.shuffled(), 30, "alarm.block"),
        (harvest.split(), 90, "alarm.block"),
        (harvest.grid(), 12, "alarm.dates"),
        (harvest.alphabet(), 20, "alarm.alphabet"),
    ],
)
def test_harvester_is_stopped(spending, tmp_path, script, most, rule):
    answered, found = run(spending, script)
    assert found == rule
    assert answered <= most
    (alarm,) = read_alarms(tmp_path / "books.sqlite")
    assert f"alarm.{alarm.kind}" == rule
    assert alarm.until - alarm.at == 86_400


def test_honest_border_raises_no_alarm_and_is_never_refused(spending, tmp_path):
    for step in harvest.honest(10_000):
        assert not spending.spend(step.asking, [step.probe], step.at).rule
    assert read_alarms(tmp_path / "books.sqlite") == []


def test_one_officer_costs_a_member_nothing(spending):
    run(spending, harvest.sequential())
    for who in (harvest.asking("k-2"), harvest.asking("k-3", "border-2")):
        assert not spending.spend(who, [harvest.passport(1)], harvest.START).rule


def test_books_hold_no_personal_data(spending, tmp_path):
    for script in (harvest.grid(), harvest.sequential()):
        run(spending, script)
    spending.close()
    for path in tmp_path.glob("books.sqlite*"):
        data = path.read_bytes().lower()
        for word in (b"rustam", b"karimov", "серікова".encode(), b"41000000", b"1984"):
            assert word not in data
