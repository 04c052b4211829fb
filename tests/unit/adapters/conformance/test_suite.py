"""The suite and CLAUSES.md say the same."""

import re
from pathlib import Path

import pytest

import adapters.conformance
from adapters.conformance.clause import clause_of
from adapters.conformance.score import list_clauses
from adapters.conformance.suite import AdapterConformance

PAGE = Path(adapters.conformance.__file__).with_name("CLAUSES.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^- \*\*(C\d\d)\*\* (.*?)(?=^- |^## |\Z)", re.MULTILINE | re.DOTALL)
TOLD = dict(ENTRY.findall(PAGE))
TESTS = list_clauses(AdapterConformance)


def test_each_clause_has_one_test_and_each_test_its_clause():
    assert list(TOLD) == list(TESTS)
    assert list(TOLD) == [f"C{number:02}" for number in range(1, len(TOLD) + 1)]
    tests = [name for name in dir(AdapterConformance) if name.startswith("test_")]
    assert len(tests) == len(TESTS), "a number is there twice"


@pytest.mark.parametrize("number", TESTS)
def test_clause_and_its_test_agree(number):
    test, told = TESTS[number], clause_of(TESTS[number])
    assert test.__name__.startswith(f"test_{number.lower()}_")
    assert test.__doc__
    parts = ["safety"] * told.safety + [f"needs `{told.needs}`"] * bool(told.needs)
    marks = re.match(r"\*([^*]+)\.\*", TOLD[number])
    assert (marks[1].lower() if marks else "") == "; ".join(parts)
