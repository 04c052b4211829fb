"""The plug-in of pytest that comes with the kit: marks clauses, and keeps the rules of gaps.

It is loaded at the start of every pytest run of an environment that has Kalkan installed, before
coverage and before assertions are rewritten, so it imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

_PARTS: Final = (
    *("asking", "clause", "ending", "hostile", "limits", "reading", "shape", "subject"),
    *("suite", "trouble", "truth"),
)
pytest.register_assert_rewrite(*(f"adapters.conformance.{part}" for part in _PARTS))


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers", "clause(number): the test of a clause of adapters.conformance"
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark each test of a clause with its number, so that `-m clause` finds it."""
    told = _clause_of(item)
    if told is not None:
        item.add_marker(pytest.mark.clause(told.number))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect the gaps that an author names to fail, and refuse those that may not be.

    Raises:
        pytest.UsageError: A gap has no reason, names no clause, or is of safety.
    """
    for item in items:
        told = _clause_of(item)
        if told is not None:
            gaps: Mapping[str, str] = item.cls.gaps  # type: ignore[attr-defined]  # a clause is a method
            _require_gaps(item.cls, gaps)  # type: ignore[attr-defined]  # as above
            if told.number in gaps:
                _require_gap(item.cls, told)  # type: ignore[attr-defined]  # as above
                item.add_marker(pytest.mark.xfail(reason=gaps[told.number], strict=True))


def _clause_of(item: pytest.Item) -> Any:  # noqa: ANN401 - nothing of ours is imported here
    return getattr(getattr(item, "function", None), "clause", None)


def _require_gaps(owner: type, gaps: Mapping[str, str]) -> None:
    """Require that each gap names a clause and has a reason."""
    tests = (getattr(owner, name) for name in dir(owner) if name.startswith("test_"))
    known = {told.number for test in tests if (told := getattr(test, "clause", None)) is not None}
    for number, reason in gaps.items():
        if number not in known:
            raise pytest.UsageError(f"{owner.__name__}.gaps: there is no clause {number}")
        if not reason.strip():
            raise pytest.UsageError(f"{owner.__name__}.gaps: say why {number} cannot hold")


def _require_gap(owner: type, told: Any) -> None:  # noqa: ANN401 - as above
    """Require that a gap is not one of safety; what the author cannot provoke cannot be tried."""
    if told.safety and told.is_given(owner):
        raise pytest.UsageError(
            f"{owner.__name__}.gaps: {told.number} is a clause of safety and accepts no gap"
        )
