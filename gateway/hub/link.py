"""The way from the hub to one node: a gRPC channel that is kept.

A link passes bytes. It knows nothing of questions or answers, and turns every fault of a call
into a state of the bank.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

import grpc
from google.protobuf.message import DecodeError

from gateway.errors import StreamEndedError
from gateway.stream import SearchStream
from gateway.trace.spans import outgoing
from gateway.wire import CHANNEL_OPTIONS, MAX_ANSWER, error_info, read_status
from kalkan.v1 import audit_service_pb2 as audit
from kalkan.v1 import model_pb2 as model
from kalkan.v1 import node_service_pb2 as wire

_SERVICE: Final = "/kalkan.v1.NodeService"
_COMPARABLE: Final = "/kalkan.v1.AuditService/ListComparable"
_BytesCall = grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]
_OPTIONS: Final = {
    # Of an option that comes twice gRPC takes the first: each has to come once.
    **dict(CHANNEL_OPTIONS),
    # What a node may send: an answer, its signature, and the framing around both.
    "grpc.max_receive_message_length": MAX_ANSWER + 65_536,
    "grpc.initial_reconnect_backoff_ms": 200,
    # What one try to connect may take: a node may be far, or its machine busy.
    "grpc.min_reconnect_backoff_ms": 5_000,
    "grpc.max_reconnect_backoff_ms": 2_000,
}
_STATES: Final = {
    grpc.StatusCode.UNAUTHENTICATED: model.BANK_STATE_REFUSED,
    grpc.StatusCode.PERMISSION_DENIED: model.BANK_STATE_REFUSED,
    grpc.StatusCode.FAILED_PRECONDITION: model.BANK_STATE_REFUSED,
    grpc.StatusCode.DEADLINE_EXCEEDED: model.BANK_STATE_TIMED_OUT,
    grpc.StatusCode.UNAVAILABLE: model.BANK_STATE_UNAVAILABLE,
}


class LinkError(Exception):
    """A call to a node failed; carries the state in which the bank ends, and a rule if refused."""

    def __init__(self, state: model.BankState.ValueType, rule: str = "") -> None:
        """Keep the state and the rule."""
        super().__init__(model.BankState.Name(state))
        self.state = state
        self.rule = rule


class Link(Protocol):
    """Reaches one node."""

    async def search(self, request: bytes, timeout_s: float) -> wire.NodeServiceSearchResponse:
        """Ask one bank. Raises LinkError."""
        ...

    async def describe(self, timeout_s: float) -> wire.DescribeResponse:
        """Ask for the description. Raises LinkError."""
        ...

    async def comparable(
        self, request: audit.ListComparableRequest, timeout_s: float
    ) -> audit.ListComparableResponse:
        """Ask for what of the node's ledger can be compared. Raises LinkError."""
        ...

    async def close(self) -> None:
        """Close the way."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where a node is and what its certificate must name."""

    target: str
    server_name: str


class GrpcLink:
    """Reaches a node over gRPC with mutual TLS."""

    def __init__(self, address: Address, credentials: grpc.ChannelCredentials) -> None:
        """Prepare a channel; it connects when it is used and reconnects by itself."""
        options = (*_OPTIONS.items(), ("grpc.ssl_target_name_override", address.server_name))
        self._channel = grpc.aio.secure_channel(address.target, credentials, options=options)
        self._search: _BytesCall = self._channel.unary_unary(f"{_SERVICE}/Search")
        self._describe: _BytesCall = self._channel.unary_unary(f"{_SERVICE}/Describe")
        self._comparable: _BytesCall = self._channel.unary_unary(_COMPARABLE)
        self._stream = SearchStream(self._channel.stream_stream(f"{_SERVICE}/SearchStream"))
        self._streams = False

    async def search(self, request: bytes, timeout_s: float) -> wire.NodeServiceSearchResponse:
        """Ask one bank with a serialised NodeServiceSearchRequest.

        It goes over the open stream of a node that has one. Where that ends under way the same
        bytes are sent as a call of their own: to the node that is the same search.

        Raises:
            LinkError: The call failed; it names the state in which the bank ends.
        """
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + timeout_s
        try:
            if self._streams:
                with suppress(StreamEndedError):
                    return await self._search_stream(request, timeout_s)
            data = await self._search(
                request, timeout=max(ends_at - loop.time(), 0.001), metadata=outgoing()
            )
            return wire.NodeServiceSearchResponse.FromString(data)
        except grpc.aio.AioRpcError as exc:
            error = _link_error(exc.code(), error_info(exc).reason)
            raise error from None
        except DecodeError:
            raise LinkError(model.BANK_STATE_FAULTY) from None

    async def _search_stream(
        self, request: bytes, timeout_s: float
    ) -> wire.NodeServiceSearchResponse:
        """Ask over the stream.

        Raises:
            StreamEndedError: It ended first.
            LinkError: The search failed.
            DecodeError: What came is none of the contract.
        """
        try:
            response = await self._stream.ask(request, timeout_s, dict(outgoing()))
        except TimeoutError:
            raise LinkError(model.BANK_STATE_TIMED_OUT) from None
        if response.status:
            raise _link_error(*read_status(response.status))
        return wire.NodeServiceSearchResponse.FromString(response.response)

    async def describe(self, timeout_s: float) -> wire.DescribeResponse:
        """Ask for the description.

        Raises:
            LinkError: The call failed.
        """
        try:
            data = await self._describe(b"", timeout=timeout_s)
            response = wire.DescribeResponse.FromString(data)
        except grpc.aio.AioRpcError as exc:
            error = _link_error(exc.code(), error_info(exc).reason)
            raise error from None
        except DecodeError:
            raise LinkError(model.BANK_STATE_FAULTY) from None
        self._streams = response.search_stream
        return response

    async def comparable(
        self, request: audit.ListComparableRequest, timeout_s: float
    ) -> audit.ListComparableResponse:
        """Ask for what of the node's ledger can be compared.

        Raises:
            LinkError: The call failed.
        """
        try:
            data = await self._comparable(request.SerializeToString(), timeout=timeout_s)
            return audit.ListComparableResponse.FromString(data)
        except grpc.aio.AioRpcError as exc:
            error = _link_error(exc.code(), error_info(exc).reason)
            raise error from None
        except DecodeError:
            raise LinkError(model.BANK_STATE_FAULTY) from None

    async def close(self) -> None:
        """Close the stream and the channel."""
        await self._stream.close()
        await self._channel.close()


def _link_error(code: grpc.StatusCode, reason: str) -> LinkError:
    """The state in which a bank ends after a failed call; anything unknown is a fault."""
    state = _STATES.get(code, model.BANK_STATE_FAULTY)
    rule = ""
    if state == model.BANK_STATE_REFUSED:
        rule = f"node.{reason.lower()}" if reason.isidentifier() else "node.unnamed"
    elif code == grpc.StatusCode.RESOURCE_EXHAUSTED:
        overloaded = reason == "OVERLOADED"
        state = model.BANK_STATE_UNAVAILABLE if overloaded else model.BANK_STATE_FAULTY
    return LinkError(state, rule[:100])
