"""Answers have few sizes and leave at few moments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.node.padding import LEAST, next_on_grid, pad_answer
from gateway.wire import MAX_ANSWER
from kalkan.v1 import model_pb2 as model


@given(st.integers(0, 20_000))
def test_size_is_a_power_of_two_and_the_content_the_same(size):
    answer = model.Answer(policy_epoch="x" * size)
    data = pad_answer(answer)
    assert len(data) >= LEAST
    assert len(data) & (len(data) - 1) == 0
    read = model.Answer.FromString(data)
    read.ClearField("padding")
    assert read == model.Answer(policy_epoch="x" * size)


@pytest.mark.parametrize("edge", [LEAST, 4 * LEAST, 32 * LEAST, MAX_ANSWER])
def test_sizes_around_the_edges_are_powers_of_two_or_too_large(edge):
    for size in range(edge - 300, edge + 3):
        data = pad_answer(model.Answer(policy_epoch="x" * size))
        assert len(data) & (len(data) - 1) == 0 or len(data) > MAX_ANSWER - 300


def test_answer_that_fits_no_bucket_stays_as_it_is():
    answer = model.Answer(policy_epoch="x" * MAX_ANSWER)
    assert len(pad_answer(answer)) == answer.ByteSize() > MAX_ANSWER


def test_padding_is_made_anew():
    answer = model.Answer(padding=b"x" * 900)
    assert len(pad_answer(answer)) == LEAST
    assert len({pad_answer(answer) for _ in range(20)}) == 20


def test_every_padding_has_enough_that_nobody_can_guess():
    for size in range(LEAST - 100, LEAST + 10):
        answer = model.Answer(policy_epoch="x" * size)
        first, second = (model.Answer.FromString(pad_answer(answer)).padding for _ in range(2))
        assert min(len(first), len(second)) >= 16
        assert first != second


@pytest.mark.parametrize(
    ("elapsed", "grid", "ends"),
    [(0.0, 0.1, 0.1), (0.01, 0.1, 0.1), (0.1, 0.1, 0.1), (0.101, 0.1, 0.2), (0.3, 0.0, 0.3)],
)
def test_time_is_rounded_up_to_the_grid(elapsed, grid, ends):
    assert next_on_grid(elapsed, grid) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("elapsed", "left", "ends"),
    [(0.01, 1.0, 0.1), (0.01, 0.08, 0.065), (0.04, 0.05, 0.065), (0.08, 0.01, 0.08)],
)
def test_without_time_for_the_grid_the_end_of_the_time_is_the_grid(elapsed, left, ends):
    """It depends on the call's time alone, wherever in it the bank has ended."""
    assert next_on_grid(elapsed, 0.1, left) == pytest.approx(ends)
