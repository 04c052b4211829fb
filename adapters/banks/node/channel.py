"""The way to another node: gRPC with mutual TLS. A failed call is an error of the contract."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from typing import Final, NoReturn, TypeVar, cast

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from adapters.contract import (
    AdapterError,
    BankFaultError,
    BankRefusedError,
    BankTimeoutError,
    BankUnavailableError,
    QueryRejectedError,
)
from adapters.mapping.block import BlockError
from adapters.mapping.relay import Node
from kalkan.v1 import node_service_pb2 as wire

__all__ = ["Channel", "open_channel"]

_MessageT = TypeVar("_MessageT", bound=Message)
_BytesCall = grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]
_SERVICE: Final = "/kalkan.v1.NodeService"
_LARGEST: Final = 1_048_576 + 65_536
"""An answer, its signature and the framing around both, in bytes."""

_AGAIN_S: Final = 0.5
"""How long a call that finds no connection tries again; the channel itself waits 0.1 to 0.2 s
between two tries, so a node that is back would be told to be away."""
_PAUSE_S: Final = 0.05

_OPTIONS: Final = (
    ("grpc.max_receive_message_length", _LARGEST),
    ("grpc.max_send_message_length", 1_048_576),
    ("grpc.enable_retries", 0),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 5_000),  # what one try to connect may take
    ("grpc.max_reconnect_backoff_ms", 200),
    # Two banks behind one node, or one opened anew, do not wait for each other's lost connection.
    ("grpc.use_local_subchannel_pool", 1),
)

_REFUSALS: Final = frozenset(
    {
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.FAILED_PRECONDITION,
    }
)
_ERRORS: Final[dict[grpc.StatusCode, tuple[type[AdapterError], str]]] = {
    grpc.StatusCode.UNAVAILABLE: (BankUnavailableError, "the node cannot be reached"),
    grpc.StatusCode.CANCELLED: (BankUnavailableError, "the node gave the call up"),
    grpc.StatusCode.DEADLINE_EXCEEDED: (BankTimeoutError, "the node did not answer in time"),
    grpc.StatusCode.INVALID_ARGUMENT: (QueryRejectedError, "the node does not take this question"),
    grpc.StatusCode.NOT_FOUND: (BankFaultError, "the node has no such bank; check [bank] id"),
}


def open_channel(node: Node, folder: Path) -> Channel:
    """Prepare the way; call it inside the event loop that will use it.

    Raises:
        BlockError: A file cannot be read, or others may read the key.
    """
    credentials = grpc.ssl_channel_credentials(
        _read(folder / node.ca_file, "ca_file"),
        _read_key(folder / node.key),
        _read(folder / node.certificate, "certificate"),
    )
    return Channel(node, credentials)


def _read(path: Path, key: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise BlockError("this file cannot be read; is it there and readable?", key) from None


def _read_key(path: Path) -> bytes:
    data = _read(path, "key")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BlockError("others may read this file; write `chmod 600`", "key")
    return data


class Channel:
    """A connection that is kept, and made anew when it is lost."""

    def __init__(self, node: Node, credentials: grpc.ChannelCredentials) -> None:
        """Connect when it is first used."""
        options = (*_OPTIONS, ("grpc.ssl_target_name_override", node.name))
        self._grpc: grpc.aio.Channel | None = grpc.aio.secure_channel(
            node.address, credentials, options=options
        )

    def require_open(self) -> None:
        """Require that it was not closed.

        Raises:
            BankUnavailableError: It was.
        """
        self._require_channel()

    def _require_channel(self) -> grpc.aio.Channel:
        if self._grpc is None:
            raise BankUnavailableError("this bank is closed")
        return self._grpc

    async def search(
        self, request: wire.NodeServiceSearchRequest, timeout_s: float
    ) -> wire.NodeServiceSearchResponse:
        """Ask one bank. Raises AdapterError, as the call ends."""
        data = request.SerializeToString()
        return await self._ask("Search", data, wire.NodeServiceSearchResponse, timeout_s)

    async def describe(self, timeout_s: float) -> wire.DescribeResponse:
        """Ask what the node can do. Raises AdapterError, as the call ends."""
        return await self._ask("Describe", b"", wire.DescribeResponse, timeout_s)

    async def _ask(
        self, method: str, request: bytes, kind: type[_MessageT], timeout_s: float
    ) -> _MessageT:
        call: _BytesCall = self._require_channel().unary_unary(f"{_SERVICE}/{method}")
        until = asyncio.get_running_loop().time() + timeout_s
        try:
            return kind.FromString(await self._send(call, request, until))
        except DecodeError:
            raise BankFaultError("the node sent something else than an answer") from None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._grpc is None and task is not None and not task.cancelling():
                # Closing cancels what runs; whoever asked was not cancelled.
                raise BankUnavailableError("this bank was closed") from None
            raise

    async def _send(self, call: _BytesCall, request: bytes, until: float) -> bytes:
        """Send, and again while there is no connection: the same bytes are the same search."""
        now = asyncio.get_running_loop().time
        again = min(until, now() + _AGAIN_S)
        while True:
            left = until - now()
            if left <= 0:
                raise BankTimeoutError("the node did not answer in time")
            try:
                return await call(request, timeout=left)
            except grpc.aio.AioRpcError as exc:
                error, told = _read_error(exc)
            if told or not isinstance(error, BankUnavailableError) or now() >= again:
                _raise(error)
            await asyncio.sleep(_PAUSE_S)

    async def close(self) -> None:
        """Close the connection; calls that run end as unavailable. Safe to call twice."""
        # gRPC's own thread ends with the last of its channels: none must be kept.
        channel, self._grpc = self._grpc, None
        if channel is not None:
            await channel.close()


def _raise(error: AdapterError) -> NoReturn:
    """Raise outside the block that knows gRPC's error: its text is not ours."""
    raise error


def _read_error(error: grpc.aio.AioRpcError) -> tuple[AdapterError, bool]:
    """Read how a call failed, and whether the node itself told it."""
    info = _read_info(error)
    code, told = error.code(), bool(info.reason)
    if info.reason == "PEER_FORBIDDEN":
        text = "the node does not take our certificate: show one of a node of its own member"
        return BankFaultError(text), told
    if info.reason in {"OVERLOADED", "DRAINING", "LEDGER_UNAVAILABLE"}:
        return BankUnavailableError("the node cannot take a question now"), told
    if code in _REFUSALS and told:
        rule = info.metadata.get("rule") or f"node.{info.reason.lower()}"
        return BankRefusedError(rule[:100]), told
    kind, text = _ERRORS.get(code, (BankFaultError, "the node failed"))
    return kind(text), told


def _read_info(error: grpc.aio.AioRpcError) -> error_details_pb2.ErrorInfo:
    """Read the reason that a node tells; empty where it tells none."""
    info = error_details_pb2.ErrorInfo()
    try:
        status = rpc_status.from_call(cast("grpc.Call", error))
        for detail in status.details if status is not None else ():
            if detail.Is(info.DESCRIPTOR):
                detail.Unpack(info)
    except (ValueError, DecodeError):
        return error_details_pb2.ErrorInfo()
    return info
