"""Between gRPC and the gateway: sizes, decoding, and errors as status.

Requests are decoded here and not by gRPC, so that a malformed message becomes INVALID_ARGUMENT
with an entry in the ledger and not a text of the runtime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, cast

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import DecodeError, Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from gateway.errors import MalformedError, OversizedError
from kalkan.v1 import error_reason_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping

DOMAIN: Final = "kalkan"
MAX_QUERY: Final = 131_072
"""Largest serialised Query in bytes, as the contract says."""
MAX_REQUEST: Final = 262_144
"""Largest request in bytes; what is larger is refused and audited by the handler."""
MAX_ANSWER: Final = 1_048_576
"""Largest serialised Answer of a node in bytes."""

SERVER_OPTIONS: Final[tuple[tuple[str, int], ...]] = (
    # Above MAX_REQUEST, so that moderately large requests still reach a handler that audits them.
    ("grpc.max_receive_message_length", 1_048_576),
    ("grpc.max_send_message_length", 33_554_432),
    ("grpc.so_reuseport", 0),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.keepalive_permit_without_calls", 1),
)
CHANNEL_OPTIONS: Final[tuple[tuple[str, int], ...]] = (
    ("grpc.max_receive_message_length", 33_554_432),
    ("grpc.max_send_message_length", 1_048_576),
    ("grpc.enable_retries", 0),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 5_000),
)

_MessageT = TypeVar("_MessageT", bound=Message)
_CODES: Final = {code.value[0]: code for code in grpc.StatusCode}

CODES: Final[Mapping[str, grpc.StatusCode]] = {
    "MALFORMED": grpc.StatusCode.INVALID_ARGUMENT,
    "OVERSIZED": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "FIELD_INVALID": grpc.StatusCode.INVALID_ARGUMENT,
    "TARGETS_MISSING": grpc.StatusCode.INVALID_ARGUMENT,
    "TARGET_UNKNOWN": grpc.StatusCode.INVALID_ARGUMENT,
    "PURPOSE_MISSING": grpc.StatusCode.INVALID_ARGUMENT,
    "MRZ_INVALID": grpc.StatusCode.INVALID_ARGUMENT,
    "DEADLINE_INVALID": grpc.StatusCode.INVALID_ARGUMENT,
    "TOKEN_INVALID": grpc.StatusCode.UNAUTHENTICATED,
    "TOKEN_EXPIRED": grpc.StatusCode.UNAUTHENTICATED,
    "TOKEN_FOREIGN": grpc.StatusCode.UNAUTHENTICATED,
    "TOKEN_UNBOUND": grpc.StatusCode.UNAUTHENTICATED,
    "SIGNATURE_INVALID": grpc.StatusCode.UNAUTHENTICATED,
    "QUERY_STALE": grpc.StatusCode.FAILED_PRECONDITION,
    "NONCE_REUSED": grpc.StatusCode.FAILED_PRECONDITION,
    "FEDERATION_WRONG": grpc.StatusCode.FAILED_PRECONDITION,
    "PEER_FORBIDDEN": grpc.StatusCode.PERMISSION_DENIED,
    "POLICY_REFUSED": grpc.StatusCode.PERMISSION_DENIED,
    "LEDGER_UNAVAILABLE": grpc.StatusCode.UNAVAILABLE,
    "OVERLOADED": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "DRAINING": grpc.StatusCode.UNAVAILABLE,
    "INTERNAL": grpc.StatusCode.INTERNAL,
    "METHOD_UNKNOWN": grpc.StatusCode.UNIMPLEMENTED,
    "BANK_UNKNOWN": grpc.StatusCode.NOT_FOUND,
    "DEADLINE_OVER": grpc.StatusCode.DEADLINE_EXCEEDED,
    "CANCELLED": grpc.StatusCode.CANCELLED,
    "STOPPED": grpc.StatusCode.PERMISSION_DENIED,
    "TOKEN_REVOKED": grpc.StatusCode.UNAUTHENTICATED,
    "REVOCATIONS_STALE": grpc.StatusCode.UNAVAILABLE,
    "NONCES_AWAY": grpc.StatusCode.UNAVAILABLE,
    "BUDGETS_AWAY": grpc.StatusCode.UNAVAILABLE,
}
"""The status code of each reason; a house test holds it against the contract."""


def decode(kind: type[_MessageT], data: bytes, limit: int = MAX_REQUEST) -> _MessageT:
    """Decode a message.

    Raises:
        OversizedError: It is larger than `limit` bytes.
        MalformedError: It is not a message of this kind.
    """
    if len(data) > limit:
        raise OversizedError(f"the message is larger than {limit} bytes", limit=f"{limit} bytes")
    try:
        return kind.FromString(data)
    except DecodeError:
        raise MalformedError(f"the message is not a {kind.DESCRIPTOR.name}") from None


def reason_of(error: BaseException) -> str:
    """Name the reason of an error as in ErrorReason, INTERNAL for what is none of ours."""
    reason = getattr(error, "reason", "INTERNAL")
    return reason if reason in CODES else "INTERNAL"


def status_for(reason: str, text: str, metadata: Mapping[str, str]) -> grpc.Status:
    """Build the status that a caller gets: code, text and ErrorInfo."""
    info = error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata)
    detail = any_pb2.Any()
    detail.Pack(info)
    code = code_pb2.Code.Value(CODES[reason].name)
    message = status_pb2.Status(code=code, message=text, details=[detail])
    status: grpc.Status = rpc_status.to_status(message)
    return status


def read_status(data: bytes) -> tuple[grpc.StatusCode, str]:
    """Read a serialised google.rpc.Status: its code, and the reason of its ErrorInfo or "".

    Raises:
        DecodeError: It is none.
    """
    status = status_pb2.Status.FromString(data)
    info = error_details_pb2.ErrorInfo()
    for detail in status.details:
        if detail.Is(info.DESCRIPTOR):
            detail.Unpack(info)
    return _CODES.get(status.code, grpc.StatusCode.UNKNOWN), info.reason


def error_info(error: grpc.RpcError) -> error_details_pb2.ErrorInfo:
    """Read the ErrorInfo of a failed call; empty where it carries none that can be read."""
    info = error_details_pb2.ErrorInfo()
    try:
        status = rpc_status.from_call(cast("grpc.Call", error))
        for detail in status.details if status is not None else ():
            if detail.Is(info.DESCRIPTOR):
                detail.Unpack(info)
    except (ValueError, DecodeError):
        return error_details_pb2.ErrorInfo()
    return info


def reason_number(reason: str) -> int:
    """The number of a reason in the contract."""
    return error_reason_pb2.ErrorReason.Value(f"ERROR_REASON_{reason}")
