import pytest

from adapters.banks.sql.engine import MAX_STATEMENT_S, round_limit


@pytest.mark.parametrize(
    ("timeout", "limit"), [(0.001, 1), (1, 1), (1.001, 3), (9, 10), (30, 30), (1000, 30)]
)
def test_limit_is_never_shorter_than_the_deadline_nor_longer_than_the_most(timeout, limit):
    assert round_limit(timeout) == limit <= MAX_STATEMENT_S
