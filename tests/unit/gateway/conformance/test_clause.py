"""Clauses and their prose have the same numbers."""

import re

import pytest

from gateway.conformance import clause as module
from gateway.conformance.clause import BrokenError, Clause, clause, require
from gateway.conformance.score import list_clauses


def test_each_clause_is_in_prose_and_each_prose_has_its_clause(root):
    text = (root / "gateway/conformance/CLAUSES-node.md").read_text(encoding="utf-8")
    written = re.findall(r"^- \*\*(N\d\d)(, safety)?\.\*\*", text, re.MULTILINE)
    run = [(c.number, ", safety" if c.safety else "") for c in list_clauses()]
    assert written == run


def test_each_clause_has_a_promise_of_one_line():
    assert all(c.promise.endswith(".") and len(c.promise) < 100 for c in list_clauses())


def test_decorator_takes_the_first_line_of_the_docstring():
    @clause("N99", safety=True)
    async def holds(asker):
        """Promises a thing.

        And says more.
        """

    assert isinstance(holds, Clause)
    assert (holds.number, holds.promise, holds.safety) == ("N99", "Promises a thing.", True)


def test_require_raises_what_is_broken():
    require(1, "never")
    with pytest.raises(BrokenError, match="the thing"):
        require(0, "the thing")
    assert issubclass(module.UntriedError, module.ClauseError)
