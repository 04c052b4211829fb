"""The file of budgets: strict, with places, and only for whom it says."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.budgets import Budgets, parse_budgets, read_budgets, scopes_of
from gateway.access.errors import BudgetFileError
from gateway.access.stops import Asking

ASKING = Asking(member="KAZ", officer="k-17", unit="border", purpose="terrorism")
LIMIT = '[[limit]]\nname = "a"\neach = "officer"\nper = "day"\nlimit = 5\n'


def test_without_a_file_there_are_no_budgets(tmp_path):
    assert read_budgets(tmp_path / "budgets.toml") is None


def test_file_without_limits_has_alarms_that_block_nobody(tmp_path):
    path = tmp_path / "budgets.toml"
    path.write_text("")
    budgets = read_budgets(path)
    assert budgets.limit == ()
    assert budgets.alarms.block_minutes == 0
    assert budgets.repeat_hours == 24


@pytest.mark.parametrize(
    ("more", "subject"),
    [
        ("", "KAZ/k-17"),
        ('members = ["KAZ"]', "KAZ/k-17"),
        ('members = ["TUR"]', ""),
        ('purposes = ["terrorism"]', "KAZ/k-17"),
        ('purposes = ["border_control"]', ""),
    ],
)
def test_limit_is_for_those_it_names(more, subject):
    (limit,) = parse_budgets((LIMIT + more).encode(), "budgets.toml").limit
    assert limit.subject_of(ASKING) == subject


@pytest.mark.parametrize(
    ("each", "subject"),
    [("unit", "KAZ/border"), ("member", "KAZ"), ("purpose", "terrorism")],
)
def test_limit_counts_together_what_it_says(each, subject):
    text = LIMIT.replace('"officer"', f'"{each}"')
    (limit,) = parse_budgets(text.encode(), "budgets.toml").limit
    assert limit.subject_of(ASKING) == subject


def test_who_has_no_unit_has_no_account_of_one():
    assert "unit" not in scopes_of(Asking(member="KAZ", officer="o", unit="", purpose="p"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LIMIT + "more = 1", "budgets.toml:6: limit.0.more"),
        (LIMIT.replace("5", "0"), "budgets.toml:5: limit.0.limit"),
        (LIMIT.replace("day", "year"), "budgets.toml:4: limit.0.per"),
        (LIMIT.replace('"a"', '"A b"'), "budgets.toml:2: limit.0.name"),
        (LIMIT + LIMIT, "same name"),
        ("[alarms]\nsteps = 1", "budgets.toml:2: alarms.steps"),
        ("repeat_hours = 25", "budgets.toml:1: repeat_hours"),
        ("x = ", "budgets.toml:1: is not TOML"),
    ],
)
def test_file_that_does_not_hold_names_its_place(tmp_path, text, said):
    path = tmp_path / "budgets.toml"
    path.write_text(text)
    with pytest.raises(BudgetFileError, match=said):
        read_budgets(path)


def test_large_or_unreadable_file_is_refused(tmp_path):
    path = tmp_path / "budgets.toml"
    path.write_bytes(b"#" * 1_048_577)
    with pytest.raises(BudgetFileError, match="larger"):
        read_budgets(path)
    with pytest.raises(BudgetFileError, match="cannot be read"):
        read_budgets(tmp_path)


@given(st.binary(max_size=200))
def test_whatever_the_file_holds_it_is_read_or_refused(data):
    with suppress(BudgetFileError):
        assert isinstance(parse_budgets(data, "budgets.toml"), Budgets)
