"""Run the clauses one after the other, and tell how each ended."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

import grpc

from gateway.conformance import door, finding, message, proof, running, streaming, truth
from gateway.conformance.asker import Asker
from gateway.conformance.clause import BrokenError, Clause, State, UntriedError, Verdict
from gateway.conformance.subject import Subject

__all__ = ["list_clauses", "run_clauses"]


def list_clauses() -> tuple[Clause, ...]:
    """Return all clauses in the order of their numbers."""
    parts = (door, finding, running, streaming, truth, proof, message)
    found = [v for part in parts for v in vars(part).values() if isinstance(v, Clause)]
    return tuple(sorted(found, key=lambda each: each.number))


async def run_clauses(
    subject: Subject, clauses: Sequence[Clause] = ()
) -> AsyncGenerator[Verdict, None]:
    """Run these clauses, or all, against a node.

    Raises:
        UnreachableError: The node does not describe itself to the hub: nothing can be tried.
    """
    async with Asker(subject) as asker:
        for each in clauses or list_clauses():
            yield await _run(each, asker)


async def _run(tried: Clause, asker: Asker) -> Verdict:
    try:
        await tried.run(asker)
    except UntriedError as exc:
        return Verdict(tried, State.UNTRIED, exc.text)
    except BrokenError as exc:
        return Verdict(tried, State.BROKEN, exc.text)
    except grpc.aio.AioRpcError as exc:
        return Verdict(tried, State.BROKEN, f"a call ended as {exc.code().name}")
    return Verdict(tried, State.KEPT)
