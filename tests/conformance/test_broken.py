"""Each adapter that is broken on purpose is caught by the clause meant for it, and by no other."""

from typing import ClassVar

import pytest

from adapters.banks.memory import MemoryAdapter
from adapters.conformance.example import MemoryConformance
from adapters.conformance.score import State, list_clauses, run_clauses
from tests.conformance import failing  # noqa: F401 - it puts its adapters on the list
from tests.conformance.broken import BROKEN


def make_subject(adapter):
    """Return a suite for an adapter of the bank in memory that wastes no time."""

    class Subject(MemoryConformance):
        make = adapter
        deadline_s = 0.05
        patience_s = 1.0
        gaps: ClassVar[dict[str, str]] = {}

    return Subject()


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_adapter_is_caught_by_its_clause_alone(fault):
    adapter, number = BROKEN[fault]
    verdicts = list(run_clauses(make_subject(adapter)))
    broken = {v.clause.number: v.reason for v in verdicts if v.state is not State.KEPT}
    assert set(broken) == {number}, broken


def test_whole_adapter_is_caught_by_none():
    verdicts = list(run_clauses(make_subject(MemoryAdapter)))
    assert {v.clause.number: v.reason for v in verdicts if v.state is not State.KEPT} == {}


def test_every_clause_has_an_adapter_that_breaks_it():
    assert {number for _, number in BROKEN.values()} == set(list_clauses(MemoryConformance))
