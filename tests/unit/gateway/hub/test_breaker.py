from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock import ManualClock, SystemClock
from gateway.hub.breaker import FAILURES, PAUSE_S, Breaker
from kalkan.v1 import model_pb2 as model

BANK = "KAZ/persons"
FAILED = (model.BANK_STATE_TIMED_OUT, model.BANK_STATE_UNAVAILABLE, model.BANK_STATE_FAULTY)
WORKED = (
    model.BANK_STATE_ANSWERED,
    model.BANK_STATE_NO_HIT,
    model.BANK_STATE_REFUSED,
    model.BANK_STATE_NOT_CAPABLE,
)


def fail(breaker: Breaker, times: int, bank: str = BANK) -> None:
    for _ in range(times):
        assert breaker.allows(bank)
        breaker.note(bank, model.BANK_STATE_UNAVAILABLE)


@pytest.fixture
def breaker(clock: ManualClock) -> Breaker:
    return Breaker(clock)


@pytest.fixture
def broken(breaker: Breaker) -> Breaker:
    """A breaker that has just suspended the bank."""
    fail(breaker, FAILURES)
    return breaker


def test_bank_that_was_never_called_is_allowed():
    breaker = Breaker(SystemClock())
    assert breaker.allows(BANK)
    assert not breaker.suspended(BANK)


@pytest.mark.parametrize("state", FAILED)
def test_bank_is_suspended_after_so_many_failures_in_a_row(breaker, state):
    for _ in range(FAILURES):
        assert not breaker.suspended(BANK)
        assert breaker.allows(BANK)
        breaker.note(BANK, state)
    assert breaker.suspended(BANK)
    assert not breaker.allows(BANK)


@pytest.mark.parametrize("state", WORKED)
def test_one_word_of_the_bank_ends_the_row(breaker, state):
    fail(breaker, FAILURES - 1)
    breaker.note(BANK, state)
    fail(breaker, FAILURES - 1)
    assert breaker.allows(BANK)


def test_other_banks_are_not_suspended(broken):
    assert broken.allows("TUR/persons")
    assert not broken.suspended("TUR/persons")


def test_one_caller_tries_again_after_the_pause(broken, clock):
    clock.advance(PAUSE_S - 0.001)
    assert not broken.allows(BANK)
    clock.advance(0.001)
    assert broken.allows(BANK)
    assert not broken.allows(BANK)
    assert broken.suspended(BANK)


def test_try_that_works_lets_all_in(broken, clock):
    clock.advance(PAUSE_S)
    assert broken.allows(BANK)
    broken.note(BANK, model.BANK_STATE_NO_HIT)
    assert all(broken.allows(BANK) for _ in range(3))
    assert not broken.suspended(BANK)


def test_try_that_fails_begins_another_pause(broken, clock):
    clock.advance(PAUSE_S)
    assert broken.allows(BANK)
    broken.note(BANK, model.BANK_STATE_TIMED_OUT)
    assert not broken.allows(BANK)
    clock.advance(PAUSE_S)
    assert broken.allows(BANK)


def test_try_that_is_given_up_leaves_the_next_one_to_another(broken, clock):
    clock.advance(PAUSE_S)
    assert broken.allows(BANK)
    broken.release(BANK)
    assert broken.allows(BANK)


def test_giving_up_a_call_of_a_healthy_bank_changes_nothing(breaker):
    breaker.release(BANK)
    assert breaker.allows(BANK)


@given(st.lists(st.sampled_from(["fail", "work", "give up", "wait"]), max_size=60))
def test_bank_that_is_suspended_is_always_tried_again_and_comes_back(steps):
    clock = ManualClock(SystemClock().now())
    breaker = Breaker(clock)
    for step in steps:
        if step == "wait":
            clock.advance(PAUSE_S / 2)
        elif breaker.allows(BANK):
            if step == "give up":
                breaker.release(BANK)
            else:
                breaker.note(BANK, FAILED[0] if step == "fail" else WORKED[0])
    clock.advance(PAUSE_S)
    assert breaker.allows(BANK)
    breaker.note(BANK, model.BANK_STATE_ANSWERED)
    assert not breaker.suspended(BANK)
