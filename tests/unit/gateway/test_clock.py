from datetime import UTC, datetime, timedelta, timezone

import pytest

from gateway.clock import Clock, ManualClock, SystemClock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def read_twice(clock: Clock) -> tuple[datetime, datetime, float, float]:
    return clock.now(), clock.now(), clock.monotonic(), clock.monotonic()


def test_system_clock_is_in_utc_and_never_goes_back():
    first, second, begin, end = read_twice(SystemClock())
    assert first.utcoffset() == second.utcoffset() == timedelta(0)
    assert begin <= end


def test_system_clock_agrees_with_the_machine():
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


def test_manual_clock_stands_still_until_it_is_moved():
    clock = ManualClock(NOON, monotonic_s=5.0)
    assert read_twice(clock) == (NOON, NOON, 5.0, 5.0)
    clock.advance(1.5)
    assert clock.now() == NOON + timedelta(seconds=1.5)
    assert clock.monotonic() == 6.5


def test_manual_clock_keeps_utc_when_the_start_is_elsewhere():
    clock = ManualClock(datetime(2026, 11, 21, 17, 30, tzinfo=timezone(timedelta(hours=5.5))))
    assert clock.now() == NOON
    assert clock.now().utcoffset() == timedelta(0)


def test_manual_clock_leaves_monotonic_alone_when_the_time_is_set_back():
    clock = ManualClock(NOON)
    clock.set_now(NOON - timedelta(days=1))
    assert clock.now() == NOON - timedelta(days=1)
    assert clock.monotonic() == 0.0


def test_manual_clock_refuses_to_go_back():
    with pytest.raises(ValueError, match="0 seconds or more"):
        ManualClock(NOON).advance(-0.1)


def test_manual_clock_refuses_a_time_without_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        ManualClock(NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        ManualClock(NOON).set_now(NOON.replace(tzinfo=None))
