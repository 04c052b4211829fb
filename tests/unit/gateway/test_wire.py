from __future__ import annotations

from dataclasses import dataclass, field

import grpc
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.errors import TokenExpiredError
from gateway.errors import GatewayError, MalformedError, OversizedError, PolicyRefusedError
from gateway.wire import (
    CHANNEL_OPTIONS,
    CODES,
    DOMAIN,
    MAX_REQUEST,
    SERVER_OPTIONS,
    decode,
    error_info,
    reason_number,
    reason_of,
    status_for,
)
from kalkan.v1 import error_reason_pb2
from kalkan.v1 import model_pb2 as model

DETAILS = "grpc-status-details-bin"


@dataclass
class Failed(grpc.RpcError):
    """A failed call as a client sees it."""

    status: grpc.Status
    metadata: tuple[tuple[str, bytes], ...] = field(default=())

    def code(self):
        return self.status.code

    def details(self):
        return self.status.details

    def trailing_metadata(self):
        return self.metadata or self.status.trailing_metadata


def test_decode_reads_a_message():
    query = model.Query(federation_id="test", limit=3)
    assert decode(model.Query, query.SerializeToString()) == query


def test_decode_refuses_what_is_no_message():
    with pytest.raises(MalformedError, match="not a Query"):
        decode(model.Query, b"\xff\xff\xff")


def test_decode_takes_a_message_at_the_limit_and_refuses_one_byte_more():
    data = model.Query(federation_id="x" * 10).SerializeToString()
    assert decode(model.Query, data, len(data)).federation_id == "x" * 10
    with pytest.raises(OversizedError) as caught:
        decode(model.Query, data, len(data) - 1)
    assert caught.value.metadata == {"limit": f"{len(data) - 1} bytes"}


def test_decode_does_not_parse_what_is_too_large():
    with pytest.raises(OversizedError):
        decode(model.Query, b"\xff" * (MAX_REQUEST + 1))


@given(st.binary(max_size=200))
def test_decode_raises_errors_of_the_gateway_alone(data):
    try:
        decode(model.Answer, data)
    except GatewayError as error:
        refused = error
    else:
        return
    assert type(refused) is MalformedError
    assert refused.__suppress_context__, "the text of the runtime stays inside"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PolicyRefusedError("x"), "POLICY_REFUSED"),
        (TokenExpiredError("x"), "TOKEN_EXPIRED"),
        (GatewayError("x"), "INTERNAL"),
        (KeyError("x"), "INTERNAL"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "MALFORMED byte"), "INTERNAL"),
    ],
)
def test_reason_of_names_our_errors_and_hides_others(error, reason):
    assert reason_of(error) == reason


@pytest.mark.parametrize("reason", sorted(CODES))
def test_a_status_brings_reason_and_metadata_to_the_caller(reason):
    status = status_for(reason, "sağ ol: say why", {"field": "purpose", "rule": "kaz.purpose"})
    assert status.code is CODES[reason]
    assert status.details == "sağ ol: say why"
    info = error_info(Failed(status))
    assert (info.reason, info.domain) == (reason, DOMAIN)
    assert dict(info.metadata) == {"field": "purpose", "rule": "kaz.purpose"}


def test_a_status_is_never_a_success():
    assert grpc.StatusCode.OK not in CODES.values()
    assert grpc.StatusCode.UNKNOWN not in CODES.values()


def _status_with(detail: any_pb2.Any):
    code = grpc.StatusCode.INTERNAL.value[0]
    return rpc_status.to_status(status_pb2.Status(code=code, message="x", details=[detail]))


def _packed(message):
    detail = any_pb2.Any()
    detail.Pack(message)
    return detail


@pytest.mark.parametrize(
    "status",
    [
        _status_with(
            any_pb2.Any(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=b"\xff")
        ),
        _status_with(_packed(error_details_pb2.DebugInfo(detail="x"))),
    ],
    ids=["broken", "of another kind"],
)
def test_error_info_is_empty_where_the_detail_cannot_be_read(status):
    assert error_info(Failed(status)) == error_details_pb2.ErrorInfo()


@pytest.mark.parametrize(
    "metadata",
    [
        (("x", b""),),
        ((DETAILS, b"\xff"),),
        ((DETAILS, status_pb2.Status(code=5).SerializeToString()),),
    ],
    ids=["none", "no status", "another code"],
)
def test_error_info_is_empty_where_the_status_cannot_be_read(metadata):
    failed = Failed(status_for("INTERNAL", "x", {}), metadata)
    assert error_info(failed) == error_details_pb2.ErrorInfo()


def test_reason_number_is_the_one_of_the_contract():
    assert reason_number("MALFORMED") == error_reason_pb2.ERROR_REASON_MALFORMED
    numbers = {reason_number(reason) for reason in CODES}
    assert numbers == set(error_reason_pb2.ErrorReason.values()) - {0}


def test_a_request_above_the_limit_still_reaches_the_handler_that_records_it():
    assert dict(SERVER_OPTIONS)["grpc.max_receive_message_length"] > MAX_REQUEST


def test_both_ends_agree_on_the_size_of_messages():
    server, channel = dict(SERVER_OPTIONS), dict(CHANNEL_OPTIONS)
    to, fro = "grpc.max_receive_message_length", "grpc.max_send_message_length"
    assert server[to] >= channel[fro]
    assert channel[to] >= server[fro]
