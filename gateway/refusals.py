"""A failed call in the client's words."""

from __future__ import annotations

from typing import Final

import grpc

from gateway.errors import GatewayError, RefusedError, UnreachableError
from gateway.wire import error_info

_AWAY: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})


def translate(error: grpc.aio.AioRpcError) -> GatewayError:
    """The error that a failed call means.

    A refusal keeps the server's reason, text and metadata. Where there is no ErrorInfo the status
    comes of the connection itself.
    """
    info = error_info(error)
    if info.reason and error.code() not in _AWAY:
        return RefusedError(info.reason, error.details() or "", **dict(info.metadata))
    if info.reason:
        return UnreachableError(error.details() or "the hub cannot answer now")
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return UnreachableError(
            "the hub cannot be reached, or does not accept this certificate: check the address"
        )
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return UnreachableError("the hub did not end in time: try again later")
    return RefusedError(error.code().name, "the hub refused this call")
