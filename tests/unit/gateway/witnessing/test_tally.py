from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.witnessing.tally import Tally


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 5))), st.integers(0, 31))
def test_the_best_checkpoint_that_covers_an_entry_counts(signed, index):
    tally = Tally()
    for size, count in signed:
        tally.add(size, count)
    assert tally.of(index) == max((c for s, c in signed if s > index), default=0)
    assert len(tally._counts) <= 5


def test_a_log_that_grows_without_a_quorum_is_not_remembered_in_whole():
    tally = Tally()
    for size in range(1, 1_000):
        tally.add(size, 1)
    assert tally._counts == {999: 1}
    tally.add(500, 2)
    assert (tally.of(499), tally.of(500), tally.of(999)) == (2, 1, 0)
