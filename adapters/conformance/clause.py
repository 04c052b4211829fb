"""A clause: a numbered promise of the contract, and how its test is run.

Each test is written as a coroutine and wrapped here into a plain function that runs it in a loop
of its own, so that neither a plug-in of pytest for asyncio nor pytest itself is needed to run it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from adapters.conformance.subject import Subject

__all__ = ["Clause", "clause", "clause_of"]

_SubjectT = TypeVar("_SubjectT", bound=Subject)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause.

    Attributes:
        number: As in CLAUSES.md, such as "C07".
        safety: Whether no gap is accepted where the clause can be tried at all.
        needs: The method of Subject that the author has to write for it; empty for none.
    """

    number: str
    safety: bool = False
    needs: str = ""

    def is_given(self, subject: type[Subject]) -> bool:
        """Tell whether the author wrote what the clause needs."""
        return not self.needs or getattr(subject, self.needs) is not getattr(Subject, self.needs)

    def require_given(self, subject: type[Subject]) -> None:
        """Require that the author wrote what the clause needs.

        Raises:
            AssertionError: It is not there; the text says what to do.
        """
        if not self.is_given(subject):
            raise AssertionError(
                f"{subject.__name__}.{self.needs}() is not written: write it, or say in "
                f"gaps[{self.number!r}] why this bank cannot have it"
            )


def clause(
    number: str, *, safety: bool = False, needs: str = ""
) -> Callable[[Callable[[_SubjectT], Coroutine[Any, Any, None]]], Callable[[_SubjectT], None]]:
    """Make the test of a clause of a coroutine. Arguments as the attributes of Clause."""
    told = Clause(number, safety, needs)

    def decorate(
        body: Callable[[_SubjectT], Coroutine[Any, Any, None]],
    ) -> Callable[[_SubjectT], None]:
        @wraps(body)
        def test(self: _SubjectT) -> None:
            told.require_given(type(self))
            asyncio.run(body(self))

        test.clause = told  # type: ignore[attr-defined]  # functions take attributes
        return test

    return decorate


def clause_of(test: object) -> Clause | None:
    """Return the clause of a test; None where it is the test of something else."""
    found = getattr(test, "clause", None)
    return found if isinstance(found, Clause) else None
