"""Decide where time comes from: everything else takes a `Clock` and never asks the machine.

Two clocks in one: `now` says when something happened and may be set back by the operating
system, `monotonic` measures how long something took and never goes back. A test or a bench
passes a `ManualClock` and moves it by hand.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the gateway needs to know about time."""

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds since an arbitrary moment; never goes back."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that the rule points to

    def monotonic(self) -> float:
        """Return seconds since an arbitrary moment; never goes back."""
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is moved.

    Args:
        start: The first time of day, aware; kept in UTC.
        monotonic_s: The first reading of `monotonic`, in seconds.

    Raises:
        ValueError: The start has no time zone.
    """

    def __init__(self, start: datetime, *, monotonic_s: float = 0.0) -> None:
        self._now = _require_aware(start).astimezone(UTC)
        self._monotonic_s = monotonic_s

    def now(self) -> datetime:
        """Return the time of day as it was last set."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that the clock was advanced by, plus the first reading."""
        return self._monotonic_s

    def advance(self, seconds: float) -> None:
        """Move both readings forward by `seconds` >= 0.

        Raises:
            ValueError: The step is negative: use `set_now` to put the time of day back.
        """
        if seconds < 0:
            raise ValueError(f"a clock is advanced by 0 seconds or more, not by {seconds}")
        self._now += timedelta(seconds=seconds)
        self._monotonic_s += seconds

    def set_now(self, now: datetime) -> None:
        """Set the time of day alone, also backwards, as an operator or NTP may do.

        Raises:
            ValueError: The time has no time zone.
        """
        self._now = _require_aware(now).astimezone(UTC)


def _require_aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a clock needs a time with a time zone")
    return moment
