"""A clause runs its test in a loop of its own."""

import asyncio

import pytest

from adapters.conformance.clause import Clause, clause, clause_of
from adapters.conformance.subject import Subject


class Bank(Subject):
    loops = ()

    @clause("C90", safety=True)
    async def test_c90(self):
        self.loops = (*self.loops, id(asyncio.get_running_loop()))

    @clause("C91", needs="slow")
    async def test_c91(self):
        raise AssertionError("it must not be run")


def test_test_of_a_clause_is_a_plain_function():
    bank = Bank()
    bank.test_c90()
    assert len(bank.loops) == 1
    assert not asyncio.iscoroutinefunction(bank.test_c90)


def test_test_knows_its_clause():
    assert clause_of(Bank.test_c90) == Clause("C90", safety=True)
    assert clause_of(test_test_knows_its_clause) is None


def test_test_fails_where_the_author_wrote_nothing():
    with pytest.raises(AssertionError, match=r"Bank\.slow\(\) is not written"):
        Bank().test_c91()
