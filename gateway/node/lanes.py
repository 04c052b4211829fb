"""Many searches over one call: each is a lane, served as if it were a call of its own.

What gRPC does for a call is done here for a lane: a deadline, a way to give it up, trace headers,
a status. All else is the gate's: a lane is decoded, counted, refused and recorded as a call is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, Final, NoReturn, cast

import grpc
from google.rpc import status_pb2

from gateway.errors import FieldInvalidError
from gateway.question import MAX_DEADLINE_S
from gateway.serving import Gate, Method
from gateway.wire import SERVER_OPTIONS, decode
from kalkan.v1 import node_service_pb2 as wire

STREAM: Final = "/kalkan.v1.NodeService/SearchStream"
_SEARCH: Final = "/kalkan.v1.NodeService/Search"
MAX_OPEN: Final = 4_096
"""Searches of one stream that may be open; then it is read no further. Above what a node serves at
the same time, so that an overload is refused and recorded before."""
MAX_ENDED: Final = 64
"""Ends that may wait for a caller who does not read; further searches stay open until it does."""
_DETAILS: Final = "grpc-status-details-bin"
_FRAME: Final = dict(SERVER_OPTIONS)["grpc.max_receive_message_length"]
_Context = grpc.aio.ServicerContext[bytes, bytes]
_Search = Method[wire.NodeServiceSearchRequest, wire.NodeServiceSearchResponse]


class _AbortedError(Exception):
    """A search ended with a status, as gRPC ends a handler that aborts."""

    def __init__(self, status: bytes) -> None:
        super().__init__("aborted")
        self.status = status


class Lane:
    """What a handler needs to know of its call, for one search of a stream."""

    def __init__(self, stream: _Context, request: wire.SearchStreamRequest) -> None:
        """Take who calls from the stream, and time and trace from the request."""
        self._stream = stream
        self._loop = asyncio.get_running_loop()
        self._ends_at = self._loop.time() + request.timeout.ToNanoseconds() / 1e9
        self._trace = tuple(
            (name, value)
            for name in ("traceparent", "tracestate")
            if (value := getattr(request, name))
        )

    def peer(self) -> str:
        """The address of the caller."""
        return self._stream.peer()

    def auth_context(self) -> Any:  # noqa: ANN401 - as gRPC has it
        """The certificate of the caller."""
        return self._stream.auth_context()

    def invocation_metadata(self) -> Sequence[tuple[str, str]]:
        """The trace headers."""
        return self._trace

    def time_remaining(self) -> float:
        """Seconds until the caller waits no longer."""
        return max(0.0, self._ends_at - self._loop.time())

    async def abort(
        self,
        code: grpc.StatusCode,
        details: str = "",
        trailing_metadata: Sequence[tuple[str, str | bytes]] = (),
    ) -> NoReturn:
        """End the search with a status.

        Raises:
            _AbortedError: Always; whoever serves the lane sends the status.
        """
        found = dict(trailing_metadata).get(_DETAILS)
        if isinstance(found, bytes):
            raise _AbortedError(found)
        status = status_pb2.Status(code=code.value[0], message=details)
        raise _AbortedError(status.SerializeToString())


class Lanes:
    """Serves the stream of a node."""

    def __init__(self, gate: Gate, search: _Search) -> None:
        """Serve each lane as `search` behind `gate`."""
        self._gate = gate
        self._search = search

    def handler(self) -> grpc.RpcMethodHandler[bytes, bytes]:
        """The handler of SearchStream."""

        # gRPC looks at the function: it has to be an asynchronous generator itself.
        async def stream(
            requests: AsyncIterator[bytes], context: _Context
        ) -> AsyncGenerator[bytes, None]:
            served = _Stream(self._gate, self._search, context)
            async for response in served.run(requests):
                yield response

        return grpc.stream_stream_rpc_method_handler(stream)


class _Stream:
    """One open stream."""

    def __init__(self, gate: Gate, search: _Search, context: _Context) -> None:
        self._gate = gate
        self._search = search
        self._context = context
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._outbox: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_ENDED)

    async def run(self, requests: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
        """Yield the end of each search as it comes, until the caller or this server closes."""
        taking = asyncio.create_task(self._take_all(requests))
        closing = asyncio.create_task(self._gate.closing.wait())
        following = asyncio.create_task(self._follow(taking, closing))
        try:
            while (response := await self._outbox.get()) is not None:
                yield response
            error = taking.exception() if taking.done() and not taking.cancelled() else None
            if isinstance(error, Exception):
                await self._gate.refuse(STREAM, self._context, error)
        finally:
            open_ones = [following, taking, closing, *self._lanes.values()]
            for task in open_ones:
                task.cancel()
            await asyncio.wait(open_ones)

    async def _follow(self, taking: asyncio.Task[None], closing: asyncio.Task[bool]) -> None:
        """Let what was taken end once nothing more comes, then close the outbox."""
        await asyncio.wait((taking, closing), return_when=asyncio.FIRST_COMPLETED)
        taking.cancel()
        if self._lanes:
            await asyncio.wait(self._lanes.values())
        await self._outbox.put(None)

    async def _take_all(self, requests: AsyncIterator[bytes]) -> None:
        """Take each request; what is wrong with one ends the stream, after what was taken."""
        async for data in requests:
            request = decode(wire.SearchStreamRequest, data, _FRAME)
            _require_time(request)
            if request.search and len(self._lanes) >= MAX_OPEN:
                await asyncio.wait(self._lanes.values(), return_when=asyncio.FIRST_COMPLETED)
            self._take(request)

    def _take(self, request: wire.SearchStreamRequest) -> None:
        """Begin a search, or give one up. A number that is still open is not begun twice."""
        number = request.call_id
        if not request.search:
            lane = self._lanes.get(number)
            if lane is not None:
                lane.cancel()
        elif number not in self._lanes:
            task = asyncio.create_task(self._serve(request))
            self._lanes[number] = task
            task.add_done_callback(lambda _: self._lanes.pop(number, None))

    async def _serve(self, request: wire.SearchStreamRequest) -> None:
        """Serve one search; at its deadline it is cancelled, as gRPC would."""
        lane = Lane(self._context, request)
        task = cast("asyncio.Task[None]", asyncio.current_task())
        ending = asyncio.get_running_loop().call_later(lane.time_remaining(), task.cancel)
        response = wire.SearchStreamResponse(call_id=request.call_id)
        try:
            with suppress(asyncio.CancelledError):
                response.response = await self._gate.serve_unary(
                    _SEARCH, self._search, _once(request.search), cast("_Context", lane)
                )
        except _AbortedError as exc:
            response.status = exc.status
        finally:
            ending.cancel()
        if response.response or response.status:
            await self._outbox.put(response.SerializeToString())


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _require_time(request: wire.SearchStreamRequest) -> None:
    """Check that a search has a time.

    Raises:
        FieldInvalidError: It has none, or too much.
    """
    seconds = request.timeout.ToNanoseconds() / 1e9
    if request.search and not 0 < seconds <= MAX_DEADLINE_S:
        limit = f"more than 0, at most {MAX_DEADLINE_S:g} s"
        raise FieldInvalidError("a search needs a time", field="timeout", limit=limit)
