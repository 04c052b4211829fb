import pytest

from adapters.banks.sql.deadline import Deadline
from adapters.contract import BankTimeoutError


async def test_left_is_what_is_left():
    assert 0 < Deadline(500).left() <= 500


@pytest.mark.parametrize("seconds", [0, -1])
async def test_left_raises_when_the_time_is_over(seconds):
    with pytest.raises(BankTimeoutError):
        Deadline(seconds).left()
