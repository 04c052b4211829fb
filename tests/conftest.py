"""What two or more folders of tests need. What one folder needs lives in that folder."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from gateway.clock import ManualClock

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parent.parent
IN_CI = bool(os.environ.get("CI"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs us in the background has it ignored, and every process we start inherits it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine must not fail a property; in CI the same examples run for everybody.
settings.register_profile(
    "kalkan", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=IN_CI
)
settings.load_profile("kalkan")


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the tree."""
    return ROOT


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands at a day in summer until a test moves it."""
    return ManualClock(datetime(2026, 7, 1, 12, 0, tzinfo=UTC))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what is skipped in CI: nothing may be left out there unseen.

    Public lists are not part of the project: where they are not beside it, their tests are skipped.
    """
    report = yield
    allowed = hasattr(report, "wasxfail") or item.get_closest_marker("lists") is not None
    if IN_CI and report.skipped and not allowed:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"nothing is skipped in CI: {reason}"
    return report
