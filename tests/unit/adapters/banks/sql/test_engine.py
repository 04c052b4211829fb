import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.banks.sql.engine import MAX_STATEMENT_S, choose_limit

PRESENT = st.sampled_from((1, 3, 10, MAX_STATEMENT_S))


@pytest.mark.parametrize(
    ("present", "timeout", "limit"),
    [(30, 0.001, 1), (10, 1, 1), (1, 1.001, 3), (3, 9, 10), (1, 30, 30), (1, 1000, 30)],
)
def test_limit_is_a_round_one(present, timeout, limit):
    assert choose_limit(present, timeout) == limit


@pytest.mark.parametrize(("present", "timeout"), [(3, 0.5), (3, 2.9), (10, 2.9), (30, 9), (30, 25)])
def test_session_keeps_a_limit_that_is_near_enough(present, timeout):
    assert choose_limit(present, timeout) == present


@given(PRESENT, st.floats(0.001, MAX_STATEMENT_S))
def test_limit_is_never_shorter_than_the_deadline_nor_longer_than_the_most(present, timeout):
    assert timeout <= choose_limit(present, timeout) <= MAX_STATEMENT_S


@given(PRESENT, st.lists(st.sampled_from((0.5, 2.0)), max_size=8))
def test_questions_with_two_near_deadlines_settle_on_one_limit(present, timeouts):
    for timeout in (0.5, 2.0):
        present = choose_limit(present, timeout)
    for timeout in timeouts:
        assert choose_limit(present, timeout) == present
