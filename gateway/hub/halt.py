"""Ends of a fan-out, as long as nothing of it is stopped.

A stopped bank ends as refused at once, whatever its node still does; a stopped requester or
purpose ends the search. Leaving the fan-out cancels what still runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable

from gateway.access.stops import Asking
from gateway.errors import StoppedError
from gateway.hub.fanout import End
from gateway.stopping import StopList
from kalkan.v1 import model_pb2 as model


def end_stopped(bank: str, refusal: StoppedError) -> End:
    """The end of a bank that is stopped at the hub."""
    told = refusal.metadata
    return End(
        bank,
        model.BANK_STATE_REFUSED,
        rule=told["rule"],
        text=refusal.text,
        contact=told["contact"],
    )


async def follow_stops(
    ends: AsyncGenerator[End, None], banks: Iterable[str], stops: StopList, asking: Asking
) -> AsyncGenerator[End, None]:
    """Yield the end of each of `banks` as it comes, and refusals as they are ordered.

    Raises:
        StoppedError: The requester or the purpose was stopped.
    """
    waiting = set(banks)
    coming: asyncio.Task[End | None] | None = None
    try:
        while waiting:
            coming = coming or asyncio.create_task(_next(ends))
            await stops.wait_beside(coming)
            stops.require(asking)
            for end in _stopped(waiting, stops, asking):
                yield end
            if coming.done():
                came, coming = coming.result(), None
                if came is None:
                    return
                if came.bank in waiting:
                    waiting.remove(came.bank)
                    yield came
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait([coming])
        await ends.aclose()


async def _next(ends: AsyncGenerator[End, None]) -> End | None:
    return await anext(ends, None)


def _stopped(waiting: set[str], stops: StopList, asking: Asking) -> list[End]:
    """The ends of those that wait no longer, because they are stopped."""
    ended = []
    for bank in sorted(waiting):
        refusal = stops.find(asking, bank)
        if refusal is not None:
            waiting.remove(bank)
            ended.append(end_stopped(bank, refusal))
    return ended
