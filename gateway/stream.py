"""Many searches over one call to a node, kept open: a message costs a fraction of a call.

One task writes and one reads. A search that is given up must not be the one that writes: gRPC
ends a whole call when the task that waits for a write is cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import count
from typing import Final

import grpc
from google.protobuf.message import DecodeError

from gateway.errors import StreamEndedError
from kalkan.v1 import node_service_pb2 as wire

_Call = grpc.aio.StreamStreamCall[bytes, bytes]
_Answer = asyncio.Future[wire.SearchStreamResponse]
_NONE: Final[Mapping[str, str]] = {}


class SearchStream:
    """The stream to one node. It opens when it is used, and again after it has ended."""

    def __init__(self, method: grpc.aio.StreamStreamMultiCallable[bytes, bytes]) -> None:
        """Prepare a stream of `method`."""
        self._method = method
        self._numbers = count(1)
        self._open: _Open | None = None

    async def ask(
        self, search: bytes, timeout_s: float, trace: Mapping[str, str] = _NONE
    ) -> wire.SearchStreamResponse:
        """Send a serialised NodeServiceSearchRequest and wait for its end.

        Args:
            search: The request.
            timeout_s: Seconds to wait, above 0; then, or when the waiting is cancelled, the node
                is told to give it up.
            trace: W3C trace headers, traceparent and tracestate.

        Raises:
            StreamEndedError: The stream ended first.
            TimeoutError: The time is over.
        """
        if self._open is None or self._open.ended:
            self._open = _Open(self._method())
        number = next(self._numbers)
        request = wire.SearchStreamRequest(
            call_id=number,
            search=search,
            traceparent=trace.get("traceparent", ""),
            tracestate=trace.get("tracestate", ""),
        )
        request.timeout.FromNanoseconds(int(timeout_s * 1e9))
        return await self._open.ask(request, timeout_s)

    async def close(self) -> None:
        """End the stream; what waits for it is told."""
        if self._open is not None:
            await self._open.close()


class _Open:
    """A stream while it is open."""

    def __init__(self, call: _Call) -> None:
        self._call = call
        self._waiting: dict[int, _Answer] = {}
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._tasks = [
            asyncio.create_task(self._read_all()),
            asyncio.create_task(self._write_all()),
        ]

    @property
    def ended(self) -> bool:
        """Whether nothing can be asked any more."""
        return self._tasks[0].done() or self._tasks[1].done()

    async def ask(
        self, request: wire.SearchStreamRequest, timeout_s: float
    ) -> wire.SearchStreamResponse:
        number = request.call_id
        answer: _Answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._outbox.put_nowait(request.SerializeToString())
        try:
            async with asyncio.timeout(timeout_s):
                return await answer
        finally:
            if self._waiting.pop(number, None) is not None and not self.ended:
                given_up = wire.SearchStreamRequest(call_id=number)
                self._outbox.put_nowait(given_up.SerializeToString())

    async def _write_all(self) -> None:
        try:
            while True:
                await self._call.write(await self._outbox.get())
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            # The reader learns of it too, and tells those who wait.
            return

    async def _read_all(self) -> None:
        """Hand each answer to who waits for it; at the end tell all others."""
        try:
            # At the end of the stream comes an object of gRPC's own.
            while isinstance(data := await self._call.read(), bytes):
                response = wire.SearchStreamResponse.FromString(data)
                answer = self._waiting.pop(response.call_id, None)
                if answer is not None and not answer.done():
                    answer.set_result(response)
        except (grpc.aio.AioRpcError, DecodeError):
            pass
        finally:
            self._end()

    def _end(self) -> None:
        self._tasks[1].cancel()
        self._call.cancel()
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(StreamEndedError("the stream ended"))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
