"""How a method is served: one place that reads, decodes, refuses, records and answers.

Every method is registered as taking a stream, which is the same on the wire. A message above
gRPC's own limit never reaches a unary handler, but a streaming handler sees an early end and can
record it. Requests are decoded here, so that a malformed one is recorded too.

A handler is given a `Call`. It adds to `facts` what it learns (who, why, which search), so that
whatever goes wrong later is recorded with all that is known by then.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import traceback
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Generic, NoReturn, TypeVar, cast

import grpc
from google.protobuf.message import Message

from gateway.access.certificates import Peer, peer_of
from gateway.access.errors import AccessError, PeerForbiddenError
from gateway.access.issuers import Issuers
from gateway.clock import SystemClock
from gateway.errors import (
    GatewayError,
    MethodUnknownError,
    OverloadedError,
    OversizedError,
)
from gateway.ledger.errors import LedgerBusyError, LedgerError
from gateway.recorder import Recorder
from gateway.trace.meters import count_call
from gateway.trace.spans import Metadata, describe_search, server_span
from gateway.wire import SERVER_OPTIONS, decode, reason_of, status_for

log = logging.getLogger(__name__)

_RequestT = TypeVar("_RequestT", bound=Message)
_ResponseT = TypeVar("_ResponseT", bound=Message)
_Context = grpc.aio.ServicerContext[bytes, bytes]
_GRPC_LIMIT: Final = dict(SERVER_OPTIONS)["grpc.max_receive_message_length"]
FIRST_MESSAGE_S: Final = 10.0
"""How long a caller may take to send its one message, in seconds."""
_REMEMBERED_PEERS: Final = 65_536
NOBODY: Final = Peer(
    federation="",
    role="",
    member="",
    name="",
    der=b"",
    sha256=b"",
    expires=datetime.min.replace(tzinfo=UTC),
)
"""The peer of a connection whose certificate is none of ours; no method is for it."""


@dataclass(slots=True)
class Call:
    """One call that is being served.

    Attributes:
        method: The full name of the method.
        peer: Who is at the other end of the connection.
        context: gRPC's own.
        facts: What is known of the search so far, as fields of a ledger entry.
        open: True between the durable intent of a search and its durable outcome.
        started: When it came, monotonic seconds.
        reason: Why it was refused, as in ErrorReason; "" while it is not.
    """

    method: str
    peer: Peer
    context: _Context
    facts: dict[str, Any] = field(default_factory=dict)
    open: bool = False
    started: float = 0.0
    reason: str = ""

    def seconds_left(self) -> float | None:
        """Seconds until the call's own deadline; None where the caller set none."""
        # The stubs promise a number; a call without a deadline gives None.
        return cast("float | None", self.context.time_remaining())


@dataclass(slots=True)
class Connections:
    """Counts connections that TLS began and that never became a request.

    gRPC does not tell when a handshake fails. It asks for the certificate at each handshake, and
    each connection that passes shows its address at its first call; the rest was refused, or is
    still silent.
    """

    started: int = 0
    _seen: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _passed: int = 0

    def began(self) -> None:
        """Count a handshake."""
        self.started += 1

    def passed(self, peer: str) -> None:
        """Count a connection once, at its first call."""
        if peer in self._seen:
            return
        self._seen[peer] = None
        self._passed += 1
        if len(self._seen) > _REMEMBERED_PEERS:
            self._seen.popitem(last=False)

    @property
    def refused(self) -> int:
        """Connections that never became a request."""
        return max(0, self.started - self._passed)


@dataclass(frozen=True, slots=True)
class Method(Generic[_RequestT, _ResponseT]):
    """A method of a service: its name, its request, and the handler behind it.

    Exactly one of `unary` and `stream` is present.
    """

    name: str
    request: type[_RequestT]
    unary: Callable[[_RequestT, Call], Awaitable[_ResponseT]] | None = None
    stream: Callable[[_RequestT, Call], AsyncGenerator[_ResponseT, None]] | None = None


class Gate:
    """Serves the methods of one server and records what goes wrong at its door."""

    def __init__(self, recorder: Recorder, *, limit: int, issuers: Issuers | None = None) -> None:
        """Write entries through `recorder`; serve at most `limit` calls at the same time.

        `issuers` say whose signature is good on whose certificate; without them TLS alone does.
        """
        self._recorder = recorder
        self._issuers = issuers
        self._limit = limit
        self.clock = SystemClock()
        self.connections = Connections()
        self.running = 0
        self.idle = asyncio.Event()
        self.idle.set()
        self.closing = asyncio.Event()

    def service(
        self, name: str, *methods: Method[Any, Any], **streams: grpc.RpcMethodHandler[Any, Any]
    ) -> grpc.ServiceRpcHandler:
        """Build the handlers of one service, to be added to a server.

        `streams` are handlers of methods that carry many requests, each through `serve_unary`;
        they end when the gate is `closing`.
        """
        handlers = {m.name: self._handler(f"/{name}/{m.name}", m) for m in methods} | streams
        handler = grpc.method_handlers_generic_handler(name, handlers)
        return cast("grpc.ServiceRpcHandler", handler)  # it is one; its stub names the parent

    def fallback(self) -> grpc.GenericRpcHandler:
        """Build the handler for every method that nobody else serves. Add it last."""
        return _Fallback(self)

    def _handler(self, path: str, method: Method[Any, Any]) -> grpc.RpcMethodHandler[Any, Any]:
        """Wrap one method."""
        if method.stream is not None:
            # gRPC looks at the function: it has to be an asynchronous generator itself.
            async def stream(
                requests: AsyncIterator[bytes], context: _Context
            ) -> AsyncGenerator[bytes, None]:
                async with aclosing(self._serve_stream(path, method, requests, context)) as served:
                    async for response in served:
                        yield response

            return grpc.stream_stream_rpc_method_handler(stream)

        async def unary(requests: AsyncIterator[bytes], context: _Context) -> bytes:
            return await self.serve_unary(path, method, requests, context)

        return grpc.stream_unary_rpc_method_handler(unary)

    def _open(self, path: str, context: _Context) -> Call:
        """Begin a call."""
        self.connections.passed(context.peer())
        try:
            peer = peer_of(context.auth_context())
            if self._issuers is not None:
                self._issuers.require(peer)
        except PeerForbiddenError:
            peer = NOBODY
        return Call(path, peer, context, started=self.clock.monotonic())

    async def serve_unary(
        self,
        path: str,
        method: Method[_RequestT, _ResponseT],
        requests: AsyncIterator[bytes],
        context: _Context,
    ) -> bytes:
        """Serve a call that has one response.

        Raises:
            grpc.aio.AbortError: It was refused and recorded, or failed; what `abort` raises.
        """
        assert method.unary is not None  # noqa: S101 - chosen by _handler
        call = self._open(path, context)
        self._enter()
        try:
            with server_span(path, _metadata_of(context)) as span:
                request = decode(method.request, await _first(requests))
                self._require_room()
                response = await method.unary(request, call)
                describe_search(span, call.facts)
            return response.SerializeToString()
        except asyncio.CancelledError as exc:
            await self._cancelled(call, exc)
            raise
        except Exception as exc:  # noqa: BLE001 - the door: whatever it is, the caller gets a status
            await self._refuse(call, exc)
        finally:
            self._leave(call)

    async def _serve_stream(
        self,
        path: str,
        method: Method[_RequestT, _ResponseT],
        requests: AsyncIterator[bytes],
        context: _Context,
    ) -> AsyncGenerator[bytes, None]:
        """Serve a call that has many responses."""
        assert method.stream is not None  # noqa: S101 - chosen by _handler
        call = self._open(path, context)
        self._enter()
        try:
            with server_span(path, _metadata_of(context)) as span:
                request = decode(method.request, await _first(requests))
                self._require_room()
                # Closed here and now: what it started must not outlive the call.
                async with aclosing(method.stream(request, call)) as responses:
                    async for response in responses:
                        yield response.SerializeToString()
                describe_search(span, call.facts)
        except (asyncio.CancelledError, GeneratorExit) as exc:
            await self._cancelled(call, exc)
            raise
        except Exception as exc:  # noqa: BLE001 - the door: whatever it is, the caller gets a status
            await self._refuse(call, exc)
        finally:
            self._leave(call)

    async def refuse_unknown(self, path: str, context: _Context) -> NoReturn:
        """Refuse and record a call of a method that does not exist."""
        error = MethodUnknownError("this method does not exist here")
        # The caller chose the path: it is no name for a metric.
        await self.refuse(path, context, error, counted_as="unknown")

    async def refuse(
        self, path: str, context: _Context, error: Exception, *, counted_as: str = ""
    ) -> NoReturn:
        """Refuse and record a call before it was begun."""
        call = self._open(path, context)
        self._enter()
        try:
            await self._refuse(call, error)
        finally:
            self._leave(replace(call, method=counted_as or path))

    def _enter(self) -> None:
        self.running += 1
        self.idle.clear()

    def _leave(self, call: Call) -> None:
        count_call(call.method, self.clock.monotonic() - call.started, call.reason)
        self.running -= 1
        if not self.running:
            self.idle.set()

    def _require_room(self) -> None:
        """Shed load before it becomes work.

        Raises:
            OverloadedError: Too many calls are being served.
        """
        if self.running > self._limit:
            raise OverloadedError("too many calls at once", limit=f"{self._limit} calls")

    async def _cancelled(self, call: Call, error: BaseException) -> None:
        """Record that the caller went away in the middle of a search.

        A cancellation that came from inside is a fault: gRPC would leave that caller waiting.
        """
        if isinstance(error, asyncio.CancelledError) and _caller_waits():
            await self._refuse(call, _InsideError().with_traceback(error.__traceback__))
        if call.open:
            call.open = False
            call.reason = "CANCELLED"
            await self._recorder.cancelled(call.method, call.facts)

    async def _refuse(self, call: Call, error: Exception) -> NoReturn:
        """Record a refusal or a fault, then end the call with its status."""
        try:
            await self._recorder.refused(call.method, call.peer, call.facts, error)
        except LedgerError as broken:
            error = broken
        call.open = False
        call.reason = reason_of(error)
        status = _status_of(error)
        await call.context.abort(
            status.code, status.details or "", trailing_metadata=status.trailing_metadata or ()
        )


class _Fallback(grpc.GenericRpcHandler):
    """Refuses and records methods that do not exist."""

    def __init__(self, gate: Gate) -> None:
        """Refuse through `gate`."""
        self._gate = gate

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[Any, Any]:
        """Answer for every method."""
        path = handler_call_details.method

        async def refuse(requests: AsyncIterator[bytes], context: _Context) -> bytes:
            del requests
            await self._gate.refuse_unknown(path, context)

        return grpc.stream_unary_rpc_method_handler(refuse)


def _metadata_of(context: _Context) -> Metadata:
    return cast("Metadata", context.invocation_metadata() or ())


class _InsideError(Exception):
    """Something inside was cancelled while the caller still waits."""


def _caller_waits() -> bool:
    """Whether a cancellation came from inside: gRPC cancels the task, a part only raises."""
    task = asyncio.current_task()
    return task is not None and not task.cancelling()


async def _first(requests: AsyncIterator[bytes]) -> bytes:
    """Read the one message of a call.

    Raises:
        OversizedError: There is none: gRPC dropped it for its size, or the caller sent nothing.
    """
    # Who opens a call and stays silent must not hold its place for ever.
    with suppress(TimeoutError):
        async with asyncio.timeout(FIRST_MESSAGE_S):
            async for data in requests:
                return data
    limit = f"1 message of at most {_GRPC_LIMIT} bytes"
    raise OversizedError("the message is missing or too large", limit=limit)


def _status_of(error: Exception) -> grpc.Status:
    """The status for an error; what is none of ours tells nothing but an incident number."""
    if isinstance(error, GatewayError):
        return status_for(reason_of(error), error.text, error.metadata)
    if isinstance(error, AccessError):
        return status_for(reason_of(error), str(error), getattr(error, "metadata", {}))
    if isinstance(error, LedgerBusyError):
        return status_for(reason_of(error), "too much is waiting to be recorded", {})
    if isinstance(error, LedgerError):
        return status_for("LEDGER_UNAVAILABLE", "the ledger cannot write: nothing is answered", {})
    incident = secrets.token_hex(6)
    # The frames tell where; the text of the error could hold a value of a query or a record.
    frames = "; ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)[-4:]
    )
    log.error("incident %s: %s at %s", incident, type(error).__name__, frames)
    return status_for("INTERNAL", "something failed inside", {"incident": incident})
