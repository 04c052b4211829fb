from __future__ import annotations

import pytest

from gateway import errors
from gateway.errors import FieldInvalidError, GatewayError, RefusedError

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, GatewayError) and kind is not RefusedError
]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_keeps_its_text_and_metadata(kind):
    error = kind("limit must be 1 to 100", field="limit")
    assert str(error) == error.text == "limit must be 1 to 100"
    assert error.metadata == {"field": "limit"}


def test_a_refusal_keeps_the_reason_of_the_server():
    error = RefusedError("NONCE_REUSED", "the nonce was used", rule="x")
    assert error.reason == "NONCE_REUSED"
    assert RefusedError.reason != "NONCE_REUSED", "the class is not changed"
    assert (error.text, error.metadata) == ("the nonce was used", {"rule": "x"})


def test_an_error_is_caught_by_the_root_of_the_gateway():
    with pytest.raises(GatewayError):
        raise FieldInvalidError("x", field="y")
