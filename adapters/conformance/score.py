"""Run the clauses without pytest, and tell how each ended: for a scorecard, and for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from adapters.conformance.clause import Clause, clause_of
from adapters.conformance.subject import Subject

__all__ = ["State", "Verdict", "list_clauses", "run_clauses"]


class State(StrEnum):
    """How a clause ended."""

    KEPT = "kept"
    BROKEN = "broken"
    GAP = "gap"  # named in gaps, and it does fail
    STALE = "stale"  # named in gaps, but it holds


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one clause ended.

    Attributes:
        clause: Which.
        promise: What it says, in one line.
        reason: Why it is broken, or the reason of the gap.
    """

    clause: Clause
    promise: str
    state: State
    reason: str = ""


def list_clauses(subject: type[Subject]) -> dict[str, Callable[..., None]]:
    """Return the tests of a suite by their clause, in the order of numbers."""
    tests = (getattr(subject, name) for name in dir(subject) if name.startswith("test_"))
    found = ((clause_of(test), test) for test in tests)
    pairs = ((told.number, test) for told, test in found if told is not None)
    return dict(sorted(pairs, key=lambda pair: pair[0]))


def run_clauses(subject: Subject) -> Iterator[Verdict]:
    """Run all clauses, each in a loop of its own; must not be called inside one."""
    for test in list_clauses(type(subject)).values():
        yield _run_clause(subject, test)


def _run_clause(subject: Subject, test: Callable[..., None]) -> Verdict:
    told = clause_of(test) or Clause("")
    promise = (test.__doc__ or "").partition("\n")[0]
    gap = subject.gaps.get(told.number, "")
    try:
        test(subject)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as exc:  # noqa: BLE001 - whatever an adapter does wrong is its verdict
        if gap and not (told.safety and told.is_given(type(subject))):
            return Verdict(told, promise, State.GAP, gap)
        return Verdict(told, promise, State.BROKEN, f"{type(exc).__name__}: {exc}")
    return Verdict(told, promise, State.STALE if gap else State.KEPT)
