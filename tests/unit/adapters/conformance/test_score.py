"""Clauses run without pytest."""

from adapters.conformance.clause import clause
from adapters.conformance.score import State, list_clauses, run_clauses
from adapters.conformance.subject import Subject


class Bank(Subject):
    gaps = {"C91": "old", "C92": "known", "C93": "safety"}  # noqa: RUF012 - never altered

    @clause("C90")
    async def test_c90(self):
        """Holds."""

    @clause("C91")
    async def test_c91(self):
        """Holds, too."""

    @clause("C92")
    async def test_c92(self):
        """Fails as known."""
        raise AssertionError("no")

    @clause("C93", safety=True)
    async def test_c93(self):
        """Fails and must not.

        Not a part of the promise.
        """
        raise ValueError("no")

    def test_of_something_else(self):
        raise AssertionError("it must not be run")


def test_verdicts_are_told_in_order():
    verdicts = list(run_clauses(Bank()))
    assert [verdict.state for verdict in verdicts] == [
        *(State.KEPT, State.STALE, State.GAP, State.BROKEN)
    ]
    assert [verdict.reason for verdict in verdicts] == ["", "", "known", "ValueError: no"]
    assert verdicts[3].promise == "Fails and must not."


def test_other_tests_are_not_listed():
    assert list(list_clauses(Bank)) == ["C90", "C91", "C92", "C93"]
