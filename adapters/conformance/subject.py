"""What the author of an adapter tells the kit: how to open it, and what is known of its bank."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import ClassVar

from adapters.contract import Adapter, Field, Handling, Probe, RecordKind

__all__ = ["Known", "Subject"]


@dataclass(frozen=True, slots=True)
class Known:
    """A record that is in the bank for certain.

    Attributes:
        reference: Its reference.
        probes: Each finds it. A name is written as the bank writes it.
        fields: Values that it holds, exactly as the contract writes them; need not be all.
        kind: Why the bank holds it; not compared where None.
        handling: Its handling codes; not compared where None.
    """

    reference: str
    probes: tuple[Probe, ...] = ()
    fields: tuple[Field, ...] = ()
    kind: RecordKind | None = None
    handling: Handling | None = None


class Subject:
    """The adapter under test. `open_adapter` and `known` must be written; the others should be.

    What is opened belongs to the running event loop, so nothing of it may outlive the block of
    `open_adapter`. A test opens one adapter or several at the same time.
    """

    made_for: ClassVar[int] = 0
    """The version of the contract that the adapter was written for, as a number."""

    gaps: ClassVar[dict[str, str]] = {}
    """What the bank cannot do: a clause's number to the reason. It must then fail, else the gap
    is stale and that is a failure. Clauses of safety accept none where they can be tried."""

    patience_s: ClassVar[float] = 2.0
    """What a stop may take on a slow machine, in seconds, beyond what the clause allows."""

    deadline_s: ClassVar[float] = 0.3
    """The deadline of calls that a slow bank does not answer, in seconds."""

    def open_adapter(self) -> AbstractAsyncContextManager[Adapter]:
        """Open the adapter, and close it at the end of the block (it may have been closed)."""
        raise NotImplementedError("write open_adapter()")

    def known(self) -> Sequence[Known]:
        """Tell two or more records of the bank; between them a probe of each declared kind."""
        raise NotImplementedError("write known()")

    def crowd(self) -> Probe:
        """Return a probe, not of a name, that finds at least two of the known records."""
        raise NotImplementedError

    def slow(self) -> AbstractAsyncContextManager[None]:
        """Make the bank take longer than a minute for any question until the block ends."""
        raise NotImplementedError

    def outage(self) -> AbstractAsyncContextManager[None]:
        """Make the bank impossible to reach until the block ends."""
        raise NotImplementedError

    async def change(self) -> None:
        """Change the bank's data. The known records stay as they are."""
        raise NotImplementedError

    async def running(self) -> int:
        """Count the questions that the bank itself is working on now, other than this one."""
        raise NotImplementedError

    async def require_whole(self) -> None:
        """Require by other means that nothing in the bank was altered, such as a tripwire table.

        Raises:
            AssertionError: Something was.
        """
