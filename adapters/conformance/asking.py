"""How the clauses ask: find what is known, run calls that may not end, watch the event loop."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final, Self

from adapters.conformance.subject import Known, Subject
from adapters.contract import (
    Adapter,
    DocumentProbe,
    IdentifierProbe,
    Limits,
    OrganisationProbe,
    PersonProbe,
    Probe,
    Record,
    Result,
    VehicleProbe,
)

__all__ = [
    "LIMITS",
    "Call",
    "Pulse",
    "calls_of",
    "find",
    "is_searched",
    "references_of",
    "searched",
    "settle",
    "text_of",
    "wait_for_all",
    "wait_until",
    "with_text",
]

LIMITS: Final = Limits(rows=100, timeout_s=20.0)
"""What a call may cost where the clause is about something else."""

Call = Callable[[Limits], Awaitable[Result]]

_BEAT_S: Final = 0.005
_SLICE_S: Final = 0.05


def is_searched(adapter: Adapter, probe: Probe) -> bool:
    """Tell whether the bank itself is asked for a probe, and not the node's index of names."""
    if isinstance(probe, OrganisationProbe):
        return adapter.capability.fuzzy or not probe.name
    return adapter.capability.fuzzy or not isinstance(probe, PersonProbe)


def searched(adapter: Adapter, known: Iterable[Known]) -> Iterator[tuple[Known, Probe]]:
    """Walk the known records with each probe that the bank itself is asked for."""
    return ((one, probe) for one in known for probe in one.probes if is_searched(adapter, probe))


async def find(adapter: Adapter, probe: Probe) -> tuple[Record, ...]:
    """Find records as a node does: by `search`, or by names and `fetch`."""
    if is_searched(adapter, probe):
        return (await adapter.search(probe, LIMITS)).records
    wanted = {text.casefold() for text in _names_of(probe)}
    references = [
        named.reference
        async for named in adapter.names()
        if wanted & {text.casefold() for text in named.names}
    ]
    return (await adapter.fetch(references[: LIMITS.rows], LIMITS)).records if references else ()


def _names_of(probe: Probe) -> tuple[str, ...]:
    if isinstance(probe, PersonProbe):
        return tuple(name.text for name in probe.names)
    return (probe.name,) if isinstance(probe, OrganisationProbe) else ()


def references_of(records: Iterable[Record]) -> list[str]:
    """Return the references of records, in their order."""
    return [record.reference for record in records]


def calls_of(adapter: Adapter, subject: Subject) -> list[Call]:
    """Return one search and one fetch that the bank answers, to be called with limits."""
    known = subject.known()
    reference = known[0].reference
    first = next(searched(adapter, known), None)
    calls: list[Call] = [lambda limits: adapter.fetch([reference], limits)]
    if first is not None:
        calls.insert(0, partial(adapter.search, first[1]))
    return calls


async def settle(work: Awaitable[Any], bound_s: float) -> Any:  # noqa: ANN401 - whatever it gives
    """Wait for a call that may never end.

    Returns:
        What it returned, or the error that it raised; CancelledError too.

    Raises:
        AssertionError: It did not end within `bound_s` seconds.
    """
    task = asyncio.ensure_future(work)
    if not await wait_for_all({task}, bound_s):
        task.cancel()
        await asyncio.wait({task}, timeout=bound_s)
        raise AssertionError(f"the call did not end within {bound_s:.1f} s")
    if task.cancelled():
        return asyncio.CancelledError()
    return task.exception() or task.result()


async def wait_for_all(tasks: Collection[asyncio.Task[Any]], bound_s: float) -> bool:
    """Wait for tasks that may never end; tell whether all did within `bound_s` seconds.

    It waits in slices, so that a moment in which the whole machine stood still counts as one of
    them: after it the tasks go on, and have the time that they had before.
    """
    each = min(_SLICE_S, bound_s)
    for _ in range(math.ceil(bound_s / each)):
        _, pending = await asyncio.wait(tasks, timeout=each)
        if not pending:
            return True
    return False


async def wait_until(holds: Callable[[], Awaitable[bool]], bound_s: float) -> bool:
    """Wait for something that nothing tells us of; tell whether it came in time."""
    now = asyncio.get_running_loop().time
    end = now() + bound_s
    while not await holds():
        if now() > end:
            return False
        await asyncio.sleep(_BEAT_S)  # nobody would set an event: it happens elsewhere
    return True


def with_text(probe: Probe, text: str) -> Probe:
    """Put a text into the place of the value that a probe compares."""
    match probe:
        case PersonProbe():
            return replace(probe, names=tuple(replace(name, full=text) for name in probe.names))
        case DocumentProbe():
            return replace(probe, number=text)
        case VehicleProbe():
            return replace(probe, plate=probe.plate and text, vin=probe.vin and text)
        case OrganisationProbe():
            return replace(probe, name=probe.name and text, number=probe.number and text)
        case IdentifierProbe():
            return replace(probe, identifier=replace(probe.identifier, value=text))


def text_of(probe: Probe) -> str:
    """Return the value that a probe compares; of a person the first name."""
    match probe:
        case PersonProbe():
            return probe.names[0].text
        case DocumentProbe():
            return probe.number
        case VehicleProbe():
            return probe.plate or probe.vin
        case OrganisationProbe():
            return probe.number or probe.name
        case IdentifierProbe():
            return probe.identifier.value


class Pulse:
    """Measures the longest time that the event loop did nothing else, within its block.

    Attributes:
        stall_s: That time, in seconds.
    """

    def __init__(self) -> None:
        self.stall_s = 0.0

    async def __aenter__(self) -> Self:
        """Begin to measure."""
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Measure once more, so that a stall at the end counts too, and stop."""
        await asyncio.sleep(2 * _BEAT_S)
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _beat(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            before = now()
            await asyncio.sleep(_BEAT_S)
            self.stall_s = max(self.stall_s, now() - before - _BEAT_S)
