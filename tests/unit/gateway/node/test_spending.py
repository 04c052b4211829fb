"""The books: limits to the last question, across restarts and processes, and free repeats."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.access.budgets import Alarms, Budgets, Limit
from gateway.node.spending import Alarm, Spending, Spent, read_alarms
from tests.kit.harvest import START, asking, passport

SECRET = b"\x05" * 32
HOUR = Limit(name="hour", each="officer", per="hour", limit=5)


def budgets(*limits, **changes):
    return Budgets(limit=limits, **changes)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "books.sqlite"


@pytest.fixture
def books(path):
    """Open the books by some limits; all are closed at the end."""
    opened = []

    def open_books(*limits, **changes):
        opened.append(Spending(path, SECRET, budgets(*limits, **changes)))
        return opened[-1]

    yield open_books
    for each in opened:
        each.close()


def ask(spending, number, who=None, seconds=0.0):
    now = START + timedelta(seconds=seconds)
    return spending.spend(who or asking(), [passport(number * 7_919)], now)


def test_last_question_of_a_limit_is_answered_and_the_next_refused(books):
    spending = books(HOUR)
    assert [ask(spending, n).rule for n in range(5)] == [""] * 5
    refused = ask(spending, 5)
    assert refused.rule == "budget.hour"
    assert refused.text.startswith("5 questions for each officer in one hour are used up; free")
    assert refused.text.endswith("free again at 2026-03-01 07:05 UTC")
    assert ask(spending, 6, asking("k-2")).rule == ""  # another has his own


def test_limit_is_free_when_it_says(books):
    spending = books(HOUR)
    for n in range(5):
        ask(spending, n)
    assert ask(spending, 5, seconds=3_899).rule
    assert ask(spending, 5, seconds=3_900).rule == ""


def test_same_question_costs_nothing(books):
    spending = books(HOUR)
    for _ in range(50):
        assert ask(spending, 1) == Spent()
    for n in range(2, 6):
        ask(spending, n)
    assert ask(spending, 1).rule == ""
    assert ask(spending, 6).rule


def test_same_question_of_another_or_for_another_purpose_costs(books):
    limit = Limit(name="m", each="member", per="day", limit=3)
    spending = books(limit)
    whos = [asking(), asking("k-2"), asking(purpose="terrorism"), asking("k-3")]
    assert [bool(ask(spending, 1, who).rule) for who in whos] == [False, False, False, True]


def test_repeat_costs_again_after_its_time(books):
    spending = books(Limit(name="d", each="officer", per="day", limit=1), repeat_hours=1)
    ask(spending, 1)
    assert ask(spending, 1, seconds=3_599).rule == ""
    assert ask(spending, 1, seconds=3_601).rule


def test_each_document_of_a_batch_counts_and_none_of_a_refused_one(books):
    spending = books(HOUR)
    batch = [passport(n) for n in (1, 200, 3_000_000, 1)]
    assert spending.spend(asking(), batch, START).rule == ""
    assert spending.spend(asking(), [passport(n) for n in (5, 6_000, 70_000)], START).rule
    assert ask(spending, 1).rule == ""
    assert ask(spending, 2).rule == ""
    assert ask(spending, 3).rule


def test_batch_larger_than_the_limit_never_fits(books):
    spending = books(HOUR)
    batch = [passport(n * 7_919) for n in range(6)]
    assert spending.spend(asking(), batch, START).rule
    assert spending.spend(asking(), batch, START + timedelta(days=9)).rule


@pytest.mark.parametrize(
    ("each", "others"),
    [
        ("unit", asking("k-9")),
        ("member", asking("k-9", "border-9")),
        ("purpose", asking("k-9", "border-9", member="TUR")),
    ],
)
def test_what_is_counted_together(books, each, others):
    spending = books(Limit(name="x", each=each, per="day", limit=1))
    ask(spending, 1)
    assert ask(spending, 2, others).rule == "budget.x"


def test_restart_forgets_nothing(books):
    for n in range(5):
        spending = books(HOUR)
        ask(spending, n)
    assert ask(books(HOUR), 5).rule
    assert ask(books(HOUR), 0).rule == ""


PROCESS = """
import json, sys
from datetime import timedelta
from pathlib import Path
from gateway.access.budgets import Budgets
from gateway.node import spending as module
from gateway.node.spending import Spending
from tests.kit.harvest import START, asking, passport
module.WAIT_S = 60.0
path, budgets, first = Path(sys.argv[1]), Budgets.model_validate_json(sys.argv[2]), int(sys.argv[3])
spending = Spending(path, bytes([5]) * 32, budgets)
print("ready", flush=True)
sys.stdin.readline()
spent = [spending.spend(asking(), [passport(n * 7919)], START) for n in range(first, first + 60)]
print(json.dumps(sum(not each.rule for each in spent)))
spending.close()
"""


def test_two_processes_share_one_budget(path, root):
    shared = budgets(Limit(name="d", each="officer", per="day", limit=70)).model_dump_json()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(path), shared, str(first)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        for first in (0, 1_000)
    ]
    for each in processes:
        assert each.stdout.readline() == "ready\n"
    for each in processes:
        each.stdin.write("go\n")
        each.stdin.flush()
    answered = [json.loads(each.communicate(timeout=60)[0]) for each in processes]
    assert sum(answered) == 70


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 9_000), min_size=8, max_size=60))
def test_never_more_than_the_limit_in_any_hour(tmp_path_factory, seconds):
    spending = Spending(tmp_path_factory.mktemp("b") / "b.sqlite", SECRET, budgets(HOUR))
    times = []
    for n, at in enumerate(sorted(seconds)):
        if not ask(spending, n, seconds=at).rule:
            times.append(at)
    spending.close()
    assert all(sum(t <= other < t + 3_600 for other in times) <= 5 for t in times)


def test_alarm_without_a_block_tells_and_answers(books, path):
    spending = books(alarms=Alarms(steps=4))
    spent = [spending.spend(asking(unit=""), [passport(n)], START) for n in range(5)]
    assert not any(each.rule for each in spent)
    told = [alarm for each in spent for alarm in each.alarms]
    at = int(START.timestamp())
    assert told == [Alarm(at, "steps", "officer", "KAZ/k-1", 4, at)]
    assert read_alarms(path) == told


def test_member_is_alarmed_and_not_blocked_unless_the_owner_says_so(books, path):
    for blocks, rule in ((("officer",), ""), (("member",), "alarm.steps")):
        spending = books(alarms=Alarms(steps=4, block_minutes=10, blocks=blocks))
        whos = [asking(f"k-{n}", f"border-{n}") for n in range(4)]
        first = 40_000_000 if rule else 0
        spent = [spending.spend(who, [passport(first + n)], START) for n, who in enumerate(whos)]
        assert spent[3].alarms[0].scope == "member"
        assert spent[3].rule == rule


def test_block_ends_and_is_of_whoever_raised_it(books):
    spending = books(alarms=Alarms(block=4, steps=1_000, block_minutes=10))
    spent = [spending.spend(asking(), [passport(n * n)], START) for n in range(4)]
    assert [each.rule for each in spent] == ["", "", "", "alarm.block"]
    assert "free again at 2026-03-01 06:10 UTC" in spent[3].text
    assert ask(spending, 9).rule == "alarm.block"
    assert ask(spending, 9, asking("k-2")).rule == ""
    assert ask(spending, 9, seconds=601).rule == ""


def test_failed_question_leaves_nothing(books, monkeypatch):
    spending = books(HOUR)
    monkeypatch.setattr(spending, "_watch", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask(spending, 0)
    monkeypatch.undo()
    assert [ask(spending, n).rule for n in range(5)] == [""] * 5


def test_old_books_are_tidied(books, path):
    spending = books(HOUR)
    ask(spending, 1)
    ask(spending, 2, seconds=2 * 86_400)
    for table in ("seen", "spent"):
        assert spending._db.execute(f"SELECT count(*) FROM {table}").fetchall() == [(1,)]


def test_officer_who_is_called_as_a_unit_is_not_that_unit(books, path):
    """An officer who is blocked costs no unit of the same name its answers."""
    spending = books(alarms=Alarms(steps=4, block_minutes=60))
    for n in range(4):
        spent = ask(spending, n, asking("border-2", "border-1"))
    assert spent.rule == "alarm.steps"
    assert ask(spending, 9, asking("k-9", "border-2")).rule == ""
    assert ask(spending, 9, asking("border-2", "border-1")).rule == "alarm.steps"
    (alarm,) = read_alarms(path)
    assert alarm.scope == "officer"
