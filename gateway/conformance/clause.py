"""A clause: a numbered promise of a node, and the questions that try it.

The prose is in CLAUSES-node.md beside this file, under the same numbers. A clause is a coroutine
that takes an asker; it returns when the promise was kept, and raises when it was not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from gateway.conformance.asker import Asker

Trial: TypeAlias = "Callable[[Asker], Awaitable[None]]"
"""What a clause runs."""


class ClauseError(Exception):
    """The root: a clause did not end well. The text is ours and holds no value of a record."""

    reason: ClassVar[str] = "INTERNAL"

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__(text)
        self.text = text


class BrokenError(ClauseError):
    """The node broke the promise; mend the node."""


class UntriedError(ClauseError):
    """The promise could not be tried; the text says what to give the command."""

    reason: ClassVar[str] = "FIELD_INVALID"


class State(StrEnum):
    """How a clause ended."""

    KEPT = "kept"
    BROKEN = "broken"
    UNTRIED = "untried"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause.

    Attributes:
        number: As in CLAUSES-node.md, such as "N07".
        promise: What it says, in one line.
        run: Tries it.
        safety: Whether a node that breaks it endangers persons or other members.
    """

    number: str
    promise: str
    run: Trial
    safety: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one clause ended, and why where it was not kept."""

    clause: Clause
    state: State
    reason: str = ""


def clause(number: str, *, safety: bool = False) -> Callable[[Trial], Clause]:
    """Make a clause of a coroutine; the first line of its docstring is the promise."""

    def decorate(run: Trial) -> Clause:
        promise = (run.__doc__ or "").strip().partition("\n")[0]
        return Clause(number, promise, run, safety)

    return decorate


def require(holds: object, what: str) -> None:
    """Check a promise.

    Raises:
        BrokenError: It does not hold.
    """
    if not holds:
        raise BrokenError(what)
