"""The ways from a log to a witness: a node over gRPC with mutual TLS, a foreign one over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

import aiohttp
import grpc
from google.protobuf.message import DecodeError

from gateway.ledger.tlog.request import MAX_BODY_BYTES
from gateway.ledger.witness.state import Verdict
from gateway.wire import CHANNEL_OPTIONS
from kalkan.v1 import witness_service_pb2 as wire

if TYPE_CHECKING:
    from gateway.access.federation import Member

_METHOD: Final = "/kalkan.v1.WitnessService/AddCheckpoint"
VERDICTS: Final = {
    Verdict.COSIGNED: wire.WITNESS_VERDICT_COSIGNED,
    Verdict.MALFORMED: wire.WITNESS_VERDICT_MALFORMED,
    Verdict.UNSIGNED: wire.WITNESS_VERDICT_UNSIGNED,
    Verdict.UNKNOWN: wire.WITNESS_VERDICT_UNKNOWN,
    Verdict.CONFLICT: wire.WITNESS_VERDICT_CONFLICT,
    Verdict.INCONSISTENT: wire.WITNESS_VERDICT_INCONSISTENT,
}
_FROM_WIRE: Final = {number: verdict for verdict, number in VERDICTS.items()}
_OPTIONS: Final = (
    *CHANNEL_OPTIONS,
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 5_000),  # what one try to connect may take
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


class AwayError(Exception):
    """The witness cannot be reached, or says nothing that can be understood: try again later."""


class Way(Protocol):
    """Reaches one witness."""

    async def add(self, body: bytes, seconds: float) -> tuple[Verdict, bytes]:
        """Send the body of `add-checkpoint`; return verdict and body. Raises AwayError."""
        ...

    async def close(self) -> None:
        """Close the way."""
        ...


class NodeWay:
    """Reaches the node of a member."""

    def __init__(self, member: Member, credentials: grpc.ChannelCredentials) -> None:
        """Prepare a channel; it connects when it is used and reconnects by itself."""
        options = (*_OPTIONS, ("grpc.ssl_target_name_override", member.node_name))
        self._channel = grpc.aio.secure_channel(member.node, credentials, options=options)
        self._add: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(
            _METHOD
        )

    async def add(self, body: bytes, seconds: float) -> tuple[Verdict, bytes]:
        """Send the body of `add-checkpoint`; return verdict and body.

        Raises:
            AwayError: There is no answer, or none of the contract's.
        """
        request = wire.AddCheckpointRequest(body=body).SerializeToString()
        try:
            response = wire.AddCheckpointResponse.FromString(
                await self._add(request, timeout=seconds)
            )
            return _FROM_WIRE[response.verdict], response.body
        except (grpc.aio.AioRpcError, DecodeError, KeyError):
            raise AwayError("the witness gave no answer") from None

    async def close(self) -> None:
        """Close the channel."""
        await self._channel.close()


class HttpWay:
    """Reaches a foreign witness; the session begins at the first use."""

    def __init__(self, url: str) -> None:
        """Post to `url`/add-checkpoint."""
        self._url = f"{url}/add-checkpoint"
        self._session: aiohttp.ClientSession | None = None

    async def add(self, body: bytes, seconds: float) -> tuple[Verdict, bytes]:
        """Send the body of `add-checkpoint`; return verdict and body.

        Raises:
            AwayError: There is no answer, or none of the standard's.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession()
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(
                self._url, data=body, timeout=timeout, allow_redirects=False
            ) as response:
                answer = await response.content.read(MAX_BODY_BYTES + 1)
                return Verdict(response.status), answer
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):  # noqa: UP041 - named for aiohttp
            raise AwayError("the witness gave no answer") from None

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
