from __future__ import annotations

import grpc
import pytest

from gateway.errors import RefusedError, UnreachableError
from gateway.refusals import translate
from gateway.wire import CODES, status_for


def failed(code: grpc.StatusCode, reason="", text="the server's text", **metadata):
    """A failed call, with ErrorInfo where a reason is given."""
    trailing = grpc.aio.Metadata()
    if reason:
        status = status_for(reason, text, metadata)
        text = status.details
        trailing = grpc.aio.Metadata(*status.trailing_metadata)
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), trailing, details=text)


AWAY = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


@pytest.mark.parametrize("reason", [r for r, code in CODES.items() if code not in AWAY])
def test_refusal_keeps_the_servers_reason_text_and_metadata(reason):
    error = translate(failed(CODES[reason], reason, field="purpose"))
    assert isinstance(error, RefusedError)
    assert (error.reason, error.text) == (reason, "the server's text")
    assert error.metadata == {"field": "purpose"}


@pytest.mark.parametrize("reason", [r for r, code in CODES.items() if code in AWAY])
def test_server_that_cannot_answer_now_is_unreachable_with_its_text(reason):
    error = translate(failed(CODES[reason], reason))
    assert isinstance(error, UnreachableError)
    assert error.text == "the server's text"


@pytest.mark.parametrize(
    ("code", "text"), [("UNAVAILABLE", "check the address"), ("DEADLINE_EXCEEDED", "in time")]
)
def test_connection_that_fails_is_unreachable_with_advice_and_no_text_of_it(code, text):
    error = translate(failed(grpc.StatusCode[code], text="ssl handshake: secret"))
    assert isinstance(error, UnreachableError)
    assert text in error.text
    assert "secret" not in error.text


def test_status_without_a_reason_is_a_refusal_by_its_name():
    error = translate(failed(grpc.StatusCode.RESOURCE_EXHAUSTED, text="secret"))
    assert isinstance(error, RefusedError)
    assert error.reason == "RESOURCE_EXHAUSTED"
    assert "secret" not in error.text
